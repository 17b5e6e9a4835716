import pytest
import small_models

from hf_tutorial import check


def windows(rows, indices, tokenizer, length, stride, **changed):
    """A right solution of 05.3, unless it is told otherwise."""
    encoding = tokenizer(
        rows["text"], truncation=True, max_length=length, stride=stride, return_overflowing_tokens=True
    )
    origin = encoding["overflow_to_sample_mapping"]
    columns = {
        "input_ids": encoding["input_ids"],
        "attention_mask": encoding["attention_mask"],
        "labels": [rows["label"][text] for text in origin],
        "review": [indices[text] for text in origin],
    }
    return columns | {name: change(columns, origin, rows) for name, change in changed.items()}


def wrong(**changed):
    return lambda rows, indices, tokenizer, length, stride: windows(rows, indices, tokenizer, length, stride, **changed)


def cut_once(rows, indices, tokenizer, length, stride):
    encoding = tokenizer(rows["text"], truncation=True, max_length=length)
    return {**encoding, "labels": rows["label"], "review": indices}


def uncut(rows, indices, tokenizer, length, stride):
    return {**tokenizer(rows["text"]), "labels": rows["label"], "review": indices}


def by_step(rows, indices, tokenizer, length, stride):
    return windows(rows, indices, tokenizer, length, length - 2 - stride)


def by_hand(rows, indices, tokenizer, length, stride):
    ids = [tokenizer(text)["input_ids"] for text in rows["text"]]
    cuts = [(row[at : at + length], n) for n, row in enumerate(ids) for at in range(0, len(row), length - stride)]
    return {
        "input_ids": [cut for cut, _ in cuts],
        "attention_mask": [[1] * len(cut) for cut, _ in cuts],
        "labels": [rows["label"][n] for _, n in cuts],
        "review": [indices[n] for _, n in cuts],
    }


def padded(rows, indices, tokenizer, length, stride):
    encoding = tokenizer(
        rows["text"],
        truncation=True,
        padding=True,
        max_length=length,
        stride=stride,
        return_overflowing_tokens=True,
    )
    return {**encoding, "labels": rows["label"], "review": indices}


def repeated(columns, origin, rows):
    return [rows["label"][place % len(rows["label"])] for place in range(len(origin))]


def check_windows(function):
    return check("05.3", function, tokenizer=small_models.tokenizer())


def test_right_windows():
    assert check_windows(windows).outcome == "right"
    assert check_windows(wrong(overflow_to_sample_mapping=lambda c, origin, r: origin)).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (wrong(review=lambda c, origin, r: origin), "begins at 0 again with the next block"),
        (wrong(review=lambda c, origin, r: list(range(len(origin)))), "counts the windows"),
        (wrong(review=lambda c, origin, r: [40] * len(origin)), "`review` should be [40, 41"),
        (wrong(labels=lambda c, origin, rows: rows["label"]), "still has one entry for each of the 4 texts"),
        (wrong(labels=repeated), "repeated as a whole list"),
        (wrong(labels=lambda c, origin, r: [1] * len(origin)), "`labels` should be"),
        (wrong(labels=lambda c, origin, r: [1]), "`labels` has 1 entries"),
        (wrong(labels=lambda c, origin, r: ["pos"] * len(origin)), "'pos' is no whole number"),
        (wrong(attention_mask=lambda c, o, r: [[0] * len(row) for row in c["input_ids"]]), "tokenizer's own"),
        (wrong(input_ids=lambda c, o, r: c["input_ids"][0]), "one list of ids for each window"),
        (wrong(text=lambda c, o, rows: rows["text"]), "`text` still has one entry"),
        (cut_once, "the rest of the long ones is lost"),
        (uncut, "Nothing was cut at `length`"),
        (by_step, "not the step from one to the next"),
        (lambda r, i, t, length, stride: windows(r, i, t, length, 0), "`stride` has not reached"),
        (lambda r, i, t, length, stride: windows(r, i, t, 12, stride), "at most 16 tokens that share 6"),
        (lambda r, i, t, length, stride: windows(r, i, t, length, 20), "must leave room"),
        (by_hand, "without the special token in front"),
        (wrong(labels=lambda c, origin, rows: rows["label"][40]), "begin at 0 in each block"),
        (padded, "Leave that to the collator"),
        (lambda r, i, t, length, stride: t(r["text"])["overflow_to_sample_mapping"], "raises KeyError"),
        (lambda r, i, t, length, stride: t(r["text"]), "missing: labels, review"),
        (lambda r, i, t, length, stride: r["text"], "Expected a dictionary of lists"),
    ],
)
def test_wrong_windows(function, diagnosis):
    verdict = check_windows(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
