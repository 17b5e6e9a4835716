"""A solution notebook, executed cell by cell in this process, with other answers in the place of the solutions."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from tools.notebooks import read, tags
from tools.stubs import BEGIN, END

_BLOCK = re.compile(rf"^( *){BEGIN}\n(.*?)^ *{END}$", re.MULTILINE | re.DOTALL)
_CHECK = re.compile(r'^check\("([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A code cell; `exercise` names the exercise that it checks, if it checks one."""

    place: str
    source: str

    @property
    def exercise(self) -> str | None:
        found = _CHECK.search(self.source)
        return found and found.group(1)

    def answered(self, write: Callable[[str], str]) -> "Cell":
        """Return the cell with `write(solution)` in the place of its solution block."""

        def replace(block: re.Match[str]) -> str:
            return indent(write(dedent(block.group(2)).strip("\n")), block.group(1))

        return Cell(self.place, _BLOCK.sub(replace, self.source))

    def run(self, namespace: dict[str, Any]) -> Any:
        """Execute the cell in `namespace`; return the value of its last line, as a notebook shows it."""
        tree = ast.parse(TransformerManager().transform_cell(self.source))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, self.place, "exec"), namespace)
        return last and eval(compile(ast.Expression(last.value), self.place, "eval"), namespace)


def cells(notebook: Path) -> Iterator[Cell]:
    """Yield the code cells that a student has too, without the set-up and without those that are meant to raise.

    Of the cells that only show a solution at work, their imports are left, which later solutions use.
    """
    for number, cell in enumerate(read(notebook).cells, start=1):
        if cell.cell_type == "code" and not {"setup", "raises-exception"} & set(tags(cell)):
            source = _imports(cell.source) if "solution" in tags(cell) else cell.source
            yield Cell(f"{notebook.stem}, cell {number}", source)


def _imports(source: str) -> str:
    tree = ast.parse(TransformerManager().transform_cell(source))
    return "\n".join(ast.unparse(one) for one in tree.body if isinstance(one, (ast.Import, ast.ImportFrom)))


def namespace_after_setup() -> dict[str, Any]:
    """Return the names that the set-up cell leaves, with the stand-ins as the source."""
    from hf_tutorial import setup

    return {"__name__": "__main__", "setup": setup, "session": setup(seed=42, source="local")}
