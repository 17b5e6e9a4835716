"""`hf-tutorial/appointments`: a LoRA adapter for SmolLM2, as peft writes and loads it; it is in this package as it is.

It comes from `training/appointments.py`; its model card lies beside it.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

_COPIED = ("README.md", "figures.json", "adapter_config.json", "adapter_model.safetensors")


def build(folder: Path) -> None:
    """Write the adapter, its model card and the figures of its training to `folder`."""
    with as_file(files("hf_tutorial.sources") / "weights" / "appointments") as weights:
        for name in _COPIED:
            shutil.copyfile(weights / name, folder / name)
