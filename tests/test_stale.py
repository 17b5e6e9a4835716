"""What was upgraded after it was imported is named, and what is as it should be is left in peace."""

import sys
from importlib.metadata import version
from types import SimpleNamespace

import pytest

from hf_tutorial import HfTutorialError, setup
from hf_tutorial.stale import _PACKAGES, refuse_stale_modules


def test_the_packages_of_this_environment_are_as_installed(monkeypatch):
    for module, distribution in _PACKAGES.items():
        monkeypatch.setitem(sys.modules, module, SimpleNamespace(__version__=version(distribution)))
    refuse_stale_modules()


def test_the_setup_cell_says_what_to_restart(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(__version__="4.57.1"))
    monkeypatch.setitem(sys.modules, "peft", SimpleNamespace(__version__="0.1"))
    with pytest.raises(HfTutorialError) as caught:
        setup()
    message = str(caught.value)
    assert f"transformers 4.57.1, and {version('transformers')} was installed since" in message
    assert "peft 0.1" in message
    assert "Runtime › Restart session" in message
    assert "run this cell again" in message


def test_a_build_of_the_same_version_is_the_same(monkeypatch):
    public = version("torch").partition("+")[0]
    for build in (public, f"{public}+cpu", f"{public}+cu130"):
        monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(__version__=build))
        refuse_stale_modules()


@pytest.mark.parametrize(
    "module",
    [
        SimpleNamespace(__version__="5.99.0.dev0"),  # a checkout, installed in place and pulled since
        SimpleNamespace(),  # a module that is being imported, or somebody's own file of that name
    ],
)
def test_what_cannot_be_told_is_left_alone(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "transformers", module)
    refuse_stale_modules()


def test_what_is_not_installed_is_left_alone(monkeypatch):
    monkeypatch.setitem(_PACKAGES, "not_there", "not-there-at-all")
    monkeypatch.setitem(sys.modules, "not_there", SimpleNamespace(__version__="1"))
    refuse_stale_modules()
