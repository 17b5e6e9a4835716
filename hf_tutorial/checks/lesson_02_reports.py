"""Checks of lesson 02, last part: what a loading report says about what to do next."""

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

READY, TRAIN, WRONG = "ready", "train the head", "wrong class"

# Each loading, with what follows from its report, and what to say to those who think otherwise.
_LOADINGS: dict[str, tuple[str, dict[str, str]]] = {
    "A": (
        READY,
        {
            TRAIN: "is there a head at all? A body alone returns vectors, and all its weights came from the checkpoint.",
            WRONG: "no weight of the model is missing, so that the class fits.",
        },
    ),
    "B": (
        TRAIN,
        {
            READY: "a few weights are missing, and they are all of the head. What are they now?",
            WRONG: "read the names of what is missing: they all belong to the head. The body is complete.",
        },
    ),
    "C": (
        WRONG,
        {
            READY: "nearly everything is missing, also the layers. The weights of the file lie in the list of the unexpected.",
            TRAIN: "training the head would not help: the layers of the body are missing as well.",
        },
    ),
    "D": (
        READY,
        {
            TRAIN: "this checkpoint holds its head: none of the head's weights is missing.",
            WRONG: "nothing is missing: body and head are those of the checkpoint.",
        },
    ),
    "E": (
        READY,
        {
            TRAIN: "what is listed here is unexpected: the file has it, this model does not want it. Is anything missing?",
            WRONG: "unexpected weights were left in the file. Does the model lack any of its own?",
        },
    ),
    "F": (
        TRAIN,
        {
            READY: "a mismatched weight is not loaded: there is a trained head for two labels in the file, and not for five.",
            WRONG: "the body is complete. Only the head had another size.",
        },
    ),
}


@exercise("02.5", expects='a dictionary such as `{"A": "ready", "B": "wrong class"}`')
def reading_reports(answer: object) -> str:
    if not isinstance(answer, dict) or not set(_LOADINGS) <= set(answer):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(_LOADINGS)}, but got {shown(answer)}.")
    words = {READY, TRAIN, WRONG}
    for letter, (right, hints) in _LOADINGS.items():
        found = " ".join(answer[letter].lower().split()) if isinstance(answer[letter], str) else answer[letter]
        if not isinstance(found, str) or found not in words:
            raise Wrong(f"{letter}: {shown(answer[letter])} is none of {', '.join(map(repr, sorted(words)))}.")
        if found != right:
            raise Wrong(f"Think again about {letter}: {hints[found]}")
    return (
        "Missing in the body: the wrong class. Missing or mismatched in the head: train it. Unexpected alone: no harm."
    )
