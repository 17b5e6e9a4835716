"""reveal.js, from a wheel on PyPI that carries it: fetched, checked by hash, read, and never installed or committed.

`python -m tools.slides.assets` only fetches it, so that slides can be made later with no network.
"""

import sys
from pathlib import Path

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.sources.registry import Carrier
from hf_tutorial.sources.wheels import extract, fetch
from tools.notebooks import write_text

# No stand-in is made from it, so the package's own registry does not know it. `make bundle` carries it along.
REVEAL_WHEEL = Carrier(
    project="sphinx-revealjs",
    version="3.2.1",
    sha256="805bed3ca459346e0f01967d5ed1c40d6b7b917de1541e1e4566c8341fe7017b",
    megabytes=2,
    licence="MIT",
)

_WITHIN = "sphinx_revealjs/_static/revealjs"
# Not the module builds (*.esm.js): a browser refuses to import modules from a folder.
_MEMBERS = (
    "LICENSE",
    "dist/reset.css",
    "dist/reveal.css",
    "dist/reveal.js",
    "plugin/notes/notes.js",
    "plugin/search/search.js",
)
_OURS = ("deck.css", "deck.js", "frame.css", "frame.js")


def write_assets(folder: Path) -> None:
    """Write what every deck loads into `folder`: reveal.js with its licence, and our style and script."""
    wheel = fetch(REVEAL_WHEEL)
    for member in _MEMBERS:
        target = folder / "reveal" / Path(member).name
        target.parent.mkdir(parents=True, exist_ok=True)
        extract(wheel, f"{_WITHIN}/{member}", target)
    for name in _OURS:
        write_text(folder / name, (Path(__file__).parent / name).read_text(encoding="utf-8"))


def main() -> int:
    try:
        fetch(REVEAL_WHEEL)
    except HfTutorialError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
