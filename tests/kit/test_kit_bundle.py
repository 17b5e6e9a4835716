"""Course bundles: refused when they are not for this machine, written whole or not at all."""

import json

import pytest

from tools import bundle
from tools.environment import KitError


def filled(folder):
    """Stand in for `bundle.fill`: one wheel and a manifest."""
    (folder / "wheels").mkdir(parents=True)
    wheel = folder / "wheels" / "torch.whl"
    wheel.write_bytes(b"a wheel")
    manifest = {"machine": bundle.this_machine(), "files": {"wheels/torch.whl": bundle.file_sha256(wheel)}}
    (folder / bundle.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def stick(tmp_path):
    filled(tmp_path / "stick")
    return tmp_path / "stick"


def changed(stick, **machine):
    manifest = json.loads((stick / bundle.MANIFEST).read_text(encoding="utf-8"))
    manifest["machine"].update(machine)
    (stick / bundle.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_a_bundle_for_this_machine_is_right(stick):
    bundle.check(stick)


@pytest.mark.parametrize("contents", [None, "", "{", "[]", "{}"])
def test_a_folder_that_is_no_bundle_is_refused(stick, contents):
    (stick / bundle.MANIFEST).unlink()
    if contents is not None:
        (stick / bundle.MANIFEST).write_text(contents, encoding="utf-8")

    with pytest.raises(KitError, match="is no course bundle"):
        bundle.check(stick)


def test_a_bundle_for_another_machine_names_both_and_the_cure(stick):
    changed(stick, python="3.99", platform="amiga-m68k")

    with pytest.raises(
        KitError, match=r"made for Python 3\.99 on amiga-m68k, and this is Python 3.*PYTHON=python3\.99"
    ):
        bundle.check(stick)


def test_a_bundle_of_another_lock_is_refused(stick):
    changed(stick, lock="0" * 64)

    with pytest.raises(KitError, match="made for another version of the course"):
        bundle.check(stick)


def test_a_wheel_that_was_copied_badly_is_named(stick):
    (stick / "wheels" / "torch.whl").write_bytes(b"a whee")

    with pytest.raises(KitError, match=r"wheels/torch\.whl in .* is missing or damaged: copy the bundle again"):
        bundle.check(stick)


def test_a_bundle_replaces_an_older_one_whole(stick, monkeypatch):
    (stick / "wheels" / "old.whl").touch()
    monkeypatch.setattr(bundle, "fill", filled)
    bundle.write(stick)

    assert sorted(path.name for path in stick.rglob("*.whl")) == ["torch.whl"]
    assert [path.name for path in stick.parent.iterdir()] == ["stick"]


def test_a_bundle_that_fails_half_way_leaves_the_older_one(stick, monkeypatch):
    def fail(folder):
        (folder / "wheels").mkdir()
        raise KitError("no network")

    monkeypatch.setattr(bundle, "fill", fail)
    with pytest.raises(KitError, match="no network"):
        bundle.write(stick)

    bundle.check(stick)
    assert [path.name for path in stick.parent.iterdir()] == ["stick"]


def test_a_folder_that_is_no_bundle_is_never_overwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "fill", filled)
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(KitError, match="is no bundle: name another folder"):
        bundle.write(tmp_path)
    assert (tmp_path / "thesis.tex").exists()
