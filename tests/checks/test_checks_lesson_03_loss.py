import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from hf_tutorial import check


def of(labels):
    return torch.arange(len(labels)), labels


def right(logits, labels):
    return (logits.logsumexp(dim=-1) - logits[of(labels)]).mean()


def by_hand(logits, labels):
    largest = logits.max(dim=-1, keepdim=True).values
    sums = (logits - largest).exp().sum(dim=-1)
    return (sums.log() + largest.squeeze(-1) - logits.gather(1, labels[:, None]).squeeze(1)).mean()


def in_a_loop(logits, labels):
    return sum(-logits[row].log_softmax(dim=-1)[label] for row, label in enumerate(labels)) / len(labels)


def chosen(logits, labels):
    """Return the probability of the right label of each text."""
    return logits.softmax(dim=-1)[of(labels)]


@pytest.mark.parametrize("function", [right, by_hand, in_a_loop])
def test_right_losses(function):
    assert check("03.3", function).outcome == "right"


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(st.floats(-1e4, 1e4, width=32), min_size=3, max_size=3), min_size=1, max_size=5),
    data=st.data(),
)
def test_the_loss_by_hand_agrees_with_pytorch_and_so_does_its_gradient(rows, data):
    labels = torch.tensor([data.draw(st.integers(0, 2)) for _ in rows])
    one, other = (torch.tensor(rows, requires_grad=True) for _ in range(2))
    by_hand(one, labels).backward()
    functional.cross_entropy(other, labels).backward()
    assert torch.allclose(by_hand(one, labels), functional.cross_entropy(other, labels), rtol=1e-4, atol=1e-3)
    assert torch.allclose(one.grad, other.grad, atol=1e-4)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (functional.cross_entropy, "PyTorch's own function"),
        (lambda x, y: torch.nn.CrossEntropyLoss()(x, y), "PyTorch's own function"),
        (lambda x, y: functional.nll_loss(x.log_softmax(dim=-1), y), "PyTorch's own function"),
        (lambda x, y: -right(x, y), "The sign is wrong"),
        (lambda x, y: right(x, y) * len(y), "This is the sum over the texts"),
        (lambda x, y: chosen(x, y).mean(), "the mean of the probabilities, without a logarithm"),
        (lambda x, y: -chosen(x, y).mean().log(), "First the logarithm, for each text"),
        (lambda x, y: -x.log_softmax(dim=0)[of(y)].mean(), "Softmax ran down the columns"),
        (lambda x, y: -x.log_softmax(dim=-1).amax(dim=-1).mean(), "the label that the model prefers"),
        (lambda x, y: -x.log_softmax(dim=-1).sum(dim=-1).mean(), "adds up the numbers of all labels"),
        (lambda x, y: -x.log_softmax(dim=-1).mean(), "the mean over all numbers of the table"),
        (lambda x, y: -x.log_softmax(dim=-1)[:, y].mean(), "picks these columns from every row"),
        (
            lambda x, y: -(functional.one_hot(y, x.shape[1]) * x.log_softmax(dim=-1)).mean(),
            "divided by the number of labels as well",
        ),
        (lambda x, y: -x.log_softmax(dim=-1)[y].mean(), "`probabilities[labels]` picks whole rows"),
        (lambda x, y: x.logsumexp(dim=-1) - x[:, y], "as many columns as texts"),
        (lambda x, y: x - x.max(dim=-1), "take `.values`"),
        (lambda x, y: right(x.softmax(dim=-1), y), "Softmax was applied twice"),
        (lambda x, y: -x[of(y)].mean(), "These are logits, with the sign turned round"),
        (lambda x, y: -chosen(x, y).log2().mean(), "base 2"),
        (lambda x, y: -chosen(x, y).log10().mean(), "base 10"),
        (lambda x, y: by_hand(x, y) - x.amax(dim=-1).mean(), "and never put back"),
        (lambda x, y: (x.exp().sum().log() - x[of(y)]).mean(), "The sum runs over the whole table"),
        (lambda x, y: right(x, y) + 0.1, "For logits of shape (5, 3) the loss is"),
        (lambda x, y: x.logsumexp(dim=-1) - x[of(y)], "still one loss for each text"),
        (lambda x, y: -x.log_softmax(dim=-1), "a number for every label of every text"),
        (lambda x, y: x.new_zeros(2), "should be a single number, but is a Tensor of shape (2,)"),
        (lambda x, y: right(x, y).reshape(1), "no dimension at all, but its shape is (1,)"),
        (lambda x, y: right(x, y).item(), "A plain number has no `backward()`"),
        (lambda x, y: math.log(2), "A plain number has no `backward()`"),
        (lambda x, y: right(x.detach(), y), "cut off from the logits"),
        (lambda x, y: "0.3", "The loss should be a tensor, but is '0.3'"),
        (lambda x, y: x[y[0], 9], "Each row needs its own column"),
        (lambda x, y: x.exp() / x.exp().sum(dim=-1), "`keepdim=True`"),
        (lambda x, y: x.numpy(), "NumPy knows nothing of gradients"),
        (lambda x, y: (x.exp().sum(dim=-1).log() - x[of(y)]).mean(), "near 1,000 the loss is inf"),
        (lambda x, y: -(x.exp() / x.exp().sum(dim=-1, keepdim=True))[of(y)].log().mean(), "near 1,000 the loss is nan"),
        (lambda x, y: right(x.clamp(-50, 50), y), "That caps the loss"),
        (
            lambda x, y: right(x, y) if x.min() > -500 else (x.exp().sum(dim=-1).log() - x[of(y)]).mean(),
            "whatever its sign",
        ),
        (
            lambda x, y: ((x - x.max()).exp().sum(dim=-1).log() + x.max() - x[of(y)]).mean(),
            "largest logit of the whole table",
        ),
        (lambda x, y: -chosen(x, y).log().mean(), "Do not go through the probability"),
        (lambda x, y: -(chosen(x, y) + 1e-9).log().mean(), "That caps the loss"),
    ],
)
def test_wrong_losses(function, diagnosis):
    verdict = check("03.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
