"""Documents as plain data, and their two forms: text, and a page that is complete in itself."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from hf_tutorial.page import asset, escape, page

_WIDTH = 100


@dataclass(frozen=True)
class Table:
    """Rows of text under a header. In columns named in `figures`, text stands on the right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Section:
    """A heading, then sentences, a table, or points."""

    heading: str
    sentences: Sequence[str] = ()
    table: Table | None = None
    points: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Document:
    """A title and sections."""

    title: str
    sections: Sequence[Section]


def as_text(document: Document) -> str:
    """Return the document for a terminal."""
    parts = [document.title, "=" * len(document.title), ""]
    for section in document.sections:
        parts += [section.heading, "-" * len(section.heading)]
        parts += [_wrapped(sentence) for sentence in section.sentences]
        parts += _text_table(section.table) if section.table else []
        parts += [_wrapped(point, "- ", "  ") for point in section.points]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    # An empty text would vanish, and a text of control characters break the lines.
    return textwrap.fill(_one_line(text), _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _text_table(table: Table) -> list[str]:
    lines = [[_one_line(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(len(row[place]) for row in lines) for place in range(len(table.header))]
    return ["  ".join(_padded(row, widths, table)).rstrip() for row in lines]


def _padded(row: Sequence[str], widths: Sequence[int], table: Table) -> list[str]:
    columns = zip(row, widths, table.header, strict=True)
    return [cell.rjust(width) if name in table.figures else cell.ljust(width) for cell, width, name in columns]


def as_html(document: Document) -> str:
    """Return the document as a page. All text is escaped here, and nowhere else."""
    parts = [f"<h1>{escape(document.title)}</h1>"]
    for section in document.sections:
        parts.append(f"<section>\n<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{_marked(sentence)}</p>" for sentence in section.sentences]
        parts += [_html_table(section.heading, section.table)] if section.table else []
        if section.points:
            parts.append("<ul>\n" + "\n".join(f"<li>{_marked(point)}</li>" for point in section.points) + "\n</ul>")
        parts.append("</section>")
    return page(document.title, "\n".join(parts), css=asset("hf_tutorial.grading", "report.css"))


def _marked(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _html_table(caption: str, table: Table) -> str:
    head = "".join(f'<th scope="col"{_kind(name, table)}>{escape(name)}</th>' for name in table.header)
    rows = "\n".join(f"<tr>{_html_row(row, table)}</tr>" for row in table.rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def _html_row(row: Sequence[str], table: Table) -> str:
    first, *rest = zip(row, table.header, strict=True)
    cells = "".join(f"<td{_kind(name, table)}>{_marked(cell)}</td>" for cell, name in rest)
    return f'<th scope="row"{_kind(first[1], table)}>{_marked(first[0])}</th>{cells}'


def _kind(name: str, table: Table) -> str:
    return ' class="figure"' if name in table.figures else ""
