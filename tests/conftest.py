"""Every test works offline, and writes under its own temporary folder unless it asks for the prepared stand-ins."""

import os
import sys

import pytest


@pytest.fixture(autouse=True)
def _own_surroundings(request, monkeypatch, tmp_path):
    # `Dataset.map` with several processes leaves a copy of the environment in the place of the environment.
    monkeypatch.setattr(os, "environ", os.environ)
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "local")
    if "standins" not in request.keywords:
        monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "cache"))
        monkeypatch.delenv("HF_TUTORIAL_WHEELS", raising=False)


@pytest.fixture(autouse=True)
def _own_figure_style():
    # `setup` sets the course's style for good, as a notebook wants it; the next test's figures are measured in pixels.
    loaded = sys.modules.get("matplotlib")
    if loaded:
        with loaded.rc_context():
            yield
        return
    yield
    if loaded := sys.modules.get("matplotlib"):
        loaded.rc_file_defaults()
