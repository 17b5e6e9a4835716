"""What a student finds where the solution was: stubs, computed from the solution's own code.

In a code cell, the lines between `# BEGIN SOLUTION` and `# END SOLUTION` become

- for an assignment to a name: `name = ...  # your answer`
- for a function: its signature, its docstring and `...`
- for anything else: nothing; if nothing is left, `# your code here`
"""

import ast
import re
import textwrap
from collections.abc import Iterator

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
ANSWER, HERE = "...  # your answer", "# your code here"


def without_solution(source: str) -> str:
    """Return the code of a cell with every solution block replaced by its stub.

    >>> print(without_solution("x = 2\\n# BEGIN SOLUTION\\nhalf = x / 2\\nprint(half)\\n# END SOLUTION\\ncheck(half)"))
    x = 2
    half = ...  # your answer
    check(half)

    Raises ValueError if markers do not pair up or a block is no Python by itself.
    """
    kept: list[str] = []
    block: list[str] | None = None
    for line in source.split("\n"):
        if line.strip() == BEGIN:
            if block is not None:
                raise ValueError(f"a second “{BEGIN}” comes before “{END}”")
            block = []
        elif line.strip() == END:
            if block is None:
                raise ValueError(f"“{END}” comes without “{BEGIN}”")
            kept += stub("\n".join(block), indent=_indent(line)).split("\n")
            block = None
        else:
            (kept if block is None else block).append(line)
    if block is not None:
        raise ValueError(f"“{BEGIN}” comes without “{END}”")
    return "\n".join(kept)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def stub(block: str, indent: str = "", *, here: str = HERE, answer: str = ANSWER) -> str:
    """Return what replaces a solution block that is indented by `indent`.

    `answer` stands for each value, and `here` for a block that leaves none.
    """
    code = textwrap.dedent(block)
    try:
        statements = ast.parse(code).body
    except SyntaxError as error:
        raise ValueError(f"the solution block is no Python by itself: {error.msg}, line {error.lineno}") from error
    parts = list(dict.fromkeys(part for statement in statements for part in _stubs(statement, code, answer)))
    # Inside a function, a comment alone would leave an empty body.
    left = "\n".join(parts) or (f"...  {here}" if indent else here)
    return textwrap.indent(left, indent)


def _stubs(statement: ast.stmt, code: str, answer: str) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=targets):
            yield from (f"{name} = {answer}" for target in targets for name in _names(target))
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
            yield f"{name}: {ast.unparse(annotation)} = {answer}"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _function_stub(statement, code, answer)


def _names(target: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment binds; `row["x"] = …` binds none, and nobody asks for `_`."""
    match target:
        case ast.Name(id=name) if name != "_":
            yield name
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for part in targets:
                yield from _names(part)
        case ast.Starred(value=value):
            yield from _names(value)


def _function_stub(function: ast.FunctionDef | ast.AsyncFunctionDef, code: str, answer: str) -> str:
    """Return decorators, signature and docstring as they were written, and `...` for the rest."""
    lines = code.split("\n")
    start = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)]) - 1
    first = function.body[0]
    head = [*lines[start : first.lineno - 1], lines[first.lineno - 1].encode()[: first.col_offset].decode()]
    signature = re.sub(r"(\n\s*(#.*)?)+$", "", "\n".join(head)).rstrip()
    body = [answer]
    if ast.get_docstring(function) is not None:
        body.insert(0, ast.get_source_segment(code, first) or "")
    return "\n".join([signature, *(f"    {part}" for part in body)])
