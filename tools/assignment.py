"""`python -m tools.assignment SOLUTION ASSIGNMENT`: write the students' notebook of an assignment of your own.

SOLUTION is a notebook with `# BEGIN SOLUTION` blocks and cells tagged `solution`, like those in notebooks/solutions, and
lies anywhere. `--check` writes nothing and exits 1 if ASSIGNMENT is not what SOLUTION makes of it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.exercises import formatted, in_step, without_solutions
from tools.notebooks import Project, ToolError, read, write


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.assignment", description=__doc__)
    parser.add_argument("solution", type=Path)
    parser.add_argument("assignment", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it is out of step")
    options = parser.parse_args(arguments)
    try:
        # Under a name inside the course, so that the course's line length holds wherever the assignment lies.
        name = Project().notebooks / "exercises" / options.assignment.name
        wanted = formatted(without_solutions(read(options.solution), str(options.solution)), name)
        if in_step(options.assignment, wanted):
            return 0
        if not options.check:
            write(options.assignment, wanted)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.assignment}: {'out of step; run this without --check' if options.check else 'written'}")
    return int(options.check)


if __name__ == "__main__":
    sys.exit(main())
