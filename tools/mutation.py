"""`python -m tools.mutation [PART …]`: change the code of `truncation` and `attention` a little, and see whether a test minds.

mutmut makes thousands of changes, one at a time: a number, an operator, an argument, a text. A change that no test notices
"survives", and shows what no test asserts; tests/mutation.md says what was found. A PART such as attention.weights limits
it to a module, and tries it again. All of it takes an hour or more of one core; interrupted, it goes on where it was.
mutmut gets an environment of its own on top of `.venv`, and the code is changed in a copy, both in .cache/mutation. Every
change that survives is written to build/mutation/survivors.diff.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from tools import environment
from tools.bench import packages_of
from tools.environment import ROOT

MUTMUT = "mutmut==3.8.1"
PLACE = ROOT / ".cache" / "mutation"
TREE = PLACE / "tree"
SURVIVORS = ROOT / "build" / "mutation" / "survivors.diff"
COPIED = ("hf_tutorial", "tests", "tools", "pyproject.toml")
# What mutmut writes down as the exit code of the tests.
OUTCOMES = {0: "survived", 1: "killed", 3: "killed", 33: "no test runs it", None: "not tried"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__.partition("\n")[0])
    parser.add_argument("--processes", type=int, default=1, help="how many changes are tested at once (default: 1)")
    parser.add_argument("parts", nargs="*", help="modules, such as attention.weights; default: all")
    options = parser.parse_args(arguments)
    ensure()
    copy()
    code = mutmut("run", "--max-children", str(options.processes), *(f"hf_tutorial.{part}*" for part in options.parts))
    print("\n".join(summary()))
    SURVIVORS.parent.mkdir(parents=True, exist_ok=True)
    SURVIVORS.write_text("".join(differences()), encoding="utf-8")
    print(f"What survived: {SURVIVORS.relative_to(ROOT)}")
    return code


def ensure() -> None:
    """Make mutmut's environment on top of the clone's own, unless it is there."""
    if (packages_of(PLACE) / "mutmut").is_dir():
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    environment.create(PLACE)
    # Not `addsitedir`: the editable install in .venv would lead to the unchanged code.
    (packages_of(PLACE) / "below.pth").write_text(f"{packages_of(ROOT)}\n", encoding="utf-8")
    environment.pip([MUTMUT], root=PLACE)


def copy() -> None:
    """Bring the copy in step with the code; what mutmut has found so far lies in a folder of its own, and stays."""
    TREE.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, TREE / name
        shutil.rmtree(target, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    shutil.copy2(ROOT / "tools" / "mutation.cfg", TREE / "setup.cfg")


def mutmut(*arguments: str) -> int:
    # CI: Hypothesis then tries the same texts each time, so that a change dies or lives for good.
    quiet = {"CI": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "MPLBACKEND": "agg"}
    command = [str(environment.python_of(PLACE)), "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=TREE, env={**os.environ, **quiet}).returncode


def findings() -> Iterator[tuple[str, str]]:
    """Yield each change by its name, with what came of it."""
    for path in sorted((TREE / "mutants").glob("hf_tutorial/*/*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield from ((name, OUTCOMES.get(code, "took too long")) for name, code in codes.items())


def summary() -> list[str]:
    """Return a line for each module, and one for all."""
    modules: dict[str, Counter[str]] = {}
    for name, outcome in findings():
        module = ".".join(name.split(".")[1:3])
        modules.setdefault(module, Counter())[outcome] += 1
    modules["all"] = sum(modules.values(), Counter())
    return [
        f"{module:<24}{sum(counts.values()):>6} changes: "
        + ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
        for module, counts in modules.items()
        if set(counts) != {"not tried"}
    ]


def differences() -> Iterator[str]:
    """Yield every change that survived, as mutmut shows it."""
    shown = "import sys; from mutmut.mutation.diff_apply import get_diff_for_mutant as show\n"
    shown += "for name in sys.stdin.read().split(): print('#', name); print(show(name))"
    names = "\n".join(name for name, outcome in findings() if outcome == "survived")
    command = [str(environment.python_of(PLACE)), "-c", shown]
    yield subprocess.run(command, cwd=TREE, input=names, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
