"""Reading a notebook without running it: its code cells, the exercises that it checks, what stands in its answers."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.grading.settings import NOTEBOOK_BYTES

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
# Nothing in an exercise needs these. Whoever writes them may be looking for the grader.
_SUSPICIOUS = re.compile(
    r"hf_tutorial\.(?:grading|checks\.(?:registry|verdict|lesson))|_EXERCISES|/proc/|\bctypes\b|\bgc\.get_|_getframe"
    r"|\bregister_at_fork\b|\bos\.(?:fork|kill|_exit|dup2?|closerange)\b|\bsetattr\(\s*(?:torch|builtins|hf_tutorial)"
    r"|\b__code__\b|\b__eq__\b|\bsettrace\b|\bcurrentframe\b|\binspect\.stack\b|\bf_locals\b|\bsocket\b|\bsignal\."
)


_CODE_LENGTH = 2_000_000
_STUDENT = "student"
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class NotebookError(HfTutorialError):
    """A file is no notebook that can be graded."""


@dataclass(frozen=True)
class Check:
    """One call of `check` in a notebook: the exercise, and the names that each argument passed by name mentions."""

    exercise: str
    context: dict[str, set[str]] = field(hash=False)


@dataclass(frozen=True)
class Notebook:
    """The code of a notebook. Its outputs are not read."""

    path: Path
    text: str = field(repr=False)
    cells: tuple[str, ...] = field(repr=False)
    # Without the cells that only explain a solution, which students do not have.
    shared: tuple[str, ...] = field(repr=False)

    @cached_property
    def checks(self) -> list[Check]:
        """The calls of `check` in the order in which they stand."""
        return [call for cell in self.cells for call in _checks(cell)]

    @cached_property
    def exercises(self) -> list[str]:
        return list(dict.fromkeys(call.exercise for call in self.checks))

    @cached_property
    def modules(self) -> list[str]:
        """The modules that the notebook imports."""
        return sorted({name for cell in self.cells for name in _imports(cell)})

    @cached_property
    def hash(self) -> str:
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def own_context(self) -> dict[str, list[str]]:
        """Return for each exercise the context that every student makes anew: from a solution, or from their own number."""
        made = {_STUDENT}
        found: dict[str, list[str]] = {}
        for cell in self.cells:
            for statement, in_solution in _statements(cell):
                if in_solution or _names(statement) & made:
                    made |= set(_bindings(statement))
                for call in _calls(statement):
                    found[call.exercise] = sorted(
                        key for key, names in call.context.items() if names & made and key != _STUDENT
                    )
        return found

    def bare(self) -> str:
        """Return the notebook with nothing but its code."""
        cells = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in self.cells]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    def answers(self) -> str:
        """Return the code of the cells that check something, without layout and comments, to compare students."""
        return "\n".join(_normalised(cell) for cell in self.cells if any(True for _ in _checks(cell)))

    def suspicious(self) -> list[str]:
        """Return what stands in the code and has no place in an exercise."""
        return sorted({match.group(0) for cell in self.cells for match in _SUSPICIOUS.finditer(cell)})


def read(path: Path) -> Notebook:
    """Read a notebook, or raise NotebookError."""
    try:
        if path.stat().st_size > NOTEBOOK_BYTES:
            raise NotebookError(
                f"the file has more than {NOTEBOOK_BYTES // 2**20} MB; clear its outputs and submit again"
            )
        text = path.read_bytes().decode("utf-8-sig")
        cells = [(_source(cell), _tags(cell)) for cell in _code_cells(json.loads(text))]
        if sum(len(source) for source, _ in cells) > _CODE_LENGTH:
            raise NotebookError(f"the file has more than {_CODE_LENGTH // 1_000_000} million characters of code")
        shared = tuple(source for source, tags in cells if "solution" not in tags)
        return Notebook(path, text, tuple(source for source, _ in cells), shared)
    except NotebookError:
        raise
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise NotebookError(f"the file cannot be read as a notebook ({type(error).__name__})") from error


def _code_cells(content: dict[str, Any]) -> list[dict[str, Any]]:
    # Format 3 kept the cells in worksheets.
    cells = content["cells"] if "cells" in content else content["worksheets"][0]["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return "".join(source) if isinstance(source, list) else str(source)


def _tags(cell: dict[str, Any]) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    return tags if isinstance(tags, list) else []


def _parsed(cell: str) -> ast.Module | None:
    """Parse a cell; lines for IPython or the shell count as nothing. None if it is no Python."""
    plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", cell, flags=re.MULTILINE)
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _checks(cell: str) -> Iterator[Check]:
    tree = _parsed(cell) if "check" in cell else None
    return _calls(tree) if tree else iter(())


def _calls(tree: ast.AST) -> Iterator[Check]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                context = {key.arg: _names(key.value) for key in node.keywords if key.arg is not None}
                yield Check(name.value, context)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _imports(cell: str) -> Iterator[str]:
    tree = _parsed(cell) if "import" in cell else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _statements(cell: str) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements of a cell, and whether each stands in a block that is replaced by a stub for students."""
    tree = _parsed(cell)
    starts = [number for number, line in enumerate(cell.split("\n"), start=1) if line.strip() == BEGIN]
    ends = [number for number, line in enumerate(cell.split("\n"), start=1) if line.strip() == END]
    blocks = list(zip(starts, ends, strict=False))
    for statement in tree.body if tree else ():
        last = statement.end_lineno or statement.lineno
        yield statement, any(start < last and statement.lineno < end for start, end in blocks)


def _bindings(node: ast.AST) -> Iterator[str]:
    """Return the names that a statement binds for those after it, not those within its functions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, _SCOPES):
        for inner in ast.iter_child_nodes(node):
            yield from _bindings(inner)


def _normalised(cell: str) -> str:
    tree = _parsed(cell)
    return ast.unparse(tree) if tree else re.sub(r"\s+", " ", cell)
