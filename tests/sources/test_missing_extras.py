"""Who lacks a package that only some stand-ins need is told its name, and what to type where they are."""

import sys

import pytest

from hf_tutorial.errors import MissingExtraError
from hf_tutorial.sources.recipes import adapters, smollm2


def test_smollm2_asks_for_gguf(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(MissingExtraError, match=r"needs the package gguf: pip install gguf \(in a notebook: %pip"):
        smollm2.build(tmp_path / "smollm2")
    assert list(tmp_path.iterdir()) == []


def test_an_adapter_asks_for_peft(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(
        MissingExtraError, match=r"The model needs the package peft: pip install peft \(in a notebook: %pip"
    ):
        adapters.merge_adapter(None, tmp_path, "The model")
