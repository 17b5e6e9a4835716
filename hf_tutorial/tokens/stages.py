"""What each stage of a tokenizer does to a text: normalise, pre-tokenise, model, post-process; then truncate and pad."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hf_tutorial.tokens.pieces import parts
from hf_tutorial.tokens.spans import Row, Token, Words, untouched


@dataclass(frozen=True)
class Stage:
    """One stage. `results` holds, for each of the one or two texts, the pieces that it leaves; `says` is a sentence or ""."""

    name: str
    component: str
    results: tuple[Words, ...] = ()
    says: str = ""


def stages_of(tokenizer: Any, row: Row, *, split_special_tokens: bool | None = None) -> tuple[Stage, ...]:
    """Return the stages that led to `row`, or nothing if its text is not known."""
    if not row.texts:
        return ()
    with untouched(tokenizer):
        before = (
            _rust_stages(tokenizer, row, split_special_tokens) if tokenizer.is_fast else _python_stages(tokenizer, row)
        )
    total = [len(pieces) for pieces in before[-1].results]
    return (*before, *_truncate(row, total), _post_process(tokenizer, row), *_pad(row))


def _python_stages(tokenizer: Any, row: Row) -> tuple[Stage, ...]:
    tokenized = [tuple(p for word in _words(text) for p in tokenizer.tokenize(word)) for text in row.texts]
    return (Stage("model", "written in Python: shows no inner stages", tuple(tokenized)),)


def _words(text: str | Words) -> Words:
    return (text,) if isinstance(text, str) else text


def _rust_stages(tokenizer: Any, row: Row, split_special_tokens: bool | None) -> tuple[Stage, ...]:
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    literal = tokenizer.split_special_tokens if split_special_tokens is None else split_special_tokens
    backend.encode_special_tokens = bool(literal)
    added = frozenset(tokenizer.added_tokens_decoder)
    normalised, cut, modelled = [], [], []
    for text in row.texts:
        segments = [segment for word in _words(text) for segment in _segments(backend, word, added)]
        normalised.append(("".join(_normalised(backend, *segment) for segment in segments),))
        cut.append(tuple(piece for segment in segments for piece in _cut(backend, *segment)))
        given = not isinstance(text, str)
        modelled.append(
            tuple(backend.encode(list(text) if given else text, is_pretokenized=given, add_special_tokens=False).tokens)
        )
    model = type(backend.model).__name__
    return (
        Stage("normalise", _name(backend.normalizer), tuple(normalised), _changes(row.texts, normalised)),
        Stage("pre-tokenise", _name(backend.pre_tokenizer), tuple(cut)),
        Stage("model", model, tuple(modelled)),
    )


def _name(component: Any) -> str:
    """Return the types that a component consists of, such as `NFD + Lowercase`."""
    return " + ".join(str(part.get("type")) for part in parts(component)) or "none"


def _segments(backend: Any, text: str, added: frozenset[int]) -> Iterator[tuple[str, int, int, bool]]:
    """Cut `text` at the added tokens in it, such as a `[MASK]`: these pass by the first two stages."""
    encoding = backend.encode(text, add_special_tokens=False)
    places = zip(encoding.ids, encoding.offsets, strict=True)
    end = 0
    for id, (start, stop) in places:
        # The unknown token is an added token too, but it stands for text that did pass through the stages.
        if id not in added or start < end or backend.token_to_id(text[start:stop].strip()) != id:
            continue
        if end < start:
            yield text, end, start, False
        yield text, start, stop, True
        end = stop
    if end < len(text):
        yield text, end, len(text), False


def _normalised(backend: Any, text: str, start: int, stop: int, fixed: bool) -> str:
    if fixed or backend.normalizer is None:
        return text[start:stop]
    return backend.normalizer.normalize_str(text[start:stop])


def _cut(backend: Any, text: str, start: int, stop: int, fixed: bool) -> list[str]:
    if fixed:
        return [text[start:stop]]
    from tokenizers import PreTokenizedString

    # A slice keeps its place in the text, which matters to pre-tokenisers that treat the beginning differently.
    splits = PreTokenizedString(text)
    splits.split(lambda _, whole: [whole[start:stop]])
    if backend.normalizer is not None:
        splits.normalize(backend.normalizer.normalize)
    if backend.pre_tokenizer is not None:
        backend.pre_tokenizer.pre_tokenize(splits)
    return [piece for piece, _, _ in splits.get_splits(offset_referential="original", offset_type="char")]


def _changes(texts: Sequence[str | Words], normalised: Sequence[Words]) -> str:
    same = all("".join(_words(text)) == "".join(result) for text, result in zip(texts, normalised, strict=True))
    return "changes nothing" if same else ""


def _post_process(tokenizer: Any, row: Row) -> Stage:
    component = _name(tokenizer.backend_tokenizer.post_processor) if tokenizer.is_fast else "written in Python"
    inserted = [token for token in row.tokens if token.inserted and not token.padding]
    if not inserted:
        return Stage("post-process", component, says="adds no special tokens")
    listed = ", ".join(f"{token.piece} at {token.index}" for token in inserted)
    return Stage("post-process", component, says=f"adds {listed}")


def _pad(row: Row) -> tuple[Stage, ...]:
    padding = [token for token in row.tokens if token.padding]
    if not padding:
        return ()
    side = "left" if padding[0].index == 0 else "right"
    return (Stage("pad", "", says=f"adds {len(padding)} × {padding[0].piece} on the {side}, with attention mask 0"),)


def _truncate(row: Row, total: Sequence[int]) -> tuple[Stage, ...]:
    """Say what of each text this row holds, if it does not hold all of it."""
    lines = []
    for sequence, (text, all_tokens) in enumerate(zip(row.texts, total, strict=True)):
        kept = [token for token in row.tokens if not token.inserted and not token.padding]
        kept = [token for token in kept if token.sequence in (sequence, None)]
        if len(kept) >= all_tokens or (len(row.texts) > 1 and any(token.sequence is None for token in kept)):
            continue
        name = ("first text: ", "second text: ")[sequence] if len(row.texts) > 1 else ""
        lines.append(f"{name}{len(kept)} of {all_tokens:,} tokens kept{_coverage(text, kept)}")
    return (Stage("truncate", "", says="; ".join(lines)),) if lines else ()


def _coverage(text: str | Words, kept: Sequence[Token]) -> str:
    spans = [token.span for token in kept if token.span is not None]
    if not spans or not isinstance(text, str):
        return ""
    start, stop = min(span[0] for span in spans), max(span[1] for span in spans)
    if start == 0:
        return f", the text is covered up to character {stop:,} of {len(text):,}"
    return f", the text is covered from character {start:,} to {stop:,} of {len(text):,}"
