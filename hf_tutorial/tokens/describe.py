"""What every form of an inspection says: the table, the headline and the remarks, in words. Text, HTML and pandas share it."""

from collections.abc import Sequence

from hf_tutorial.tokens.spans import Row, Token
from hf_tutorial.tokens.visible import visible

UNKNOWN_HERE = "–"
# Few tokens are longer than this; but a word that the tokenizer does not know may be a whole line.
CELL = 60

# Name of the column, and whether it holds numbers. What holds text comes last, so that in a terminal a script that runs
# from right to left, or an emoji drawn too wide, moves no other column.
COLUMNS: dict[str, bool] = {
    "index": True,
    "id": True,
    "characters": True,
    "word": True,
    "sequence": True,
    "piece": False,
    "text": False,
    "note": False,
}


def cells(token: Token) -> dict[str, str]:
    """Return what each column says of `token`; nothing in it is invisible."""
    return {
        "index": str(token.index),
        "id": str(token.id),
        "characters": UNKNOWN_HERE if token.span is None else "{}:{}".format(*token.span),
        "word": UNKNOWN_HERE if token.word is None else str(token.word),
        "sequence": UNKNOWN_HERE if token.sequence is None else str(token.sequence),
        "piece": visible(token.piece, limit=CELL),
        "text": visible(token.text, limit=CELL),
        "note": visible(note(token), spaces=False, limit=CELL),
    }


def columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns that have something to say about `rows`."""
    pairs = any(len(row.texts) > 1 for row in rows)
    return [name for name in COLUMNS if name != "sequence" or pairs]


def note(token: Token) -> str:
    """Return in a few words what is particular about `token`, or ""."""
    if token.padding:
        return "padding"
    if token.unknown:
        return f"unknown, replaces {token.source}" if token.source else "unknown"
    if token.special:
        return "special" if token.inserted else "special, written in the text"
    if token.character:
        return f"part of {token.character}"
    if token.source and token.text.strip() and token.source.strip() != token.text.strip():
        return f"in the text: {token.source}"
    return ""


def headline(rows: Sequence[Row], tokenizer: str) -> str:
    """Return one line that counts, such as `BertTokenizer: 12 tokens, 2 of them special, 1 unknown`."""
    tokens = [token for row in rows for token in row.tokens]
    counts = [f"{_count(tokens, 'special') - _count(tokens, 'padding')} of them special"]
    counts += [f"{_count(tokens, kind)} {kind}" for kind in ("padding", "unknown") if _count(tokens, kind)]
    rows_named = f"{len(rows)} rows, " if len(rows) != 1 else ""
    return f"{tokenizer}: {rows_named}{plural(len(tokens), 'token')}, {', '.join(counts)}"


def _count(tokens: Sequence[Token], flag: str) -> int:
    return sum(getattr(token, flag) for token in tokens)


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def remarks(rows: Sequence[Row], longest: int) -> tuple[str, ...]:
    """Return sentences about what a reader may stumble over; `longest` is the number of tokens that the model takes."""
    said = []
    tokens = [token for row in rows for token in row.tokens]
    text_tokens = [token for token in tokens if not token.inserted]
    if text_tokens and all(token.span is None for token in text_tokens):
        said.append("This encoding has no character spans and no word numbers.")
    elif any(_has_spaces(row) for row in rows) and all(token.word in (0, None) for token in text_tokens):
        said.append("This tokenizer does not cut at words first: the word number is 0 throughout.")
    if any(token.character for token in tokens):
        said.append("⟨…⟩ shows bytes: the token holds a part of a character, which several tokens make together.")
    over = max((len(row.tokens) for row in rows), default=0)
    if over > longest:
        said.append(
            f"{over:,} tokens are more than the {longest:,} that the model takes: shorten with truncation=True."
        )
    return tuple(said)


def _has_spaces(row: Row) -> bool:
    return any(isinstance(text, str) and len(text.split()) > 1 for text in row.texts)


def row_name(rows: Sequence[Row], number: int) -> str:
    """Return the name of a row: `text 0`, and with overflow also which part of it."""
    row = rows[number]
    siblings = [other for other, candidate in enumerate(rows) if candidate.sample == row.sample]
    part = f", part {siblings.index(number) + 1} of {len(siblings)}" if len(siblings) > 1 else ""
    return f"text {row.sample}{part}"
