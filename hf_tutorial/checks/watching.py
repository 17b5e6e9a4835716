"""Watching what is called, and with what, while a student's function runs.

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


@dataclass
class Calls:
    """How a model was called while a function ran."""

    count: int = 0
    in_training: bool = False
    with_graph: bool = False
    without_mask: bool = False


@contextmanager
def watched_calls(model: Any) -> Iterator[Calls]:
    """Yield a `Calls` that follows every call of `model` until the block ends."""
    import torch

    calls = Calls()

    def look(module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        calls.count += 1
        calls.in_training |= module.training
        calls.with_graph |= torch.is_grad_enabled()
        calls.without_mask |= named.get("attention_mask") is None and len(arguments) < 2

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
    try:
        yield calls
    finally:
        handle.remove()


def called_functions() -> Any:
    """Return a context that yields a growing set: the names of the functions of torch that are called in it."""
    from torch.overrides import TorchFunctionMode

    class Names(TorchFunctionMode):
        def __enter__(self) -> set[str]:
            super().__enter__()
            self.names: set[str] = set()
            return self.names

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.names.add(getattr(function, "__name__", ""))
            return function(*args, **(kwargs or {}))

    return Names()
