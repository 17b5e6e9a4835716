import pytest
import small_translator
import torch

from hf_tutorial import check


def batch(sources, targets, labels=None, read=None):
    """A right solution of 10.2, unless it is told otherwise."""
    tokenizer = small_translator.tokenizer()
    made = tokenizer(sources, padding=True, return_tensors="pt")
    ids = tokenizer(text_target=targets, padding=True, return_tensors="pt")
    right = ids["input_ids"].masked_fill(ids["attention_mask"] == 0, -100)
    made["labels"] = right if labels is None else labels(right)
    made["decoder_input_ids"] = shift(right) if read is None else read(right)
    return made


def shift(labels):
    return small_translator.model().prepare_decoder_input_ids_from_labels(labels)


def padded(labels):
    return labels.masked_fill(labels == -100, 0)


def moved_left(ids, fill):
    return torch.cat([ids[:, 1:], torch.full((len(ids), 1), fill)], dim=1)


def with_labels(labels):
    return lambda sources, targets: batch(sources, targets, labels=labels)


def with_read(read):
    return lambda sources, targets: batch(sources, targets, read=read)


def without(name):
    return lambda sources, targets: {key: value for key, value in batch(sources, targets).items() if key != name}


def start_with(token):
    return lambda labels: torch.cat([torch.full((len(labels), 1), token), shift(labels)[:, 1:]], dim=1)


def check_batch(function):
    return check("10.2", function, model=small_translator.model(), tokenizer=small_translator.tokenizer())


def test_right_batches():
    assert check_batch(batch).message.startswith("Each place reads the token before")
    assert check_batch(lambda s, t: dict(batch(s, t))).outcome == "right"


def test_labels_alone_are_enough():
    verdict = check_batch(without("decoder_input_ids"))
    assert verdict.outcome == "right"
    assert "the model makes what its decoder reads by itself" in verdict.message


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (with_labels(padded), "Padding is still counted"),
        (with_labels(lambda ids: ids.masked_fill(ids == 1, -100)), "never learns to stop"),
        (with_labels(shift), "The labels were shifted"),
        (with_labels(lambda ids: moved_left(ids, -100)), "The labels have moved to the left"),
        (with_labels(lambda ids: torch.where(ids == -100, 0, -100)), "the other way round"),
        (with_labels(lambda ids: torch.full_like(ids, -100)), "nothing to learn"),
        (with_labels(lambda ids: ids + 1), "the labels should be"),
        (with_labels(lambda ids: ids[:, 1:]), "The labels lack the first token of each target"),
        (lambda s, t: batch(s, s), "These are the sources"),
        (with_read(padded), "it learns to copy"),
        (with_read(lambda ids: ids), "−100 among them"),
        (
            with_read(lambda ids: torch.cat([shift(ids)[:, :1], ids[:, :-1]], dim=1)),
            "−100 stands in what the decoder",
        ),
        (with_read(lambda ids: moved_left(padded(ids), 0)), "shifted to the left"),
        (with_read(lambda ids: torch.cat([shift(ids)[:, :1], padded(ids)], dim=1)), "one longer than the labels"),
        (with_read(lambda ids: padded(ids)[:, :-1]), "lacks the start token"),
        (with_read(lambda ids: ids[:, :-1]), "has −100 in it"),
        (with_read(lambda ids: padded(ids).roll(1, dims=1)), "`roll` brings the last place of each row to its front"),
        (with_read(start_with(1)), "begins with the end token"),
        (with_read(lambda ids: shift(ids) + 1), "the decoder should read"),
        (lambda s, t: batch(t, t), "`input_ids` should stay"),
        (without("attention_mask"), "`attention_mask` should stay"),
        (without("labels"), "Expected a batch"),
        (lambda s, t: {**batch(s, t), "labels": batch(s, t)["labels"].tolist()}, "`labels` should be a tensor"),
        (lambda s, t: small_translator.tokenizer()(s, return_tensors="pt"), "only with `padding=True`"),
        (
            lambda s, t: small_translator.model()(decoder_input_ids=torch.tensor([[-100]]), **batch(s, t)),
            "raises TypeError",
        ),
        (lambda s: s, "raises TypeError"),
    ],
)
def test_wrong_batches(function, diagnosis):
    verdict = check_batch(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_minus_100_that_is_looked_up_is_explained():
    embeddings = small_translator.model().get_input_embeddings()
    message = check_batch(lambda s, t: embeddings(batch(s, t)["labels"])).message
    assert "raises IndexError" in message
    assert "−100 is no token" in message
