"""`python -m tools.coverage_report`: run the tests, and say which statements of `hf_tutorial` they run, package by package.

What runs in processes of its own is counted too: the command line, the grader, the workers of pytest. Not counted is what
runs inside the grader's box, which tools/coverage.ini names. `-- tests/attention -n 0` and the like is passed to pytest in
place of all tests with two workers; `--missing` lists the lines that no test runs; `--report` shows the last run again.
Exit 1 if tests fail, or if less is covered than `--least` (default: 95 %).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.environment import ROOT

CONFIG = ROOT / "tools" / "coverage.ini"
DATA = ROOT / "build" / "coverage"
ALL = ("tests", "-n", "2", "--dist", "worksteal")


@dataclass(frozen=True)
class Share:
    """How many statements of a package there are, and how many of them ran."""

    statements: int
    run: int

    @property
    def percent(self) -> float:
        return 100 * self.run / self.statements if self.statements else 100.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.statements + other.statements, self.run + other.run)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    failed = 0 if options.report else _run(options.tests or ALL)
    files = _files()
    shares = by_package(files)
    print(table(shares))
    if options.missing:
        print("\n".join(missing(files)))
    if failed:
        print("Some tests failed, so that the figures say less.", file=sys.stderr)
    short = total(shares).percent < options.least
    if short:
        print(f"Less than {options.least:g} % is covered. --report --missing lists the lines.", file=sys.stderr)
    return 1 if failed or short else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.coverage_report", description=__doc__.partition("\n")[0])
    parser.add_argument("--report", action="store_true", help="run nothing, and show what the last run has found")
    parser.add_argument("--missing", action="store_true", help="list the lines that no test runs")
    parser.add_argument("--least", type=float, default=95.0, help="the share in percent that must be covered")
    parser.add_argument("tests", nargs="*", help="for pytest, after --; default: all tests, with two workers")
    return parser.parse_args(arguments)


def _run(tests: Iterable[str]) -> int:
    """Run the tests under coverage, from nothing; return the exit code of pytest."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(_coverage("run", "-m", "pytest", *tests), cwd=ROOT, env=surroundings).returncode


def _coverage(job: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "coverage", job, f"--rcfile={CONFIG}", *arguments]


def _files() -> dict[str, Any]:
    """Return what is known of each file, by its path from the root."""
    if list(DATA.glob("data.*")):
        subprocess.run(_coverage("combine", "--quiet", "--append"), cwd=ROOT, check=True)
    if not (DATA / "data").is_file():
        raise SystemExit("Nothing was measured yet. Leave --report out, and the tests are run.")
    written = DATA / "report.json"
    subprocess.run(_coverage("json", "--quiet", "-o", str(written)), cwd=ROOT, check=True)
    files: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))["files"]
    return files


def by_package(files: Mapping[str, Any]) -> dict[str, Share]:
    """Return the share of each package, the modules beside the packages as one.

    >>> by_package({"hf_tutorial/cli.py": {"summary": {"num_statements": 4, "covered_lines": 3}}})
    {'hf_tutorial': Share(statements=4, run=3)}
    """
    shares: dict[str, Share] = defaultdict(lambda: Share(0, 0))
    for name, found in sorted(files.items()):
        package = ".".join(Path(name).parts[:2] if len(Path(name).parts) > 2 else Path(name).parts[:1])
        shares[package] += Share(found["summary"]["num_statements"], found["summary"]["covered_lines"])
    return dict(shares)


def total(shares: Mapping[str, Share]) -> Share:
    return sum(shares.values(), Share(0, 0))


def table(shares: Mapping[str, Share]) -> str:
    """Return a line for each package, and one for all."""
    rows = [*sorted(shares.items()), ("all", total(shares))]
    return "\n".join(f"{name:<26}{one.run:>7,} of {one.statements:>7,}{one.percent:>8.1f} %" for name, one in rows)


def missing(files: Mapping[str, Any]) -> list[str]:
    """Return a line for each file that is not covered whole, with the numbers of the lines that did not run."""
    return [
        f"{name}: {', '.join(ranges(found['missing_lines']))}"
        for name, found in sorted(files.items())
        if found["missing_lines"]
    ]


def ranges(numbers: Sequence[int]) -> list[str]:
    """Return numbers in order as ranges.

    >>> ranges([1, 2, 3, 7])
    ['1-3', '7']
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [str(one[0]) if len(one) == 1 else f"{one[0]}-{one[-1]}" for one in found]


if __name__ == "__main__":
    sys.exit(main())
