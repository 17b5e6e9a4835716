"""One question to the Hugging Face Hub, with a deadline over all of it.

The question is the one that loading asks next: the Hub's facts about the repository, then the beginning of its largest
file. So it meets whatever loading would meet: no network, a portal, a proxy, a closed gate, storage out of reach, a line
too slow to be of use. What breaks a long download in the middle it cannot foresee.
"""

import json
import threading
import time
from typing import Any
from urllib.parse import quote

from hf_tutorial.sources.diagnosis import HUB, STORAGE, fault_in_answer, fault_in_error, is_time_out
from hf_tutorial.sources.faults import Fault, fault

# What is read of a file. Where this much takes longer than a question may, a model would take hours.
SAMPLE = 128 * 1024
# What is loaded, where a repository holds the same weights in several formats.
_LOADED = (".safetensors", ".parquet")


class Question:
    """Ask about one repository: a "model", a "dataset", or None if it may be either.

    It is asked in a thread of its own, which is left behind at the deadline: looking up a name, renewing a token, or
    reading byte after byte can take longer than any time-out of the client.
    """

    def __init__(self, hub_id: str, kind: str | None, seconds: float) -> None:
        from huggingface_hub import constants

        self.hub_id, self.kinds = hub_id, (kind,) if kind else ("model", "dataset")
        self.endpoint = constants.ENDPOINT
        self.seconds, self.deadline = seconds, 0.0
        self.whom, self.received = HUB, 0
        self.answers: list[Fault | None] = []

    def fault(self) -> Fault | None:
        """Return why the repository cannot be had, or None if it can."""
        _ask_for_secret()
        self.deadline = time.monotonic() + self.seconds
        asking = threading.Thread(target=self._run, daemon=True)
        asking.start()
        asking.join(self._seconds_left())
        return self.answers[0] if self.answers else self._late()

    def _run(self) -> None:
        try:
            answer = self._ask()
        except Exception as error:  # whatever goes wrong on the way is what we want to know
            answer = self._late() if is_time_out(error) else fault_in_error(error, self.endpoint)
        self.answers.append(answer)

    def _seconds_left(self) -> float:
        return max(0.01, self.deadline - time.monotonic())

    def _late(self) -> Fault:
        if self.received:
            return fault("slow", whom=self.whom, received=self.received, seconds=self.seconds)
        return fault("silent", whom=self.whom, seconds=self.seconds)

    def _ask(self) -> Fault | None:
        found = None
        for kind in self.kinds:
            response, body = self._fetch(f"/api/{kind}s/{quote(self.hub_id)}?blobs=true")
            found = fault_in_answer(response, self.hub_id, kind)
            if found is None:
                return self._ask_for_file(kind, body)
            if found.cause != "missing":
                break
        return found

    def _ask_for_file(self, kind: str, facts: bytes) -> Fault | None:
        """Read the beginning of the largest file that `facts` list, as the Hub's JSON."""
        try:
            files = {entry["rfilename"]: entry.get("size") or 0 for entry in json.loads(facts)["siblings"]}
        except (ValueError, KeyError, TypeError):
            return fault("portal", whom=HUB)  # this is not how the Hub talks
        if not files:
            return None
        name = max(files, key=lambda name: (name.endswith(_LOADED), files[name]))
        path = f"/{'datasets/' if kind == 'dataset' else ''}{quote(self.hub_id)}/resolve/main/{quote(name)}"
        self.whom, self.received = STORAGE, 0
        response, body = self._fetch(path, SAMPLE)
        found = fault_in_answer(response, self.hub_id, kind, STORAGE)
        if found is None and len(body) < min(SAMPLE, files[name]):
            return fault("cut", whom=STORAGE)
        return found

    def _fetch(self, path: str, most: int | None = None) -> tuple[Any, bytes]:
        """Return the answer and its body, or the first `most` bytes of it. The client takes the token off redirects."""
        from huggingface_hub.utils import get_session

        headers, body = _headers(), bytearray()
        if most:
            headers |= {"Range": f"bytes=0-{most - 1}", "Accept-Encoding": "identity"}
        asked = get_session().stream(
            "GET", self.endpoint + path, headers=headers, timeout=self._seconds_left(), follow_redirects=True
        )
        with asked as response:
            for chunk in response.iter_bytes():
                body += chunk
                self.received += len(chunk)
                if most and len(body) >= most:
                    break
        return response, bytes(body)


def _ask_for_secret() -> None:
    """In Colab, let the user decide on the secret `HF_TOKEN` now, in no hurry; the client remembers the answer."""
    from huggingface_hub import get_token
    from huggingface_hub.utils import is_google_colab

    if is_google_colab():
        get_token()


def _headers() -> dict[str, str]:
    """Return what the client would send, without what it asks the Hub for in order to fill in its own name."""
    from huggingface_hub import constants, get_token

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    return {"User-Agent": "hf-tutorial", **({"Authorization": f"Bearer {token}"} if token else {})}
