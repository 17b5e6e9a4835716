"""Checks of lesson 01, first part: counting tokens, from a character to its token, and what padding does."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import shown, whole_numbers
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong

Text = str | tuple[str, str]


@exercise("01.1", expects="a list with one whole number for each text")
def counting_tokens(answer: object, tokenizer: Any, texts: list[Text]) -> str:
    found = whole_numbers(answer, "a list with one whole number for each text")
    if len(found) != len(texts):
        raise Wrong(f"Expected {len(texts)} numbers, one for each text, but got {len(found)}.")
    right = [_count(tokenizer, text) for text in texts]
    if found == right:
        return "Pieces, punctuation marks and special tokens: each of them has an id."
    if found == [_count(tokenizer, text, add_special_tokens=False) for text in texts]:
        raise Wrong(
            "The pieces are counted rightly. What does the tokenizer put around every text that it is called with?"
        )
    if found == [sum(len(part.split()) for part in _parts(text)) for text in texts]:
        raise Wrong("These are the numbers of words. A word may be several tokens: look at the pieces of tokenizers.")
    if found == [sum(len(part) for part in _parts(text)) for text in texts]:
        raise Wrong("These are the numbers of characters. A token is usually longer than one character.")
    first = next(n for n, count in enumerate(found) if count != right[n])
    good = sum(one == other for one, other in zip(found, right, strict=True))
    raise Wrong(f"{good} of {len(right)} are right. {_why_miscounted(tokenizer, texts[first], found[first])}")


def _parts(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _count(tokenizer: Any, text: Text, **call: bool) -> int:
    return len(tokenizer(*_parts(text), **call)["input_ids"])


def _why_miscounted(tokenizer: Any, text: Text, found: int) -> str:
    """Say what may be missing in the count of one text; a later text is not spoken of before this one is right."""
    parts, right = _parts(text), _count(tokenizer, text)
    pieces = _count(tokenizer, text, add_special_tokens=False)
    about = f"Look at {' with '.join(shown(part) for part in parts)}:"
    if not any(parts):
        return f"{about} nothing goes in, but does nothing come out?"
    if found == pieces:
        return f"{about} its pieces are counted, its special tokens are not."
    if len(parts) == 2 and found == sum(_count(tokenizer, part) for part in parts):
        return f"{about} this would be right for two calls. In one call, how many [CLS] and [SEP] does a pair need?"
    if found == right - 1:
        return f"{about} one is missing. Which special tokens stand at the start, between two texts and at the end?"
    if found in (len(set(tokenizer.tokenize(" ".join(parts)))), len(set(tokenizer(*parts)["input_ids"]))):
        return f"{about} a token that comes twice also counts twice."
    return f"{about} count the pieces of each word, then the punctuation marks one by one, then the special tokens."


@exercise("01.2", expects="the function `token_at`")
def token_at_a_character(answer: object, tokenizer: Any) -> str:
    for text in ("HuggingFace tokenizers are fast!", "Unbelievable, isn't it?"):
        for position, character in enumerate(text):
            _judge_position(answer, tokenizer, text, position, character)
    return "Every character finds its token, and a space finds none."


def _judge_position(function: object, tokenizer: Any, text: str, position: int, character: str) -> None:
    encoding = tokenizer(text)
    tokens, index = encoding.tokens(), encoding.char_to_token(position)
    right = None if index is None else tokens[index]
    place = f"character {position} of {text!r}, which is {character!r}"
    try:
        found = call(function, text, position, none_is_answer=True)
    except Raised as raised:
        raise Wrong(
            f"{raised}.{' A space belongs to no token: return None for it.' if right is None else ''}"
        ) from raised
    if found == right and type(found) is type(right):
        return
    if right is None:
        raise Wrong(f"For {place}, expected None, since a space belongs to no token, but got {shown(found)}.")
    raise Wrong(f"For {place}: {_why_not_token(found, right, index, encoding, tokenizer.tokenize(text), position)}")


def _why_not_token(found: object, right: str, index: int, encoding: Any, pieces: list[str], position: int) -> str:
    if found is None:
        return "got None, but this character does belong to a token."
    if type(found) is int and found == index:
        return "the place of the token is right. Return the token itself, as `encoding.tokens()` has it."
    if type(found) is int:
        return f"expected a token, such as 'hugging', but got {found}."
    word = encoding.char_to_word(position)
    if found == encoding.tokens()[word]:
        return (
            f"got {shown(found)}, the token with the number of the word. Words and tokens are counted separately: which "
            "method of the encoding leads from a character to a token?"
        )
    if index < len(pieces) and found == pieces[index]:
        return f"got {shown(found)}, one too far. The encoding counts [CLS] as token 0, `tokenize` leaves it out."
    if found == encoding.tokens()[encoding.word_to_tokens(word).start]:
        return f"got {shown(found)}, the first token of the word. The character lies in a later one."
    if found == right.removeprefix("##"):
        return f"got {shown(found)}: return the token as it stands in the vocabulary, with its mark."
    return f"got {shown(found)}, which covers other characters."


@exercise("01.3", expects="the function `sentence_vectors`")
def vectors_of_sentences(answer: object, tokenizer: Any, model: Any) -> str:
    texts = ["A great film.", "Dull.", "The story falls apart after an hour, although the actors do what they can."]
    if model.training:
        raise Wrong("The model is in training mode, so its answers are partly random. `model.eval()` brings it back.")
    found = _as_rows(call(answer, texts, given=f"[{len(texts)} texts of different lengths]"), len(texts))
    alone = [_hidden(tokenizer, model, [text]) for text in texts]
    if same(found, _mean(alone)):
        return "A sentence now has the same vector alone and beside longer ones."
    raise Wrong(_why_not_vectors(found, alone, tokenizer, model, texts))


def _as_rows(value: object, texts: int) -> Any:
    import torch

    if isinstance(value, (list, tuple)) and value and all(is_tensor(row) for row in value):
        value = torch.stack([row.squeeze() for row in value])
    if not is_tensor(value):
        raise Wrong(f"Expected a tensor with one row for each text, but got {shown(value)}.")
    rows: Any = value
    if rows.ndim == 3:
        raise Wrong("There is still one vector for every token. What makes one vector out of those of a sentence?")
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
