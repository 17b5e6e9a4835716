"""What the Hub's own caches on this machine hold whole, so that it loads without the Hub.

An interrupted download leaves some of a repository's files: a tokenizer without weights, one shard of two. A file itself
is there whole or not at all, unless somebody copied it or the disk was full; the ends of large files are looked at for
that. Nothing is unpickled.
"""

import json
import zipfile
from pathlib import Path

# Any one of these sets is a tokenizer's vocabulary.
_VOCABULARIES = (
    ("tokenizer.json",),
    ("vocab.txt",),
    ("vocab.json", "merges.txt"),
    ("spiece.model",),
    ("tokenizer.model",),
    ("sentencepiece.bpe.model",),
    ("source.spm", "target.spm", "vocab.json"),
)
# In the order in which Transformers looks for them.
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def model_in_cache(hub_id: str) -> Path | None:
    """Return the folder in which the Hub's cache holds the model: configuration, a tokenizer and all of its weights."""
    from huggingface_hub import constants

    kept = Path(constants.HF_HUB_CACHE) / f"models--{hub_id.replace('/', '--')}"
    try:
        commit = (kept / "refs" / "main").read_text(encoding="utf-8").strip()
        folder = kept / "snapshots" / commit
        return folder if commit and _is_whole_model(folder) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # what cannot be read is not whole


def _is_whole_model(folder: Path) -> bool:
    has_vocabulary = any(all(_is_filled(folder / name) for name in names) for names in _VOCABULARIES)
    return has_vocabulary and _is_filled(folder / "config.json") and _has_weights(folder)


def _is_filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _has_weights(folder: Path) -> bool:
    for name in _WEIGHTS:
        index = folder / f"{name}.index.json"
        if (folder / name).exists():
            return _is_whole_file(folder / name)
        if index.exists():
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
            return bool(shards) and all(_is_whole_file(folder / shard) for shard in shards)
    return False


def _is_whole_file(path: Path) -> bool:
    """Whether a file of weights ends where it says it does: safetensors by its header, PyTorch's as a zip file."""
    if not _is_filled(path):
        return False
    return _is_whole_safetensors(path) if path.suffix == ".safetensors" else zipfile.is_zipfile(path)


def _is_whole_safetensors(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length + 8 > size:
            return False
        header = json.loads(file.read(length))
    ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
    return size == 8 + length + max(ends, default=0)


def dataset_in_cache(hub_id: str) -> bool:
    """Whether the dataset loads without the Hub.

    What counts is what `load_dataset` has made of the files: at the files themselves it does not look without the Hub.
    """
    from datasets import config
    from datasets.naming import camelcase_to_snakecase

    *owner, name = hub_id.split("/")
    kept = Path(config.HF_DATASETS_CACHE).expanduser() / "___".join([*owner, camelcase_to_snakecase(name)])
    # An unfinished one, which ends in .incomplete, is in the way of loading too.
    made = [folder for folder in kept.glob("*/*/*") if folder.is_dir()]
    return bool(made) and all(_is_whole_dataset(folder) for folder in made)


def _is_whole_dataset(folder: Path) -> bool:
    from datasets.naming import filenames_for_dataset_split

    try:
        facts = json.loads((folder / "dataset_info.json").read_text(encoding="utf-8"))
        splits = facts["splits"]
        files = [
            path
            for name, split in splits.items()
            for path in filenames_for_dataset_split(
                str(folder),
                facts["dataset_name"],
                name,
                filetype_suffix="arrow",
                shard_lengths=split.get("shard_lengths"),
            )
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(files) and all(_is_filled(Path(path)) for path in files)
