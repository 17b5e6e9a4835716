"""Whether something can be had from the Hugging Face Hub: asked once per process, and remembered."""

import os

from hf_tutorial.sources.faults import Fault, fault
from hf_tutorial.sources.question import Question

# Long enough for a slow Wi-Fi, short enough for a student who waits without any and gets a stand-in instead.
SECONDS_TO_ANSWER = 4.0
# Whoever wants the Hub and nothing else gets no stand-in, and as much patience as the Hub's own client has.
SECONDS_TO_INSIST = 10.0
# Asked about when the question is whether the Hub answers at all.
_ANY_MODEL = "distilbert/distilbert-base-uncased"
# What is known: by id, and for all ids. None says that nothing is wrong.
_of_repository: dict[str, Fault | None] = {}
_of_hub: list[Fault] = []


def hub_fault() -> Fault | None:
    """Return why the Hub is out of reach, or None if it answers like the Hub."""
    found = repository_fault(_ANY_MODEL, "model")
    return found if found and found.is_everywhere else None


def repository_fault(hub_id: str, kind: str | None) -> Fault | None:
    """Return why the repository cannot be had from the Hub, or None if it can.

    `kind` is "model" or "dataset", None if it may be either. It takes less than five seconds, whatever happens, and no
    time at all once the Hub is known to be out of reach.
    """
    if _of_hub:
        return _of_hub[0]
    if hub_id in _of_repository:
        return _of_repository[hub_id]
    return _ask(hub_id, kind, SECONDS_TO_ANSWER)


def insist(hub_id: str, kind: str | None) -> Fault | None:
    """Return the same for somebody who wants nothing but the Hub: what was wrong is asked again, so that a cure shows."""
    if not _of_hub and hub_id in _of_repository and _of_repository[hub_id] is None:
        return None
    return _ask(hub_id, kind, SECONDS_TO_INSIST)


def forget() -> None:
    """Let everything be asked afresh."""
    _of_repository.clear()
    _of_hub.clear()


def _ask(hub_id: str, kind: str | None, seconds: float) -> Fault | None:
    found = fault("offline") if _is_offline() else Question(hub_id, kind, seconds).fault()
    _of_repository[hub_id] = found
    _of_hub[:] = [found] if found and found.is_everywhere else []
    return found


def _is_offline() -> bool:
    """Whether the Hub's own switch is off, now or when its client was imported."""
    from huggingface_hub import constants

    return constants.HF_HUB_OFFLINE or os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
