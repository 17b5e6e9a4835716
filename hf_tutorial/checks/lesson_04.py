"""Checks of lesson 04, first and last part: the shapes of attention, and what it can show."""

from typing import Any

from hf_tutorial.checks.answers import judge_statements, number, shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_EXPECTED = "a dictionary with the keys 'entries', 'weights', 'states' and 'total'"


@exercise("04.1", expects=_EXPECTED)
def shapes_of_attention(answer: object, model: Any, encoding: Any) -> str:
    if not isinstance(answer, dict) or not {"entries", "weights", "states", "total"} <= set(answer):
        raise Wrong(f"Expected {_EXPECTED}, but got {shown(answer)}.")
    texts, tokens = (int(size) for size in encoding["input_ids"].shape)
    layers, heads = model.config.num_hidden_layers, model.config.num_attention_heads
    if number(answer["entries"]) != layers:
        raise Wrong(f"'entries': {_why_not_entries(answer['entries'], texts, layers, heads)}")
    found = tuple(whole_numbers(answer["weights"], "a tuple of whole numbers for 'weights'"))
    if found != (texts, heads, tokens, tokens):
        raise Wrong(f"'weights': {_why_not_weights(found, (texts, heads, tokens), layers, model.config.hidden_size)}")
    if number(answer["states"]) != layers + 1:
        raise Wrong(f"'states': {_why_not_states(answer['states'], layers)}")
    if number(answer["total"]) != texts * heads * tokens:
        attended = int(encoding["attention_mask"].sum()) if "attention_mask" in encoding else texts * tokens
        if number(answer["total"]) == attended * heads:
            raise Wrong(
                "'total': that leaves padding out. A padding token is a query too: its rows sum to 1 like all others."
            )
        raise Wrong(f"'total': {_why_not_total(number(answer['total']), texts, heads, tokens, layers)}")
    return "Layers are entries, texts and heads are dimensions, and every query, padding too, has a weight of 1 to share out."


def _why_not_entries(found: object, texts: int, layers: int, heads: int) -> str:
    if isinstance(found, (tuple, list)):
        return "a plain number is asked for: how many entries has the tuple?"
    if number(found) == layers + 1:
        return "that many hidden states there are. The embeddings have no attention: one entry for each layer."
    if number(found) == heads:
        return "that is the number of heads. They are inside of each entry: one entry for each layer."
    if number(found) == texts:
        return "that is the number of texts. They are inside of each entry: one entry for each layer."
    if number(found) == layers * heads:
        return "that is the number of maps. The heads of a layer stand together in one entry."
    return f"one entry for each layer (`num_hidden_layers` in `config`); got {shown(found)}."


def _why_not_weights(found: tuple[int, ...], sizes: tuple[int, int, int], layers: int, hidden: int) -> str:
    texts, heads, tokens = sizes
    match found:
        case (first, *rest) if len(found) == 5 and first == layers and tuple(rest) == (texts, heads, tokens, tokens):
            return "the layers are no dimension: they are the entries of the tuple, and you have picked one."
        case (first, *rest) if first == layers != texts and tuple(rest) == (heads, tokens, tokens):
            return "the first dimension is not the layers. You have picked one of these; what do you have several of?"
        case (1, *rest) if texts != 1 and tuple(rest) == (heads, tokens, tokens):
            return f"that is the shape for one text. All {texts} go through the model together."
        case (_, _, _) if found == (heads, tokens, tokens):
            return "that is one text. The batch stays the first dimension."
        case (_, _, _) if found == (texts, tokens, tokens):
            return "each head has weights of its own, so the heads are a dimension."
        case (_, _, _) if found == (texts, tokens, hidden):
            return "that is a hidden state, one vector for each token. Weights go from each token to each."
        case (first, second, *_) if len(found) == 4 and (first, second) == (heads, texts) != (texts, heads):
            return "the batch comes first, then the heads."
        case (first, second, third, fourth) if (first, second) == (texts, heads) and third == fourth:
            return (
                f"{third} is not the number of tokens. Count special tokens, pieces and punctuation of the longer text; "
                "the other is padded to it."
            )
        case (_, _, third, fourth) if hidden in (third, fourth) or hidden // heads in (third, fourth):
            return (
                "the width of the vectors stands nowhere in it: a weight says only how much goes from token to token."
            )
    return "(batch, heads, query, key), four numbers, and the last two are the same in self-attention."


def _why_not_states(found: object, layers: int) -> str:
    if number(found) == layers:
        return "this is the number of layers. The tuple also holds what goes into the first of them: the embeddings."
    return f"one for each layer, and one more; got {shown(found)}."


def _why_not_total(found: float | None, texts: int, heads: int, tokens: int, layers: int) -> str:
    reasons = {
        1: "1 is the sum of a single row. How many rows are there?",
        texts * heads * tokens * layers: "that is for all layers. One entry is asked for.",
        texts * heads: "that would be 1 for each map. But each *row* of a map sums to 1.",
        heads * tokens: "that is for one text.",
        texts * tokens: "that is for one head.",
        texts * heads * tokens**2: "that is how many numbers there are. They are shares: each row of them sums to 1.",
        tokens: "that is for one head and one text.",
    }
    otherwise = "each row of weights sums to 1. How many rows has one entry, over all texts, heads and queries?"
    return otherwise if found is None else reasons.get(round(found), otherwise)


_STATEMENTS = {
    "A": (
        False,
        "the weight says where a head looked. Was anything changed, to see whether the model depends on it?",
    ),
    "B": (True, "dropout sets some weights to 0 and scales the others. Where does a row's sum come from otherwise?"),
    "C": (
        False,
        "much weight is no effect. What would be handed over from there, and was anything changed to see whether it is needed?",
    ),
    "D": (True, "which of the two is an observation, and which an intervention?"),
    "E": (False, "what does yellow mean where every picture has a scale of its own?"),
    "F": (True, "how many keys are left to the first token, once all later ones are masked?"),
}


@exercise("04.6", expects='a set of letters, such as `{"A", "B"}`')
def what_attention_shows(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "Weights say where a head looked. What the model depends on shows only when something is changed."
