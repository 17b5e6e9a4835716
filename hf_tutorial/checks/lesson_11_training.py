"""Checks of lesson 11, third part: hiding tokens, and the labels that let the loss count only the hidden ones."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

_IGNORED = -100
_TEXTS = ["A dull film.", "The actors do what they can, but the story falls apart after an hour."]


@exercise("11.3", expects="the function `hide`")
def hiding_tokens(answer: object, tokenizer: Any) -> str:
    encoding = tokenizer(_TEXTS, padding=True, return_special_tokens_mask=True, return_tensors="pt")
    before, special = encoding["input_ids"].clone(), encoding["special_tokens_mask"].bool()
    chosen = _chosen(before)
    masked, labels = _read(answer, encoding, chosen.clone())
    if (encoding["input_ids"] != before).any():
        raise Wrong(
            'The encoding that came in was changed: `ids = encoding["input_ids"]` gives it a second name, it makes no copy. '
            "`.clone()` does."
        )
    _judge_ids(masked, before, chosen, special, tokenizer)
    _judge_labels(labels, before, chosen, special, tokenizer)
    return "Only words are hidden, and only what is hidden counts in the loss."


def _chosen(ids: Any) -> Any:
    """Return a choice that holds words, but also [CLS], [SEP] and padding."""
    import torch

    chosen = torch.zeros(ids.shape, dtype=torch.bool)
    chosen[0, [0, 2, 5, 7]] = True
    chosen[1, [1, 4, ids.shape[1] - 1]] = True
    return chosen


def _read(function: object, encoding: Any, chosen: Any) -> tuple[Any, Any]:
    """Return the two tensors, or say what is wrong with their form."""
    try:
        value = call(function, encoding, chosen, given="encoding, chosen")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if hasattr(value, "keys") and {"input_ids", "labels"} <= set(value.keys()):
        value = (value["input_ids"], value["labels"])
    if not isinstance(value, (tuple, list)) or len(value) != 2 or not all(is_tensor(one) for one in value):
        raise Wrong(f"Expected two tensors, masked ids and labels, but got {shown(value)}.")
    for what, tensor in zip(("masked ids", "labels"), value, strict=True):
        if tuple(tensor.shape) != tuple(chosen.shape):
            raise Wrong(
                f"The {what} should have the shape of the ids, {tuple(chosen.shape)}, but have {tuple(tensor.shape)}."
            )
        if tensor.is_floating_point() or tensor.is_complex():
            raise Wrong(f"The {what} should be whole numbers, but are of the type {tensor.dtype}.")
    return value[0].cpu(), value[1].cpu()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "Boolean value of Tensor" in message:
        return " Python's `and`, `or` and `not` do not work on tensors: write `&`, `|` and `~`."
    if "bool" in message:
        return " The special tokens mask is made of whole numbers: `.bool()` turns it into True and False."
    return ""


def _judge_ids(masked: Any, ids: Any, chosen: Any, special: Any, tokenizer: Any) -> None:
    mask_id = tokenizer.mask_token_id
    right = ids.masked_fill(chosen & ~special, mask_id)
    if masked.equal(right):
        return
    if masked.equal(ids):
        raise Wrong("Nothing is hidden: the ids are those of the text. What stands where `chosen` is True?")
    if (masked == mask_id).all():
        raise Wrong(
            "Everything is hidden. The special tokens mask is made of whole numbers, and whole numbers in square brackets "
            "choose rows: `.bool()` turns them into True and False."
        )
    if masked.equal(ids.masked_fill(chosen, mask_id)):
        raise Wrong(
            "[CLS], [SEP] and padding were hidden too. `chosen` was drawn without looking: which entry of the encoding "
            "says where special tokens are?"
        )
    if masked.equal(ids.masked_fill(chosen & (ids != tokenizer.pad_token_id), mask_id)):
        raise Wrong(
            "[CLS] and [SEP] were hidden too. The attention mask tells padding from text, and takes them for text: which entry of the "
            "encoding marks all special tokens?"
        )
    if masked.equal(ids.masked_fill(~chosen & ~special, mask_id)) or masked.equal(ids.masked_fill(~chosen, mask_id)):
        raise Wrong("What should be hidden can be seen, and everything else is hidden: `chosen` is turned round.")
    if masked.equal(ids.masked_fill(chosen & special, mask_id)):
        raise Wrong("Only special tokens are hidden. The special tokens mask is 1 for them: turn it round with `~`.")
    if (masked == _IGNORED).any():
        raise Wrong(
            "−100 stands among the ids, where the model would look for row −100 of its table. It is for labels."
        )
    at = (masked != right).nonzero()[0].tolist()
    raise Wrong(f"At place {at[1]} of text {at[0]} the id should be {right[tuple(at)]}, but is {masked[tuple(at)]}.")


def _judge_labels(labels: Any, ids: Any, chosen: Any, special: Any, tokenizer: Any) -> None:
    hidden = chosen & ~special
    right = ids.masked_fill(~hidden, _IGNORED)
    if labels.equal(right):
        return
    elsewhere = labels[~hidden]
    mistakes = {
        "The ids are right. The labels hold a token at every place, so that the loss also counts what the model could see. "
        "Which label is passed over?": labels.equal(ids),
        "The ids are right. Only the labels of special tokens are −100; the loss still counts every word that the model "
        "could see.": labels.equal(ids.masked_fill(special, _IGNORED)),
        "The ids are right. The labels are −100 where tokens are hidden, and tokens where they can be seen: the wrong way "
        "round.": labels.equal(ids.masked_fill(hidden, _IGNORED)) or labels.equal(ids.masked_fill(chosen, _IGNORED)),
        "The ids are right, but the labels say that the right answer is the mask itself: they were copied after the tokens "
        "were hidden.": bool((labels[hidden] == tokenizer.mask_token_id).all()),
        "The ids are right. All labels are −100, so that the loss has nothing to count.": bool(
            (labels == _IGNORED).all()
        ),
        "The ids are right. The labels also hold the special tokens that were chosen, although they are not hidden.": labels.equal(
            ids.masked_fill(~chosen, _IGNORED)
        ),
        f"The ids are right. Where nothing is hidden the labels are {int(elsewhere[0])}, which is the id of a token like any "
        "other. Only −100 is passed over.": bool((elsewhere == elsewhere[0]).all()) and int(elsewhere[0]) != _IGNORED,
    }
    for reason, found in mistakes.items():
        if found:
            raise Wrong(reason)
    at = (labels != right).nonzero()[0].tolist()
    raise Wrong(
        f"The ids are right. At place {at[1]} of text {at[0]} the label should be {right[tuple(at)]}, but is "
        f"{labels[tuple(at)]}."
    )
