"""HTML that a cell put out, in a frame of its own: it may run its script there and reaches neither the deck nor the network.

What is too high for its frame scrolls in it, by wheel and keys. A presenter's remote turns the slide from inside, too.
"""

from functools import cache
from pathlib import Path

from hf_tutorial.page import escape
from tools.slides.blocks import Block
from tools.slides.measure import HINT, ROOM

# Nobody has drawn it yet: a page with a script gets all there is, a table so much for each line of its text form.
_ROW, _ENDS = 46, 60
_SMALLER = 0.8
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src 'unsafe-inline'"


def frame_block(fragment: str, text: str, cell: int) -> Block:
    """Return a frame for `fragment`; `text` is the same as text."""
    rows = text.count("\n") + 1
    height = ROOM if "<script" in fragment.lower() else min(ROOM, rows * _ROW + _ENDS + HINT)
    title = f"Output of cell {cell}"
    # Without allow-same-origin it is a stranger to the deck. An explorer saves its picture as a download.
    # deck.js fills it when its slide is shown: what draws itself needs to know how large it is.
    page = (
        f'<iframe title="{title}" sandbox="allow-scripts allow-downloads" data-page="{escape(document(fragment))}"></iframe>'
        '<p class="hint">Mouse and keys work inside. Page Down turns the slide, a click beside the frame leaves it.</p>'
    )
    return Block("frame", page, height, cell, least=round(_SMALLER * height), label=title)


def document(fragment: str) -> str:
    """Return a complete page around a fragment of HTML."""
    # What has controls needs the room for them.
    look = "controls" if "<script" in fragment.lower() else "still"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>Output</title>\n<style>\n{_ours('frame.css')}</style>\n</head>\n"
        f'<body class="{look}">\n<main>\n{fragment}\n</main>\n'
        f"<script>\n{_ours('frame.js')}</script>\n</body>\n</html>\n"
    )


@cache
def _ours(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
