"""Models in checks: reading one that a student hands in, the body of a checkpoint, and small ones built in a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.tensors import same
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_EXACT = 1e-6

_SIZES: dict[str, dict[str, int]] = {
    "bert": {
        "vocab_size": 50,
        "hidden_size": 8,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 32,
    },
    "distilbert": {
        "vocab_size": 50,
        "dim": 8,
        "n_layers": 2,
        "n_heads": 2,
        "hidden_dim": 16,
        "max_position_embeddings": 32,
    },
    "gpt2": {"vocab_size": 50, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": 32, "pad_token_id": 0},
    "t5": {"vocab_size": 50, "d_model": 8, "d_kv": 4, "d_ff": 16, "num_layers": 2, "num_heads": 2},
}


def tiny(class_name: str, **settings: Any) -> "PreTrainedModel":
    """Return a model of this class with two layers, width 8 and the same random weights each time, in eval mode.

    The student's own random numbers are left as they are.
    """
    import torch
    import transformers

    kind = getattr(transformers, class_name)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model: PreTrainedModel = kind(kind.config_class(**_SIZES[kind.config_class.model_type] | settings))
    return model.eval()


def read_model(value: object) -> "PreTrainedModel":
    """Return `value` if it is a model of transformers; otherwise say what it is instead."""
    from transformers import PreTrainedModel

    if isinstance(value, PreTrainedModel):
        return value
    if isinstance(value, type) and issubclass(value, PreTrainedModel):
        raise Wrong(f"This is the class {value.__name__} itself. `from_pretrained` makes a model of it.")
    if isinstance(value, tuple) and value and isinstance(value[0], PreTrainedModel):
        raise Wrong(
            "With `output_loading_info=True` two things come back: write `model, info = …`, and hand in the model."
        )
    raise Wrong(f"Expected a model, but got {shown(value)}.")


def trained_body(checkpoint: Any) -> "PreTrainedModel":
    """Return the body of a checkpoint with its own weights, in float32."""
    import torch
    from transformers import AutoModel

    with _quiet():
        body: PreTrainedModel = AutoModel.from_pretrained(checkpoint, dtype=torch.float32)
    return body


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep bars and load reports of the check's own loading from the student, whatever the session shows otherwise."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def loading_info(kind: Any, checkpoint: Any, **settings: Any) -> dict[str, Any]:
    """Return what `from_pretrained` of this class reports on the checkpoint."""
    with _quiet():
        _, info = kind.from_pretrained(checkpoint, output_loading_info=True, **settings)
    return dict(info)


def lost_weights(model: "PreTrainedModel", body: "PreTrainedModel") -> list[str]:
    """Return the names of the weights of `body` that `model` does not have, or has with other values."""
    has = dict(model.base_model.named_parameters())
    return [name for name, weight in body.named_parameters() if name not in has or not same(has[name], weight, _EXACT)]
