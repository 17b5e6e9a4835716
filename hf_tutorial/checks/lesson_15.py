"""Checks of lesson 15, first part: which type of error a few lines raise, if they raise one."""

import builtins
import contextlib
import io
from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_NOTHING = ("none", "nothing", "")
# What to look at, for each snippet of the exercise. Which type it is, the check finds by running the snippet.
_HINTS = {
    "A": "the rows have different lengths and should become one tensor. Is a text of the wrong type, or only unfit?",
    "B": "which dimension of `hidden` is the width? Two matrices that do not fit meet inside torch, and torch has one type "
    "for nearly all of its own errors.",
    "C": "which line could notice what is missing? Can the model compute without it?",
    "D": "the ids go from 0 to `vocab_size` − 1, and an embedding is a table in which rows are looked up by their number.",
    "E": 'no labels were passed, so what is `loss`? And what does Python say to `1 + "a"`?',
    "F": "without `return_tensors`, the ids are a list of lists. What is asked of them that tensors have, and lists have not?",
}


@exercise("15.1", expects='a dictionary such as `{"A": "KeyError", "B": None, …}`')
def types_of_errors(answer: object, snippets: Mapping[str, str], model: Any, tokenizer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f'Expected a dictionary such as {{"A": "KeyError", "B": None, …}}, but got {shown(answer)}.')
    missing = [letter for letter in snippets if letter not in answer]
    if missing:
        raise Wrong(f"There is no entry {missing[0]!r}. The snippets are {', '.join(snippets)}.")
    found = {letter: _type_name(answer[letter], letter) for letter in snippets}
    raised = {letter: _raised(snippet, model, tokenizer) for letter, snippet in snippets.items()}
    wrong = [letter for letter in snippets if found[letter] != raised[letter]]
    if wrong:
        reasons = [f"{letter}: {_why(letter, found[letter], raised[letter])}" for letter in wrong]
        raise Wrong(f"Think again about {' '.join(reasons)}", credit=1 - len(wrong) / len(snippets))
    silent = [letter for letter in snippets if raised[letter] is None]
    return (
        f"The type is the first thing that a message says. {' and '.join(silent)} has none, and is wrong all the same."
    )


def _type_name(value: object, letter: str) -> str | None:
    """Return the name of an exception type, given as a name or as the type itself; None for nothing."""
    if isinstance(value, type) and issubclass(value, BaseException):
        return value.__name__
    if value is None or (isinstance(value, str) and value.strip().casefold() in _NOTHING):
        return None
    name = value.strip().removesuffix(":") if isinstance(value, str) else ""
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise Wrong(
            f'{letter} should be the name of an exception type, such as "KeyError", or None; it is {shown(value)}.'
        )
    return name


def _raised(snippet: str, model: Any, tokenizer: Any) -> str | None:
    """Run a snippet, and return the name of the exception's type, or None."""
    import torch

    names = {"torch": torch, "model": model, "tokenizer": tokenizer}
    unseen = io.StringIO()
    with contextlib.redirect_stdout(unseen), contextlib.redirect_stderr(unseen):
        try:
            exec(snippet, names)
        except Exception as error:
            return type(error).__name__
    return None


def _why(letter: str, found: str | None, raised: str | None) -> str:
    hint = _HINTS.get(letter, "run it, and read the last line.")
    if found in ("Exception", "BaseException"):
        return f"every error is an {found}. Name the type that stands in the last line; {hint}"
    if found is None:
        return f"it does raise; {hint}"
    if raised is None:
        return f"no {found} comes; {hint}"
    return hint
