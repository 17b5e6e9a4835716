"""HTML that is safe to show and complete in itself: escaping, the page around a fragment, and writing it whole.

A page asks nothing of the network. Its content security policy says so to the browser as well: only its own style and
the one script given to `page` may act, whatever markup slips into the body.
"""

import base64
import hashlib
import html
import os
import uuid
from functools import cache
from importlib.resources import files
from pathlib import Path

from hf_tutorial.errors import InputError

# What may not stand in an HTML file: C0 and C1 control characters (as control pictures where there is one), and halves of surrogate pairs.
_FORBIDDEN: dict[int, str] = (
    {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: "\u2421"}
    | dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], "\ufffd")
)


def escape(text: object) -> str:
    """Return `text` for use in HTML, between tags or in a quoted attribute.

    >>> escape('<b class="x">') == "&lt;b class=&quot;x&quot;&gt;"
    True
    """
    return html.escape(str(text), quote=True).translate(_FORBIDDEN)


def page(title: str, body: str, css: str = "", script: str = "") -> str:
    """Return a complete document around `body`, which is HTML already: escape what came from a user.

    The page follows the reader's light or dark setting and fits a phone. `css` is added to its own style; `script` is
    the one script that may run.
    """
    if "</style" in css.lower() or "</script" in script.lower():
        raise InputError("css and script must not contain their own closing tag; write it as <\\/script> instead.")
    style = asset("hf_tutorial", "page.css") + css
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{f'<script>{script}</script>' if script else ''}</body>\n</html>\n"
    )


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"'sha256-{digest}'" if script else "'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}"


@cache
def asset(package: str, name: str) -> str:
    """Return the text of a file that lies in `package`."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def write_page(path: str | os.PathLike[str], document: str) -> Path:
    """Write `document` to `path`, whole or not at all, and return the path."""
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist. Make it first, or save somewhere else.")
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        draft.write_text(document, encoding="utf-8", newline="\n")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
