"""`hf-tutorial doctor`: what is there, what is not, and what to do about it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hf_tutorial.sources.cache import cache_root
from hf_tutorial.sources.hub import hub_fault
from hf_tutorial.sources.prepare import state_of
from hf_tutorial.sources.registry import STAND_INS
from hf_tutorial.sources.resolve import source_mode

_PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "datasets",
    "huggingface-hub",
    "peft",
    "gguf",
    "jupyterlab",
    "nbval",
)
# A full cache: the carriers and every stand-in.
_GIGABYTES_NEEDED = 1.0


@dataclass(frozen=True)
class Finding:
    """One line of the report. `cure` says what to do; a finding without one is no trouble."""

    subject: str
    found: str
    cure: str = ""


@dataclass(frozen=True)
class Report:
    """All findings, in the order in which they are printed."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        return not any(finding.cure for finding in self.findings)

    def __str__(self) -> str:
        width = max(len(finding.subject) for finding in self.findings)
        lines = []
        for finding in self.findings:
            mark = "!" if finding.cure else " "
            lines.append(f"{mark} {finding.subject:{width}}  {finding.found}")
            if finding.cure:
                lines.append(f"  {'':{width}}  → {finding.cure}")
        lines.append("Everything is in order." if self.healthy else "Lines with a ! need attention.")
        return "\n".join(lines)


def examine_everything() -> Report:
    """Look at versions, device, disk and every prepared file (their hashes too, which takes a second or two)."""
    return Report((*_versions(), _device(), _source(), *_cache(), *_stand_ins()))


def _versions() -> Iterator[Finding]:
    yield Finding("Python", f"{platform.python_version()} ({sys.executable})")
    for package in _PACKAGES:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "not installed")


def _device() -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("device", f"cuda ({torch.cuda.get_device_name()})")
    if torch.backends.mps.is_available():
        return Finding("device", "mps (Apple's GPU)")
    return Finding("device", "cpu; every lesson is made for it")


def _source() -> Finding:
    mode = source_mode()
    if mode == "local":
        return Finding("source", "local: HF_TUTORIAL_SOURCE keeps us from asking the Hub")
    fault = hub_fault()
    if fault is None:
        return Finding("source", f"{mode}: the Hub answers")
    cure = f"{fault.cure} Or unset HF_TUTORIAL_SOURCE, or set it to 'local'." if mode == "hub" else ""
    return Finding("source", f"{mode}, but {fault.why}", cure)


def _cache() -> Iterator[Finding]:
    root = cache_root()
    size = _size(root)
    yield Finding("cache", f"{root} ({size / 1e9:.2f} GB)")
    free = _free(root) / 1e9
    scarce = free + size / 1e9 < _GIGABYTES_NEEDED
    cure = "free about 1 GB, or set HF_TUTORIAL_CACHE to a folder on another disk" if scarce else ""
    yield Finding("free disk", f"{free:.1f} GB", cure)


def _size(folder: Path) -> int:
    """Return the bytes of all files in `folder`; what cannot be read, or has just been deleted, counts nothing."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += Path(parent, name).stat().st_size
    return size


def _free(folder: Path) -> int:
    """Return the free bytes where `folder` is, or will be."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return 0


def _stand_ins() -> Iterator[Finding]:
    for stand_in in STAND_INS:
        state = state_of(stand_in, thorough=True)
        detail = f": {state.detail}" if state.detail else ""
        cure = "" if state.ready else f"hf-tutorial prepare {stand_in.name}"
        yield Finding(stand_in.name, f"{state.condition}{detail}  [{stand_in.hub_id}]", cure)
