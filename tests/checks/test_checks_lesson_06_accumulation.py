import pytest
import torch

from hf_tutorial import check


def accumulated_step(model, optimizer, pieces, *, factor=None, clear=True, within="", returned=None):
    """A right solution of 06.4, unless it is told otherwise. `factor(size, texts, pieces)` scales a piece's loss."""
    sizes = [len(piece["labels"]) for piece in pieces]
    factor = factor or (lambda size, texts, pieces: size / texts)
    losses = []
    for piece, size in zip(pieces, sizes, strict=True):
        if within == "zero_grad":
            optimizer.zero_grad()
        loss = model(**piece).loss
        (factor(size, sum(sizes), len(pieces)) * loss).backward()
        losses.append(loss.item())
        if within == "step":
            optimizer.step()
    if within != "step":
        optimizer.step()
    if clear:
        optimizer.zero_grad()
    mean = sum(size * loss for size, loss in zip(sizes, losses, strict=True)) / sum(sizes)
    return returned(losses) if returned else mean


def told(**options):
    return lambda model, optimizer, pieces: accumulated_step(model, optimizer, pieces, **options)


def all_graphs_at_once(model, optimizer, pieces):
    texts = sum(len(piece["labels"]) for piece in pieces)
    loss = sum(model(**piece).loss * len(piece["labels"]) for piece in pieces) / texts
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def put_together(model, optimizer, pieces):
    return accumulated_step(model, optimizer, [{name: torch.cat([p[name] for p in pieces]) for name in pieces[0]}])


def without_backward(model, optimizer, pieces):
    optimizer.step()
    return sum(model(**piece).loss.item() for piece in pieces)


def cleared_before(model, optimizer, pieces):
    optimizer.zero_grad()
    return accumulated_step(model, optimizer, pieces, clear=False)


def without_step(model, optimizer, pieces):
    for piece in pieces:
        model(**piece).loss.backward()
    return 0.7


def adding_tensors(model, optimizer, pieces):
    total = 0.0
    for piece in pieces:
        loss = model(**piece).loss * len(piece["labels"]) / 8
        loss.backward()
        total += loss
    optimizer.step()
    optimizer.zero_grad()
    return total


def clipped_far_too_early(model, optimizer, pieces):
    for piece in pieces:
        (model(**piece).loss / 8).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1e-3)
    optimizer.step()
    optimizer.zero_grad()
    return 0.7


@pytest.mark.parametrize("function", [accumulated_step, lambda m, o, p: torch.tensor(accumulated_step(m, o, p))])
def test_right_steps(function):
    assert check("06.4", function).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (told(factor=lambda size, texts, pieces: 1), "are added up as they are"),
        (told(factor=lambda size, texts, pieces: 1 / pieces), "weigh each with its share of the texts"),
        (told(factor=lambda size, texts, pieces: size), "nothing is divided by the number of all texts"),
        (told(within="zero_grad"), "Only the last piece counts"),
        (told(within="zero_grad", factor=lambda size, texts, pieces: 1), "Only the last piece counts"),
        (told(within="zero_grad", factor=lambda size, texts, pieces: 1 / pieces), "Only the last piece counts"),
        (told(within="step"), "The optimiser takes 3 steps"),
        (cleared_before, "leaves its gradients behind"),
        (told(clear=False), "the gradients of the first still lie there"),
        (told(returned=lambda losses: sum(losses) / len(losses)), "the plain mean of the pieces' losses"),
        (told(returned=sum), "the sum of the pieces' losses"),
        (told(returned=lambda losses: losses[-1]), "the loss of the last piece alone"),
        (told(returned=lambda losses: 9.0), "but 9.0000 is returned"),
        (told(returned=lambda losses: "low"), "Return the loss as a number"),
        (adding_tensors, "holds on to the graph of each piece"),
        (all_graphs_at_once, "before the first `backward()`"),
        (put_together, "The pieces were put together again"),
        (without_backward, "`backward()` is never called"),
        (without_step, "The optimiser takes no step"),
        (clipped_far_too_early, "by what must its loss be multiplied?"),
        (lambda m, o, p: 0.7, "is never called"),
        (lambda m, o, p: m(**p[0]).loss.item().backward(), "numbers have no `backward()`"),
    ],
)
def test_wrong_steps(function, diagnosis):
    verdict = check("06.4", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
