"""`hf-tutorial/t5-dates`: our small T5 that translates dates; its weights are in this package.

Model and tokenizer come from `training/t5_dates.py`; their model card lies beside them.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

_COPIED = ("README.md", "figures.json", "tokenizer.json", "tokenizer_config.json")


def build(folder: Path) -> None:
    """Write the finished translator to `folder`."""
    write_translator(folder, "t5-dates")


def write_translator(folder: Path, weights_folder: str) -> None:
    """Write a model of ours, its tokenizer, its model card and the figures of its training to `folder`.

    The weights are kept in fp16 and written as fp32, in which a CPU computes faster.
    """
    import torch
    from transformers import T5ForConditionalGeneration

    with as_file(files("hf_tutorial.sources") / "weights" / weights_folder) as weights:
        T5ForConditionalGeneration.from_pretrained(weights, dtype=torch.float32).save_pretrained(folder)
        for name in _COPIED:
            shutil.copyfile(weights / name, folder / name)
