"""The private checks of assignment A1: `hf-tutorial grade FOLDER --checks THIS_FOLDER`. Students never see this file."""

import random
from collections.abc import Mapping
from itertools import product
from typing import Any

from hf_tutorial.checks import seed_for
from hf_tutorial.checks.answers import item, items, number, shown, whole_numbers
from hf_tutorial.checks.calls import call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

REVIEWS = ["Unwatchable.", "A quiet film, and a wise one.", "The tokenizer has never seen a HuggingFace film."]


def _parts(answer: object, names: tuple[str, ...]) -> Mapping[str, Any]:
    """Return an answer in several parts, if it is a dictionary that has them all."""
    if not isinstance(answer, dict) or not set(names) <= set(answer):
        wanted = ", ".join(f'"{name}"' for name in names)
        raise Wrong(f"Expected a dictionary with the entries {wanted}; got {shown(answer)}.")
    return answer


def _raise_all(wrong: list[str], parts: int) -> None:
    """Raise one Wrong with every message and the credit of the parts that are right, unless all are."""
    if wrong:
        raise Wrong(" ".join(wrong), credit=(parts - len(wrong)) / parts)


@exercise("A1.1", expects="a dictionary with the entries “ids”, “zeros” and “logits”")
def prediction(answer: object, model: Any, tokenizer: Any) -> str:
    parts = _parts(answer, ("ids", "zeros", "logits"))
    lengths = [len(ids) for ids in tokenizer(REVIEWS)["input_ids"]]
    wrong = [
        *_about_ids(whole_numbers(parts["ids"], "a tuple of whole numbers"), lengths),
        *_about_zeros(number(parts["zeros"]), lengths),
        *_about_logits(whole_numbers(parts["logits"], "a tuple of whole numbers"), model.config.num_labels),
    ]
    _raise_all(wrong, parts=3)
    return "Three rows as long as the longest text with its two special tokens, and one score for each label."


def _about_ids(found: list[int], lengths: list[int]) -> list[str]:
    rows, longest = len(lengths), max(lengths)
    if found == [rows, longest]:
        return []
    if found == [rows, longest - 2]:
        return ["ids: these are the tokens alone. The call adds a special token at each end."]
    if found == [longest, rows]:
        return ["ids: the batch is always the first dimension."]
    if found in ([rows, min(lengths)], [rows, sorted(lengths)[1]]):
        return ["ids: the longest text of the batch decides, not a shorter one."]
    return ["ids: one row for each text, and as many columns as the longest text has tokens, special tokens included."]


def _about_zeros(found: float | None, lengths: list[int]) -> list[str]:
    zeros = sum(max(lengths) - length for length in lengths)
    if found == zeros:
        return []
    if found == 0:
        return ["zeros: the mask is 0 wherever a shorter text was padded, and there are two of those."]
    if found == sum(lengths):
        return ["zeros: these are the ones. A 1 marks a token, a 0 marks padding."]
    return ["zeros: add up, over the texts, how much is missing to the longest."]


def _about_logits(found: list[int], labels: int) -> list[str]:
    if found == [len(REVIEWS), labels]:
        return []
    if len(found) == 3:
        return ["logits: this model scores the text as a whole, not each token."]
    return ["logits: one row for each text, one column for each label."]


@exercise("A1.2", expects="a dictionary with the entries “line” and “witness”")
def bug(answer: object) -> str:
    parts = _parts(answer, ("line", "witness"))
    line = number(parts["line"])
    if line in (2, 3):
        raise Wrong(
            "Line 2 takes the largest probability of each text, as it should. Which numbers add up to 1 before it?"
            if line == 2
            else "Line 3 names the text with the largest number. Are the numbers that it compares the right ones?"
        )
    if line != 1:
        raise Wrong(f"“line” should be 1, 2 or 3, but is {shown(parts['line'])}.")
    said, should = _surest(parts["witness"])
    if said == should:
        raise Wrong(
            f"The line is found. But for these logits the function says {said}, and that is right. Make one text "
            "hesitate between two large logits, and another one sure with small ones.",
            credit=0.5,
        )
    return f"For these logits the function says text {said}, and text {should} is the surest."


def _surest(witness: object) -> tuple[int, int]:
    """Return which text the faulty function calls the surest, and which one is."""
    import torch

    rows = [[number(item(logit)) for logit in items(row, "a list of logits for each text")] for row in _rows(witness)]
    if any(logit is None for row in rows for logit in row) or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        raise Wrong(
            "The line is found. Each row of “witness” needs the same number of logits, at least two.", credit=0.5
        )
    if len(rows) < 2:
        raise Wrong("The line is found. With a single text there is no other that could be taken for it.", credit=0.5)
    logits = torch.tensor(rows)
    down, along = (logits.softmax(dim=dim).max(dim=1).values for dim in (0, 1))
    best_two = along.sort(descending=True).values[:2]
    if best_two[0] - best_two[1] < 0.01:
        raise Wrong("The line is found. But two of these texts are equally sure: which is the surest?", credit=0.5)
    return int(down.argmax()), int(along.argmax())


def _rows(witness: object) -> list[Any]:
    plain = witness.tolist() if hasattr(witness, "tolist") else witness
    return items(plain, "a list with a list of logits for each text")


PARTS = (
    ("The plot", "The soundtrack", "Every dialogue", "The screenplay"),
    ("is", "was", "seemed"),
    ("unwatchable", "heartwarming", "bittersweet", "overacted", "unpretentious", "forgettable"),
    ("from beginning to end", "in places", "but never dull", "and quite soporific"),
)


def personal_texts(student: str) -> list[str]:
    """Return the six texts of one student; the notebook has the same function."""
    dice = random.Random(seed_for(student, "A1.3"))
    return [" ".join(parts) + "." for parts in dice.sample(list(product(*PARTS)), 6)]


def readings(student: str, tokenizer: Any) -> dict[str, int]:
    """Return what is to be read off the output of the student's own texts."""
    encoding = tokenizer(personal_texts(student), padding=True)
    lengths = [sum(mask) for mask in encoding["attention_mask"]]
    tokens = [token for row in range(len(lengths)) for token in encoding.tokens(row)]
    return {
        "longest": lengths.index(max(lengths)),
        "padding": len(tokens) - sum(lengths),
        "pieces": sum(token.startswith("##") for token in tokens),
    }


@exercise("A1.3", expects="a dictionary with the entries “longest”, “padding” and “pieces”")
def reading(answer: object, student: str, tokenizer: Any) -> str:
    parts, right = _parts(answer, ("longest", "padding", "pieces")), readings(student, tokenizer)
    found = {name: number(parts[name]) for name in right}
    if found != right and found == readings("s0000000", tokenizer):
        raise Wrong("These are the readings of s0000000. Write your own student number, and run all cells again.")
    cut = _cut_words(student, tokenizer)
    hints = {
        "longest": "the texts are counted from 0."
        if found["longest"] == right["longest"] + 1
        else "the row with the fewest zeros in its mask; of several, the first.",
        "padding": "count the zeros of all rows together." if found["padding"] != 0 else "the texts differ in length.",
        "pieces": "that is the number of words that are cut. How many tokens begin with ##?"
        if found["pieces"] == cut
        else "count the tokens that begin with ##, in all texts.",
    }
    _raise_all([f"{name}: {hints[name]}" for name in right if found[name] != right[name]], parts=3)
    return "All three read off your own texts."


def _cut_words(student: str, tokenizer: Any) -> int:
    words = [tokenizer.tokenize(word) for text in personal_texts(student) for word in text.rstrip(".").split()]
    return sum(len(pieces) > 1 for pieces in words)


@exercise("A1.4", expects="the function `lost`")
def function(answer: object, tokenizer: Any) -> str:
    texts = ["Dull.", "A film that I would gladly see again.", " ".join(["Unwatchable, and far too long."] * 20)]
    own = [len(tokenizer.tokenize(text)) for text in texts]
    for limit in (8, 16):
        _judge_lost(call(answer, texts, limit, given=f"three texts, {limit}"), own, limit)
    return "What does not fit is counted, the two special tokens take their places, and a short text loses nothing."


def _judge_lost(answer: object, own: list[int], limit: int) -> None:
    found = whole_numbers(answer, "a list with a whole number for each text")
    if found == [max(0, tokens - (limit - 2)) for tokens in own]:
        return
    if found == [max(0, tokens - limit) for tokens in own]:
        raise Wrong(
            f"Of {limit} places, two are taken by the special tokens. So {limit - 2} are left for the text.", credit=0.5
        )
    if any(lost < 0 for lost in found):
        raise Wrong("A text that fits loses nothing: its number is 0, not less.", credit=0.5)
    if len(found) != len(own):
        raise Wrong(f"Expected one number for each of the {len(own)} texts, but got {len(found)}.")
    if found[0] > 0:
        raise Wrong("A short text loses nothing. Is padding counted as if it were text?")
    raise Wrong(f"For a limit of {limit}, the texts have {own} tokens of their own; the answer was {found}.")
