"""Whether the Hugging Face Hub can be reached, asked once per process."""

import os
import threading
from functools import cache
from pathlib import Path

# Long enough for a slow Wi-Fi, short enough for a student who waits without any.
_SECONDS_TO_ANSWER = 4.0


@cache
def hub_answers() -> bool:
    """Return whether the Hub answers like the Hub, within about four seconds.

    A captive portal that greets every address with its own page does not count as the Hub.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        return False
    answers: list[bool] = []
    # A name server that stays silent can hold a look-up for longer than any time-out: wait in another thread.
    asking = threading.Thread(target=lambda: answers.append(_ask()), daemon=True)
    asking.start()
    asking.join(_SECONDS_TO_ANSWER)
    return bool(answers and answers[0])


def _ask() -> bool:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        info = HfApi().model_info("distilbert/distilbert-base-uncased", timeout=_SECONDS_TO_ANSWER)
    except RepositoryNotFoundError:
        return True
    except Exception:  # whatever went wrong on the way, the answer is no
        return False
    return bool(info.id)


def in_hub_cache(hub_id: str, kind: str) -> bool:
    """Return whether the Hub's own cache on this machine holds a usable copy of the repository.

    `kind` is "model" or "dataset".
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = snapshot_download(hub_id, repo_type=kind, local_files_only=True)
    except (LocalEntryNotFoundError, OSError):
        return False
    wanted = "*.parquet" if kind == "dataset" else "*.safetensors"
    return any(Path(folder).rglob(wanted))
