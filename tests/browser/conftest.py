"""A real browser: found, never downloaded. Without one these tests are skipped, or fail where one was promised."""

import os

import pytest

from tools.chromium import find_chromium


@pytest.fixture(scope="session")
def chromium_path():
    """The path of a Chromium or Chrome. `HF_TUTORIAL_REQUIRE_BROWSER` turns the skip into a failure."""
    path = find_chromium()
    if path is None:
        message = "no Chromium or Chrome was found"
        if os.environ.get("HF_TUTORIAL_REQUIRE_BROWSER"):
            pytest.fail(f"{message}, but HF_TUTORIAL_REQUIRE_BROWSER is set")
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def browser(chromium_path):
    from playwright.sync_api import sync_playwright

    # Chromium refuses to run its sandbox as root, as which a container often runs.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"] if as_root else [])
        yield browser
        browser.close()
