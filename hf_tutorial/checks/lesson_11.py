"""Checks of lesson 11: the places of masks, and what measurements of bias can say."""

from typing import Any

from hf_tutorial.checks.answers import judge_statements, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong


@exercise("11.1", expects="a list of whole numbers, such as `[3, 8]`")
def places_of_masks(answer: object, tokenizer: Any, text: str) -> str:
    found = sorted(whole_numbers(answer, "a list of whole numbers, such as `[3, 8]`"))
    encoding = tokenizer(text)
    right = [place for place, id in enumerate(encoding["input_ids"]) if id == tokenizer.mask_token_id]
    if found == right:
        return "Counted in tokens from [CLS] on, with every piece, and with the real mask tokens only."
    raise Wrong(_why_not_places(found, right, encoding, tokenizer, text))


def _why_not_places(found: list[int], right: list[int], encoding: Any, tokenizer: Any, text: str) -> str:
    words = [place for place, word in enumerate(text.split()) if tokenizer.mask_token in word]
    whole = [encoding.word_ids()[place] + 1 for place in right]
    written = [place for place, token in enumerate(encoding.tokens()) if "mask" in token.lower()]
    # A reader who takes "[mask]" for one token counts two tokens too few behind it.
    one_token = [place - 2 * sum(place > other for other in written if other not in right) for place in right]
    mistakes = {
        "These places are counted without [CLS], which is token 0: everything behind it is one further on.": [
            place - 1 for place in right
        ],
        "These are places of words between spaces. The model counts tokens: special ones, pieces, and punctuation too.": words,
        "These are places of words, counted from 1. The model counts tokens: special ones, pieces, and punctuation too.": [
            word + 1 for word in words
        ],
        "`[mask]` in small letters is no mask: for this tokenizer it is three ordinary tokens.": written,
        "`[mask]` in small letters is not one token but three, so what comes behind it is further on.": one_token,
        "“HuggingFace” is not one token but two, so what comes behind it is further on.": whole,
        "Neither “HuggingFace” nor `[mask]` in small letters is one token: how many is each?": [
            place - right[n] + whole[n] for n, place in enumerate(one_token)
        ],
        "These are places of characters. Which tokens do they belong to?": [
            at for at in range(len(text)) if text.startswith(tokenizer.mask_token, at)
        ],
        "The last mask is missing.": right[:-1],
        "The first mask is missing.": right[1:],
    }
    for reason, places in mistakes.items():
        if found == sorted(places):
            return reason
    if len(found) != len(right):
        return f"The text has {len(right)} mask tokens, and you name {len(found)} places."
    return "Write down the tokens one below the other, with [CLS] as number 0. Which of them are the mask token?"


@exercise("11.6", expects='a set of letters, such as `{"A", "B"}`')
def what_follows(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "The numbers describe one model and its texts, as far as the chosen words and sentences reach."


_STATEMENTS = {
    "A": (False, "the model was asked, not the world. What has it read, and who wrote that?"),
    "B": (True, "one pair can be an accident of its wording. What do four that agree make less likely?"),
    "C": (True, "all that a model knows comes from its texts. What happens if other texts are chosen?"),
    "D": (False, "the first word is one of thousands. Can the others differ while it stays the same?"),
    "E": (
        True,
        "among ten thousand words some differ by accident. What do you find if you look first and choose then?",
    ),
    "F": (False, "a classifier has a new head and new training data. Was any of that measured?"),
}
