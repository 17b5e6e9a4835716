"""A snapshot puts back what was patched, and leaves what a library has noted for itself."""

import builtins
import inspect
import json

import pytest
import torch

from hf_tutorial.checks import registry
from hf_tutorial.grading.integrity import Snapshot


@pytest.fixture
def snapshot():
    remembered = Snapshot()
    yield remembered
    remembered.restore()


def test_functions_classes_and_code_are_as_before(snapshot):
    usual = (builtins.sum, torch.Tensor.__eq__, json.dumps, inspect.signature, torch.nn.functional.softmax)
    builtins.sum = json.dumps = inspect.signature = torch.nn.functional.softmax = lambda *_, **__: 7
    torch.Tensor.__eq__ = lambda *_: True
    torch.nn.Linear.__eq__ = lambda *_: True
    registry.check.__code__ = (lambda exercise, answer, **context: 7).__code__
    changed = snapshot.restore()
    assert (builtins.sum, torch.Tensor.__eq__, json.dumps, inspect.signature, torch.nn.functional.softmax) == usual
    assert "__eq__" not in vars(torch.nn.Linear)
    assert registry.check("99.9", 1).message.startswith("There is no exercise")
    for name in (
        "builtins.sum",
        "torch.Tensor.__eq__",
        "torch.nn.functional.softmax",
        "hf_tutorial.checks.registry.check",
    ):
        assert name in changed


def test_modules_and_their_finders_are_as_before(snapshot):
    import sys

    sys.modules["hf_tutorial.checks.answers"] = json
    sys.meta_path.insert(0, object())
    sys.path.insert(0, "/nowhere")
    snapshot.restore()
    assert sys.modules["hf_tutorial.checks.answers"] is not json
    assert "/nowhere" not in sys.path
    assert type(sys.meta_path[0]) is not object


def test_what_a_library_notes_for_itself_stays(snapshot):
    torch.manual_seed(3)
    json.a_note = {"kept": 1}
    assert snapshot.restore() == []
    assert json.a_note == {"kept": 1}
    del json.a_note
