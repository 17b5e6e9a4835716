"""Whether the packages in memory are those on disk: an installation cannot change what a running session has imported."""

import sys
from importlib.metadata import PackageNotFoundError, version

from hf_tutorial.errors import RestartNeededError

# What an installation of this package may upgrade: the module's name, and the distribution's.
_PACKAGES = {
    "accelerate": "accelerate",
    "datasets": "datasets",
    "huggingface_hub": "huggingface-hub",
    "matplotlib": "matplotlib",
    "numpy": "numpy",
    "peft": "peft",
    "safetensors": "safetensors",
    "sklearn": "scikit-learn",
    "tokenizers": "tokenizers",
    "torch": "torch",
    "transformers": "transformers",
}


def refuse_stale_modules() -> None:
    """Raise `RestartNeededError` if a package was imported before another version of it was installed.

    It would go wrong later, with a message that names anything but the cause. The set-up cell comes first in every
    notebook, so this concerns a session in which something else was run before.
    """
    found = [text for module, distribution in _PACKAGES.items() if (text := _stale(module, distribution))]
    if found:
        raise RestartNeededError(
            f"This session has imported {'; '.join(found)}. Restart it (in Colab: Runtime › Restart session; in Jupyter: "
            "Kernel › Restart) and run this cell again. It will not install anything a second time."
        )


def _stale(module: str, distribution: str) -> str | None:
    """Return what was imported and what is installed, if they differ.

    torch names its build (“+cu130”) in one of the two places only. And a checkout that is installed in place is of the
    version that its source says, whatever was noted when it was installed.
    """
    imported = getattr(sys.modules.get(module), "__version__", None)
    if imported is None:
        return None
    try:
        installed = version(distribution)
    except PackageNotFoundError:
        return None
    if _public(imported) == _public(installed) or "dev" in f"{imported} {installed}":
        return None
    return f"{distribution} {imported}, and {installed} was installed since"


def _public(version: str) -> str:
    return str(version).partition("+")[0]
