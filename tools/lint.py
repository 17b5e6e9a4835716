"""`python -m tools.lint [NOTEBOOK …]`: hold notebooks to the template; one line for each finding, exit 1 if there is any."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.notebooks import Project, ToolError
from tools.rules import rules_for
from tools.rules.sheet import Sheet


def findings(project: Project, path: Path) -> Iterator[str]:
    """Yield a line for everything that the rules find in one notebook, in the order of its cells."""
    sheet = Sheet(project, path)
    found = [finding for rule in rules_for(sheet) for finding in rule(sheet)]
    for number, text in sorted(found, key=lambda finding: finding[0] or 0):
        place = f"{project.shown(path)}: cell {number}" if number else project.shown(path)
        yield f"{place}: {text}"


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lint", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    options = parser.parse_args(arguments)
    project = project or Project()
    try:
        paths = project.chosen(options.notebooks)
        lines = [line for path in paths for line in findings(project, path)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join([*lines, f"{len(paths)} notebooks, {len(lines)} findings"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
