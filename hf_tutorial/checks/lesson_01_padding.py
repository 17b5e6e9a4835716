"""Checks of lesson 01, third part: sentence vectors, and the two places where padding gets into them."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong


@exercise("01.3", expects="the function `sentence_vectors`")
def vectors_of_sentences(answer: object, tokenizer: Any, model: Any) -> str:
    texts = ["A great film.", "Dull.", "The story falls apart after an hour, although the actors do what they can."]
    if model.training:
        raise Wrong("The model is in training mode, so its answers are partly random. `model.eval()` brings it back.")
    try:
        value = call(answer, texts, given=f"[{len(texts)} texts of different lengths]")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_sizes_differ(raised.error)}") from raised
    found = _as_rows(value, len(texts))
    alone = [_hidden(tokenizer, model, [text]) for text in texts]
    if same(found, _mean(alone)):
        return "A sentence now has the same vector alone and beside longer ones."
    raise Wrong(_why_not_vectors(found, alone, tokenizer, model, texts))


def _why_sizes_differ(error: BaseException) -> str:
    message = str(error)
    if "must match the size of tensor" in message:
        return (
            " The mask has one number for each token, and `hidden` has a whole vector: give the mask a third dimension, in "
            "both places (`unsqueeze(-1)`)."
        )
    if "Sizes of tensors must match" in message or "equal size" in message:
        return " Texts have different numbers of tokens: take the mean of each before you put them together."
    return ""


def _as_rows(value: object, texts: int) -> Any:
    import torch

    if type(value).__module__ == "numpy":
        value = torch.as_tensor(value)
    if isinstance(value, (list, tuple)) and value and all(is_tensor(row) for row in value):
        value = torch.stack([row.squeeze() for row in value])
    if not is_tensor(value):
        raise Wrong(f"Expected a tensor with one row for each text, but got {shown(value)}.")
    rows: Any = value
    if rows.ndim == 3:
        raise Wrong("There is still one vector for every token. What makes one vector out of those of a sentence?")
    if rows.ndim == 1:
        raise Wrong("This is one vector for all texts together. Over which dimension does the mean run?")
    if rows.ndim != 2 or len(rows) != texts:
        raise Wrong(f"Expected a tensor with {texts} rows, one for each text, but got {shown(value)}.")
    return rows.detach().float().cpu()


def _hidden(tokenizer: Any, model: Any, texts: list[str], with_mask: bool = True) -> tuple[Any, Any]:
    """Return the model's vector of every token, and the mask, both for a padded batch."""
    import torch

    encoding = tokenizer(texts, padding=True, return_tensors="pt").to(model.device)
    mask = encoding["attention_mask"]
    with torch.no_grad():
        known = {"attention_mask": mask} if with_mask else {}
        hidden = model(input_ids=encoding["input_ids"], **known).last_hidden_state
    return hidden.float().cpu(), mask.cpu().unsqueeze(-1)


def _mean(batches: list[tuple[Any, Any]], skip: int = 0) -> Any:
    """Return the mean over the tokens of each sentence alone, without `skip` of them at either end."""
    import torch

    return torch.cat([hidden[:, skip : hidden.shape[1] - skip].mean(dim=1) for hidden, _ in batches])


def _why_not_vectors(found: Any, alone: list[Any], tokenizer: Any, model: Any, texts: list[str]) -> str:
    import torch

    seen, mask = _hidden(tokenizer, model, texts)
    unseen, _ = _hidden(tokenizer, model, texts, with_mask=False)
    mistakes: dict[str, Callable[[], Any]] = {
        "The padding still counts twice: the model looks at it, and the mean runs over it. Both need the mask.": lambda: (
            unseen.mean(dim=1)
        ),
        "The model knows the mask now, but the mean still runs over the padding: its vectors should not count.": lambda: (
            seen.mean(dim=1)
        ),
        "The mean leaves the padding out, but the model still looks at it: does it get the `attention_mask`?": lambda: (
            (unseen * mask).sum(dim=1) / mask.sum(dim=1)
        ),
        "The vectors of the padding are set to zero, but the sum is still divided by the length of the longest "
        "sentence: how many tokens has each one of its own?": lambda: (seen * mask).mean(dim=1),
        "Each sum is divided by the number of tokens of all sentences together: how many has each of its own?": lambda: (
            (seen * mask).sum(dim=1) / mask.sum()
        ),
        "This is the sum over the tokens of each sentence, not yet the mean.": lambda: (seen * mask).sum(dim=1),
        "This is the vector of [CLS] alone, a good choice for some models. Here the mean over all tokens is asked for.": lambda: (
            seen[:, 0]
        ),
        "This is the mean without [CLS] and [SEP]. Here they belong to it.": lambda: _mean(alone, skip=1),
        "The mean runs over the sentences, not over the tokens: dimension 0 is the batch.": lambda: seen.mean(dim=0)[
            : len(texts)
        ],
    }
    for reason, vectors in mistakes.items():
        if same(found, vectors()):
            return reason
    first = torch.linalg.vector_norm(found[0] - _mean(alone[:1])[0]) if found.shape[1] == seen.shape[2] else None
    if first is None:
        return (
            f"Each row should have {seen.shape[2]} numbers, as many as the model's vectors, but has {found.shape[1]}."
        )
    return (
        "The rows are not the means of the vectors that each sentence has when it is alone. Compare your first row with "
        "that of a batch that holds only the first sentence."
    )
