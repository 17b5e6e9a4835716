"""Watching what a model is called with, while a student's function runs.

A confident model hides mistakes: its probabilities stay near 1 with the mask and without it, and for half a text as for
the whole. So a check looks at what goes in, and not only at what comes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass
class Seen:
    """What a model has got: the most tokens in a row, and whether it took padding for text."""

    longest: int = 0
    read_padding: bool = False


@contextmanager
def watched(model: Any, pad_id: int | None) -> Iterator[Seen]:
    """Yield a `Seen` that follows every call of `model` until the block ends."""
    seen = Seen()

    def look(_: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        given = dict(zip(("input_ids", "attention_mask"), arguments, strict=False)) | named
        ids: Any = given.get("input_ids")
        mask: Any = given.get("attention_mask")
        if hasattr(ids, "shape"):
            padding: Any = ids == pad_id
            seen.longest = max(seen.longest, ids.shape[-1])
            seen.read_padding |= bool((padding if mask is None else padding & (mask > 0)).any())

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
    try:
        yield seen
    finally:
        handle.remove()
