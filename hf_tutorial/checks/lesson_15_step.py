"""Checks of lesson 15, third part: a training step with five faults, one behind the other.

What is wrong is read from what the function does to a small random model, and not from the words of an error, which differ
between versions.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import NotDone, Wrong

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_TEXTS = ["a fine film", "dull", "a film that I would gladly see again", "never so long"]
_STARS = [4.0, 1.0, 4.0, 2.0]  # no text has 3: numbering the stars of a batch is not enough
_WORDS = ["<end>", *dict.fromkeys(word for text in _TEXTS for word in text.split())]
_LABELS = 4
_FAULTS = 5
_ALL_MENDED = _FAULTS / (_FAULTS + 1)  # the last share is for the step itself
_CLOSE = 1e-4

_PAD_TOKEN = (
    "the tokenizer has no padding token, and cannot fill up the short rows. Which token is certainly in the vocabulary, "
    "and may stand where the mask says 0?"
)
_PAD_ID = (
    "the tokenizer can pad now, but the *model* does not know which id is padding: `model.config.pad_token_id` is None. A "
    "decoder's head looks for the last token that is no padding."
)
_FLOATS = (
    "the labels are floats. Transformers takes the type of a loss from them: floats mean several labels at once. Classes are "
    "whole numbers."
)


@exercise("15.3", expects="the function `training_step`")
def repaired_step(answer: object) -> str:
    bare = _tried(answer)
    _refuse_new_rows(bare)
    ready = bare if bare.token_is_set and bare.id_is_set else _tried(answer, prepared=True)
    faults = [*_of_padding(bare), *_of_labels(ready), *_of_devices(_devices(answer))]
    if faults:
        mended = _FAULTS - len(faults)
        begun = f"{mended} of the {_FAULTS} faults {'is' if mended == 1 else 'are'} mended. The next:"
        raise Wrong(f"{begun if mended else 'The first fault:'} {faults[0]}", credit=mended / (_FAULTS + 1))
    _judge_step(bare)
    return "Padding that tokenizer and model agree on, classes from 0, and all of it where the model is."


@dataclass
class _Try:
    """What one call of the student's function did to one model."""

    model: "PreTrainedModel"
    before: "PreTrainedModel"
    token_is_set: bool = False
    id_is_set: bool = False
    given: dict[str, Any] = field(default_factory=dict)
    error: Raised | None = None
    value: object = None


def _tried(function: object, *, prepared: bool = False) -> _Try:
    """Call the function with a model and a tokenizer that do not know of padding, or that are `prepared`."""
    import torch

    model, tokenizer = _model(), _tokenizer()
    if prepared:
        tokenizer.pad_token, model.config.pad_token_id = _WORDS[0], 0
    one = _Try(model, deepcopy(model))
    handle = model.register_forward_pre_hook(lambda _, __, named: one.given.update(named), with_kwargs=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    try:
        one.value = call(function, model, tokenizer, optimizer, _TEXTS, _STARS, given=_GIVEN, none_is_answer=True)
    except Raised as raised:
        one.error = raised
    finally:
        handle.remove()
    one.token_is_set, one.id_is_set = tokenizer.pad_token is not None, model.config.pad_token_id is not None
    return one


_GIVEN = "model, tokenizer, optimizer, texts, stars"


def _model() -> "PreTrainedModel":
    """Return a decoder with a head and without dropout, so that its mode makes no difference, and without a padding token."""
    ids = {"pad_token_id": None, "eos_token_id": 0, "bos_token_id": 0}
    no_dropout = dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0)
    return tiny("GPT2ForSequenceClassification", vocab_size=len(_WORDS), num_labels=_LABELS, **ids, **no_dropout)


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.WordLevel({word: place for place, word in enumerate(_WORDS)}, unk_token=_WORDS[0]))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=backend, eos_token=_WORDS[0], unk_token=_WORDS[0])


def _refuse_new_rows(bare: _Try) -> None:
    if bare.model.config.vocab_size > len(_WORDS):
        raise Wrong(
            "The step makes the embedding larger, and its optimizer still has the old one. Take a token that is there already.",
            credit=0.5,
        )


def _of_padding(bare: _Try) -> list[str]:
    faults = [] if bare.token_is_set else [_PAD_TOKEN]
    return faults if bare.id_is_set else [*faults, _PAD_ID]


def _of_labels(ready: _Try) -> list[str]:
    """Return what is wrong with the labels that the model got, or raise Wrong if it got none."""
    labels: Any = ready.given.get("labels")
    ids: Any = ready.given.get("input_ids")
    if is_tensor(ids) and int(ids.max()) >= ready.model.config.vocab_size:
        raise Wrong(
            "A new token was added, and its id is beyond the model's vocabulary: there is no row for it in the embedding. Take a "
            "token that is there already, such as the end token.",
            credit=0.5,
        )
    if not is_tensor(labels):
        raise Wrong(_why_without_labels(ready))
    faults = [_FLOATS] if labels.is_floating_point() else []
    expected = [int(star) - 1 for star in _STARS]
    found = [int(label) for label in labels.flatten().tolist()]
    if found == expected:
        return faults
    if max(found) >= _LABELS:
        return [*faults, f"labels are out of range. Stars begin at 1; where do the {_LABELS} classes of a head begin?"]
    plain = f"for the stars {[int(star) for star in _STARS]} the labels are {found}"
    return [
        *faults,
        f"{plain}. Nothing raises any more, but classes are mixed up. One star is always class 0, two are class 1, and so on, "
        "whichever stars a batch happens to hold: subtract, and neither cut off nor number anew.",
    ]


def _why_without_labels(ready: _Try) -> str:
    if ready.error is not None:
        need = " Rows of different length need `padding=True`." if isinstance(ready.error.error, ValueError) else ""
        return f"{ready.error}, before the model is called.{need}"
    if ready.given:
        return "The model gets no `labels`, and so returns no loss."
    return "The model that was handed in is never called with `input_ids=…` and `labels=…`, as `model(**batch, labels=labels)` does."


class _Enough(BaseException):
    """Ends a call on the `meta` device as soon as its arguments are seen: there are no numbers to go on with."""


def _devices(function: object) -> dict[str, str]:
    """Call the function with a model on another device; return where the arguments of the model lie then."""
    import torch

    model: Any = _model()
    model, tokenizer = model.to("meta"), _tokenizer()
    tokenizer.pad_token, model.config.pad_token_id = _WORDS[0], 0
    places: dict[str, str] = {}

    def look(_: Any, __: Any, named: dict[str, Any]) -> None:
        places.update({name: value.device.type for name, value in named.items() if is_tensor(value)})
        raise _Enough

    model.register_forward_pre_hook(look, with_kwargs=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    try:
        call(function, model, tokenizer, optimizer, _TEXTS, _STARS, given=_GIVEN, none_is_answer=True)
    except NotDone:  # NotImplementedError: what lies on `meta` cannot be copied from there
        return {"the model": "elsewhere"}
    except Raised as raised:
        if not isinstance(raised.error, _Enough):
            return {"the batch": f"not ready, since {type(raised.error).__name__} was raised"}
    return places


def _of_devices(places: dict[str, str]) -> list[str]:
    elsewhere = [name for name, place in places.items() if place != "meta"]
    if not elsewhere:
        return []
    if elsewhere == ["the model"]:
        return ["the step moves the model. It belongs where its owner put it: move the batch to `model.device`."]
    if elsewhere == ["the batch"]:
        return [
            f"for a model on another device, the batch is {places['the batch']}. Move tensors with `.to(model.device)`."
        ]
    listed = " and ".join(f"`{name}`" for name in elsewhere)
    return [
        f"{listed} would stay on the {places[elsewhere[0]]} when the model is on another device, such as a GPU (here it was "
        "`meta`). `model.device` says where the model is."
    ]


def _judge_step(done: _Try) -> None:
    """Raise Wrong unless the weights went where one step takes them, and the loss came back."""
    if done.error is not None:
        raise Wrong(f"The five faults are mended, but now {done.error}.", credit=_ALL_MENDED)
    loss, right = _loss_and_step(done.before)
    found = {name: weight.detach() for name, weight in done.model.named_parameters()}
    if not _moved(done.before, found):
        raise Wrong("The faults are mended, but no weight moves: is `step()` called after `backward()`?", _ALL_MENDED)
    if any(float((found[name] - weight).abs().max()) > _CLOSE for name, weight in right.items()):
        raise Wrong(
            "The faults are mended, but the weights do not go where the mean loss of these texts takes them. Are gradients cleared "
            "before `backward()`, the mask passed, the padding on the right?",
            credit=_ALL_MENDED,
        )
    value = number(done.value)
    if value is None or abs(value - loss) > _CLOSE:
        raise Wrong(f"The step is right. It should return its loss, {loss:.4f}, not {shown(done.value)}.", _ALL_MENDED)


def _loss_and_step(model: "PreTrainedModel") -> tuple[float, dict[str, Any]]:
    """Return the loss of the texts, each read alone and so without padding, and the weights after the step."""
    import torch

    tokenizer = _tokenizer()
    logits = torch.cat([model(**tokenizer(text, return_tensors="pt")).logits for text in _TEXTS])
    labels = torch.tensor([int(star) - 1 for star in _STARS])
    loss = torch.nn.functional.cross_entropy(logits, labels)
    model.zero_grad()
    loss.backward()
    weights = model.named_parameters()
    return loss.item(), {name: (w if w.grad is None else w - w.grad).detach() for name, w in weights}


def _moved(before: "PreTrainedModel", after: dict[str, Any]) -> bool:
    return any(bool((after[name] != weight).any()) for name, weight in before.named_parameters())
