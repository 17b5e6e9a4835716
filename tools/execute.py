"""Run a notebook from top to bottom in a new kernel of this environment, and say what it cost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from traitlets import default

from tools.notebooks import Project, ToolError, read

WORKERS = 2

# User and system time of the kernel and of the processes it has waited for.
_CPU_SECONDS = "import os\nprint(sum(os.times()[:4]))"


class _ThisEnvironment(KernelSpecManager):
    """Knows one kernel: that of the Python that runs this, whatever else is installed for the user."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **ipykernel.kernelspec.get_kernel_dict())


class _Kernel(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _only_this_environment(self) -> KernelSpecManager:
        return _ThisEnvironment()


class _Client(NotebookClient):
    """Remembers which cell it is at, and which cells redraw what they have shown, which nbval cannot compare."""

    def __init__(self, notebook: NotebookNode, **options: Any) -> None:
        super().__init__(notebook, on_cell_start=self._note_position, **options)
        self.position = 0
        self.redrawn: set[int] = set()

    def _note_position(self, cell: NotebookNode, cell_index: int) -> None:
        self.position = cell_index

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if msg["msg_type"] in ("clear_output", "update_display_data"):
            self.redrawn.add(cell_index)
        return super().process_message(msg, cell, cell_index)


@dataclass(frozen=True)
class Run:
    """An executed notebook, its kernel's CPU seconds, and the positions of the cells that redraw their output."""

    notebook: NotebookNode
    cpu_seconds: float
    redrawn: set[int] = field(default_factory=set)


def run(
    notebook: NotebookNode,
    name: str,
    folder: Path,
    environment: dict[str, str],
    timeout: int = 600,
    extensions: Sequence[str] = (),
) -> Run:
    """Execute `notebook` in place, in `folder`, and return the run. `extensions` are modules that IPython loads first.

    Raises ToolError, which begins with `name`, if a cell fails that is not tagged `raises-exception`.
    """
    client = _Client(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        kernel_manager_class=_Kernel,
        extra_arguments=[
            "--IPKernelApp.log_level=ERROR",
            *(f"--IPKernelApp.extra_extensions={name}" for name in extensions),
        ],
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
    )
    notebook.cells.append(new_code_cell(_CPU_SECONDS))
    try:
        client.execute(cwd=str(folder), env=environment)
        seconds = float(notebook.cells[-1].outputs[0].text)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ToolError(
            f"{name}: cell {client.position + 1}: fails. "
            f"Mend it, or tag it raises-exception if it is meant to fail.\n{_reason(error)}"
        ) from None
    finally:
        notebook.cells.pop()
    return Run(notebook, seconds, client.redrawn)


def run_all(
    project: Project, paths: Sequence[Path], environment: dict[str, str], extensions: Sequence[str] = ()
) -> dict[Path, NotebookNode]:
    """Run the notebooks of `paths`, two at a time, and leave the files as they are. Raises ToolError with every failure."""

    def one(path: Path) -> NotebookNode | ToolError:
        try:
            done = run(read(path), project.shown(path), path.parent, environment, extensions=extensions)
        except ToolError as error:
            return error
        print(f"{project.shown(path)}: {done.cpu_seconds:.0f} CPU seconds", flush=True)
        return done.notebook

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(one, paths))
    if failures := [str(result) for result in results if isinstance(result, ToolError)]:
        raise ToolError("\n".join(failures))
    return {path: result for path, result in zip(paths, results, strict=True) if isinstance(result, NotebookNode)}


def _reason(error: Exception) -> str:
    """Return what went wrong without the cell's source and the traceback."""
    return f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
