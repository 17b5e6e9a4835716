"""What a student runs, in a process of its own: `hub_or_local` in both modes, timed, and told as JSON.

`python -m tools.loopback_hub.faults_student ID` prints one object for each mode. `--slow-name-server` holds every
look-up of a name, as a name server that never answers does.
"""

import contextlib
import io
import json
import os
import socket
import sys
import time

from huggingface_hub.utils import get_session

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.sources.resolve import hub_or_local


def outcome(mode: str, hub_id: str) -> dict[str, object]:
    """Return what `hub_or_local` gave or raised, what it printed, and how many seconds it took."""
    os.environ["HF_TUTORIAL_SOURCE"] = mode
    said, got, error = io.StringIO(), None, None
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(said):
            got = hub_or_local(hub_id)
    except HfTutorialError as raised:
        error = (type(raised).__name__, str(raised), getattr(raised, "cause", ""))
    seconds = time.perf_counter() - started
    return {"got": got, "said": said.getvalue(), "error": error, "seconds": seconds}


def _hold_look_ups() -> None:
    def look_up(*_: object, **__: object) -> None:
        time.sleep(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    socket.getaddrinfo = look_up  # type: ignore[assignment]


def main(arguments: list[str]) -> None:
    if "--slow-name-server" in arguments:
        _hold_look_ups()
    get_session()  # as the first cell of a notebook has
    print(json.dumps({mode: outcome(mode, arguments[0]) for mode in ("auto", "hub")}))


if __name__ == "__main__":
    main(sys.argv[1:])
