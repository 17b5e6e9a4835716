"""What a student sees when the Hub fails: `python -m tools.loopback_hub.faults` tries every fault and prints the table.

Each fault is set up on the loopback address and met by a real `hub_or_local` in a process of its own, in the modes "auto"
and "hub". `--write` puts the table into the page of the course that explains it; `tests/faults` holds both to it.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tools.loopback_hub import faults_http as http
from tools.loopback_hub import faults_sockets as sockets
from tools.loopback_hub.faults_trials import HUB_ID, TOKEN, Case, Seen, Stage, try_out
from tools.loopback_hub.messages import NOT_ADMITTED
from tools.notebooks import ROOT

PAGE = ROOT / "docs" / "course" / "when_the_hub_fails.md"
BEGIN, END = "<!-- the table of faults -->", "<!-- end of the table -->"
LAST_SENTENCE = 'Or go on with the local stand-in: setup(source="local").'
_PARALLEL = 3


def _with_token(token: str, stage: Stage, **kept: bool) -> None:
    stage.hub(**kept)
    stage.environment["HF_TOKEN"] = token


def _no_name(stage: Stage) -> None:
    stage.environment["HF_ENDPOINT"] = "http://hub.invalid"


def _silent_name_server(stage: Stage) -> None:
    _no_name(stage)
    stage.arguments.append("--slow-name-server")


def _switched_off(stage: Stage) -> None:
    stage.hub()
    stage.environment["HF_HUB_OFFLINE"] = "1"


def _proxy_that_works(stage: Stage, login: str = "") -> None:
    hub = stage.hub()
    stage.behind(sockets.proxy(hub.address, login=login), f"http://{sockets.HUB_BEHIND_PROXY}", login)


def _no_proxy_there(stage: Stage) -> None:
    stage.behind(sockets.closed_port(), "https://hub.invalid")


def _proxy_that_denies(stage: Stage) -> None:
    stage.behind(sockets.proxy(denies=True), "https://hub.invalid")


def _proxy_with_password(stage: Stage) -> None:
    stage.behind(sockets.proxy(login=sockets.LOGIN), "https://hub.invalid", "student:wrong")


def _answer(status: int, message: str, code: str = "", **headers: str) -> partial:
    return partial(Stage.hub, intercept=http.refuse(status, message, code, **headers))  # for `set_up(stage)`


# fmt: off
CASES = (
    # No answer, or one that comes too slowly
    Case("the Hub takes the connection and stays silent", "silent", lambda stage: stage.instead(sockets.silence())),
    Case("connections are never made", "silent", lambda stage: stage.instead(sockets.full_queue())),
    Case("the name server stays silent", "silent", _silent_name_server),
    Case("only the storage of large files stays silent", "silent", lambda stage: stage.hub(http.silent_storage)),
    Case("a large file comes at 5 kB a second", "slow", lambda stage: stage.hub(http.trickle)),
    Case("everything comes at 5 bytes a second", "slow", lambda stage: stage.hub(http.trickle_of_facts)),
    Case("a large file breaks off", "cut", lambda stage: stage.hub(http.cut)),
    # No way to the Hub
    Case("the connection is refused", "refused", lambda stage: stage.instead(sockets.closed_port())),
    Case("no name server knows the Hub", "unknown name", _no_name),
    Case("a false certificate", "certificate", lambda stage: stage.instead(sockets.false_certificate(), "https")),
    Case("a Wi-Fi's page in the place of everything", "portal", lambda stage: stage.hub(http.portal)),
    Case("the same, at an address of its own", "portal", lambda stage: stage.hub(http.portal_elsewhere)),
    Case("a firewall's page in the place of large files", "portal", lambda stage: stage.hub(http.blocked_storage)),
    # A proxy
    Case("the proxy is not there", "proxy refused", _no_proxy_there),
    Case("the proxy lets nobody through", "proxy denies", _proxy_that_denies),
    Case("the proxy asks for a password", "proxy password", _proxy_with_password),
    # What the Hub itself says
    Case("401: not there, or private", "missing", _answer(401, "Repository not found", "RepoNotFound")),
    Case("401: the token is no longer valid", "token", partial(_with_token, TOKEN)),
    Case("401: gated, nobody has logged in", "gated", lambda stage: stage.hub(gated=True)),
    Case("403: gated, the terms are not accepted", "gated for this account",
          lambda stage: _with_token(NOT_ADMITTED, stage, gated=True)),
    Case("403: no access", "forbidden", _answer(403, "You have no access to this resource")),
    Case("404: no such repository", "missing", _answer(404, "Repository not found", "RepoNotFound")),
    Case("429, with Retry-After", "limited", _answer(429, "Too many requests", **{"Retry-After": "30"})),
    Case("500", "trouble", _answer(500, "Internal error")),
    # On this machine
    Case("HF_HUB_OFFLINE is set", "offline", _switched_off),
)
# With these nothing is wrong: the id itself comes back, and nothing is printed.
CONTROLS = (
    Case("nothing", "", lambda stage: stage.hub()),
    Case("a proxy that works", "", _proxy_that_works),
    Case("a proxy that is given its password", "", partial(_proxy_that_works, login=sockets.LOGIN)),
)
# fmt: on


def line_of(seen: Seen) -> str:
    """Return what the mode "auto" adds to a stand-in's line: the reason."""
    return seen.auto.said.strip().rpartition("architecture. ")[2]


def message_of(seen: Seen) -> str:
    """Return the message of the mode "hub", without the id in front and without the sentence that ends all of them."""
    message = seen.hub.error[1] if seen.hub.error else ""
    return message.removeprefix(f"{HUB_ID}: ").removesuffix(f" {LAST_SENTENCE}")


def words_of(case: Case, seen: Seen) -> tuple[str, str, str]:
    """Return the cells of the table that are the same in every run: what goes wrong, the reason, and the error."""
    return case.name, line_of(seen), message_of(seen)


def table(tried: Sequence[tuple[Case, Seen]]) -> str:
    rows = ["| what goes wrong | `auto`: the reason | `hub`: the error |", "|---|---|---|"]
    for case, seen in tried:
        name, reason, error = words_of(case, seen)
        rows.append(f"| {name} | {reason} ({seen.auto.seconds:.1f} s) | {error} ({seen.hub.seconds:.1f} s) |")
    return "\n".join(rows)


def try_all(cases: Sequence[Case] = CASES) -> list[tuple[Case, Seen]]:
    """Try the faults, some at a time: most of the time is spent waiting."""
    with ThreadPoolExecutor(_PARALLEL) as pool:
        return list(zip(cases, pool.map(try_out, cases), strict=True))


def write(text: str, page: Path = PAGE) -> None:
    """Put the table between its marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    draft = page.with_name(f"{page.name}.unfinished")
    draft.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    draft.replace(page)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.loopback_hub.faults", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    text = table(try_all())
    print(text)
    if options.write:
        write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
