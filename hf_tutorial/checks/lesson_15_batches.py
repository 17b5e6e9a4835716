"""Checks of lesson 15, fourth part: a function that finds what is wrong with a batch before a GPU does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong
from hf_tutorial.checks.watching import watched_calls

if TYPE_CHECKING:
    import torch

Batch = dict[str, "torch.Tensor"]


@exercise("15.4", expects="the function `problems`")
def problems_of_batches(answer: object) -> str:
    cases = list(all_cases())
    faults = {case.name: reason for case in cases if (reason := _fault(answer, case))}
    if faults:
        shares = [_share_right(cases, faults, bad) for bad in (True, False)]
        raise Wrong(next(iter(faults.values())), credit=shares[0] * shares[1])
    return f"No false alarm for {sum(not case.entries for case in cases)} good batches, and none of the bad ones goes through."


def _share_right(cases: "list[Case]", faults: dict[str, str], bad: bool) -> float:
    kind = [case.name for case in cases if bool(case.entries) is bad]
    return sum(name not in faults for name in kind) / len(kind)


@dataclass(frozen=True)
class Case:
    """A batch for a model: `entries` are the names of what is wrong in it, none for a good batch; `hint` helps who missed it."""

    name: str
    model: Any
    batch: Batch
    entries: tuple[str, ...] = ()
    hint: str = ""


def all_cases() -> Iterator[Case]:
    """Yield good batches of all kinds, then bad ones, each with one thing wrong, and the last with two."""
    yield from _good()
    yield from _bad_inputs()
    yield from _bad_labels()
    yield from _elsewhere()
    yield from _two_at_once()


def _classifier(kind: str = "Bert", **settings: Any) -> Any:
    return tiny(f"{kind}ForSequenceClassification", **{"num_labels": 3} | settings)


def _batch(labels: Any = None, *, length: int = 5, largest: int = 9, rows: int = 2) -> Batch:
    """Return a batch with its largest id in the last place."""
    import torch

    ids = torch.arange(5, 5 + length).clamp(max=largest).repeat(rows, 1)
    ids[-1, -1] = largest
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return batch if labels is None else batch | {"labels": torch.tensor(labels)}


def _good() -> Iterator[Case]:
    bert = _classifier()
    limits = bert.config.vocab_size - 1, bert.config.max_position_embeddings
    yield Case("a good batch", bert, _batch([0, 2]))
    yield Case("a good batch without labels", bert, _batch())
    yield Case("a good batch without labels and mask", bert, {"input_ids": _batch()["input_ids"]})
    yield Case(
        "the largest id of the vocabulary, and as many tokens as there are positions",
        bert,
        _batch([2, 0], largest=limits[0], length=limits[1]),
    )
    yield Case("a good batch of a GPT-2", _classifier("GPT2"), _batch([1, 2]))
    t5 = _classifier("T5", pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    yield Case("a long batch of a T5, which has no table of positions", t5, _batch([0, 2], length=60, largest=1))
    yield Case("scores for a model with one label", _classifier(num_labels=1), _batch([3.5, -1.0]))
    several = _classifier(problem_type="multi_label_classification")
    yield Case("several labels for each text", several, _batch([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))


def _bad_inputs() -> Iterator[Case]:
    bert, gpt2 = _classifier(), _classifier("GPT2")
    words, positions = bert.config.vocab_size, bert.config.max_position_embeddings
    table = f"The vocabulary has {words} ids, and they begin at 0."
    yield Case("the id 50 in a vocabulary of 50", bert, _batch([0, 2], largest=words), ("input_ids",), table)
    yield Case(
        "a negative id",
        bert,
        _batch([0, 2], largest=-100),
        ("input_ids",),
        "An id has two ends to be beyond: −100 is one.",
    )
    beyond = f"One token more than its {positions} positions: `config.max_position_embeddings` has them, where there are any."
    yield Case("33 tokens for 32 positions", bert, _batch([0, 2], length=positions + 1), ("input_ids",), beyond)
    yield Case("33 tokens for the 32 positions of a GPT-2", gpt2, _batch([0, 2], length=33), ("input_ids",), beyond)
    shapes = "Compare the shapes of `input_ids` and `attention_mask`."
    long_mask = _batch(length=6)["attention_mask"]
    long_mask[0, -1] = 0  # some models do not look at a mask that is all ones
    yield Case(
        "a mask of another length", bert, _batch([0, 2]) | {"attention_mask": long_mask}, ("attention_mask",), shapes
    )


def _bad_labels() -> Iterator[Case]:
    bert = _classifier()
    several = _classifier(problem_type="multi_label_classification")
    yield Case("the label 3 of three", bert, _batch([0, 3]), ("labels",), "Three labels are 0, 1 and 2.")
    yield Case(
        "a label of −1",
        bert,
        _batch([-1, 2]),
        ("labels",),
        "−1 is what some data sets write where the answer is missing.",
    )
    whole = "Classes are whole numbers; from floats another loss is taken, or none."
    yield Case("classes as floats", bert, _batch([0.0, 2.0]), ("labels",), whole)
    many = "`config.problem_type` says that a text may have several labels: floats, one for each."
    yield Case("whole numbers for several labels", several, _batch([[1, 0, 1], [0, 0, 0]]), ("labels",), many)
    rows = "There should be as many labels as rows in `input_ids`."
    yield Case("three labels for two texts", bert, _batch([0, 1, 2]), ("labels",), rows)


def _elsewhere() -> Iterator[Case]:
    bert = _classifier()
    batch = _batch([0, 2])
    away = batch | {"labels": batch["labels"].to("meta")}
    each = "Compare the device of *every* tensor with `model.device`, before anything reads their values."
    yield Case("labels on another device than the model", bert, away, ("labels",), each)
    moved = _classifier().to("meta")
    yield Case("a model on another device than the batch", moved, batch, ("input_ids",), each)


def _two_at_once() -> Iterator[Case]:
    both = _batch([0, 3], largest=50)
    hint = "Collect the sentences, and return them at the end: whoever stops at the first has to run it again for each fault."
    yield Case("a bad id and a bad label at once", _classifier(), both, ("input_ids", "labels"), hint)


def _fault(function: object, case: Case) -> str:
    """Return what the function does wrongly with this batch, or nothing."""
    batch = dict(case.batch)
    copies = {name: tensor.clone() for name, tensor in batch.items()}
    try:
        with watched_calls(case.model) as calls:
            found = items(call(function, case.model, batch, given=f"model, {case.name}"), "a list of sentences")
    except Raised as raised:
        return f"{raised}.{_why_failed(raised.error, case)}"
    if calls.count:
        return _CALLED
    if not _unchanged(batch, case.batch, copies):
        return f"For {case.name}: the function changes the batch. It should only look."
    return _judged(found, case)


def _unchanged(batch: Batch, given: Batch, copies: Batch) -> bool:
    if batch.keys() != given.keys() or any(batch[name] is not given[name] for name in given):
        return False
    readable = (name for name, tensor in given.items() if tensor.device.type != "meta")
    return all(bool((given[name] == copies[name]).all()) for name in readable)


_CALLED = (
    "The function calls the model. It should find what is wrong *before* the model, and perhaps a GPU, sees the batch."
)


def _judged(found: list[Any], case: Case) -> str:
    if strange := [one for one in found if not isinstance(one, str)]:
        return f"For {case.name}: each member of the list should be a sentence, but one is {shown(strange[0])}."
    if not case.entries:
        return f"A false alarm. This is {case.name}, and the function says: {shown(found[0])}" if found else ""
    if not found:
        return f"Not found: {case.name}. {case.hint}"
    unnamed = [entry for entry in case.entries if not any(entry in one for one in found)]
    if not unnamed:
        return ""
    if len(unnamed) < len(case.entries):
        return f"For {case.name}: only one of the two is found. {case.hint}"
    return f"For {case.name}: something is found, but no sentence names the entry, `{unnamed[0]}`: {shown(found[0])}"


def _why_failed(error: BaseException, case: Case) -> str:
    if "position" in str(error) and isinstance(error, AttributeError):
        return " Not every configuration has this number: `getattr(config, name, None)` asks without raising."
    if isinstance(error, KeyError):
        return " Not every batch has a mask or labels: `batch.get(…)` gives None where there is none."
    if any(tensor.device.type == "meta" for tensor in case.batch.values()):
        return f" {case.hint}"
    return ""
