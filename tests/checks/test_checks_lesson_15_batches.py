import pytest
import torch

from hf_tutorial import check
from hf_tutorial.checks.lesson_15_batches import all_cases

CASES = list(all_cases())


def on_meta(case):
    """Say whether nothing can be computed with this case."""
    return any(tensor.device.type == "meta" for tensor in (*case.batch.values(), *case.model.parameters()))


def kind_of(config):
    return config.problem_type or ("regression" if config.num_labels == 1 else "single_label_classification")


def finding(*, without=(), beyond=0, positions=True, first_only=False, entries=True, kind=kind_of, change=False):
    """Return a `problems`, right unless an argument makes it wrong; `without` names what it does not look for."""

    def look(model, batch):
        config, ids, mask = model.config, batch["input_ids"], batch.get("attention_mask")
        away = [name for name, tensor in batch.items() if tensor.device != model.device]
        if away and "device" not in without:
            yield from (f"{name}: elsewhere" for name in away)
            return
        limit = getattr(config, "max_position_embeddings", None) if positions else config.max_position_embeddings
        if ids.max() >= config.vocab_size + beyond or (ids.min() < 0 and "negative" not in without):
            yield "input_ids: vocabulary"
        if limit and ids.shape[1] > limit and "length" not in without:
            yield "input_ids: length"
        if mask is not None and mask.shape != ids.shape and "mask" not in without:
            yield "attention_mask: shape"
        if (labels := batch.get("labels")) is not None and "labels" not in without:
            yield from look_at_labels(config, ids, labels)

    def look_at_labels(config, ids, labels):
        if len(labels) != len(ids) and "rows" not in without:
            yield "labels: rows"
        if labels.is_floating_point() != (kind(config) != "single_label_classification"):
            yield "labels: kind"
        elif kind(config) == "single_label_classification" and (labels.min() < 0 or labels.max() >= config.num_labels):
            yield "labels: range"

    def problems(model, batch):
        found = list(look(model, batch))[: 1 if first_only else None]
        if change:
            batch.pop("labels", None)
        return found if entries else [one.split(": ")[1] for one in found]

    return problems


def test_right_finding():
    verdict = check("15.4", finding())
    assert verdict.outcome == "right", verdict


@pytest.mark.parametrize("case", [case for case in CASES if not on_meta(case)], ids=lambda case: case.name)
def test_the_cases_are_what_the_models_themselves_say(case):
    """Referee: a good batch gives a loss and gradients, and a bad one raises, or gives nothing that could be learnt from."""
    model = case.model
    if case.entries:
        with pytest.raises((IndexError, RuntimeError, ValueError)):
            model(**case.batch).loss.backward()
        return
    loss = model(**case.batch).loss
    assert loss is None if "labels" not in case.batch else bool(torch.isfinite(loss))
    if loss is not None:
        loss.backward()


def in_place(model, batch):
    batch["input_ids"].clamp_(max=40)
    return finding()(model, batch)


def reading_first(model, batch):
    for tensor in batch.values():
        tensor.max().item()
    return finding()(model, batch)


def trying(model, batch):
    try:
        model(**batch)
    except Exception as error:
        return [str(error)]
    return []


def trying_loudly(model, batch):
    model(**batch)
    return []


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (finding(beyond=1), "Not found: the id 50 in a vocabulary of 50"),
        (finding(without="negative"), "Not found: a negative id"),
        (finding(without="length"), "Not found: 33 tokens for 32 positions"),
        (finding(without="mask"), "Not found: a mask of another length"),
        (finding(without="labels"), "Not found: the label 3 of three"),
        (finding(without="rows"), "Not found: three labels for two texts"),
        (finding(without="device"), "before anything reads their values"),
        (finding(positions=False), "Not every configuration has this number"),
        (finding(kind=lambda config: "regression"), "A false alarm. This is a good batch"),
        (finding(kind=lambda config: "single_label_classification"), "A false alarm. This is scores"),
        (finding(kind=lambda config: config.problem_type), "A false alarm. This is a good batch"),
        (finding(first_only=True), "only one of the two is found"),
        (finding(entries=False), "no sentence names the entry, `input_ids`"),
        (finding(change=True), "the function changes the batch"),
        (in_place, "the function changes the batch"),
        (reading_first, "before anything reads their values"),
        (trying, "The function calls the model"),
        (trying_loudly, "The function calls the model"),
        (lambda model, batch: [*batch["attention_mask"]][:0], "Not every batch has a mask or labels"),
        (lambda model, batch: [1], "each member of the list should be a sentence, but one is 1"),
        (lambda model, batch: (one for one in ()), "`list(…)` makes a list of it"),
        (lambda model, batch: print(batch), "returns None"),
        (lambda model, batch: [][0], "raises IndexError: list index out of range."),
    ],
)
def test_wrong_finding(answer, diagnosis):
    verdict = check("15.4", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_part_counts_and_nonsense_does_not():
    bad = [case for case in CASES if case.entries]
    assert check("15.4", finding(without="mask")).credit == pytest.approx(1 - 1 / len(bad))
    assert check("15.4", lambda model, batch: []).credit == 0
    assert check("15.4", lambda model, batch: ["input_ids, attention_mask and labels"]).credit == 0
