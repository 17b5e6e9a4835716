"""Figures as a reader takes them in, and tables of them."""

from collections.abc import Sequence


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column names and whose others hold figures."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *lines])


def seconds(value: float) -> str:
    """Return 0.0123 as "0.012 s" and 27.8 as "28 s": two digits say enough about a time."""
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s" if value >= 1 else f"{value:.2g} s"


def bytes_of(value: int) -> str:
    """Return a number of bytes as kB or MB."""
    return f"{value / 1e6:.1f} MB" if value >= 1e6 else f"{value / 1e3:.0f} kB"


def times(value: float, ours: float | None, is_ours: bool) -> str:
    """Return how many times ours `value` is, in brackets; nothing for ours itself, or where ours is missing."""
    if is_ours or not ours:
        return ""
    ratio = value / ours
    return f" ({ratio:,.0f}×)" if ratio >= 9.95 else f" ({ratio:.1f}×)"
