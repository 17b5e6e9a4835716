"""What a truncation report says, in words and in a table: as text, as HTML, and as alternative text for its plot."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hf_tutorial.page import asset, escape
from hf_tutorial.tokens.describe import plural
from hf_tutorial.truncation.verdicts import UNCUT, Accuracy

if TYPE_CHECKING:
    from hf_tutorial.truncation.report import TruncationReport

NAMES = {UNCUT: "uncut", "head": "head", "tail": "tail", "both": "both ends"}
_HEAD = (
    "kept",
    "right",
    "accuracy (95 % interval)",
    "verdicts changed",
    "now wrong",
    "now right",
    "change in points (95 % interval)",
)
_NOTE = (
    "The change is measured on the same texts: only verdicts that turn right or wrong count. "
    "An interval that holds 0 leaves open whether cutting costs anything."
)


def title(report: "TruncationReport") -> str:
    """Return what was done, such as `Truncation to 50 words`."""
    return f"Truncation to {limit(report)}"


def limit(report: "TruncationReport") -> str:
    """Return `50 words`, or `128 tokens`."""
    return plural(report.n, report.unit[:-1])


def sentences(report: "TruncationReport") -> Iterator[str]:
    """Yield what there is to say about the lengths and the loss."""
    low, middle, high = np.percentile(report.lengths, [0, 50, 100])
    if len(report) == 1:
        yield f"{title(report)}: 1 text of {plural(report.lengths[0], report.unit[:-1])}."
    else:
        texts = f"{len(report):,} texts of {low:,.0f} to {high:,.0f} {report.unit}"
        yield f"{title(report)}: {texts}, half of them longer than {middle:,.0f}."
    if report.special:
        counted = plural(report.special, "special token")
        yield f"Counted by {report.tokenizer}, with {counted} in each text, which no cut takes away."
    if not report.cut:
        yield "No text is cut."
        return
    yield f"{report.cut:,} of {len(report):,} ({percent(report.cut / len(report))}) {'is' if report.cut == 1 else 'are'} cut."
    median, most = np.percentile([share for share in report.shares_lost if share], [50, 90])
    yield (
        f"Of those, half lose {percent(median)} of their {report.unit} or more, and one in ten {percent(most)} or more."
    )
    yield f"All together {percent(report.share_lost)} of the {report.unit} are lost."


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(change: float) -> str:
    """Return a change in percentage points, with its sign."""
    return f"{100 * change:+.1f}".replace("-", "−")


def cells(accuracy: Accuracy) -> tuple[str, ...]:
    """Return what the table says of one kind of text."""
    right = f"{accuracy.right:,} of {accuracy.texts:,}"
    found = f"{percent(accuracy.accuracy)} ({100 * accuracy.low:.1f} to {100 * accuracy.high:.1f})"
    if accuracy.kept == UNCUT:
        return NAMES[UNCUT], right, found, "", "", "", ""
    counts = (f"{count:,}" for count in (accuracy.changed, accuracy.lost, accuracy.gained))
    between = f"{points(accuracy.change_low)} to {points(accuracy.change_high)}"
    return NAMES[accuracy.kept], right, found, *counts, f"{points(accuracy.change)} ({between})"


def text(report: "TruncationReport") -> str:
    """Return the report as lines for a terminal."""
    lines = list(sentences(report))
    if report.accuracies:
        table = [_HEAD, *map(cells, report.accuracies)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines += ["", *("  ".join(map(str.ljust, row, widths)).rstrip() for row in table), "", _NOTE]
    return "\n".join(lines)


def html(report: "TruncationReport") -> str:
    """Return the report as a fragment with its own style."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(report))
    table = _table(report) if report.accuracies else ""
    css = asset("hf_tutorial.truncation", "truncation.css")
    return f'<style>\n{css}</style>\n<div class="hft-truncation">\n{said}\n{table}</div>'


def _table(report: "TruncationReport") -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in _HEAD)
    body = "".join(
        f'<tr><th scope="row">{escape(kept)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>\n'
        for kept, *rest in map(cells, report.accuracies)
    )
    return (
        f'<div class="hft-scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n'
        f"<p>{escape(_NOTE)}</p>\n"
    )


def alt_text(report: "TruncationReport") -> str:
    """Return alternative text for the plot of `report`: what it is, and what stands out."""
    shown = (
        f"Lengths of the texts in {report.unit}, from the shortest to the longest, with a line at {report.n:,}: what lies "
        "above it is lost."
    )
    told = [
        f"{NAMES[one.kept]} {percent(one.accuracy)} ({100 * one.low:.1f} to {100 * one.high:.1f})"
        for one in report.accuracies
    ]
    beside = f" Beside it the accuracy with its 95 % interval: {', '.join(told)}." if told else ""
    return f"{' '.join(sentences(report))} {shown}{beside}"
