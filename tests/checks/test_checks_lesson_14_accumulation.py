import pytest
import torch

from hf_tutorial import check


def accumulating(share, *, clear=True, report=lambda losses, sizes: weighted(losses, sizes), inside=False):
    """Return a function that gives each piece the weight `share(size, rows, count)`."""

    def accumulate(model, pieces):
        sizes, losses = [len(piece["labels"]) for piece in pieces], []
        if clear:
            model.zero_grad()
        for piece, size in zip(pieces, sizes, strict=True):
            if inside:
                model.zero_grad()
            loss = model(**piece).loss
            (loss * share(size, sum(sizes), len(sizes))).backward()
            losses.append(loss.item())
        return report(losses, sizes)

    return accumulate


def weighted(losses, sizes):
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


def by_rows(size, rows, count):
    return size / rows


def equally(size, rows, count):
    return 1 / count


def stepping(model, pieces):
    value = accumulating(by_rows)(model, pieces)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    return value


def at_once(model, pieces):
    model.zero_grad()
    whole = {name: torch.cat([piece[name] for piece in pieces]) for name in pieces[0]}
    loss = model(**whole).loss
    loss.backward()
    return loss.item()


def adding_tensors(model, pieces):
    model.zero_grad()
    losses = [model(**piece).loss * len(piece["labels"]) / 10 for piece in pieces]
    for loss in losses:
        loss.backward()
    return sum(losses)


def without_backward(model, pieces):
    model.zero_grad()
    return 1.0


@torch.no_grad()
def unrecorded(model, pieces):
    return accumulating(by_rows)(model, pieces)


def test_right_accumulations():
    assert check("14.2", accumulating(by_rows)).outcome == "right"
    assert check("14.2", at_once).outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (accumulating(equally, inside=True), "Only the last piece is left"),
        (accumulating(by_rows, inside=True), "Only the last piece is left"),
        (accumulating(lambda size, rows, count: 1, inside=True), "Only the last piece is left"),
        (accumulating(equally), "Each piece counts the same"),
        (accumulating(lambda size, rows, count: 1), "the sum of the pieces' means"),
        (accumulating(lambda size, rows, count: size), "that of the *sum* over the rows"),
        (accumulating(by_rows, clear=False), "The gradient of an earlier step is still in it. Call"),
        (accumulating(equally, clear=False), "still in it, and each piece counts the same"),
        (accumulating(lambda size, rows, count: size / count), "divided by the number of pieces"),
        (accumulating(lambda size, rows, count: 2 * size / rows), "not that of the mean loss over all rows"),
        (accumulating(by_rows, report=lambda losses, sizes: losses[-1]), "it is the loss of the last piece"),
        (accumulating(by_rows, report=lambda losses, sizes: sum(losses) / 3), "the mean of the pieces' means"),
        (accumulating(by_rows, report=lambda losses, sizes: sum(losses)), "it is the sum of the pieces' means"),
        (accumulating(by_rows, report=lambda losses, sizes: 10 * weighted(losses, sizes)), "the sum over all rows"),
        (accumulating(by_rows, report=lambda losses, sizes: losses[-1] / 5), "last piece's loss after weighting"),
        (accumulating(by_rows, report=lambda losses, sizes: 0.5), "but the function returns 0.5000"),
        (accumulating(by_rows, report=lambda losses, sizes: losses), "should return the loss as a number"),
        (accumulating(by_rows, report=lambda losses, sizes: None), "returns None"),
        (adding_tensors, "holds on to the graph of each piece"),
        (stepping, "The weights have moved"),
        (without_backward, "There is no gradient"),
        (unrecorded, "Is the forward pass inside `no_grad`"),
        (lambda model, pieces: pieces[0]["text"], "A piece has the keys `inputs` and `labels`"),
        (3, "Hand over the function itself"),
    ],
)
def test_wrong_accumulations(answer, diagnosis):
    verdict = check("14.2", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
