"""Checks of lesson 14, third part: the memory that training needs, on paper."""

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

# frozen parameters, trained parameters, bits of a frozen one, GPUs
_CASES = (
    (0.0, 7e9, 16, 1),
    (7e9, 2e7, 8, 1),
    (7e9, 2e7, 5, 1),
    (1.3e10, 5e8, 5, 4),
)
_TRAINED_BYTES = 16
_SHORT = {
    12: "12 bytes for a trained parameter are 4 too few: weight, gradient and *two* averages have 4 each.",
    8: "8 bytes for a trained parameter are too few: besides weight and gradient, Adam keeps two averages.",
    4: "4 bytes for a trained parameter are its weight alone. It also has a gradient and Adam's two averages.",
}

Case = tuple[float, float, int, int]


@exercise("14.3", expects="the function `gigabytes`")
def memory_on_paper(answer: object) -> str:
    found = [_number(call(answer, *case)) for case in _CASES]
    for case, one in zip(_CASES, found, strict=True):
        if not _near(one, _gigabytes(case)):
            given = ", ".join(f"{argument:g}" for argument in case)
            wanted = f"`gigabytes({given})` should be {_gigabytes(case):.4g}, but is {one:.4g}."
            raise Wrong(f"{wanted}{_why(found) or _why_here(one, case)}")
    return "Sixteen bytes for what is trained, bits ÷ 8 for what is frozen, shared out over the GPUs."


def _gigabytes(case: Case, *, trained: float = _TRAINED_BYTES, unit: float = 1e9, frozen: float | None = None) -> float:
    """Return the right answer, or with other arguments what a mistake would give."""
    frozen_count, trained_count, bits, gpus = case
    each = bits / 8 if frozen is None else frozen
    return (frozen_count * each + trained_count * trained) / gpus / unit


def _near(found: float, right: float) -> bool:
    return abs(found - right) <= 1e-4 * abs(right)


def _number(value: object) -> float:
    found = number(value)
    if found is None:
        raise Wrong(f"`gigabytes` should return a number, but returns {shown(value)}.")
    return found


def _why(found: list[float]) -> str:
    """Return the mistake that explains all the numbers, if one does."""
    for reason in _mistakes(_CASES[0]):
        if all(_near(one, _mistakes(case)[reason]) for one, case in zip(found, _CASES, strict=True)):
            return f" {reason}"
    return ""


def _why_here(found: float, case: Case) -> str:
    return next((f" {reason}" for reason, wrong in _mistakes(case).items() if _near(found, wrong)), "")


def _mistakes(case: Case) -> dict[str, float]:
    """Return for each mistake what it makes of `case`."""
    frozen, trained, bits, gpus = case
    mistakes = {reason: _gigabytes(case, trained=each) for each, reason in _SHORT.items()}
    mistakes |= {
        "Bits are not bytes: divide by 8.": _gigabytes(case, frozen=bits),
        "5 bits are less than a byte: `//` rounds them down to nothing.": _gigabytes(case, frozen=bits // 8),
        "A frozen parameter has no gradient and no averages, only its weight.": _gigabytes(case, frozen=_TRAINED_BYTES),
        "The frozen weights are missing.": _gigabytes(case, frozen=0),
        "A gigabyte has 1e9 bytes here; 2**30 of them are a gibibyte.": _gigabytes(case, unit=2**30),
        "That is bytes. Divide by 1e9.": _gigabytes(case, unit=1),
        "That is megabytes. Divide by 1e9.": _gigabytes(case, unit=1e6),
        "All of it is shared out: each GPU holds its part of the sum.": _gigabytes(case) * gpus,
        "`bits` is not used: each frozen parameter is taken for 16 bits.": _gigabytes(case, frozen=2),
        "Only the trained parameters are shared out. The frozen ones are as well: mind the brackets.": _gigabytes(
            (frozen * gpus, trained, bits, gpus)
        ),
        "Only the frozen parameters are shared out. The trained ones are as well: mind the brackets.": _gigabytes(
            (frozen, trained * gpus, bits, gpus)
        ),
        "The trained parameters take their bits from `bits` here. They have four numbers in fp32 each, whatever the frozen ones "
        "have.": _gigabytes(case, trained=bits / 2),
        "The trained weights are counted twice: the 16 bytes hold them already.": _gigabytes(
            case, trained=_TRAINED_BYTES + bits / 8
        ),
    }
    return mistakes
