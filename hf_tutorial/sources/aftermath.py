"""What to do when the Hub fails while something is on its way from there, said below the libraries' own error.

`hub_or_local` asks beforehand, but a long download may still break off in the middle. Transformers then says "Can't load
the model", which sends readers looking in the wrong place; the connection is named far up in the traceback.
"""

from typing import Any

from hf_tutorial.sources.diagnosis import HUB, causes, fault_in_answer, fault_in_error, is_time_out
from hf_tutorial.sources.faults import Fault, fault

# The packages that talk to the Hub: an error that none of them has a part in is about something else.
_CLIENTS = ("httpx", "httpcore", "httpx2", "httpcore2", "h11", "requests", "urllib3", "huggingface_hub")
# What huggingface_hub says when a file ends too early; the class of that error is plain OSError.
_TOO_SHORT = "Consistency check failed"


def advise_after_errors() -> None:
    """In a notebook, let each cell that fails for the Hub's sake end with a line that says what to do."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", _advise)


def _advise(result: Any) -> None:
    from hf_tutorial.sources.resolve import source_mode

    error = result.error_in_exec
    found = fault_behind(error) if error is not None and source_mode() != "local" else None
    if found:
        print(f'{found.sentence} {found.cure} Or go on without the Hub: setup(source="local").')


def fault_behind(error: BaseException) -> Fault | None:
    """Return what the Hub, or the way to it, has to do with an error that a library raised; None if nothing."""
    from huggingface_hub import constants

    for link in causes(error):
        if _TOO_SHORT in str(link):
            return fault("cut", whom=HUB)
        if type(link).__module__.partition(".")[0] in _CLIENTS:
            return _of_answer(link) if _has_answer(link) else _on_the_way(link, constants.ENDPOINT)
    return None


def _on_the_way(error: BaseException, endpoint: str) -> Fault | None:
    """An error without an answer: nothing is known of when we began to wait, so a time-out counts as breaking off."""
    found = fault("cut", whom=HUB) if is_time_out(error) else fault_in_error(error, endpoint)
    return found if found.cause != "other error" else None


def _has_answer(error: BaseException) -> bool:
    return getattr(error, "response", None) is not None


def _of_answer(error: Any) -> Fault | None:
    """Of what the Hub answers, name only what is about the Hub: what it says of a file, libraries say better."""
    found = fault_in_answer(error.response, "", "model")
    return found if found and found.is_everywhere and found.cause != "other answer" else None
