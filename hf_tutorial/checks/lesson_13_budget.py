"""Checks of lesson 13, fifth part: what LoRA trains and remembers, beside full fine-tuning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_BYTES = 12
_NAMES = ("lora", "full")
_PAIR = "a pair: the number of trained parameters, and bytes"
_RANKS = (8, 3)


@dataclass(frozen=True)
class Shapes:
    """The sizes of a Llama-like model that matter for LoRA on q_proj and v_proj."""

    layers: int
    hidden: int
    queries: int
    values: int
    heads: int
    value_heads: int

    def lora(self, r: int) -> int:
        return self.layers * r * (self.hidden + self.queries + self.hidden + self.values)


@exercise("13.5a", expects="the function `compare`")
def lora_beside_full(answer: object, config: Any) -> str:
    telling = _telling_config()
    for judged in (config, telling):
        for r in _RANKS:
            try:
                _judge(answer, judged, r)
            except Wrong as reason:
                if judged is config:
                    raise
                raise Wrong(
                    "For your own configuration the answer is right, but not for another, with wider heads and an output matrix "
                    f"of its own: {reason}"
                ) from reason
    return "A and B for each matrix, as wide as its own input and output, and twelve bytes for each number that learns."


def _telling_config() -> Any:
    """Return a configuration whose sizes all differ: in most models all heads together are as wide as `hidden_size`."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=50,
        hidden_size=24,
        intermediate_size=40,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=10,
        tie_word_embeddings=False,
    )


def shapes_of(config: Any) -> Shapes:
    width = config.head_dim
    heads, value_heads = config.num_attention_heads, config.num_key_value_heads
    return Shapes(config.num_hidden_layers, config.hidden_size, heads * width, value_heads * width, heads, value_heads)


def full_count(config: Any) -> int:
    """Return the number of parameters of a model of this configuration, without memory for a single one."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    return sum(one.numel() for one in model.parameters())


def _judge(function: object, config: Any, r: int) -> None:
    found, lora, full = _read(function, config, r), shapes_of(config).lora(r), full_count(config)
    count, whole = found["lora"][0], found["full"][0]
    if count != lora:
        raise Wrong(
            f"LoRA with r = {r} should train {lora:,} numbers, not {_plain(count)}. {_why_not_lora(function, r)}"
        )
    if whole != full:
        raise Wrong(
            f"The whole model has {full:,} parameters, not {_plain(whole)}. {_why_not_full(whole, full, config)}"
        )
    for name, (trained, size) in found.items():
        if size != _BYTES * trained:
            raise Wrong(
                f'The "{name}" memory for {_plain(trained)} parameters should be {_plain(_BYTES * trained)} bytes, but is '
                f"{_plain(size)}. {_why_not_bytes(size, trained, full)}"
            )


def _plain(value: float) -> str:
    return f"{int(value):,}" if value == value // 1 else f"{value:.4g}"


def _read(function: object, config: Any, r: int) -> dict[str, tuple[float, float]]:
    try:
        made = call(function, config, r, given=f"config, {r}")
    except Raised as raised:
        raise Wrong(f"{raised}.") from raised
    if not isinstance(made, Mapping) or set(made) != set(_NAMES):
        raise Wrong(
            f'`compare` should return a dictionary with the entries "lora" and "full", but returns {shown(made)}.'
        )
    return {name: _pair(made[name], name) for name in _NAMES}


def _pair(value: object, name: str) -> tuple[float, float]:
    members = list(value) if isinstance(value, (tuple, list)) else []
    numbers = [found for found in map(number, members) if found is not None]
    if len(members) != 2 or len(numbers) != 2:
        raise Wrong(f'"{name}" should be {_PAIR}, but is {shown(value)}.')
    return numbers[0], numbers[1]


def _why_not_lora(function: object, r: int) -> str:
    """Name the mistake by what the function says about sizes that all differ."""
    general = "A of `q_proj` is (r, hidden_size), its B is (width of all its heads, r); `v_proj` has its own."
    config = _telling_config()
    try:
        found = _read(function, config, r)["lora"][0]
    except Wrong:
        return general
    return next((reason for reason, wrong in lora_mistakes(shapes_of(config), r).items() if found == wrong), general)


def lora_mistakes(shapes: Shapes, r: int) -> dict[str, int]:
    """Return for each mistake the number of parameters that it leads to."""
    layers, hidden, queries, values = shapes.layers, shapes.hidden, shapes.queries, shapes.values
    q, v, each = hidden + queries, hidden + values, layers * r
    narrow = hidden // shapes.heads * shapes.value_heads
    return {
        "That is `v_proj` as wide as `q_proj`. It writes for fewer heads: `num_key_value_heads`.": each * 2 * q,
        "That is one layer. There are `num_hidden_layers`.": r * (q + v),
        "That is `q_proj` alone; `v_proj` has an A and a B as well.": each * q,
        "That is `v_proj` alone; `q_proj` has an A and a B as well.": each * v,
        "These are the matrices A alone; each B has numbers too.": each * 2 * hidden,
        "These are the matrices B alone; each A has numbers too.": each * (queries + values),
        "These are the frozen matrices themselves. LoRA trains A, (r, in), and B, (out, r), beside them.": (
            layers * hidden * (queries + values)
        ),
        "The rank is missing: a matrix of rank r has r rows in A and r columns in B.": layers * (q + v),
        "All four matrices of attention are counted; here only `q_proj` and `v_proj` get a correction.": (
            each * 2 * (q + v)
        ),
        "`q_proj` writes `num_attention_heads` × `head_dim` numbers, which need not be `hidden_size`.": each
        * (2 * hidden + v),
        "`v_proj` writes for `num_key_value_heads` heads only, and not `hidden_size` numbers.": each * (q + 2 * hidden),
        "Neither matrix writes `hidden_size` numbers: each writes `head_dim` for every head that it serves.": (
            each * 4 * hidden
        ),
        "The width of a head is `head_dim`, which need not be `hidden_size` ÷ `num_attention_heads`.": each
        * (3 * hidden + narrow),
    }


def _why_not_full(found: float, right: int, config: Any) -> str:
    matrix = config.vocab_size * config.hidden_size
    norms = (2 * config.num_hidden_layers + 1) * config.hidden_size
    tied = config.tie_word_embeddings
    mistakes = {
        "The embedding matrix is counted twice. This model uses one for reading and for writing: "
        "`tie_word_embeddings`.": right + matrix if tied else -1,
        "The output matrix is missing. This model has one beside the embeddings: `tie_word_embeddings` is False.": (
            -1 if tied else right - matrix
        ),
        "The embeddings are missing. Full fine-tuning trains them too.": right - (1 if tied else 2) * matrix,
        "The norms are missing: two for each layer, and one at the end.": right - norms,
    }
    general = (
        "`sum(one.numel() for one in model.parameters())` counts them; a model on the device `meta` needs no memory."
    )
    return next((reason for reason, wrong in mistakes.items() if found == wrong), general)


def _why_not_bytes(found: float, count: float, full: int) -> str:
    mistakes = {
        "Two averages are 8 bytes, but there is a gradient too.": 8 * count,
        "4 bytes are one of three: a gradient, and Adam's two averages.": 4 * count,
        "The weight itself is in it. Asked is what training needs *beside* the weights.": 16 * count,
        "That is half of it: in fp32 a number has four bytes.": 6 * count,
        "That is the number for the whole model. A frozen parameter has neither gradient nor averages.": _BYTES * full,
        "That is megabytes. Asked are bytes.": _BYTES * count / 1e6,
        "That is mebibytes. Asked are bytes.": _BYTES * count / 2**20,
        "That is a number of numbers: each has four bytes.": 3 * count,
    }
    general = "For each trained parameter: a gradient and Adam's two averages, four bytes each."
    return next((reason for reason, wrong in mistakes.items() if abs(found - wrong) <= 1e-6 * wrong), general)
