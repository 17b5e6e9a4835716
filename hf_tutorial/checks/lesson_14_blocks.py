"""Checks of lesson 14, fourth part: a 4-bit format with one scale for each block of 32 weights."""

from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call, is_stub
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import NotDone, Wrong

if TYPE_CHECKING:
    import torch

_ROWS, _COLUMNS, _BLOCK = 6, 64, 32
_BLOCKS = _ROWS * _COLUMNS // _BLOCK


@exercise("14.4", expects="the function `quantise`")
def packed_blocks(answer: object, restore: object) -> str:
    if is_stub(restore):
        raise NotDone("`restore` is not there yet: write its body, and run this cell again.")
    matrix = _matrix()
    packed, scale = _read(answer, matrix)
    _judge_forms(packed, scale)
    restored = _restored(restore, packed, scale)
    _judge_values(restored, matrix, scale)
    _judge_zeros(answer, restore)
    return f"{8 * (packed.nbytes + scale.nbytes) / matrix.numel()} bits for a weight, and no weight off by more than half a step."


def _matrix() -> "torch.Tensor":
    """Return weights whose blocks have very different sizes, and whose largest are negative in some blocks."""
    import torch

    generator = torch.Generator().manual_seed(4)
    blocks = torch.randn(_BLOCKS, _BLOCK, generator=generator) * torch.logspace(-2, 1, _BLOCKS)[:, None]
    return blocks.reshape(_ROWS, _COLUMNS)


def _read(function: object, matrix: "torch.Tensor") -> tuple[Any, Any]:
    shape = tuple(matrix.shape)
    try:
        made = call(function, matrix.clone(), given=f"a matrix of shape {shape}")
    except Raised as raised:
        raise Wrong(str(raised)) from raised
    if not isinstance(made, (tuple, list)) or len(made) != 2 or not all(map(is_tensor, made)):
        raise Wrong(f"`quantise` should return two tensors, `packed` and `scale`, but returns {shown(made)}.")
    return made[0], made[1]


def _judge_forms(packed: Any, scale: Any) -> None:
    name, shape = str(packed.dtype).removeprefix("torch."), tuple(packed.shape)
    if name != "uint8":
        raise Wrong(f"`packed` is made of {name}. A byte that holds two codes is a uint8.")
    if packed.numel() == _ROWS * _COLUMNS:
        raise Wrong(
            "`packed` has a byte for each weight, which makes it an 8-bit format. Put two codes into each byte."
        )
    if packed.numel() != _ROWS * _COLUMNS // 2:
        raise Wrong(
            f"`packed` has the shape {shape}. {_ROWS} × {_COLUMNS} weights, two to a byte, are {_ROWS * _COLUMNS // 2} bytes."
        )
    if scale.numel() == 1:
        raise Wrong(
            "There is one scale for the whole matrix. A few large weights then set it for all: take one for each block."
        )
    if scale.numel() != _BLOCKS:
        raise Wrong(f"There should be {_BLOCKS} scales, one for each 32 weights, but there are {scale.numel()}.")
    if str(scale.dtype) != "torch.float16":
        raise Wrong(f"The scales are {scale.dtype}. In fp16, `scale.half()`, they take half a bit for each weight.")


def _restored(function: object, packed: Any, scale: Any) -> "torch.Tensor":
    shape = (_ROWS, _COLUMNS)
    try:
        value = call(function, packed, scale, shape, given="packed, scale, shape")
    except Raised as raised:
        raise Wrong(str(raised)) from raised
    if not is_tensor(value) or tuple(value.shape) != shape:
        raise Wrong(f"`restore` should return a matrix of the shape {shape}, but returns {shown(value)}.")
    restored: torch.Tensor = value.float()
    return restored


def _judge_values(restored: "torch.Tensor", matrix: "torch.Tensor", scale: Any) -> None:
    steps = scale.float().abs().reshape(-1, 1)
    found, wanted = restored.reshape(-1, _BLOCK), matrix.reshape(-1, _BLOCK)
    # fp16 rounds the scale by up to one part in 2,048, seven times over.
    if bool(((found - wanted).abs() <= 0.51 * steps).all()):
        _judge_steps(steps, wanted)
        return
    raise Wrong(_why_not(found, wanted, steps))


def _judge_steps(steps: "torch.Tensor", wanted: "torch.Tensor") -> None:
    largest = wanted.abs().amax(dim=1, keepdim=True)
    if bool((steps < 1.05 * largest / 7).all()):
        return
    raise Wrong(
        "The steps are larger than they need be: the largest weight of a block should be seven of them away from zero."
    )


def _why_not(found: "torch.Tensor", wanted: "torch.Tensor", steps: "torch.Tensor") -> str:
    import torch

    if not bool(torch.isfinite(found).all()):
        return "Some restored weights are no numbers any more (nan or inf)."
    if _of_largest_signed(wanted, steps):
        return (
            "The scale is that of a block's largest weight, and not of its largest *absolute* weight, so that codes of large negative "
            "weights do not fit."
        )
    reach = (wanted.abs() / steps).amax()
    if reach > 7.5:
        return (
            f"The largest weights' codes did not fit: the largest of a block is {reach:.0f} steps away from zero, and codes run from −7 "
            "to 7. By what is it divided to make the scale?"
        )
    near = (found - wanted).abs() <= 0.51 * steps
    if bool(near[wanted > 0].all()) and not bool(near[wanted < -steps.expand_as(wanted)].any()):
        return "Every negative weight comes back wrong: a `uint8` minus 8 cannot be negative. Turn the codes into floats first."
    if bool(((found.sort(dim=1).values - wanted.sort(dim=1).values).abs() <= 0.51 * steps).all()):
        return (
            "The right weights come back in another order. Which half of a byte holds the first code, in `quantise` and "
            "in `restore`?"
        )
    if bool(((found + 8 * steps - wanted).abs() <= 0.51 * steps).all()) or bool(
        ((found - 8 * steps - wanted).abs() <= 0.51 * steps).all()
    ):
        return "All weights are off by 8 steps: what was added so that no code is negative must be taken off again."
    error = found - wanted
    if bool((error.abs() <= 1.02 * steps).all()):
        return "Every weight is within one step, but not within half of one: the codes were cut off, not rounded. `round()`."
    if bool(((found >= 0) & (found <= 15 * steps)).all()):
        return (
            "No weight comes back negative: a `uint8` has no room for a sign. What must be done to a code before it is packed, and "
            "undone in `restore`?"
        )
    codes = found / steps
    if bool(((codes - codes.round()).abs() < 0.02).all() & (codes.abs() > 15.5).any()):
        return (
            "Some codes come back larger than four bits can hold. Is each half of a byte taken out alone, in `restore`?"
        )
    return "The weights that come back are further off than half a step. Follow one block by hand."


def _of_largest_signed(wanted: "torch.Tensor", steps: "torch.Tensor") -> bool:
    """Say whether each step is a seventh of the block's highest weight, where a negative one is larger."""
    highest = wanted.amax(dim=1, keepdim=True)
    return bool(((7 * steps - highest).abs() <= 1e-3 * highest).all()) and bool((highest < -wanted).any())


def _judge_zeros(quantise: object, restore: object) -> None:
    import torch

    packed, scale = _read(quantise, torch.zeros(_ROWS, _COLUMNS))
    restored = _restored(restore, packed, scale)
    if not bool((restored == 0).all()):
        raise Wrong("A block of zeros does not come back as zeros: its scale is 0, and something was divided by it.")
