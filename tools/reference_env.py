"""The environment that stored outputs are made in and compared in, and the platform that they are compared on.

One place for both: `tools.refresh` writes outputs under it, the nbval run compares under it.
"""

import os
import platform
import re
from collections.abc import Mapping, MutableMapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools.notebooks import ROOT

# Which vector instructions torch uses changes last digits. Outputs must survive both of these.
CAPABILITIES = ("default", "avx2")

REFERENCE = {
    "OMP_NUM_THREADS": "1",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "HF_TUTORIAL_SOURCE": "local",
    "PYTHONHASHSEED": "0",
    "TOKENIZERS_PARALLELISM": "false",
}

# Jupyter's kernel chooses the inline backend by itself; an inherited choice would leave figures out of the notebook.
REMOVED = ("MPLBACKEND",)

_LOCKED = ("torch", "transformers", "tokenizers", "datasets")


def apply(environment: MutableMapping[str, str], capability: str = "avx2") -> None:
    """Turn `environment` into the reference environment, in place.

    Kernels import the package of this checkout, even where another copy or none is installed.
    """
    for name in REMOVED:
        environment.pop(name, None)
    inherited = [environment["PYTHONPATH"]] if environment.get("PYTHONPATH") else []
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *inherited])
    environment.update(REFERENCE, ATEN_CPU_CAPABILITY=capability)


def kernel_environment(capability: str = "avx2", base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a kernel that makes or compares outputs."""
    environment = dict(base)
    apply(environment, capability)
    return environment


def platform_difference(requirements: Path) -> str | None:
    """Say why this is not the reference platform, in a few words; None if it is.

    The reference platform is Linux on x86-64 with the locked versions of the libraries that make the numbers.
    """
    here = f"{platform.system()} {platform.machine()}"
    if here != "Linux x86_64":
        return f"this is {here}, outputs were stored on Linux x86_64"
    if not requirements.is_file():
        return f"there is no {requirements.name} to compare versions with"
    locked = locked_versions(requirements.read_text(encoding="utf-8"))
    for name in _LOCKED:
        installed = _installed(name)
        if installed != locked.get(name):
            return f"{name} is {installed or 'not installed'}, {requirements.name} has {locked.get(name, 'none')}"
    return None


def _installed(name: str) -> str | None:
    """Return the installed version without its local part: torch 2.13.0+cpu is torch 2.13.0."""
    try:
        return version(name).split("+")[0]
    except PackageNotFoundError:
        return None


def locked_versions(text: str) -> dict[str, str]:
    """Return the pins of a requirements file.

    >>> locked_versions("torch==2.13.0 ; sys_platform == 'linux'")
    {'torch': '2.13.0'}
    """
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;+]+)", text, flags=re.MULTILINE)
    return {name.lower(): pinned for name, pinned in pins}
