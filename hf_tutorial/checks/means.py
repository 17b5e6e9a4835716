"""Judging a mean over texts that came in batches, with the mistakes that are likely."""

from hf_tutorial.checks.verdict import Wrong

Batches = list[list[float]]

_CLOSE = 1e-4
_ENTRIES = 3


def judge_mean(name: str, found: float, values: dict[str, Batches], where: str) -> None:
    """Raise Wrong, with the likely reason, unless `found` is the mean of `values[name]` over all texts.

    `values` holds for each quantity a list of batches, each a list with one number for each text.
    """
    texts = [value for batch in values[name] for value in batch]
    mean = sum(texts) / len(texts)
    if abs(found - mean) < _CLOSE * max(1.0, abs(mean)):
        return
    reasons = _of_loss(values) if name == "loss" else _of_share(mean)
    for reason, value in (_of_batches(values[name]) | reasons).items():
        if abs(found - value) < _CLOSE:
            raise Wrong(f"{where}{name!r}: {reason}")
    if any(found == round(mean, digits) for digits in range(4)):
        raise Wrong(f"{where}{name!r}: this is right, but rounded. Round only when you print.")
    raise Wrong(f"{where}{name!r} should be {mean:.4f} here, the mean over all texts, but is {found:.4f}.")


def _of_batches(batches: Batches) -> dict[str, float]:
    """Return what comes out of mistakes in putting batches of unequal size together."""
    means, texts = [sum(batch) / len(batch) for batch in batches], sum(map(len, batches))
    of_means, of_texts, each = (
        sum(means),
        sum(map(sum, batches)),
        "weigh each mean by the number of texts in its batch.",
    )
    return {
        f"every batch counts the same, although the last one is smaller: {each}": of_means / len(means),
        f"the sum of the batches' means is divided by the number of texts: {each}": of_means / texts,
        f"`len(batch)` is the number of entries of the dictionary: {each}": of_means * _ENTRIES / texts,
        f"this is the sum of the batches' means: {each}": of_means,
        "this is the sum over the texts. Divide by how many there are.": of_texts,
        "the sum over the texts is divided by the number of batches.": of_texts / len(batches),
        "this is the result of the last batch alone.": means[-1],
        "this is the result of the first batch alone. Does the `return` stand inside the loop?": means[0],
    }


def _of_loss(values: dict[str, Batches]) -> dict[str, float]:
    twice = [value for batch in values["loss of probabilities"] for value in batch]
    return {
        "the loss is 0. Did the model get the labels by the right name? It knows `labels`, and ignores `label`.": 0.0,
        "`cross_entropy` got probabilities. It wants the logits, and does the softmax itself.": sum(twice) / len(twice),
    }


def _of_share(mean: float) -> dict[str, float]:
    return {
        "this is in percent. It should lie between 0 and 1.": 100 * mean,
        "this is the share of wrong answers.": 1 - mean,
    }
