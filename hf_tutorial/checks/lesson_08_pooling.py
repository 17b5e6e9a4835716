"""Checks of lesson 08, second part: a text's vector as the mean over its own tokens."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong
from hf_tutorial.checks.watching import watched

# One of them is much longer, so that the others get much padding.
_TEXTS = (
    "A dull film.",
    "It wanders off twice, forgets two of its people, and then finds the scene that it was looking for.",
    "I was bored.",
)
_GIVEN = f"[{len(_TEXTS)} texts of different lengths]"
_UNIT = 1e-3


@exercise("08.2", expects="the function `embed`")
def mean_over_tokens(answer: object, model: Any, tokenizer: Any) -> str:
    if model.training:
        raise Wrong("The model is in training mode, so its vectors are partly random. `model.eval()` brings it back.")
    with watched(model, tokenizer.pad_token_id) as seen:
        vectors = _read(answer, model)
    right = _alone(model, tokenizer)
    _require_shape(vectors, right, tokenizer)
    if seen.read_padding:
        raise Wrong(
            "The model itself reads the padding as text: it does not get the `attention_mask`. It is needed twice, in the "
            "model and in the mean."
        )
    if not _fits(vectors, right):
        raise Wrong(_why_not(vectors, model, tokenizer))
    graph = " One thing more: without `torch.no_grad()`, each vector keeps its graph, and with it all of the model's states."
    return (
        "Each text has the vector that it has alone, whatever it is batched with."
        f"{graph if vectors.requires_grad else ''}"
    )


def _read(function: object, model: Any) -> Any:
    try:
        vectors = call(function, list(_TEXTS), given=_GIVEN)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error, model)}") from raised
    if isinstance(vectors, (list, tuple)) and vectors and all(map(is_tensor, vectors)):
        raise Wrong(
            f"Expected one tensor with a row for each text, but got {len(vectors)} tensors. How are they put together, one below the "
            "other?"
        )
    if not is_tensor(vectors):
        raise Wrong(f"Expected one tensor with a row for each text, but got {shown(vectors)}.")
    return vectors


def _why_failed(error: BaseException, model: Any) -> str:
    message = str(error)
    if isinstance(error, ValueError) and "padding" in message:
        return " Texts of different lengths make a tensor only with `padding=True`."
    if isinstance(error, RuntimeError) and "must match" in message:
        return (
            f" The states have the shape (texts, places, {model.config.hidden_size}), the mask (texts, places): "
            "`unsqueeze(-1)` gives it a third dimension."
        )
    return ""


def _alone(model: Any, tokenizer: Any) -> Any:
    """Return the mean over the tokens of each text when it is alone, where no padding can come in."""
    import torch

    with torch.no_grad():
        states = [
            model(**tokenizer(text, return_tensors="pt").to(model.device)).last_hidden_state[0] for text in _TEXTS
        ]
    return torch.stack([state.mean(dim=0) for state in states]).cpu()


def _require_shape(vectors: Any, right: Any, tokenizer: Any) -> None:
    shape, (texts, width) = tuple(vectors.shape), tuple(right.shape)
    if shape == (texts, width):
        return
    tokens = [len(tokenizer(text)["input_ids"]) for text in _TEXTS]
    reason = {
        (texts, max(tokens), width): "There is a vector for each token still. Over which dimension does the mean go?",
        (width,): "All texts together have one vector. Each should have its own.",
        (1, width): "All texts together have one vector. Each should have its own.",
        (texts, max(tokens)): "The mean went over the width: what is left is a number for each place.",
        (
            sum(tokens),
            width,
        ): "These are the vectors of all tokens in one row. The mask, used as an index, leaves out the "
        "padding, and forgets which text a token belongs to.",
    }.get(shape, "")
    raise Wrong(
        f"Expected a tensor of shape {(texts, width)}, one row for each text, but got {shape}. {reason}".strip()
    )


def _fits(vectors: Any, right: Any) -> bool:
    """Say whether the vectors are `right`, or are `right` made 1 long."""
    found, unit = vectors.detach().cpu().float(), right / right.norm(dim=-1, keepdim=True)
    return same(found, right) or (_is_unit(found) and same(found, unit))


def _is_unit(vectors: Any) -> bool:
    return bool(((vectors.norm(dim=-1) - 1).abs() < _UNIT).all())


def _why_not(vectors: Any, model: Any, tokenizer: Any) -> str:
    for reason, candidate in _mistakes(model, tokenizer).items():
        if _fits(vectors, candidate):
            return reason
    return "A text should have the vector that it has alone: the mean over its own tokens. Compare `embed` with one text and three."


def _mistakes(model: Any, tokenizer: Any) -> dict[str, Any]:
    import torch

    encoding = tokenizer(list(_TEXTS), padding=True, return_tensors="pt")
    ids = encoding["input_ids"]
    with torch.no_grad():
        outputs = model(**encoding.to(model.device))
    states, mask = outputs.last_hidden_state.cpu(), encoding["attention_mask"].cpu().unsqueeze(-1)
    total, tokens = (states * mask).sum(dim=1), mask.sum(dim=1)
    special = torch.isin(ids.cpu(), torch.tensor(tokenizer.all_special_ids)).unsqueeze(-1)
    words = mask * ~special
    mistakes = {
        "The mean still goes over the padding as well: the same text has another vector in other company. Which places count?": (
            states.mean(dim=1)
        ),
        "The padding adds nothing to the sum any more, but it is still counted: divide by the number of tokens that are there.": (
            total / states.shape[1]
        ),
        "The number of tokens is right, but the states of the padding are in the sum: multiply them by 0 first.": states.sum(
            dim=1
        )
        / tokens,
        "This is the sum over the tokens. A long text has a long vector then: divide.": total,
        "This is the sum over all places, padding included.": states.sum(dim=1),
        "The sum is divided by the tokens of all texts together. Each text has its own number: sum the mask along one "
        "dimension only.": total / mask.sum(),
        "This is the state of the first token alone. Some models are trained to put the text there; this one was trained "
        "with the mean.": states[:, 0],
        "This is the state at the last place, where most texts have padding.": states[:, -1],
        "The mean leaves out the special tokens. They have a state like any other, and the model was trained with them in.": (
            (states * words).sum(dim=1) / words.sum(dim=1)
        ),
        "This is the largest value at any place, not the mean.": states.masked_fill(mask == 0, -torch.inf).amax(dim=1),
        "This is the largest value at any place, padding included, and not the mean.": states.amax(dim=1),
        "It is the other way round: the mean over the padding, without the text.": (states * (1 - mask)).sum(dim=1)
        / (1 - mask).sum(dim=1).clamp(min=1),
    }
    pooled = getattr(outputs, "pooler_output", None)
    if pooled is not None:
        mistakes["This is `pooler_output`, made for another task from the first token. The mean is taken by hand."] = (
            pooled.cpu()
        )
    return mistakes
