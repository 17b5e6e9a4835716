"""Inspections as HTML: no script, no ids, a guest on whatever page a notebook makes of it.

Everything that came from a user passes `shown`, which makes the invisible visible and escapes. The look is in
`tokens.css`; colours are translucent and lines take the colour of the page's own text, so light and dark both work.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hf_tutorial.page import asset, escape, page
from hf_tutorial.tokens import describe
from hf_tutorial.tokens.spans import Row, Token
from hf_tutorial.tokens.stages import Stage
from hf_tutorial.tokens.text_form import (
    CHARACTERS_SHOWN,
    PIECES_SHOWN,
    POSITIONS_SHOWN,
    ROWS_SHOWN,
    TOKENS_SHOWN,
    one_text,
)
from hf_tutorial.tokens.visible import fragments

if TYPE_CHECKING:
    from hf_tutorial.tokens.inspection import TokenInspection

# A longer table is folded away at first.
OPEN_TABLE = 40

LEGEND = {
    "special": "special token",
    "unknown": "unknown token",
    "padding": "padding, which the mask hides",
}

# In a terminal the columns that hold text come last; here they come first, for the sake of narrow screens.
ORDER = ("index", "piece", "text", "id", "characters", "word", "sequence", "note")


def as_page(title: str, fragment: str) -> str:
    """Return a complete page around a fragment, which brings its own style."""
    return page(title, fragment)


def fragment(body: str) -> str:
    """Return `body` with its style, ready for a notebook."""
    return f'<style>\n{asset("hf_tutorial.tokens", "tokens.css")}</style>\n<div class="hft-tokens" translate="no">\n{body}\n</div>'


def shown(text: str, *, spaces: bool = True, limit: int | None = None) -> str:
    """Return `text` escaped, with stand-ins for invisible characters set apart from the text itself."""
    parts = (
        f'<i class="hft-sub">{escape(part)}</i>' if stands_in else escape(part)
        for part, stands_in in fragments(text, spaces=spaces, limit=limit)
    )
    return "".join(parts)


def inspection(inspected: "TokenInspection") -> str:
    """Return the whole inspection: one row in full, several as a grid of positions."""
    parts = [f'<p class="hft-head">{escape(describe.headline(inspected.rows, inspected.tokenizer))}</p>']
    if len(inspected.rows) == 1:
        row = inspected.rows[0]
        parts += [*_texts(row), _chips(row), legend(row.tokens), _stages(inspected.stages[0]), _table(row)]
    elif inspected.rows:
        parts += [_grid(inspected), legend(inspected.tokens), *_row_statements(inspected)]
    parts += [f'<p class="hft-remark">{escape(remark)}</p>' for remark in inspected.remarks]
    return fragment("\n".join(part for part in parts if part))


def _texts(row: Row) -> Iterable[str]:
    for name, text in zip(("text", "pair"), row.texts, strict=False):
        yield f'<p class="hft-text"><span class="hft-label">{name}</span><bdi>{escape(one_text(text))}</bdi></p>'


def _chips(row: Row) -> str:
    tokens = row.tokens[:TOKENS_SHOWN]
    chips = [f"<li {_chip_class(tokens, n)}>{_chip(token)}</li>" for n, token in enumerate(tokens)]
    more = _more(len(row.tokens) - len(tokens), "token")
    return f'<ol class="hft-chips" aria-label="tokens">{"".join(chips)}</ol>{more}'


def _chip(token: Token) -> str:
    """Return what a chip holds: the text, the raw piece where it is written otherwise, the id."""
    text = token.text or token.piece
    raw = "" if token.piece == text else f'<bdi class="hft-small">{shown(token.piece, limit=describe.CELL)}</bdi>'
    return (
        f'<bdi class="hft-big">{shown(text, limit=describe.CELL)}</bdi>{raw}<span class="hft-small">{token.id}</span>'
    )


def _chip_class(tokens: Sequence[Token], number: int) -> str:
    return f'class="hft-chip {kind(tokens[number]) or _tint(tokens, number)}"'


def kind(token: Token) -> str:
    """Return the class of a token that is not plain text, or ""."""
    for name in ("padding", "unknown", "special"):
        if getattr(token, name):
            return f"hft-{name}"
    return ""


def _tint(tokens: Sequence[Token], number: int) -> str:
    """Return one of two tints: the tokens of a word share one where words are known."""
    words = {token.word for token in tokens if token.word is not None}
    word = tokens[number].word
    return "hft-two" if (number if len(words) < 2 or word is None else word) % 2 else "hft-one"


def legend(tokens: Sequence[Token]) -> str:
    """Return a line that explains the borders that occur."""
    kinds = {kind(token) for token in tokens}
    used = [name for name in LEGEND if f"hft-{name}" in kinds]
    entries = "".join(f'<span class="hft-chip hft-{name}">{LEGEND[name]}</span>' for name in used)
    return f'<p class="hft-legend">{entries}</p>' if entries else ""


def _stages(stages: Sequence[Stage]) -> str:
    if not stages:
        return ""
    entries = "".join(f"<dt>{_stage_name(stage)}</dt><dd>{''.join(_results(stage))}</dd>" for stage in stages)
    return f'<dl class="hft-stages">{entries}</dl>'


def _stage_name(stage: Stage) -> str:
    component = f'<span class="hft-component">{escape(stage.component)}</span>' if stage.component else ""
    return escape(stage.name) + component


def _results(stage: Stage) -> Iterable[str]:
    """Yield the same lines as the text form, with a box around each piece in place of bars."""
    if stage.says != "changes nothing":
        for pieces in stage.results:
            boxes = "".join(_box(piece, stage.name != "normalise") for piece in pieces[:PIECES_SHOWN])
            more = len(pieces) - PIECES_SHOWN
            left = f"… and {describe.plural(more, 'more piece')}" if more > 0 else ""
            yield f'<p class="hft-result">{boxes or "(nothing)"}{left}</p>'
    if stage.says:
        yield f'<p class="hft-result">{shown(stage.says, spaces=False)}</p>'


def _box(piece: str, spaces: bool) -> str:
    return f'<bdi class="hft-piece">{shown(piece, spaces=spaces, limit=CHARACTERS_SHOWN)}</bdi>'


def _table(row: Row) -> str:
    tokens = row.tokens[:TOKENS_SHOWN]
    names = sorted(describe.columns([row]), key=ORDER.index)
    head = "".join(f'<th scope="col"{_number_class(name)}>{name}</th>' for name in names)
    body = "".join(f"<tr>{''.join(_cell(name, text) for name, text in _cells(token, names))}</tr>" for token in tokens)
    caption = "Every token with the characters it covers, counted as Python slices do"
    table = scrolling(
        f'<table class="hft-table"><caption><span>{caption}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>',
        "tokens",
    )
    opened = " open" if len(tokens) <= OPEN_TABLE else ""
    more = _more(len(row.tokens) - len(tokens), "token")
    return (
        f"<details{opened}><summary>{describe.plural(len(tokens), 'token')} as a table</summary>{table}{more}</details>"
    )


def scrolling(table: str, name: str) -> str:
    """Return `table` in a box of its own that scrolls, also by keyboard."""
    return f'<div class="hft-scroll" tabindex="0" role="region" aria-label="{escape(name)}">{table}</div>'


def _cells(token: Token, names: Sequence[str]) -> Iterable[tuple[str, str]]:
    cells = describe.cells(token)
    return ((name, cells[name]) for name in names)


def _cell(name: str, text: str) -> str:
    if name == "index":
        return f'<th scope="row" class="hft-number">{text}</th>'
    return f"<td{_number_class(name)}><bdi>{escape(text)}</bdi></td>"


def _number_class(name: str) -> str:
    return ' class="hft-number"' if describe.COLUMNS[name] else ""


def _more(count: int, noun: str) -> str:
    return (
        f'<p class="hft-remark">… and {describe.plural(count, f"more {noun}")}: to_pandas() has them all</p>'
        if count > 0
        else ""
    )


def _grid(inspected: "TokenInspection") -> str:
    rows = inspected.rows[:ROWS_SHOWN]
    longest = max(len(row.tokens) for row in inspected.rows)
    positions = min(longest, POSITIONS_SHOWN)
    head = "".join(f'<th scope="col">{position}</th>' for position in range(positions))
    body = "".join(_grid_row(inspected.rows, number, positions) for number in range(len(rows)))
    caption = "Each row of input_ids: text, id and attention mask of every position"
    table = f'<table class="hft-table hft-grid"><caption><span>{caption}</span></caption><thead><tr><th scope="col">position</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    more = _more(longest - positions, "position") + _more(len(inspected.rows) - len(rows), "row")
    return scrolling(table, "batch") + more


def _grid_row(rows: Sequence[Row], number: int, positions: int) -> str:
    tokens = rows[number].tokens[:positions]
    cells = "".join(
        f'<td><div {_chip_class(tokens, n)}>{_chip(token)}<span class="hft-small">mask {int(token.attended)}</span></div></td>'
        for n, token in enumerate(tokens)
    )
    return f'<tr><th scope="row">{describe.row_name(rows, number)}</th>{cells}</tr>'


def _row_statements(inspected: "TokenInspection") -> Iterable[str]:
    for number, stages in enumerate(inspected.stages[:ROWS_SHOWN]):
        for stage in stages:
            if stage.name in ("truncate", "pad"):
                name = describe.row_name(inspected.rows, number)
                yield f'<p class="hft-remark">{name}: {shown(stage.says, spaces=False)}</p>'
