"""What no client shows: connections, ranges, and the environment that leads to the loopback Hub."""

import json
from http.client import HTTPConnection

import pytest

from tools.loopback_hub import LoopbackHub


def connect(address):
    return HTTPConnection(address.removeprefix("http://"), timeout=10)


def ask(connection, method, path, **headers):
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_one_connection_for_many_requests(hub):
    connection = connect(hub.address)
    connection.connect()
    port = connection.sock.getsockname()
    for _ in range(3):
        assert ask(connection, "GET", "/api/models/someone/model")[0] == 200
        assert ask(connection, "HEAD", "/someone/model/resolve/main/none.json")[2] == b""
        assert ask(connection, "POST", "/api/models/someone/model/paths-info/main")[0] == 200
    # Had the server closed it, `http.client` would have opened another, from another port.
    assert connection.sock.getsockname() == port


def test_a_small_file_is_delivered_under_its_commit(hub, model):
    connection = connect(hub.address)
    status, headers, _ = ask(connection, "HEAD", "/someone/model/resolve/main/config.json")
    assert (status, headers["X-Repo-Commit"]) == (307, model.commit)
    status, headers, body = ask(connection, "GET", headers["Location"])
    assert (status, body) == (200, b'{"model_type": "bert"}')
    assert headers["ETag"] == f'"{model.files["config.json"].oid}"'


def test_a_file_of_lfs_lies_elsewhere(hub, model):
    status, headers, _ = ask(connect(hub.address), "GET", "/someone/model/resolve/main/model.safetensors")
    assert (status, headers["X-Linked-Size"]) == (302, "5000")
    assert headers["X-Linked-ETag"] == f'"{model.files["model.safetensors"].sha256}"'
    assert headers["Location"].startswith(hub.content_address)
    place = headers["Location"].removeprefix(hub.content_address)
    network = connect(hub.content_address)
    assert ask(network, "GET", place)[2] == (model.folder / "model.safetensors").read_bytes()
    assert ask(network, "GET", "/0123")[0] == 403


@pytest.mark.parametrize(
    ("wanted", "first", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=4990-", 4990, 5000), ("bytes=-7", 4993, 5000), ("bytes=4990-9999", 4990, 5000)],
)
def test_ranges(hub, model, wanted, first, stop):
    content = (model.folder / "model.safetensors").read_bytes()
    place = f"/{model.files['model.safetensors'].sha256}"
    status, headers, body = ask(connect(hub.content_address), "GET", place, Range=wanted)
    assert (status, body) == (206, content[first:stop])
    assert headers["Content-Range"] == f"bytes {first}-{stop - 1}/5000"


@pytest.mark.parametrize("wanted", ["bytes=5000-", "bytes=20-10", "lines=1-2"])
def test_ranges_outside_the_file(hub, model, wanted):
    place = f"/{model.files['model.safetensors'].sha256}"
    status, headers, _ = ask(connect(hub.content_address), "GET", place, Range=wanted)
    assert (status, headers["Content-Range"]) == (416, "bytes */5000")


def test_pages_that_are_not_there(hub):
    connection = connect(hub.address)
    for path in ("/", "/someone/model", "/api/models/someone/model/commits/main", "/api/spaces"):
        status, _, body = ask(connection, "GET", path)
        assert (path, status) == (path, 404)
        assert "error" in json.loads(body)


def test_a_token_that_nobody_has(hub):
    status, headers, _ = ask(connect(hub.address), "GET", "/api/models/someone/model", Authorization="Bearer hf_x")
    assert (status, headers["X-Error-Message"]) == (401, "Invalid credentials in Authorization header")


def test_somebody_else_may_answer_first(repositories):
    def teapot(handler):
        if "teapot" not in handler.path:
            return False
        handler.send_response(418)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    with LoopbackHub(repositories, intercept=teapot) as hub:
        connection = connect(hub.address)
        assert ask(connection, "GET", "/teapot")[0] == 418
        assert ask(connection, "GET", "/api/models/someone/model")[0] == 200
        assert hub.asked == ["GET /teapot", "GET /api/models/someone/model"]


def test_the_environment_that_leads_here(hub):
    environment = {"HF_TOKEN": "hf_mine", "HF_HUB_OFFLINE": "1", "NO_PROXY": "localhost", "PATH": "/bin"}
    hub.redirect(environment)
    assert environment == {
        "HF_ENDPOINT": hub.address,
        "NO_PROXY": "localhost,127.0.0.1",
        "no_proxy": "127.0.0.1",
        "PATH": "/bin",
    }


def test_it_is_gone_afterwards(repositories):
    with LoopbackHub(repositories) as hub:
        connection = connect(hub.address)
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")
