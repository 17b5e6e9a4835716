"""Checks of lesson 09, first and last part: who survives sampling's filters, and what a mask on the answer is worth."""

import math
from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import judge_statements, named_numbers, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_TOKENS = ("greedy", "greedy, hot")
_COUNTS = ("k", "p", "cold p", "hot p", "k then p")
_NAMES = (*_TOKENS, *_COUNTS, "chance")
_EXPECTED = f"a dictionary with the keys {', '.join(map(repr, _NAMES[:-1]))} and {_NAMES[-1]!r}"
_K, _P, _COLD, _HOT = 3, 0.8, 0.5, 2.0

Shares = list[float]


@exercise("09.1", expects=_EXPECTED)
def who_survives(answer: object, tokens: list[str], logits: Any) -> str:
    if not isinstance(answer, dict) or not set(_NAMES) <= set(answer):
        raise Wrong(f"Expected {_EXPECTED}, but got {shown(answer)}.")
    plain: Shares = logits.tolist()
    for name in _TOKENS:
        _judge_token(name, answer[name], tokens, plain)
    found = named_numbers(answer, (*_COUNTS, "chance"))
    for name in _COUNTS:
        _judge_count(name, found[name], plain)
    _judge_chance(found["chance"], shares(plain)[:2])
    return "Temperature bends the shares and keeps the order; top-k counts tokens, top-p adds shares up."


def shares(logits: Shares, temperature: float = 1.0) -> Shares:
    """Return the softmax of `logits` at this temperature, the largest first."""
    weights = [math.exp((logit - max(logits)) / temperature) for logit in logits]
    return sorted((weight / sum(weights) for weight in weights), reverse=True)


def nucleus(of: Shares, p: float) -> int:
    """Return how many of the largest shares it takes to reach `p` together."""
    total, reached = 0.0, 0
    while total < p - 1e-9 and reached < len(of):
        total += of[reached]
        reached += 1
    return max(reached, 1)


def _judge_token(name: str, found: object, tokens: list[str], logits: Shares) -> None:
    best = tokens[logits.index(max(logits))]
    if isinstance(found, str) and found.strip() == best.strip():
        return
    if not isinstance(found, str) or found.strip() not in [token.strip() for token in tokens]:
        raise Wrong(f"{name!r} should be one of the tokens {', '.join(map(repr, tokens))}, but is {shown(found)}.")
    if name == "greedy":
        raise Wrong("'greedy': nothing is drawn. It takes the token with the highest logit.")
    raise Wrong(
        "'greedy, hot': all logits are divided by the same number. Does that change which one is the highest? Greedy decoding "
        "looks at nothing else."
    )


def _judge_count(name: str, found: float, logits: Shares) -> None:
    plain, cold, hot = shares(logits), shares(logits, _COLD), shares(logits, _HOT)
    left = [share / sum(plain[:_K]) for share in plain[:_K]]
    right = {
        "k": min(_K, len(logits)),
        "p": nucleus(plain, _P),
        "cold p": nucleus(cold, _P),
        "hot p": nucleus(hot, _P),
        "k then p": nucleus(left, _P),
    }
    if found == right[name]:
        return
    for reason, count in _mistakes(name, plain, cold, hot, left).items():
        if found == count:
            raise Wrong(f"{name!r}: {reason}")
    raise Wrong(f"{name!r}: {_GENERAL[name]} Got {found:g}.")


_GENERAL = {
    "k": f"top-k counts tokens. It keeps the {_K} likeliest, however likely they are.",
    "p": f"go from the likeliest token down and add up the shares until they reach {_P:g}. How many have you taken?",
    "cold p": "temperature 0.5 doubles the logits, which squares the shares before they are made to add up to 1 again. Then add up.",
    "hot p": "temperature 2 halves the logits, which takes the root of each share before they are made to add up to 1 again. Then add up.",
    "k then p": f"first {_K} tokens are left. Their shares are made to add up to 1 again, and then {_P:g} of that is wanted.",
}


def _mistakes(name: str, plain: Shares, cold: Shares, hot: Shares, left: Shares) -> Mapping[str, int]:
    """Return likely wrong counts, each with its reason; where two reasons fit, the first is told."""
    own = {"p": plain, "cold p": cold, "hot p": hot, "k then p": left}.get(name)
    if own is None:
        return {"that is every token. The others are removed.": len(plain)}
    untouched = {
        "cold p": "this is the number without any temperature. At 0.5 the likely tokens gain, so that fewer reach 0.8.",
        "hot p": "this is the number without any temperature. At 2 the likely tokens lose, so that it takes more to reach 0.8.",
        "k then p": "this adds up the shares that the tokens had before. What top-k leaves is made to add up to 1 again, and top-p "
        "sees only that.",
    }
    turned = {"cold p": nucleus(hot, _P), "hot p": nucleus(cold, _P)}
    mistakes = {untouched[name]: nucleus(plain, _P)} if name in untouched else {}
    if name in turned:
        mistakes["turned round: a temperature below 1 sharpens the shares, one above 1 flattens them."] = turned[name]
    at_least = "top-p is no threshold for a single token. It adds shares up, from the likeliest token down."
    return mistakes | {
        "the token with which the sum reaches 0.8 stays as well: it is the last one that is kept.": nucleus(own, _P)
        - 1,
        "one too many: stop at the token with which the sum reaches 0.8.": nucleus(own, _P) + 1,
        at_least: sum(share >= _P for share in own),
        f"{at_least} (Some must always be left.)": 0,
    }


def _judge_chance(found: float, two: Shares) -> None:
    chance = two[0] / sum(two)
    if abs(found - chance) < 0.01:
        return
    mistakes = {
        "this is its share among all tokens. The two that are left share out the whole: they are made to add up to 1.": two[
            0
        ],
        "this is what the two had together. Which part of that has the likeliest one?": sum(two),
        "give it as a share between 0 and 1.": 100 * chance,
        "this is the chance of the other one.": 1 - chance,
        "they are not drawn with equal chances, but in proportion to their shares.": 0.5,
    }
    for reason, value in mistakes.items():
        if abs(found - value) < (0.5 if value > 1 else 0.01):
            raise Wrong(f"'chance': {reason}")
    raise Wrong(f"'chance': divide its share by what both of them have together. Got {found:g}.")


@exercise("09.5b", expects='a set of letters, such as `{"A", "B"}`')
def what_the_mask_is_worth(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "A mask rules the form. What is true, and how sure the model is, it cannot mend, and may hide."


_STATEMENTS = {
    "A": (True, "every token that leads nowhere has the logit −∞. Could the model write anything else?"),
    "B": (False, "the mask removes tokens and adds no knowledge. Does it know which of the allowed answers is right?"),
    "C": (True, "there is no token left for “I cannot say”, unless you allow one."),
    "D": (
        False,
        "0.9 of what? The shares after the mask add up to 1, however little the allowed tokens had before it.",
    ),
    "E": (
        True,
        "`Yes` and `yes` are different tokens, each with its own logit. Try both lists with the same question.",
    ),
    "F": (
        False,
        "it goes token by token. Think of the step at which it can choose `no`, and of the one at which it can go on to ` idea`.",
    ),
}
