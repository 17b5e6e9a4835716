"""`hub_or_local`: the Hub id itself where the Hub can be had, a local stand-in where it cannot."""

import os

from hf_tutorial.errors import HubError, InputError, UnknownIdError
from hf_tutorial.sources.faults import Fault
from hf_tutorial.sources.hub import hub_fault, insist, repository_fault
from hf_tutorial.sources.hub_cache import dataset_in_cache, model_in_cache
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

    That is the id itself when the Hub gives it or its cache on this machine holds it whole, and otherwise the folder of a
    local stand-in, which is prepared if need be and announced once in a line on stdout that says why. A model that the
    cache holds while the Hub is out of reach is answered with its folder there. `HF_TUTORIAL_SOURCE` decides beforehand:
    "hub" never takes a stand-in, "local" never asks the Hub. The models of this course, `hf-tutorial/…`, are local in
    every mode.

    Raises `HubError`, which says what to do, for what cannot be had in the mode "hub"; `UnknownIdError`, which lists the
    ids there are, for an id without a stand-in in the other modes.
    """
    if not isinstance(hub_id, str) or not hub_id.strip():
        raise InputError(f"hub_or_local takes a repository id such as 'stanfordnlp/imdb', not {hub_id!r}.")
    mode = source_mode()
    stand_in = _stand_in_for(hub_id)
    fault = None
    if not _is_ours(hub_id) and mode != "local":
        kind = stand_in.kind if stand_in else None
        if kept := _in_hub_cache(hub_id, kind):
            return kept
        fault = insist(hub_id, kind) if mode == "hub" else repository_fault(hub_id, kind)
        if fault is None:
            return hub_id
        if mode == "hub":
            raise HubError(_no_hub(hub_id, fault, stand_in), fault.cause)
    if stand_in is None:
        raise UnknownIdError(_unknown(hub_id, fault))
    folder = ready_folder(stand_in)
    _announce(hub_id, stand_in, fault)
    return str(folder)


def _stand_in_for(hub_id: str) -> StandIn | None:
    return next((stand_in for stand_in in STAND_INS if hub_id in stand_in.hub_ids), None)


def _is_ours(hub_id: str) -> bool:
    return hub_id.startswith(OWN_IDS)


def _in_hub_cache(hub_id: str, kind: str | None) -> str | None:
    """Return what loads from the Hub's cache on this machine, if that holds the repository whole.

    While the Hub is out of reach a model's id would load too, but only after the libraries have asked again and again:
    for a minute if they are refused, for ever if nobody answers. So its folder is given in the place of its id.
    """
    if kind != "dataset" and (folder := model_in_cache(hub_id)):
        fault = hub_fault()
        if fault:
            _say_once(hub_id, f"the Hub's own model, from its cache on this machine. {fault.sentence}")
        return str(folder) if fault else hub_id
    return hub_id if kind != "model" and dataset_in_cache(hub_id) else None


def _announce(hub_id: str, stand_in: StandIn, fault: Fault | None) -> None:
    whose = "a model of this course" if _is_ours(hub_id) else "a local stand-in"
    why = f" {fault.sentence}" if fault else ""
    _say_once(hub_id, f"{whose}, {stand_in.says}.{why}")


def _say_once(hub_id: str, what: str) -> None:
    if hub_id not in _announced:
        _announced.add(hub_id)
        print(f"{hub_id}: {what}")


def _no_hub(hub_id: str, fault: Fault, stand_in: StandIn | None) -> str:
    instead = ' Or go on with the local stand-in: setup(source="local").' if stand_in else ""
    return f"{hub_id}: {fault.why}. {fault.cure}{instead}"


def _unknown(hub_id: str, fault: Fault | None) -> str:
    there = "\n".join(f"  {known}" for stand_in in STAND_INS for known in stand_in.hub_ids)
    if _is_ours(hub_id):
        return f"{hub_id!r} is no model of this course. These ids can be had without the Hub:\n{there}"
    why = fault.why if fault else "HF_TUTORIAL_SOURCE=local keeps us from the Hub"
    cure = f" {fault.cure}" if fault else ""
    return f"{hub_id!r} has no local stand-in, and {why}.{cure} These ids have one:\n{there}"
