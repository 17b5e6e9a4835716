"""What a student in Colab must know first: a short note in every notebook's first cell, below the badge.

It is a `<details class="colab">` block, closed until it is opened, so that it takes one line of the screen. Whoever shows
the notebook elsewhere (slides, the course as web pages) leaves it out with `without_note`.
"""

import re
from pathlib import Path

from tools.notebooks import kind, topic

# The lessons that train a model, or ask a larger one (on the Hub) many times. All of them run on a CPU, too.
FASTER_ON_A_GPU = ("06", "07", "08", "11", "13")

_START = '<details class="colab">'
_NOTE = """\
{start}<summary><b>In Colab?</b> Save a copy before you type: <i>File › Save a copy in Drive</i>. {runtime}</summary>

{items}

</details>"""
_ON_A_CPU, _ON_A_GPU = "A CPU runtime is enough.", "A CPU runtime will do; a T4 GPU is faster."
_CHOOSE = (
    "Choose *T4 GPU* under *Runtime › Change runtime type* before you run the first cell. GPUs are lent for a limited "
    "time: disconnect when you are done."
)
_ITEMS = (
    "Files that you or the cells write vanish with the session. Download what you want to keep.",
    "You need no token. If you have one, it goes into *Secrets* (the key symbol on the left) under the name `HF_TOKEN`, "
    "never into a cell. A notice that `HF_TOKEN` is missing is harmless.",
)
_BLOCK = re.compile(rf"^{re.escape(_START)}.*?^</details>[^\S\n]*\n*", re.MULTILINE | re.DOTALL)


def note(path: Path) -> str:
    """Return the note for the notebook at `path`; exercises and solutions are small enough for any CPU."""
    faster = topic(path)[:2] in FASTER_ON_A_GPU and kind(path) not in ("exercises", "solutions")
    items = (_CHOOSE, *_ITEMS) if faster else _ITEMS
    return _NOTE.format(
        start=_START, runtime=_ON_A_GPU if faster else _ON_A_CPU, items="\n".join(f"- {item}" for item in items)
    )


def without_note(source: str) -> str:
    """Return the text of a markdown cell without the note.

    >>> without_note("# 01 · Title\\n\\n" + note(Path("01_title.ipynb")) + "\\n\\nOne sentence.")
    '# 01 · Title\\n\\nOne sentence.'
    """
    return _BLOCK.sub("", source).rstrip("\n") if _START in source else source
