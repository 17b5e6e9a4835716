"""Watching whether a model gets padding without the mask that makes it harmless."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def padding_without_mask(model: Any, pad_id: int | None) -> Iterator[list[bool]]:
    """Yield a list that grows by one entry whenever `model` is called with padding and without an attention mask.

    A confident model may hide the mistake: its probabilities stay near 1 with the mask and without it. So we look at what
    it is called with, and not only at what it answers.
    """
    seen: list[bool] = []

    def look(_: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        given = dict(zip(("input_ids", "attention_mask"), arguments, strict=False)) | named
        ids, mask = given.get("input_ids"), given.get("attention_mask")
        if mask is None and ids is not None and bool((ids == pad_id).any()):
            seen.append(True)

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
    try:
        yield seen
    finally:
        handle.remove()
