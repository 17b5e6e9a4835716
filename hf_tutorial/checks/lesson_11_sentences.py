"""Checks of lesson 11, fourth part: the pseudo-log-likelihood of a sentence."""

import math
from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.lesson_11_logits import judge_with_any_model, require_eval
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_TEXTS = ("A dull film.", "The actors do what they can!", "Unwatchable")
_CLOSE = 2e-3
# Below any sum of probabilities, and above the product of a sentence's, which may be zero in 32 bits.
_NOTHING = 1e-30


@exercise("11.5", expects="the function `pseudo_log_likelihood`")
def scoring_sentences(answer: object, model: Any, tokenizer: Any) -> str:
    require_eval(model)
    judge_with_any_model(lambda model: _judge(answer, model, tokenizer), model, tokenizer)
    return "Each token guessed from all the others, one at a time, and the logarithms added up."


def _judge(function: object, model: Any, tokenizer: Any) -> None:
    found = [_number(function, model, tokenizer, text) for text in _TEXTS]
    scores = [Scores(model, tokenizer, text) for text in _TEXTS]
    if _agree(found, [score.right() for score in scores]):
        return
    for mistakes, close in ((_NO_LOGARITHMS, _NOTHING), (_MISTAKES, _CLOSE)):
        for reason, guess in mistakes.items():
            if _agree(found, [guess(score) for score in scores], close):
                raise Wrong(reason)
    text, one, score = next(
        row for row in zip(_TEXTS, found, scores, strict=True) if not _agree([row[1]], [row[2].right()])
    )
    raise Wrong(
        f"For {text!r} the result should be about {score.right():.2f}, but is {one:.2f}. Go through it token by token: hide "
        "one, ask for the log-probability of the true token at that place, put it back, take the next."
    )


def _number(function: object, model: Any, tokenizer: Any, text: str) -> float:
    try:
        value = call(function, model, tokenizer, text, given=f"model, tokenizer, {text!r}")
    except Raised as raised:
        raise Wrong(f"{raised}.") from raised
    found = number(value)
    if found is None:
        raise Wrong(f"Expected one number for the whole sentence, but got {shown(value)}.")
    return found


def _agree(found: list[float], expected: list[float], close: float = _CLOSE) -> bool:
    """Say whether the numbers are the same within rounding; those below `close` count as zero."""
    pairs = zip(found, expected, strict=True)
    return all(math.isclose(one, other, rel_tol=_CLOSE, abs_tol=close) for one, other in pairs)


class Scores:
    """What `model` says about the tokens of `text`, with some of them hidden."""

    def __init__(self, model: Any, tokenizer: Any, text: str) -> None:
        import torch

        self.model, self.mask_id = model, tokenizer.mask_token_id
        self.ids = torch.tensor(tokenizer(text)["input_ids"])
        special = tokenizer.get_special_tokens_mask(self.ids.tolist(), already_has_special_tokens=True)
        self.words = [place for place, flag in enumerate(special) if not flag]

    def log_probabilities(self, hidden: list[int], places: list[int], dim: int = -1) -> list[float]:
        """Return the log-probability of the true token at each of `places`, while `hidden` are masked."""
        found: list[float] = self.logits(hidden).log_softmax(dim=dim)[places, self.ids[places]].tolist()
        return found

    def logits(self, hidden: list[int]) -> Any:
        """Return the logits (places, vocabulary) while `hidden` are masked."""
        import torch

        ids = self.ids.clone()
        ids[hidden] = self.mask_id
        with torch.no_grad():
            return self.model(ids[None].to(self.model.device)).logits[0].float().cpu()

    def one_at_a_time(self, dim: int = -1) -> list[float]:
        return [self.log_probabilities([place], [place], dim)[0] for place in self.words]

    def right(self) -> float:
        return sum(self.one_at_a_time())

    def with_special(self) -> float:
        return sum(self.log_probabilities([place], [place])[0] for place in range(len(self.ids)))

    def nothing_hidden(self) -> float:
        return sum(self.log_probabilities([], self.words))

    def with_last(self) -> float:
        """Return the score of whoever leaves out [CLS] and not [SEP]."""
        return sum(self.log_probabilities([place], [place])[0] for place in range(1, len(self.ids)))

    def of_the_likeliest(self) -> float:
        """Return the score of whoever asks for the best guess, and not for the true token."""
        return sum(float(self.logits([place])[place].log_softmax(dim=-1).max()) for place in self.words)

    def of_the_mask(self) -> float:
        """Return the score of whoever looks the token up in the ids that are masked already."""
        rows = (self.logits([place])[place].log_softmax(dim=-1) for place in self.words)
        return sum(float(row[self.mask_id]) for row in rows)

    def seen_mean(self) -> float:
        """Return what the model's own loss gives for the unmasked text, special tokens included."""
        return sum(self.log_probabilities([], list(range(len(self.ids))))) / len(self.ids)

    def all_hidden(self) -> float:
        return sum(self.log_probabilities(self.words, self.words))

    def never_put_back(self) -> float:
        return sum(self.log_probabilities(self.words[: n + 1], [place])[0] for n, place in enumerate(self.words))

    def left_to_right(self) -> float:
        return sum(self.log_probabilities(self.words[n:], [place])[0] for n, place in enumerate(self.words))


_MISTAKES: dict[str, Callable[[Scores], float]] = {
    "Nothing was hidden: the model saw each token that it was asked about. Put the mask in its place first.": Scores.nothing_hidden,
    "[CLS] and [SEP] were hidden and counted too. They stand in every text and say nothing about this one.": Scores.with_special,
    "[SEP] was hidden and counted too, at the end. It stands in every text and says nothing about this one.": Scores.with_last,
    "This is the log-probability of the token that the model holds likeliest. Asked is that of the token which stands there.": (
        Scores.of_the_likeliest
    ),
    "The log-probability of [MASK] itself is taken. Where is the true token, once it is hidden?": Scores.of_the_mask,
    "This is the loss of the text as it stands, with the sign turned round: nothing was hidden, and it is a mean.": (
        Scores.seen_mean
    ),
    "All tokens were hidden at once, so that the model had nothing to go by. Hide one, and leave the others.": Scores.all_hidden,
    "A token that was hidden stays hidden when the next one is asked for. Put it back, or copy the ids each time.": Scores.never_put_back,
    "The tokens behind each mask were hidden too. That is how a model that writes from left to right would see it; this "
    "one may look at both sides.": Scores.left_to_right,
    "This is the mean over the tokens. Here the sum is asked for.": lambda s: s.right() / len(s.words),
    "The sign is wrong: logarithms of probabilities are negative, and so is their sum.": lambda s: -s.right(),
    "The sign is wrong, and it is a mean: that is the loss. Here the sum of the logarithms is asked for.": lambda s: (
        -s.right() / len(s.words)
    ),
    "These are logarithms to the base 2. Here the natural logarithm is asked for, `log`.": lambda s: (
        s.right() / math.log(2)
    ),
    "These are logarithms to the base 10. Here the natural logarithm is asked for, `log`.": lambda s: (
        s.right() / math.log(10)
    ),
    "Softmax runs over the places of the text. Along which dimension does the vocabulary lie?": lambda s: sum(
        s.one_at_a_time(dim=0)
    ),
    "Only the first token was counted. Is the `return` inside the loop?": lambda s: s.one_at_a_time()[0],
    "Only the last token was counted. Is the sum begun anew in every turn of the loop?": lambda s: s.one_at_a_time()[
        -1
    ],
}

# Probabilities may be small, so that these are told apart by their size: a product is far below a sum.
_NO_LOGARITHMS: dict[str, Callable[[Scores], float]] = {
    "This is the product of the probabilities. Take the logarithm of each and add them up.": lambda s: math.exp(
        s.right()
    ),
    "The probabilities themselves were added. Take the logarithm of each first.": lambda s: sum(
        math.exp(one) for one in s.one_at_a_time()
    ),
}
