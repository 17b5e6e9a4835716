"""`hub_or_local`: the Hub id itself where the Hub can be had, a local stand-in where it cannot."""

import os

from hf_tutorial.errors import InputError, UnknownIdError
from hf_tutorial.sources.hub import hub_answers, in_hub_cache
from hf_tutorial.sources.prepare import ready_folder
from hf_tutorial.sources.registry import OWN_IDS, STAND_INS, StandIn

MODES = ("auto", "hub", "local")
_announced: set[str] = set()


def source_mode() -> str:
    """Return `HF_TUTORIAL_SOURCE`: "auto" unless it is set, "hub" or "local"."""
    mode = os.environ.get("HF_TUTORIAL_SOURCE", "auto").strip().lower() or "auto"
    if mode not in MODES:
        raise InputError(f"HF_TUTORIAL_SOURCE is {mode!r}; it can be 'auto', 'hub' or 'local'.")
    return mode


def hub_or_local(hub_id: str) -> str:
    """Return what to pass to `from_pretrained` or `load_dataset` for the repository `hub_id`.

    That is the id itself when the Hub answers or its cache on this machine holds the repository, and otherwise the folder
    of a local stand-in, which is prepared if need be and announced once in a line on stdout. `HF_TUTORIAL_SOURCE` decides
    beforehand: "hub" always returns the id, "local" never asks the Hub. The models of this course, `hf-tutorial/…`, are
    local in every mode.

    Raises `UnknownIdError`, which lists the ids there are, for an id without a stand-in when the Hub is out of reach.
    """
    if not isinstance(hub_id, str) or not hub_id.strip():
        raise InputError(f"hub_or_local takes a repository id such as 'stanfordnlp/imdb', not {hub_id!r}.")
    mode = source_mode()
    stand_in = _stand_in_for(hub_id)
    if not _is_ours(hub_id) and (mode == "hub" or (mode == "auto" and _can_have(hub_id, stand_in))):
        return hub_id
    if stand_in is None:
        raise UnknownIdError(_unknown(hub_id, mode))
    folder = ready_folder(stand_in)
    _announce(hub_id, stand_in)
    return str(folder)


def _stand_in_for(hub_id: str) -> StandIn | None:
    return next((stand_in for stand_in in STAND_INS if hub_id in stand_in.hub_ids), None)


def _is_ours(hub_id: str) -> bool:
    return hub_id.startswith(OWN_IDS)


def _can_have(hub_id: str, stand_in: StandIn | None) -> bool:
    return (stand_in is not None and in_hub_cache(hub_id, stand_in.kind)) or hub_answers()


def _announce(hub_id: str, stand_in: StandIn) -> None:
    if hub_id not in _announced:
        _announced.add(hub_id)
        whose = "a model of this course" if _is_ours(hub_id) else "a local stand-in"
        print(f"{hub_id}: {whose}, {stand_in.says}.")


def _unknown(hub_id: str, mode: str) -> str:
    there = "\n".join(f"  {known}" for stand_in in STAND_INS for known in stand_in.hub_ids)
    if _is_ours(hub_id):
        return f"{hub_id!r} is no model of this course. These ids can be had without the Hub:\n{there}"
    why = "HF_TUTORIAL_SOURCE=local keeps us from the Hub" if mode == "local" else "the Hub cannot be reached"
    return f"{hub_id!r} has no local stand-in, and {why}. These ids have one:\n{there}"
