"""A real browser: found, never downloaded. Without one these tests are skipped, or fail where one was promised."""

import os

import pytest

from tools.chromium import find_chromium, launched


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
    with launched(chromium_path) as browser:
        yield browser
