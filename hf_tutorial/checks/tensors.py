"""Comparing tensors within rounding, without importing torch: whoever hands in tensors has imported it."""

from typing import Any

TOLERANCE = 1e-3


def is_tensor(value: object) -> bool:
    return all(hasattr(value, name) for name in ("shape", "detach", "tolist"))


def same(first: Any, second: Any, tolerance: float = TOLERANCE) -> bool:
    """Say whether two tensors have the same shape, and values that differ by no more than `tolerance`."""
    if tuple(first.shape) != tuple(second.shape):
        return False
    difference = first.detach().cpu().double() - second.detach().cpu().double()
    return bool((difference.abs() <= tolerance).all())
