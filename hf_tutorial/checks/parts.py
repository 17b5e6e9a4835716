"""Judging an answer that has several parts: the first fault is named, and every part that is right counts."""

from collections.abc import Callable

from hf_tutorial.checks.verdict import Wrong


def judge_parts(*parts: Callable[[], None]) -> None:
    """Run each part; if any raises Wrong, raise the first of these, with the share of the parts that are right as credit.

    The first part is the heart of the answer: while it is wrong, the others say nothing and count nothing.
    """
    parts[0]()
    faults = [fault for part in parts[1:] if (fault := _fault(part)) is not None]
    if faults:
        faults[0].credit = max(faults[0].credit, 1 - len(faults) / len(parts))
        raise faults[0]


def _fault(part: Callable[[], None]) -> Wrong | None:
    try:
        part()
    except Wrong as reason:
        return reason
    return None
