"""Checks of lesson 15, last part: halving the batch until it fits, and nothing else."""

import gc
import re
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.parts import judge_parts
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_MOST_CALLS = 40
_TEXTS = (
    "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 14.76 GiB total capacity)",
    "CUDA error: out of memory",
    "MPS backend out of memory (MPS allocated: 5.05 GB, max allowed: 6.80 GB)",
)


@exercise("15.5", expects="the function `largest_batch_size`")
def halving(answer: object) -> str:
    with _quick_collection():
        judge_parts(
            lambda: _judge_sizes(answer),
            lambda: _judge_other_errors(answer),
            lambda: _judge_old_texts(answer),
            lambda: _judge_the_end(answer),
            lambda: _judge_memory(answer),
        )
    return "It halves when memory is short, gives back what was taken, and lets every other error through."


@contextmanager
def _quick_collection() -> Iterator[None]:
    """Keep what is there already, torch above all, out of the `gc.collect()` of each try; collect only when told to."""
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


class _Interrupted(KeyboardInterrupt):
    """A student who presses the stop button."""


class _Endless(BaseException):
    """Ends a function that would call its step for ever."""


class _Step:
    """A training step that fits up to `fits`: it notes the sizes it is called with, and raises `error()` for larger ones."""

    def __init__(self, fits: int, error: Callable[[], BaseException], *, cycle: bool = False) -> None:
        self.fits, self.error, self.cycle = fits, error, cycle
        self.sizes: list[Any] = []
        self.raised: list[BaseException | str] = []
        self.leaked = False
        self._taken: list[weakref.ref[_Tensor]] = []

    def __call__(self, batch_size: Any) -> None:
        self.leaked |= any(taken() is not None for taken in self._taken)
        self.sizes.append(batch_size)
        if len(self.sizes) > _MOST_CALLS or batch_size < 1:
            raise _Endless
        tensor = _Tensor()
        self._taken.append(weakref.ref(tensor))
        if self.cycle:
            tensor.itself = tensor
        if batch_size > self.fits:
            raise self.error()


class _Tensor:
    """Stands for what a step takes up; lives as long as somebody holds on to it."""

    itself: Any = None


def _out_of_memory() -> BaseException:
    import torch

    return torch.OutOfMemoryError(_TEXTS[0])


def _outcome(function: object, step: _Step, start: int) -> object:
    """Return what the function returns, or the exception that comes out of it."""
    try:
        return call(function, step, start, given=f"step, {start}", none_is_answer=True)
    except _Interrupted as error:
        return error
    except Raised as raised:
        return raised.error


def _judge_sizes(function: object) -> None:
    for start, fits, right in ((8, 8, 8), (64, 8, 8), (48, 5, 3), (1, 1, 1)):
        step = _Step(fits, _out_of_memory)
        found = _outcome(function, step, start)
        if reason := _why_not_size(found, step, start, right):
            raise Wrong(f"With start={start}, where {fits} would fit: {reason}")


def _why_not_size(found: object, step: _Step, start: int, right: int) -> str:
    tried = f"it tried {shown(step.sizes)}"
    if isinstance(found, _Endless):
        return f"{tried} and would never end."
    if isinstance(found, BaseException):
        return f"{type(found).__name__} comes out. {_why_comes_out(found, step)}"
    if not step.sizes:
        return "`step` is never called. Try it: `step(batch_size)`."
    if any(not isinstance(size, int) for size in step.sizes):
        return f"{tried}. A batch size is a whole number: `//` divides without a remainder."
    if found is None:
        return f"{tried} and returned nothing."
    if number(found) != right:
        return f"{tried} and returned {shown(found)}. The largest of {_halves(start)} that fits is {right}."
    return ""


def _why_comes_out(error: BaseException, step: _Step) -> str:
    if len(step.sizes) == 1 and "memory" in str(error):
        return "It is the step's: catch it, and try half the size."
    return f"The step was called with {shown(step.sizes)}." if step.sizes else f"It says: {shown(str(error))}"


def _halves(start: int) -> str:
    sizes = [start]
    while sizes[-1] > 1:
        sizes.append(sizes[-1] // 2)
    return ", ".join(map(str, sizes))


def _judge_other_errors(function: object) -> None:
    """A mistake in the step must come out as it is, at the first call."""
    mistakes: list[tuple[BaseException, str]] = [
        (ValueError("Expected input batch_size (8) to match target batch_size (4)."), "every `Exception`"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied (8x4 and 8x2)"), "every `RuntimeError`"),
        (RuntimeError("CUDA error: device-side assert triggered"), "every error of CUDA"),
        (ValueError("The file was written when the disk was out of memory."), "every error with such a text"),
        (_Interrupted(), "everything, even the stop button (`except:` alone, or `BaseException`)"),
    ]
    for error, caught in mistakes:
        step = _Step(0, lambda error=error: error)  # type: ignore[misc]
        found = _outcome(function, step, 16)
        named = _named(error)
        if len(step.sizes) > 1:
            raise Wrong(f"It catches {caught}: after {named} it tried smaller batches. That hides the mistake.")
        if found is not error:
            raise Wrong(f"{named} should come out as it was raised: a bare `raise` does that. Instead: {_said(found)}")


def _named(error: BaseException) -> str:
    name = "KeyboardInterrupt" if isinstance(error, _Interrupted) else type(error).__name__
    return f"`{name}: {error}`" if str(error) else f"`{name}`"


def _said(found: object) -> str:
    return f"{type(found).__name__}." if isinstance(found, BaseException) else f"{shown(found)} is returned."


def _judge_old_texts(function: object) -> None:
    for text in _TEXTS:
        step = _Step(4, lambda text=text: RuntimeError(text))  # type: ignore[misc]
        if number(_outcome(function, step, 16)) != 4:
            raise Wrong(
                f"A plain `RuntimeError: {text}` means the same: older versions and other devices raise it. What do the texts "
                "of all of them have in common?"
            )


def _judge_the_end(function: object) -> None:
    step = _Step(0, _out_of_memory)
    found = _outcome(function, step, 4)
    if isinstance(found, _Endless):
        raise Wrong(f"When not even 1 fits, it tries {shown(step.sizes[:5])} …: after 1 there is nothing left to try.")
    if not isinstance(found, Exception):
        raise Wrong(f"When not even 1 fits, an error should say so. Instead: {_said(found)}")
    if step.sizes != [4, 2, 1]:
        raise Wrong(f"When nothing fits, starting from 4, it should try 4, 2 and 1, but tries {shown(step.sizes)}.")
    if "out of memory" in str(found) or not re.search(r"\b(1|one|single|smallest)\b", str(found)):
        raise Wrong(
            "When not even 1 fits, the error should say just that, in words of its own: a batch of 1 does not fit. It says: "
            f"{shown(str(found))}"
        )
    if not (found.__cause__ or found.__context__):
        raise Wrong("The error at the end has lost its cause: `raise RuntimeError(…) from error` keeps the numbers.")


def _judge_memory(function: object) -> None:
    """What a failed step took must be free when the next one begins."""
    step = _Step(2, _out_of_memory)
    if number(_outcome(function, step, 16)) == 2 and step.leaked:
        raise Wrong(
            "When the next size is tried, what the last one took is still held: by the exception, which holds on to the frames it "
            "came through. Try again *after* the `except` block has ended, and keep the exception in no variable."
        )
    step = _Step(2, _out_of_memory, cycle=True)
    _outcome(function, step, 16)
    if step.leaked:
        raise Wrong(
            "What refers to itself, as models and trainers do, is not freed at once. Call `gc.collect()` before the next try."
        )
