"""What answers and errors are taken for, beyond the cases of the table."""

import errno
import os
import socket
import string

import pytest

from hf_tutorial.sources import diagnosis, faults
from hf_tutorial.sources.diagnosis import fault_in_answer, fault_in_error, is_time_out, proxy_for
from hf_tutorial.sources.faults import fault

ENDPOINT = "https://huggingface.co"
FACTS = dict.fromkeys(("seconds", "received", "whom", "proxy", "kind", "page", "pause", "wait", "status", "name"), 4)


class Answer:
    """As much of an HTTP client's response as is looked at."""

    def __init__(self, status, headers=None, token=False):
        self.status_code, self.url = status, f"{ENDPOINT}/api/models/a/b"
        self.headers = {"content-type": "application/json", **(headers or {})}
        self.request = type("Request", (), {"headers": {"authorization": "Bearer x"} if token else {}})


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("cause", sorted(faults._WORDS))
def test_every_fault_reads_as_clause_sentence_and_cure(cause):
    found = fault(cause, **FACTS)
    assert not found.why.endswith(".")
    assert found.sentence == found.why[0].upper() + found.why[1:] + "."
    assert found.cure[0] in string.ascii_uppercase
    assert found.cure.endswith(".")
    assert "{" not in found.why + found.cure


def test_only_what_is_about_one_repository_leaves_the_others():
    here = {cause for cause in faults._WORDS if not fault(cause, **FACTS).is_everywhere}
    assert here == {"missing", "gated", "gated for this account", "forbidden"}


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"retry-after": "30"}, "asks for a pause of 30 seconds"),
        ({"retry-after": "1"}, "asks for a pause of 1 second"),
        ({"ratelimit": '"api";r=0;t=55'}, "asks for a pause of 55 seconds"),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, "asks for a pause"),
        ({}, "asks for a pause"),
    ],
)
def test_a_limit_says_how_long_to_wait(headers, said):
    found = fault_in_answer(Answer(429, headers), "a/b", "model")
    assert found.why.endswith(said)
    waits = said.partition("of ")[2] or "some minutes"
    assert found.cure == f"Wait for {waits}, then run this cell again."


@pytest.mark.parametrize(
    ("status", "headers", "cause"),
    [
        (200, {}, None),
        (206, {"content-type": "binary/octet-stream"}, None),
        (200, {"content-type": "text/html; charset=utf-8"}, "portal"),
        (404, {"content-type": "text/html"}, "portal"),
        (404, {"content-type": "text/html", "x-error-code": "RepoNotFound"}, "missing"),
        (400, {}, "missing"),
        (404, {"x-error-code": "EntryNotFound"}, "other answer"),
        (410, {}, "other answer"),
        (503, {"content-type": "text/html"}, "trouble"),
        (407, {"content-type": "text/html"}, "proxy password"),
    ],
)
def test_answers(monkeypatch, status, headers, cause):
    monkeypatch.setenv("HTTPS_PROXY", "http://anna:secret@proxy.example:3128")
    found = fault_in_answer(Answer(status, headers), "a/b", "model")
    assert (found and found.cause) == cause
    assert "secret" not in str(found)


def test_a_gate_names_the_page_where_its_terms_are():
    gated = {"x-error-code": "GatedRepo"}
    assert "https://huggingface.co/datasets/a/b," in fault_in_answer(Answer(401, gated), "a/b", "dataset").cure
    account = fault_in_answer(Answer(401, gated, token=True), "a/b", "model")
    assert account.cause == "gated for this account"
    assert "https://huggingface.co/a/b with this account" in account.cure


class ConnectError(Exception):
    pass


class ReadError(Exception):
    pass


class ConnectTimeout(Exception):  # noqa: N818 - the client's own name
    pass


def raised(outer, cause):
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (raised(ConnectError(), socket.gaierror(-2, "Name or service not known")), "unknown name"),
        (raised(ConnectError(), ConnectionRefusedError(errno.ECONNREFUSED, "refused")), "refused"),
        (raised(ConnectError(), OSError(errno.ENETUNREACH, "unreachable")), "no route"),
        (raised(ConnectError(), OSError(errno.EHOSTUNREACH, "no route to host")), "no route"),
        (raised(ReadError(), ConnectionResetError(errno.ECONNRESET, "reset by peer")), "cut"),
        (ImportError("a SOCKS proxy needs socksio"), "other error"),
    ],
)
def test_errors_are_known_by_their_root(error, cause):
    found = fault_in_error(error, ENDPOINT)
    assert found.cause == cause
    assert "socksio" not in str(found), "messages of others may hold addresses with secrets"


def test_without_a_connection_a_proxy_is_to_blame_if_there_is_one(monkeypatch):
    refused = raised(ConnectError(), ConnectionRefusedError())
    monkeypatch.setenv("HTTPS_PROXY", "http://anna:secret@proxy.example:3128")
    found = fault_in_error(refused, ENDPOINT)
    assert found.why == "the proxy proxy.example:3128 cannot be reached"
    assert fault_in_error(raised(ReadError(), ConnectionResetError()), ENDPOINT).cause == "cut"
    monkeypatch.setenv("NO_PROXY", "huggingface.co")
    assert fault_in_error(refused, ENDPOINT).cause == "refused"


def test_what_failed_at_another_address_is_the_storage():
    error = raised(ConnectError(), ConnectionRefusedError())
    error.request = type("Request", (), {"url": "https://storage.example/file?Signature=secret"})
    assert fault_in_error(error, ENDPOINT).why == "the connection to the Hub's storage was refused"


def test_a_client_that_gave_up_waiting_is_known():
    assert is_time_out(raised(OSError(), ConnectTimeout()))
    assert not is_time_out(ConnectError())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HTTPS_PROXY", "http://proxy.example:3128", "proxy.example:3128"),
        ("https_proxy", "proxy.example:3128", "proxy.example:3128"),
        ("ALL_PROXY", "socks5://anna:secret@proxy.example", "proxy.example"),
        ("HTTP_PROXY", "http://proxy.example:3128", None),
    ],
)
def test_proxies_are_those_of_the_client(monkeypatch, name, value, expected):
    monkeypatch.setenv(name, value)
    assert proxy_for(ENDPOINT) == expected


def test_a_chain_that_bites_its_tail_ends():
    first, second = ConnectError(), ConnectError()
    first.__cause__, second.__cause__ = second, first
    assert diagnosis.causes(first) == [first, second]
