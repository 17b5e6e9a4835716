"""`python -m tools.refresh [NOTEBOOK …]`: execute notebooks and store their outputs, if they can be trusted.

Each notebook runs twice, with torch's plain and its AVX2 instructions. It is written only if no cell fails or writes to
stderr, the outputs of all compared cells agree between the two runs, and nothing asked the Hub. What it cost goes into
notebooks/timings.json, in CPU seconds.
"""

import argparse
import copy
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode

from tools import reference_env
from tools.execute import Run, run
from tools.hub_guard import HubGuard
from tools.normalise import WIDGET_VIEW, normalise
from tools.notebooks import Project, ToolError, read, write, write_text
from tools.outputs import IGNORE, difference, is_compared


def refresh(project: Project, path: Path) -> int:
    """Execute one notebook under both capabilities and write it; return its CPU seconds.

    Raises ToolError, with one paragraph for each complaint, and leaves the notebook as it was.
    """
    source = read(path)
    with HubGuard() as guard:
        plain, fast = (_run(project, path, source, capability, guard) for capability in reference_env.CAPABILITIES)
    complaints = [*_asked(guard), *_stderr(fast), *_redrawn(fast), *_widgets(fast), *_differences(plain, fast)]
    if complaints:
        raise ToolError("\n".join(f"{project.shown(path)}: {complaint}" for complaint in complaints))
    normalise(fast.notebook, project.root)
    write(path, fast.notebook)
    return round(fast.cpu_seconds)


def _run(project: Project, path: Path, source: NotebookNode, capability: str, guard: HubGuard) -> Run:
    environment = reference_env.kernel_environment(capability)
    guard.redirect(environment)
    return run(copy.deepcopy(source), project.shown(path), path.parent, environment)


def _code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    return ((number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code")


def _asked(guard: HubGuard) -> Iterator[str]:
    if guard.asked:
        yield f"asked the Hub; pass ids through hub_or_local(…). Requests: {', '.join(sorted(set(guard.asked)))}"


def _stderr(fast: Run) -> Iterator[str]:
    for number, cell in _code_cells(fast.notebook):
        text = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
        if text:
            yield f"cell {number}: writes to stderr; mend or silence the cause.\n{text.rstrip()}"


def _redrawn(fast: Run) -> Iterator[str]:
    for position in sorted(fast.redrawn):
        if position < len(fast.notebook.cells) and is_compared(fast.notebook.cells[position]):
            yield (
                f"cell {position + 1}: redraws its output (progress bar, Trainer's table), which cannot be compared; "
                f"tag it {IGNORE} and print the rounded results in the next cell"
            )


def _widgets(fast: Run) -> Iterator[str]:
    for number, cell in _code_cells(fast.notebook):
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            yield f"cell {number}: shows a widget, which a stored notebook cannot; switch the progress bar off"


def _differences(plain: Run, fast: Run) -> Iterator[str]:
    for (number, first), (_, second) in zip(_code_cells(plain.notebook), _code_cells(fast.notebook), strict=True):
        if is_compared(first) and (diff := difference(first, second, reference_env.CAPABILITIES)):
            yield (
                f"cell {number}: prints something else under ATEN_CPU_CAPABILITY=default and =avx2; "
                f"round it, sort it, or tag the cell {IGNORE}.\n{diff}"
            )


def record(project: Project, path: Path, seconds: int) -> None:
    """Write the CPU seconds of one notebook into timings.json, and drop notebooks that are gone."""
    known = json.loads(project.timings.read_text(encoding="utf-8")) if project.timings.is_file() else {}
    known[project.key(path)] = seconds
    present = {project.key(notebook) for notebook in project.all()}
    kept = {key: known[key] for key in sorted(present & known.keys())}
    write_text(project.timings, json.dumps(kept, indent=1))


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.refresh", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    options = parser.parse_args(arguments)
    project = project or Project()
    why = reference_env.platform_difference(project.root / "requirements.txt")
    if why:
        print(f"Careful: outputs stored here may not be those of the reference platform: {why}.", file=sys.stderr)
    try:
        paths = project.chosen(options.notebooks)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    refused = [path for path in paths if not _refreshed(project, path)]
    return int(bool(refused))


def _refreshed(project: Project, path: Path) -> bool:
    """Refresh one notebook and say how it went."""
    try:
        seconds = refresh(project, path)
    except ToolError as error:
        print(error, file=sys.stderr)
        print(f"{project.shown(path)}: not written", file=sys.stderr)
        return False
    record(project, path, seconds)
    print(f"{project.shown(path)}: written, {seconds} CPU seconds", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
