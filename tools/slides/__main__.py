"""`python -m tools.slides [LESSON …]`: write the slides of the lessons into build/slides/.

The lessons are executed anew, with figures drawn for projection; the notebooks themselves stay as they are.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from hf_tutorial.errors import HfTutorialError
from tools import reference_env
from tools.execute import run_all
from tools.notebooks import Project, ToolError, kind, read
from tools.slides.build import build

PROJECTION = {"HF_TUTORIAL_FIGURES": "projection"}


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.slides", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="default: all")
    parser.add_argument("--stored", action="store_true", help="quick: take the outputs and figures that are stored")
    options = parser.parse_args(arguments)
    project = project or Project()
    target = project.root / "build" / "slides"
    try:
        build(project, _executed(project, _lessons(project, options.lessons), options.stored), target)
    except (ToolError, HfTutorialError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The slides are in {target / 'index.html'}")
    return 0


def _lessons(project: Project, arguments: Sequence[str]) -> list[Path]:
    paths = [path for path in project.chosen(arguments) if kind(path) == "lesson" or arguments]
    if others := [project.shown(path) for path in paths if kind(path) != "lesson"]:
        raise ToolError(f"{', '.join(others)}: no lesson; only the notebooks right below notebooks/ have slides")
    return paths


def _executed(project: Project, paths: Sequence[Path], stored: bool) -> dict[Path, NotebookNode]:
    if stored:
        print("Taking stored outputs: figures are not drawn for projection.", flush=True)
        return {path: read(path) for path in paths}
    return run_all(project, paths, {**reference_env.kernel_environment(), **PROJECTION})


if __name__ == "__main__":
    sys.exit(main())
