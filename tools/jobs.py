"""The jobs behind the make targets: set up what is missing, then do what was asked."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from tools import bench, bundle, environment
from tools.chromium import find_chromium
from tools.environment import ROOT, KitError

# What takes seconds; `make lint` is these.
LINT = (
    ("ruff check", "ruff", "check", "."),
    ("ruff format", "ruff", "format", "--check", "."),
    ("mypy", "mypy"),
    ("notebook rules", "tools.lint"),
    ("exercises", "tools.exercises", "--check"),
    ("code-along twins", "tools.code_along", "--check"),
    ("links", "tools.links", "--check"),
    ("polls", "tools.polls", "--check"),
)
TESTS = (
    ("tests", "pytest", "tests", "-n", "2", "--dist", "worksteal"),
    ("notebooks", "tools.run_notebooks"),
)
MADE_BY_TOOLS = (".venv", ".cache", "build", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")
ALL_READY = (
    "from hf_tutorial.sources.prepare import state_of; from hf_tutorial.sources.registry import STAND_INS; "
    "raise SystemExit(not all(state_of(stand_in).ready for stand_in in STAND_INS))"
)


def main(arguments: Sequence[str]) -> int:
    """Do one job; return the exit code."""
    parser = argparse.ArgumentParser(prog="python tools/kit.py", description=__doc__)
    parser.add_argument("job", choices=JOBS, help="what to do")
    parser.add_argument("--bundle", type=Path, help="set up from this folder, which `bundle` wrote, without a network")
    parser.add_argument("--output", type=Path, default=ROOT / "bundle", help="where `bundle` writes (default: bundle)")
    parser.add_argument("rest", nargs="*", help="passed on to the tool behind the job")
    options = parser.parse_args(arguments)
    options.bundle = options.bundle and options.bundle.expanduser().absolute()
    try:
        return JOBS[options.job](options) or 0
    except KitError as error:
        print(f"{options.job}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same again: what is complete is kept, the rest is done anew.", file=sys.stderr)
        return 130


def set_up(options: argparse.Namespace) -> None:
    """Make the environment, unless it is there."""
    if options.bundle and environment.read_stamp() != environment.wanted_stamp():
        bundle.check(options.bundle)
    environment.ensure(options.bundle)


def set_up_all(options: argparse.Namespace) -> None:
    """Make the environment and the stand-ins, unless they are there."""
    set_up(options)
    if options.bundle:
        os.environ["HF_TUTORIAL_WHEELS"] = str(options.bundle / "carriers")
    python = str(environment.python_of())
    if subprocess.run([python, "-c", ALL_READY], cwd=ROOT, stderr=subprocess.DEVNULL).returncode == 0:
        return
    print("[3/3] Stand-ins: the checkpoints and data that the course runs on without the Hub", flush=True)
    command = [str(environment.command_of("hf-tutorial")), "prepare"]
    if options.bundle:
        bundle.check(options.bundle)
        command += ["--from", str(options.bundle / "stand-ins")]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise KitError("the stand-ins could not be prepared; the reason stands above. What is complete is kept.")


def become(command: Sequence[str | Path]) -> NoReturn:
    """Hand over to `command`: it gets the terminal, the signals and the exit code."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    os.chdir(ROOT)
    if os.name == "posix":
        os.execv(words[0], words)
    raise SystemExit(subprocess.call(words))


def lab(options: argparse.Namespace) -> NoReturn:
    set_up_all(options)
    become([environment.command_of("hf-tutorial"), "lab", *options.rest])


def tool(module: str, *arguments: str) -> Callable[[argparse.Namespace], NoReturn]:
    """Return a job that sets everything up and runs one of the tools."""

    def job(options: argparse.Namespace) -> NoReturn:
        set_up_all(options)
        become([environment.python_of(), "-m", module, *arguments, *options.rest])

    return job


def lock(options: argparse.Namespace) -> NoReturn:
    set_up(options)
    become([environment.python_of(), "-m", "tools.lock", *options.rest])


def run_bench(options: argparse.Namespace) -> NoReturn:
    set_up(options)
    bench.ensure()
    become([environment.python_of(bench.BENCH), "-m", "benchmarks", *options.rest])


def write_bundle(options: argparse.Namespace) -> NoReturn:
    set_up_all(options)
    become([environment.python_of(), "-m", "tools.bundle", options.output.absolute()])


def lint(options: argparse.Namespace) -> int:
    set_up(options)
    return run_steps(LINT)


def test(options: argparse.Namespace) -> int:
    set_up_all(options)
    # The tests work offline: what they need is fetched before. If that fails, they say so.
    subprocess.run([str(environment.python_of()), "-m", "tools.slides.assets"], cwd=ROOT)
    code = run_steps(LINT + TESTS)
    if find_chromium() is None:
        print("The browser tests were skipped: no Chromium was found. Install one, or name it: HF_TUTORIAL_CHROMIUM=…")
    return code


def run_steps(steps: Sequence[tuple[str, ...]]) -> int:
    """Run every step, also after a failure; say at the end which failed, and return 1 if any did."""
    # Beside other work, small models are many times slower with more than one thread.
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1"}
    failed = []
    for number, (name, module, *arguments) in enumerate(steps, start=1):
        print(f"\n[{number}/{len(steps)}] {name}", flush=True)
        started = time.monotonic()
        command = [str(environment.python_of()), "-m", module, *arguments]
        if subprocess.run(command, cwd=ROOT, env=surroundings).returncode:
            failed.append(name)
        print(f"    {'failed' if name in failed else 'ok'} after {time.monotonic() - started:.0f} s", flush=True)
    print(f"\nFailed: {', '.join(failed)}." if failed else f"\nAll {len(steps)} steps are right.")
    return 1 if failed else 0


def clean(options: argparse.Namespace) -> None:
    """Delete what make and the tools have written into the clone, but not the bundle."""
    for path in [ROOT / name for name in MADE_BY_TOOLS] + list(ROOT.glob("*.egg-info")):
        shutil.rmtree(path, ignore_errors=True)
    print("Deleted what was set up in the clone. The stand-ins in your own cache folder and any bundle stay.")


JOBS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "lab": lab,
    "test": test,
    "course": tool("tools.course"),
    "slides": tool("tools.slides"),
    "test-colab": tool("tools.colab_python"),
    "test-hub": tool("tools.loopback_hub"),
    "test-faults": tool("tools.cache_trials"),
    "test-oldest": tool("tools.other_versions", "oldest"),
    "test-newest": tool("tools.other_versions", "newest"),
    "coverage": tool("tools.coverage_report"),
    "mutation": tool("tools.mutation"),
    "bundle": write_bundle,
    "bench": run_bench,
    "env": set_up_all,
    "lint": lint,
    "refresh": tool("tools.refresh"),
    "lock": lock,
    "clean": clean,
}
