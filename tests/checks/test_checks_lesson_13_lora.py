import pytest
import torch
from torch import nn

from hf_tutorial import check


class LoRALinear(nn.Module):
    """A right solution of 13.4; the wrong ones below change one thing each."""

    def __init__(self, linear, r, alpha):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(r, linear.in_features) / r)
        self.B = nn.Parameter(torch.zeros(linear.out_features, r))
        self.r, self.alpha = r, alpha
        self.scaling = alpha / r

    def forward(self, inputs):
        return self.linear(inputs) + self.scaling * inputs @ self.A.T @ self.B.T

    def weight(self):
        return self.linear.weight + self.scaling * self.B @ self.A

    @torch.no_grad()
    def merge(self):
        merged = nn.Linear(self.linear.in_features, self.linear.out_features, bias=self.linear.bias is not None)
        merged.weight.copy_(self.weight())
        if self.linear.bias is not None:
            merged.bias.copy_(self.linear.bias)
        return merged


class WithLayers(LoRALinear):
    """The same with two small layers instead of two matrices."""

    def __init__(self, linear, r, alpha, bias=False):
        super().__init__(linear, r, alpha)
        del self.A, self.B
        self.down = nn.Linear(linear.in_features, r, bias=bias)
        self.up = nn.Linear(r, linear.out_features, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, inputs):
        return self.linear(inputs) + self.scaling * self.up(self.down(inputs))

    def weight(self):
        return self.linear.weight + self.scaling * self.up.weight @ self.down.weight


def variant(**changes):
    return type("LoRALinear", (LoRALinear,), changes)


def starting(change):
    """A solution that does something more at the end of `__init__`."""

    def __init__(self, linear, r, alpha):  # noqa: N807
        LoRALinear.__init__(self, linear, r, alpha)
        change(self)

    return variant(__init__=__init__)


def scaled(scaling):
    return starting(lambda self: setattr(self, "scaling", scaling(self.alpha, self.r)))


def correction(self, inputs):
    return self.scaling * inputs @ self.A.T @ self.B.T


def forward(function):
    return variant(forward=function)


def merge(function):
    return variant(merge=torch.no_grad()(function))


def weighing(function):
    return variant(weight=function)


def tensors(self):
    a, b = self.A.detach(), self.B.detach()
    del self.A, self.B
    self.A, self.B = a, b


def swap(self):
    self.A.data.zero_()
    self.B.data.normal_()


def transposed(self):
    self.A, self.B = nn.Parameter(self.A.T.clone()), nn.Parameter(self.B.T.clone())


def no_super(self, linear, r, alpha):
    self.linear = linear


def without_bias(self):
    merged = LoRALinear.merge(self)
    merged.bias = None
    return merged


def with_bias(self):
    merged = LoRALinear.merge(self)
    merged.bias = nn.Parameter(torch.zeros(5)) if merged.bias is None else merged.bias
    return merged


def own_bias(self):
    merged = LoRALinear.merge(self)
    if merged.bias is not None:
        merged.bias.add_(1)
    return merged


def in_place(self):
    self.linear.weight += self.scaling * self.B @ self.A
    return self.linear


def turned(self):
    self.linear.weight += self.A.T @ self.B.T
    return self.linear


def the_wrong_way_round(self):
    self.linear.weight += self.A @ self.B
    return self.linear


def with_gradients(self):
    self.linear.weight.requires_grad_(True)
    self.linear.weight += self.B @ self.A
    return self.linear


@pytest.mark.parametrize("kind", [LoRALinear, WithLayers])
def test_right_layers(kind):
    assert check("13.4", kind).outcome == "right"


def test_random_numbers_of_the_student_stay_as_they_are():
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    check("13.4", LoRALinear)
    assert torch.rand(1) == expected


@pytest.mark.parametrize(
    ("kind", "diagnosis"),
    [
        (starting(lambda self: self.B.data.normal_()), "At the start the outputs should be those of the layer"),
        (forward(correction), "At the start all outputs are 0"),
        (forward(lambda self, x: x @ self.linear.weight.T + correction(self, x)), "The bias is lost"),
        (starting(lambda self: self.A.data.zero_()), "A and B are both zero"),
        (starting(swap), "A is zero and B is random"),
        (starting(lambda self: self.A.data.fill_(0.5)), "All rows of A are the same"),
        (starting(lambda self: self.linear.requires_grad_(True)), "`linear.weight` is trained too"),
        (starting(lambda self: self.linear.weight.requires_grad_(True)), "`linear.weight` is trained too"),
        (
            starting(lambda self: self.linear.bias is not None and self.linear.bias.requires_grad_(True)),
            "`linear.bias` is trained too. Of the layer",
        ),
        (
            starting(lambda self: setattr(self, "more", nn.Parameter(torch.zeros(self.r)))),
            "`more` is trained too. The two small",
        ),
        (starting(tensors), "Nothing can be trained"),
        (starting(lambda self: self.A.requires_grad_(False)), "Is the other one a tensor, and no `nn.Parameter`?"),
        (forward(lambda self, x: self.linear(x) + correction(self, x).detach()), "Neither A nor B gets a gradient"),
        (forward(torch.no_grad()(LoRALinear.forward)), "Neither A nor B gets a gradient"),
        (scaled(lambda alpha, r: 1), "The scaling is missing"),
        (scaled(lambda alpha, r: alpha), "by alpha alone"),
        (scaled(lambda alpha, r: r / alpha), "upside down"),
        (scaled(lambda alpha, r: alpha / r**0.5), "rank-stabilised"),
        (scaled(lambda alpha, r: -alpha / r), "taken off instead of added"),
        (scaled(lambda alpha, r: 3), "With other numbers in A and B"),
        (forward(lambda self, x: self.linear(x) + 0 * correction(self, x)), "Neither A nor B"),
        (forward(lambda self, x: LoRALinear.forward(self, x)[0]), "should have (2, 3, 5)"),
        (forward(lambda self, x: self.linear(x) + x @ self.A @ self.B), "A is (r, in) and B is (out, r)"),
        (variant(__init__=no_super), "Begin `__init__` with `super().__init__()`"),
        (type("Plain", (), {"__init__": no_super, "forward": 1, "merge": 1}), "The class should be a module"),
        (merge(lambda self: self.weight()), "should return a plain `nn.Linear`"),
        (merge(lambda self: self), "should return a plain `nn.Linear`"),
        (merge(print), "returns None"),
        (merge(without_bias), "should have a bias if the frozen one has it"),
        (merge(with_bias), "should have a bias if the frozen one has it"),
        (merge(own_bias), "Its weight is right, but its bias"),
        (merge(in_place), "the frozen weight was changed in place"),
        (merge(the_wrong_way_round), "The weight of a linear layer is (out, in)"),
        (merge(turned), "The weight of a linear layer is (out, in)"),
        (variant(merge=with_gradients), "only under `torch.no_grad()`"),
        (weighing(lambda self: self.linear.weight), "the frozen one, without the correction"),
        (weighing(lambda self: self.linear.weight + self.B @ self.A), "The scaling alpha / r is missing"),
        (weighing(lambda self: self.scaling * self.B @ self.A), "the correction alone"),
        (weighing(lambda self: self.linear.weight * 2), "should be the frozen one plus"),
        (LoRALinear(nn.Linear(2, 2), 1, 1), "Hand over the class itself"),
        (lambda linear, r, alpha: LoRALinear(linear, r, alpha), "Hand over the class itself"),
    ],
)
def test_wrong_layers(kind, diagnosis):
    verdict = check("13.4", kind)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_layer_that_trains_the_other_matrix_is_told_so():
    def forward(self, inputs):
        return self.linear(inputs) + self.scaling * inputs @ self.B.T @ self.A.T

    def __init__(self, linear, r, alpha):  # noqa: N807
        LoRALinear.__init__(self, linear, r, alpha)
        self.A = nn.Parameter(torch.zeros(linear.out_features, r))
        self.B = nn.Parameter(torch.randn(r, linear.in_features))

    # The names are the student's own: what counts is which matrix comes first.
    def weight(self):
        return self.linear.weight + self.scaling * self.A @ self.B

    assert check("13.4", variant(__init__=__init__, forward=forward, weight=weight)).outcome == "right"


def test_methods_that_are_not_there_are_not_done_yet():
    def merge(self):
        """Return one layer."""
        ...

    assert check("13.4", variant(merge=merge)).outcome == "not done yet"
