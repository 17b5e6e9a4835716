"""Find and start a Chromium for tests and checks of pages; playwright drives it and downloads none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None; `HF_TUTORIAL_CHROMIUM` names one."""
    if named := os.environ.get("HF_TUTORIAL_CHROMIUM"):
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None) or next((path for path in PLACES if Path(path).is_file()), None)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Yield the Chromium that is found on this machine. Raises ToolError where there is none."""
    # Imported here: whoever only looks for a Chromium may not have an environment yet.
    from tools.notebooks import ToolError

    path = find_chromium()
    if path is None:
        raise ToolError("no Chromium or Chrome was found; install one, or name it: HF_TUTORIAL_CHROMIUM=…")
    with launched(path) as browser:
        yield browser


@contextmanager
def launched(path: str) -> Iterator["Browser"]:
    """Yield the Chromium at `path`, started."""
    from playwright.sync_api import sync_playwright

    # Chromium refuses to run its sandbox as root, as which a container often runs.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if as_root else [])
        try:
            yield browser
        finally:
            browser.close()
