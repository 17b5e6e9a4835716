"""`python -m tools.course`: execute every notebook and build the course as a browsable site under build/course/.

`--stored` builds it from the stored outputs instead: in a minute or two, but figures come without their numbers. Named
notebooks make a smaller site of them alone. The notebooks themselves stay as they are.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from tools import reference_env
from tools.execute import run_all
from tools.notebooks import Project, ToolError, read
from tools.site.building import DOCS, build

# Sends out with each figure the numbers that it draws.
EXTENSION = "tools.site.kernel"


def execute(project: Project, paths: Sequence[Path]) -> dict[Path, NotebookNode]:
    """Run the notebooks under the reference environment, with the numbers of their figures."""
    return run_all(project, paths, reference_env.kernel_environment(), extensions=[EXTENSION])


def main(arguments: Sequence[str] | None = None, project: Project | None = None, docs: Path = DOCS) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.course", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    parser.add_argument("--stored", action="store_true", help="build from the stored outputs, without executing")
    options = parser.parse_args(arguments)
    project = project or Project()
    target = project.root / "build" / "course"
    try:
        paths = project.chosen(options.notebooks)
        if not paths:
            raise ToolError(f"There is no notebook in {project.notebooks}.")
        notebooks = {path: read(path) for path in paths} if options.stored else execute(project, paths)
        build(project, notebooks, target, docs)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The course is in {target / 'index.html'}")
    if options.stored:
        print("Its figures have no numbers below them: those are read off while the notebooks run.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
