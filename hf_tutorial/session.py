"""`setup`: the first cell of every notebook."""

import os
import random
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hf_tutorial.errors import InputError
from hf_tutorial.sources.aftermath import advise_after_errors
from hf_tutorial.sources.hub import forget, hub_fault
from hf_tutorial.sources.resolve import MODES, source_mode
from hf_tutorial.stale import refuse_stale_modules

if TYPE_CHECKING:
    import torch

_MOST_THREADS = 4


@dataclass(frozen=True)
class Session:
    """What `setup` found and decided.

    `threads` is torch's number of CPU threads; `uses_hub` says whether checkpoints come from the Hub, and `why_not` what
    keeps the mode "auto" from it.
    """

    seed: int
    device: "torch.device"
    threads: int
    versions: tuple[tuple[str, str], ...]
    mode: str
    uses_hub: bool
    why_not: str = ""

    def __repr__(self) -> str:
        versions = ", ".join(f"{name} {number}" for name, number in self.versions)
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return (
            f"Ready: {versions}; device {self.device} ({threads}), seed {self.seed}.\n"
            f"Checkpoints and data come from {self._describe_source()}."
        )

    def _describe_source(self) -> str:
        if self.uses_hub:
            return "the Hugging Face Hub"
        if self.mode == "local":
            return "local stand-ins, as the printed outputs do"
        return f"local stand-ins, since {self.why_not}"


def setup(seed: int = 42, source: Literal["auto", "hub", "local"] = "auto") -> Session:
    """Seed everything, choose the device, quiet what is only noise, and say in two lines what was found.

    `source` says where checkpoints come from: "hub" the Hugging Face Hub, "local" the stand-ins, which bring the printed
    outputs of the lessons back exactly. "auto" leaves it to `HF_TUTORIAL_SOURCE`, and where that is not set to whether
    the Hub answers, which is asked anew each time.

    Returns a `Session`; `session.device` is the `torch.device` to put models and tensors on.

    Raises `RestartNeededError` if a package was upgraded after this session had imported it.
    """
    refuse_stale_modules()
    if source not in MODES:
        raise InputError(f"source is {source!r}; it can be 'auto', 'hub' or 'local'.")
    if source != "auto":
        os.environ["HF_TUTORIAL_SOURCE"] = source
    _seed_everything(seed)
    _quiet()
    from hf_tutorial.style import use_style

    use_style()
    advise_after_errors()
    mode = source_mode()
    forget()
    fault = hub_fault() if mode == "auto" else None
    return Session(
        seed,
        _best_device(),
        _limit_threads(),
        _versions(),
        mode,
        uses_hub=mode != "local" and fault is None,
        why_not=fault.why if fault else "",
    )


def _seed_everything(seed: int) -> None:
    import numpy
    import torch

    random.seed(seed)
    numpy.random.seed(seed)
    torch.manual_seed(seed)


def _quiet() -> None:
    """Hide loading bars and routine reports; errors still show, and so do the bars of real downloads."""
    # Without ipywidgets tqdm draws its bars as text, and would say so in every notebook.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import datasets
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    datasets.disable_progress_bars()


def _best_device() -> "torch.device":
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def _limit_threads() -> int:
    """Keep torch to a few threads: small models run slower on many, far slower on a busy machine."""
    import torch

    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, min(_MOST_THREADS, (os.cpu_count() or 1) // 2)))
    return torch.get_num_threads()


def _versions() -> tuple[tuple[str, str], ...]:
    import platform

    import torch
    import transformers

    return (
        ("Python", platform.python_version()),
        ("torch", torch.__version__.partition("+")[0]),
        ("transformers", transformers.__version__),
    )
