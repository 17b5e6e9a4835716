"""What is asked, how often, and with which token."""

import contextlib
import threading
import time

import pytest

from hf_tutorial import doctor
from hf_tutorial.errors import HfTutorialError
from hf_tutorial.session import setup
from hf_tutorial.sources import hub, question
from hf_tutorial.sources.question import SAMPLE, Question
from tools.loopback_hub import LoopbackHub, Repository
from tools.loopback_hub import faults_http as http
from tools.loopback_hub.faults_sockets import closed_port, silence
from tools.loopback_hub.messages import ADMITTED

MODEL = Repository(
    "someone/model",
    "model",
    None,
    generated={"config.json": b"{}", "pytorch_model.bin": b"0" * 9_000_000, "model.safetensors": b"0" * 500_000},
)
DATASET = Repository("someone/data", "dataset", None, generated={"a/train.parquet": b"0" * 100, "README.md": b"#"})
EMPTY = Repository("someone/empty", "model", None)
GATED = Repository("someone/gated", "model", None, gated=True, generated=MODEL.generated)
REPOSITORIES = [MODEL, DATASET, EMPTY, GATED]


@pytest.fixture(autouse=True)
def _ask_afresh(monkeypatch, tmp_path):
    hub.forget()
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield
    hub.forget()


@pytest.fixture
def at(monkeypatch):
    """Lead everybody to an address; the Hub's client reads it once, when it is imported."""

    def lead(address):
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)

    return lead


@pytest.fixture
def loopback(at):
    with LoopbackHub(REPOSITORIES) as opened:
        at(opened.address)
        yield opened


def ask(hub_id, kind, seconds=5.0):
    return Question(hub_id, kind, seconds).fault()


def test_a_question_takes_facts_and_the_beginning_of_what_is_loaded(loopback):
    asked = Question("someone/model", "model", 5.0)
    assert asked.fault() is None
    facts, file, stored = loopback.asked
    assert facts == "GET /api/models/someone/model?blobs=true"
    assert file == "GET /someone/model/resolve/main/model.safetensors"
    assert "?name=model.safetensors" in stored
    assert asked.received == SAMPLE, "and no more of it"


def test_a_server_that_sends_all_of_a_file_is_not_listened_to_for_long(at):
    def send_all(handler):
        if not http.asks_for_file(handler):
            return False
        handler.send_response(200)
        handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        with contextlib.suppress(OSError):  # the client hangs up
            handler.wfile.write(b"0" * 50_000_000)
        handler.close_connection = True
        return True

    with LoopbackHub(REPOSITORIES, send_all) as opened:
        at(opened.address)
        asked = Question("someone/model", "model", 5.0)
        assert asked.fault() is None
        assert SAMPLE <= asked.received < 2 * SAMPLE


def test_a_repository_may_be_of_either_kind(loopback):
    assert ask("someone/data", None) is None
    assert [line.split("?")[0] for line in loopback.asked[:3]] == [
        "GET /api/models/someone/data",
        "GET /api/datasets/someone/data",
        "GET /datasets/someone/data/resolve/main/a/train.parquet",
    ]
    assert ask("someone/empty", None) is None
    assert ask("some one/else?", None).cause == "missing"


def test_the_token_goes_to_the_hub_and_not_to_its_storage(loopback, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", ADMITTED)
    assert ask("someone/gated", "model") is None
    assert loopback.authorised == [True, True, False]
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_IMPLICIT_TOKEN", True)
    assert ask("someone/gated", "model").cause == "gated"
    assert loopback.authorised[3:] == [False, False]


def test_in_colab_the_secret_is_asked_for_before_the_clock_runs(loopback, monkeypatch):
    asked = []
    monkeypatch.setattr("huggingface_hub.utils.is_google_colab", lambda: True)
    monkeypatch.setattr("huggingface_hub.get_token", lambda: asked.append(threading.current_thread()))
    assert ask("someone/model", "model") is None
    assert asked[0] is threading.main_thread()


@pytest.mark.parametrize("intercept", [http.trickle, http.trickle_of_facts])
def test_a_deadline_holds_where_no_time_out_ever_runs_off(at, intercept):
    with LoopbackHub(REPOSITORIES, intercept) as opened:
        at(opened.address)
        started = time.monotonic()
        assert ask("someone/model", "model", 1.5).cause == "slow"
        assert time.monotonic() - started < 3


def test_an_answer_that_is_no_list_of_files_is_not_the_hub_s(at):
    with LoopbackHub([], http.refuse(200, "welcome")) as opened:
        at(opened.address)
        assert ask("someone/model", "model").cause == "portal"


def test_a_wait_is_paid_once_for_all_ids(at, monkeypatch):
    monkeypatch.setattr(hub, "SECONDS_TO_ANSWER", 0.5)
    with silence() as port:
        at(f"http://127.0.0.1:{port}")
        assert hub.repository_fault("someone/model", "model").why == "the Hub did not answer within 0.5 seconds"
        started = time.monotonic()
        assert hub.repository_fault("someone/data", "dataset").cause == "silent"
        assert hub.hub_fault().cause == "silent"
        assert time.monotonic() - started < 0.3


def test_what_is_wrong_with_one_repository_is_not_held_against_the_hub(loopback):
    assert hub.repository_fault("someone/gated", "model").cause == "gated"
    assert hub.hub_fault() is None, "it has not the model that is asked about, and answers"
    assert hub.repository_fault("someone/model", "model") is None
    before = len(loopback.asked)
    assert hub.repository_fault("someone/gated", "model").cause == "gated"
    assert hub.repository_fault("someone/model", "model") is None
    assert len(loopback.asked) == before, "both are known"


def test_whoever_insists_sees_a_cure_at_once(at, loopback):
    with closed_port() as port:
        at(f"http://127.0.0.1:{port}")
        assert hub.insist("someone/model", "model").cause == "refused"
        assert hub.repository_fault("someone/data", "dataset").cause == "refused"
    at(loopback.address)
    assert hub.insist("someone/model", "model") is None
    before = len(loopback.asked)
    assert hub.insist("someone/model", "model") is None
    assert len(loopback.asked) == before
    assert hub.repository_fault("someone/data", "dataset") is None, "the Hub has answered since"


@pytest.mark.parametrize("switch", ["1", "true", "ON"])
def test_hf_s_own_switch_is_respected(loopback, monkeypatch, switch):
    monkeypatch.setenv("HF_HUB_OFFLINE", switch)
    assert hub.insist("someone/model", "model").cause == "offline"
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert hub.insist("someone/model", "model").cause == "offline"
    assert loopback.asked == []


def test_setup_says_why_in_its_second_line_and_asks_each_time(at, loopback, monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
    with closed_port() as port:
        at(f"http://127.0.0.1:{port}")
        session = setup()
    assert repr(session).splitlines()[1] == (
        "Checkpoints and data come from local stand-ins, since the connection to the Hub was refused."
    )
    assert not session.uses_hub
    at(loopback.address)
    session = setup()
    assert repr(session).splitlines()[1] == "Checkpoints and data come from the Hugging Face Hub."
    assert session.uses_hub


@pytest.mark.parametrize(
    ("mode", "second"),
    [
        ("local", "Checkpoints and data come from local stand-ins, as the printed outputs do."),
        ("hub", "Checkpoints and data come from the Hugging Face Hub."),
    ],
)
def test_setup_asks_nobody_in_the_other_modes(loopback, monkeypatch, mode, second):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    assert repr(setup()).splitlines()[1:] == [second]
    assert loopback.asked == []


def test_the_doctor_says_what_is_wrong(at, monkeypatch):
    with closed_port() as port:
        at(f"http://127.0.0.1:{port}")
        monkeypatch.setenv("HF_TUTORIAL_SOURCE", "auto")
        assert doctor._source() == doctor.Finding("source", "auto, but the connection to the Hub was refused")
        monkeypatch.setenv("HF_TUTORIAL_SOURCE", "hub")
        assert doctor._source().cure.endswith("Or unset HF_TUTORIAL_SOURCE, or set it to 'local'.")


def test_an_error_in_the_question_itself_is_told_by_its_name(loopback, monkeypatch):
    monkeypatch.setattr(question, "_headers", lambda: {}["a token, say"])
    found = ask("someone/model", "model")
    assert found.why == "the Hub cannot be asked from here (KeyError)"
    assert not issubclass(KeyError, HfTutorialError)
