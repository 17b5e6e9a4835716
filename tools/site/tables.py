"""Numbers as HTML tables, with sensible digits and no more rows than somebody reads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hf_tutorial.page import escape

MOST_ROWS = 40
Cell = float | str | None


@dataclass(frozen=True)
class Table:
    """A table to be shown: a caption, the columns' names, and rows of numbers, words and gaps."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def shown(value: Cell, digits: int) -> str:
    """Return one cell: a number with `digits` decimals, and more if nothing of it would be left.

    >>> shown(1234.5, 0), shown(0.0004, 2), shown(1e-9, 2), shown(-0.5, 1), shown(None, 1)
    ('1,234', '0.0004', '≈ 0', '−0.5', '')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if not math.isfinite(value):
        return "none"
    text = f"{value:,.{digits}f}"
    if value and not float(text.replace(",", "")):
        text = f"{value:.1g}" if abs(value) >= 1e-4 else "≈ 0"
    return text.replace("-", "−")


def digits_for(values: Sequence[Cell]) -> int:
    """Return the decimals that a column needs: none for whole numbers, otherwise one, or three figures of its largest."""
    numbers = [abs(value) for value in values if isinstance(value, float | int) and math.isfinite(value)]
    if not numbers or all(abs(number - round(number)) < 1e-9 for number in numbers):
        return 0
    return min(6, max(1, 2 - math.floor(math.log10(max(numbers)))))


def thinned(rows: Sequence[Sequence[Cell]], most: int) -> tuple[list[Sequence[Cell]], int]:
    """Return at most about `most` rows at even distances, the last among them, and the distance."""
    step = max(1, math.ceil(len(rows) / most))
    kept = list(rows[::step])
    if step > 1 and (len(rows) - 1) % step:
        kept.append(rows[-1])
    return kept, step


def as_html(table: Table, most: int = MOST_ROWS) -> str:
    """Return the table, its numbers aligned. It says so in its caption when rows are left out."""
    rows, step = thinned(table.rows, most)
    digits = [digits_for([row[place] for row in table.rows]) for place in range(len(table.columns))]
    left_out = f" (one row in {step} of {len(table.rows):,}, and the last)" if step > 1 else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(f"<tr>{_row(row, digits)}</tr>" for row in rows)
    return (
        f'<table class="course-numbers"><caption>{escape(table.caption)}{left_out}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


def _row(row: Sequence[Cell], digits: Sequence[int]) -> str:
    first, *others = (escape(shown(value, places)) for value, places in zip(row, digits, strict=True))
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{text}</td>" for text in others)
