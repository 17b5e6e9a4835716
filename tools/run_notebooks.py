"""`python -m tools.run_notebooks [NOTEBOOK …]`: execute notebooks and compare their outputs with the stored ones.

On the reference platform every output is compared, except in cells tagged `nbval-ignore-output`. Elsewhere every cell is
executed, and those tagged `nbval-check-output` are compared. Other arguments are passed on to pytest.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import reference_env
from tools.notebooks import ROOT, Project, ToolError
from tools.outputs import NOT_COMPARED_PARTS

CELL_SECONDS = 120
WORKERS = 2


def nbval(*, strict: bool, sanitising: Path = NOT_COMPARED_PARTS, cell_seconds: int = CELL_SECONDS) -> list[str]:
    """Return the call of pytest that executes and compares notebooks, without the notebooks."""
    return [
        *(sys.executable, "-m", "pytest", "-q"),
        *("--nbval" if strict else "--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={cell_seconds}"),
        f"--nbval-sanitize-with={sanitising}",
    ]


def command(paths: Sequence[Path], *, strict: bool, workers: int = WORKERS) -> list[str]:
    """Return the pytest call. `loadfile` keeps the cells of a notebook together, in one kernel."""
    return [
        *nbval(strict=strict),
        *("-p", "tests.nbval.hub_guard", "-n", str(min(workers, len(paths))), "--dist", "loadfile"),
        *map(str, paths),
    ]


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.run_notebooks", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    options, rest = parser.parse_known_args(arguments)
    project = project or Project()
    try:
        paths = project.chosen(options.notebooks)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    if not paths:
        print(f"There is no notebook in {project.notebooks}.", file=sys.stderr)
        return 1
    why = reference_env.platform_difference(project.root / "requirements.txt")
    print(mode_line(len(paths), why), flush=True)
    return subprocess.call([*command(paths, strict=why is None), *rest], cwd=ROOT)


def mode_line(count: int, why: str | None) -> str:
    """Say what is compared, and why not more."""
    if why is None:
        return f"{count} notebooks, every output compared: this is the reference platform."
    return f"{count} notebooks executed, only cells tagged nbval-check-output compared: {why}."


if __name__ == "__main__":
    sys.exit(main())
