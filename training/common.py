"""What the training scripts share: reading, cutting and batching reviews, and writing down what a run did."""

import json
import os
import platform
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from transformers import AutoTokenizer

from hf_tutorial.sources.recipes.minilm import write_tokenizer

Batch = list[int]


def use_one_thread(seed: int) -> None:
    """Pin torch to one thread and seed it: small models run slower on several, and results then repeat."""
    torch.set_num_threads(1)
    random.seed(seed)
    torch.manual_seed(seed)


def load_tokenizer():
    """Return BERT's uncased tokenizer."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
        write_tokenizer(Path(folder))
        return AutoTokenizer.from_pretrained(folder)


def head_and_tail(tokenizer, texts: Sequence[str], length: int) -> list[list[int]]:
    """Return the ids of each text, special tokens included, at most `length`: its first and last tokens.

    A review's verdict often stands in its last lines, which plain truncation would cut away.
    """
    room = length - tokenizer.num_special_tokens_to_add()
    head = room - room // 2
    encoded = []
    for ids in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]:
        if len(ids) > room:
            ids = ids[:head] + ids[len(ids) - (room - head) :]
        encoded.append([tokenizer.cls_token_id, *ids, tokenizer.sep_token_id])
    return encoded


def batches_of_like_length(lengths: Sequence[int], size: int, seed: int) -> Iterator[Batch]:
    """Yield shuffled batches of row numbers in which the lengths are alike, so that little is padded."""
    shuffler = random.Random(seed)
    rows = list(range(len(lengths)))
    shuffler.shuffle(rows)
    pool = size * 50
    batches: list[Batch] = []
    for start in range(0, len(rows), pool):
        by_length = sorted(rows[start : start + pool], key=lengths.__getitem__)
        batches += [by_length[at : at + size] for at in range(0, len(by_length), size)]
    shuffler.shuffle(batches)
    yield from batches


def padded(rows: Sequence[list[int]], filling: int) -> torch.Tensor:
    """Return `rows` as one tensor (rows, longest row), each filled on the right."""
    longest = max(map(len, rows))
    return torch.tensor([row + [filling] * (longest - len(row)) for row in rows])


def collate(rows: Sequence[list[int]], pad: int) -> dict[str, torch.Tensor]:
    """Return `rows` of ids as one padded batch: `input_ids` and `attention_mask`, both (rows, longest row)."""
    return {"input_ids": padded(rows, pad), "attention_mask": padded([[1] * len(row) for row in rows], 0)}


def without_dropout(model):
    """Return `model` with its dropout switched off: few parameters and few passes do not overfit, and it costs time."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def provenance() -> dict[str, object]:
    """Return what a reader needs to repeat the run: the commit, whether the tree was clean, versions and machine."""
    import transformers

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()

    return {
        "commit": git("rev-parse", "HEAD") or "unknown",
        "clean": not git("status", "--porcelain"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
    }


def write_json(path: Path, content: object) -> None:
    """Write `content` beside `path` and rename it into place."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def save_adapter(model, folder: Path) -> None:
    """Write adapter and head as fp16 safetensors, beside `folder` first."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    # Without this argument peft asks the Hub whether the base model has our vocabulary.
    model.save_pretrained(draft, save_embedding_layers=False)
    (draft / "README.md").unlink(missing_ok=True)  # peft's empty card; ours is written by hand
    folder.mkdir(parents=True, exist_ok=True)
    for path in draft.iterdir():
        path.replace(folder / path.name)
    draft.rmdir()


class Clock:
    """Seconds since the start, on the wall and of this process's CPU."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def read(self) -> dict[str, float]:
        return {
            "wall_seconds": round(time.monotonic() - self._wall),
            "cpu_seconds": round(time.process_time() - self._cpu),
        }
