"""`hub_or_local` answers with the id or with a stand-in, and says which."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import hf_tutorial
from hf_tutorial import hub_or_local
from hf_tutorial.errors import HfTutorialError, InputError, UnknownIdError
from hf_tutorial.sources import hub, resolve
from hf_tutorial.sources.registry import STAND_INS

DISTILBERT = "distilbert/distilbert-base-uncased"


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    monkeypatch.setattr(resolve, "_announced", set())
    hub.hub_answers.cache_clear()
    yield
    hub.hub_answers.cache_clear()


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


def test_hub_always_answers_with_the_id(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "hub")
    assert hub_or_local(DISTILBERT) == DISTILBERT
    assert hub_or_local("somebody/else") == "somebody/else"


@pytest.mark.parametrize(("answers", "expected"), [(True, "id"), (False, "folder")])
def test_auto_asks_the_hub(monkeypatch, prepared, answers, expected):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    monkeypatch.setattr(resolve, "in_hub_cache", lambda hub_id, kind: False)
    monkeypatch.setattr(resolve, "hub_answers", lambda: answers)
    assert hub_or_local(DISTILBERT) == {"id": DISTILBERT, "folder": str(prepared / "distilbert")}[expected]


def test_auto_takes_what_the_hub_s_cache_holds(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    monkeypatch.setattr(resolve, "in_hub_cache", lambda hub_id, kind: True)
    monkeypatch.setattr(resolve, "hub_answers", lambda: pytest.fail("no need to ask"))
    assert hub_or_local(DISTILBERT) == DISTILBERT


def test_auto_looks_for_the_very_id_in_the_hub_s_cache(monkeypatch, prepared):
    asked = []
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    monkeypatch.setattr(resolve, "in_hub_cache", lambda hub_id, kind: asked.append((hub_id, kind)))
    monkeypatch.setattr(resolve, "hub_answers", lambda: False)
    hub_or_local("google-t5/t5-small")
    assert asked == [("google-t5/t5-small", "model")]


@pytest.mark.parametrize("mode", ["auto", "hub", "local"])
def test_a_model_of_ours_is_local_in_every_mode(monkeypatch, prepared, capsys, mode):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    for asks in ("in_hub_cache", "hub_answers"):
        monkeypatch.setattr(resolve, asks, lambda *ignored: pytest.fail("the Hub has no part in this"))
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
    assert message.startswith("'openai-community/gpt2' has no local stand-in")
    assert all(hub_id in message for stand_in in STAND_INS for hub_id in stand_in.hub_ids)
    assert isinstance(caught.value, HfTutorialError)


@pytest.mark.parametrize("wrong", [None, "", "  ", 3, ["a/b"]])
def test_what_is_no_id_is_refused(wrong):
    with pytest.raises(InputError, match="takes a repository id such as"):
        hub_or_local(wrong)


def test_a_misspelt_mode_is_named(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "offline")
    with pytest.raises(InputError, match="'offline'; it can be 'auto', 'hub' or 'local'"):
        hub_or_local(DISTILBERT)


@pytest.fixture
def serve(monkeypatch):
    """Serve one answer on the loopback interface in the place of the Hub."""
    servers = []

    def start(status: int, content_type: str, body: bytes) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *ignored):
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # huggingface_hub reads its endpoint once, when it is imported.
        monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_hub_is_known_by_its_answer(serve):
    serve(200, "application/json", json.dumps({"id": DISTILBERT, "modelId": DISTILBERT}).encode())
    assert hub.hub_answers()


def test_a_captive_portal_is_not_the_hub(serve):
    serve(200, "text/html", b"<html>Welcome to the conference Wi-Fi</html>")
    assert not hub.hub_answers()


def test_a_server_error_is_not_the_hub(serve):
    serve(503, "text/plain", b"later")
    assert not hub.hub_answers()


def test_hf_s_own_offline_switch_is_respected(serve, monkeypatch):
    serve(200, "application/json", json.dumps({"id": DISTILBERT}).encode())
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not hub.hub_answers()


def test_the_public_names_are_there():
    for name in hf_tutorial.__all__:
        assert getattr(hf_tutorial, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'hub_or_locl'"):
        _ = hf_tutorial.hub_or_locl
