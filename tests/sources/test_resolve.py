"""`hub_or_local` answers with the id or with a stand-in, and says which. What faults it meets is tested in `tests/faults`."""

import pytest

import hf_tutorial
from hf_tutorial import hub_or_local
from hf_tutorial.errors import HfTutorialError, HubError, InputError, SourceError, UnknownIdError
from hf_tutorial.sources import resolve
from hf_tutorial.sources.faults import fault
from hf_tutorial.sources.registry import STAND_INS

DISTILBERT = "distilbert/distilbert-base-uncased"


SILENT = fault("silent", whom="the Hub", seconds=4)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Nothing is announced yet, nothing is in the Hub's cache, and whoever asks the Hub fails."""
    monkeypatch.setattr(resolve, "_announced", set())
    for kept in ("model_in_cache", "dataset_in_cache"):
        monkeypatch.setattr(resolve, kept, lambda hub_id: None)
    for asks in ("repository_fault", "insist", "hub_fault"):
        monkeypatch.setattr(resolve, asks, lambda *ignored: pytest.fail("the Hub has no part in this"))


@pytest.fixture
def prepared(monkeypatch, tmp_path):
    monkeypatch.setattr(resolve, "ready_folder", lambda stand_in: tmp_path / stand_in.name)
    return tmp_path


def test_local_answers_with_a_folder_and_says_so_once(prepared, capsys):
    assert hub_or_local(DISTILBERT) == str(prepared / "distilbert")
    hub_or_local(DISTILBERT)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.startswith(f"{DISTILBERT}: a local stand-in, ")
    assert str(prepared) not in said


@pytest.mark.parametrize(("mode", "asks"), [("auto", "repository_fault"), ("hub", "insist")])
def test_what_the_hub_gives_comes_from_there(monkeypatch, capsys, mode, asks):
    asked = []
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    monkeypatch.setattr(resolve, asks, lambda hub_id, kind: asked.append((hub_id, kind)))
    for hub_id in (DISTILBERT, "stanfordnlp/imdb", "somebody/else"):
        assert hub_or_local(hub_id) == hub_id
    assert asked == [(DISTILBERT, "model"), ("stanfordnlp/imdb", "dataset"), ("somebody/else", None)]
    assert capsys.readouterr().out == ""


def test_auto_takes_a_stand_in_and_says_why_in_the_same_line(monkeypatch, prepared, capsys):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    monkeypatch.setattr(resolve, "repository_fault", lambda hub_id, kind: SILENT)
    assert hub_or_local(DISTILBERT) == str(prepared / "distilbert")
    hub_or_local(DISTILBERT)
    assert capsys.readouterr().out == (
        f"{DISTILBERT}: a local stand-in, MiniLM (6 layers, 12 heads, width 384) in DistilBERT's architecture. "
        "The Hub did not answer within 4 seconds.\n"
    )


def test_hub_says_what_to_do_and_takes_no_stand_in(monkeypatch, capsys):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "hub")
    monkeypatch.setattr(resolve, "insist", lambda hub_id, kind: SILENT)
    with pytest.raises(HubError) as caught:
        hub_or_local(DISTILBERT)
    assert str(caught.value) == (
        f"{DISTILBERT}: the Hub did not answer within 4 seconds. Check the network, then run this cell again. "
        'Or go on with the local stand-in: setup(source="local").'
    )
    assert caught.value.cause == "silent"
    assert isinstance(caught.value, SourceError)
    assert capsys.readouterr().out == ""
    with pytest.raises(HubError, match=r"^somebody/else: .* run this cell again\.$"):
        hub_or_local("somebody/else")


@pytest.mark.parametrize("mode", ["auto", "hub"])
@pytest.mark.parametrize("hub_id", ["google-t5/t5-small", "somebody/else"])
def test_a_model_in_the_hub_s_cache_is_taken_from_there(monkeypatch, tmp_path, capsys, mode, hub_id):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    monkeypatch.setattr(resolve, "model_in_cache", lambda asked: tmp_path if asked == hub_id else None)
    monkeypatch.setattr(resolve, "hub_fault", lambda: None)
    assert hub_or_local(hub_id) == hub_id
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(resolve, "hub_fault", lambda: SILENT)
    assert [hub_or_local(hub_id), hub_or_local(hub_id)] == [str(tmp_path)] * 2
    assert capsys.readouterr().out == (
        f"{hub_id}: the Hub's own model, from its cache on this machine. The Hub did not answer within 4 seconds.\n"
    )


@pytest.mark.parametrize("mode", ["auto", "hub"])
@pytest.mark.parametrize("hub_id", ["stanfordnlp/imdb", "somebody/else"])
def test_a_dataset_in_the_hub_s_cache_is_taken_without_asking(monkeypatch, mode, hub_id):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    monkeypatch.setattr(resolve, "dataset_in_cache", lambda asked: asked == hub_id)
    assert hub_or_local(hub_id) == hub_id


@pytest.mark.parametrize("mode", ["auto", "hub", "local"])
def test_a_model_of_ours_is_local_in_every_mode(monkeypatch, prepared, capsys, mode):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    monkeypatch.setattr(resolve, "model_in_cache", lambda *ignored: pytest.fail("nor has its cache"))
    assert hub_or_local("hf-tutorial/t5-dates") == str(prepared / "t5-dates")
    assert capsys.readouterr().out.startswith("hf-tutorial/t5-dates: a model of this course, a T5 of ")
    with pytest.raises(UnknownIdError, match="'hf-tutorial/t6' is no model of this course"):
        hub_or_local("hf-tutorial/t6")


def test_a_model_of_ours_answers_for_the_hub_s_as_a_stand_in(prepared, capsys):
    assert hub_or_local("google-t5/t5-small") == str(prepared / "t5-dates")
    assert capsys.readouterr().out.startswith("google-t5/t5-small: a local stand-in, a T5 of ")


def test_an_unknown_id_lists_those_there_are():
    with pytest.raises(UnknownIdError) as caught:
        hub_or_local("openai-community/gpt2")
    message = str(caught.value)
    assert message.startswith(
        "'openai-community/gpt2' has no local stand-in, and HF_TUTORIAL_SOURCE=local keeps us from the Hub. These ids"
    )
    assert all(hub_id in message for stand_in in STAND_INS for hub_id in stand_in.hub_ids)
    assert isinstance(caught.value, HfTutorialError)


def test_an_unknown_id_that_the_hub_cannot_give_is_told_why(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    monkeypatch.setattr(resolve, "repository_fault", lambda hub_id, kind: fault("missing", kind="model"))
    with pytest.raises(
        UnknownIdError, match=r"has no local stand-in, and the Hub has no model of this name.* Check the"
    ):
        hub_or_local("openai-community/gpt3")


@pytest.mark.parametrize("wrong", [None, "", "  ", 3, ["a/b"]])
def test_what_is_no_id_is_refused(wrong):
    with pytest.raises(InputError, match="takes a repository id such as"):
        hub_or_local(wrong)


def test_a_misspelt_mode_is_named(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "offline")
    with pytest.raises(InputError, match="'offline'; it can be 'auto', 'hub' or 'local'"):
        hub_or_local(DISTILBERT)


def test_the_public_names_are_there():
    for name in hf_tutorial.__all__:
        assert getattr(hf_tutorial, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'hub_or_locl'"):
        _ = hf_tutorial.hub_or_locl
