import pytest
import torch

from hf_tutorial import check


def quantising(*, rounding=torch.round, largest=7, limit=7, offset=8, block=32, fp16=True, safe=True, swapped=False):
    """Return a `quantise`, right unless an argument makes it wrong."""

    def quantise(matrix):
        blocks = matrix.reshape(-1, block)
        scale = blocks.abs().amax(dim=1, keepdim=True) / largest
        scale = scale.half() if fp16 else scale
        divisor = torch.where(scale == 0, 1, scale).float() if safe else scale.float()
        codes = rounding(blocks / divisor).clamp(-limit - 1, limit) + offset
        codes = codes.to(torch.int64).to(torch.uint8).reshape(-1, 32) & 15
        low, high = (codes[:, 1::2], codes[:, ::2]) if swapped else (codes[:, ::2], codes[:, 1::2])
        return low | high << 4, scale

    return quantise


def restoring(*, offset=8, side_by_side=True, fill=0.0):
    def restore(packed, scale, shape):
        halves = [packed & 15, packed >> 4]
        codes = torch.stack(halves, dim=-1) if side_by_side else torch.cat(halves, dim=-1)
        return ((codes.reshape(len(scale), -1).float() - offset) * scale.float()).reshape(shape) + fill

    return restore


def without_a_sign(packed, scale, shape):
    codes = torch.stack([packed & 15, packed >> 4], dim=-1).reshape(len(scale), -1) - 8
    return (codes * scale.float()).reshape(shape)


def without_a_mask(packed, scale, shape):
    codes = torch.stack([packed, packed >> 4], dim=-1).reshape(len(scale), -1).float() - 8
    return (codes * scale.float()).reshape(shape)


def to_bytes(matrix):
    packed, scale = quantising()(matrix)
    return torch.stack([packed & 15, packed >> 4], dim=-1).reshape(-1, 32), scale


def of_the_largest_signed(matrix):
    blocks = matrix.reshape(-1, 32)
    scale = (blocks.amax(dim=1, keepdim=True) / 7).half()
    codes = (blocks / torch.where(scale == 0, 1, scale).float()).round().clamp(-7, 7) + 8
    return packed_in_pairs(codes), scale


def packed_in_pairs(codes):
    codes = codes.to(torch.int64).to(torch.uint8)
    return codes[:, ::2] | codes[:, 1::2] << 4


def spilling(matrix):
    """Codes from −8 to 8, of which the last spills a bit into its neighbour."""
    blocks = matrix.reshape(-1, 32)
    scale = (blocks.abs().amax(dim=1, keepdim=True) / 8).half()
    return packed_in_pairs((blocks / torch.where(scale == 0, 1, scale).float()).round() + 8), scale


def without_an_offset(matrix):
    blocks = matrix.reshape(-1, 32)
    scale = (blocks.abs().amax(dim=1, keepdim=True) / 7).half()
    return packed_in_pairs((blocks / torch.where(scale == 0, 1, scale).float()).round()), scale


def check_both(quantise, restore=None):
    return check("14.4", quantise, restore=restore or restoring())


def test_right_formats():
    assert check_both(quantising()).message.startswith("4.5 bits for a weight")
    assert check_both(lambda matrix: list(quantising()(matrix))).outcome == "right"


def test_halves_may_be_in_any_order_that_both_know():
    def quantise(matrix):
        packed, scale = quantising()(matrix)
        codes = torch.stack([packed & 15, packed >> 4], dim=-1).reshape(-1, 32)
        return codes[:, :16] | codes[:, 16:] << 4, scale

    assert check_both(quantise, restoring(side_by_side=False)).outcome == "right"


@pytest.mark.parametrize(
    ("quantise", "restore", "diagnosis"),
    [
        (quantising(), without_a_sign, "a `uint8` minus 8 cannot be negative"),
        (to_bytes, None, "a byte for each weight"),
        (lambda matrix: (to_bytes(matrix)[0].float(), 1), None, "should return two tensors"),
        (lambda matrix: [one.float() for one in to_bytes(matrix)], None, "`packed` is made of float32"),
        (lambda matrix: (to_bytes(matrix)[0][:2], torch.ones(12)), None, "two to a byte, are 192 bytes"),
        (lambda matrix: (quantising()(matrix)[0], torch.ones(1)), None, "one scale for the whole matrix"),
        (quantising(block=64), None, "12 scales, one for each 32 weights, but there are 6"),
        (quantising(fp16=False), None, "The scales are torch.float32"),
        (quantising(rounding=torch.trunc), None, "cut off, not rounded"),
        (quantising(rounding=torch.floor), None, "cut off, not rounded"),
        (quantising(largest=8, limit=8), None, "codes did not fit"),
        (spilling, None, "codes did not fit"),
        (of_the_largest_signed, None, "not of its largest *absolute* weight"),
        (without_an_offset, restoring(offset=0), "a `uint8` has no room for a sign"),
        (quantising(largest=3), None, "steps are larger than they need be"),
        (quantising(swapped=True), None, "in another order"),
        (quantising(), restoring(side_by_side=False), "in another order"),
        (quantising(), restoring(offset=0), "off by 8 steps"),
        (quantising(), without_a_mask, "Is each half of a byte taken out alone"),
        (quantising(), restoring(fill=100.0), "Follow one block by hand"),
        (quantising(), restoring(fill=float("nan")), "no numbers any more"),
        (quantising(), lambda packed, scale, shape: packed, "a matrix of the shape (6, 64)"),
        (quantising(), lambda packed, scale: packed, "raises TypeError"),
        (
            quantising(),
            lambda packed, scale, shape: restoring()(packed, scale, shape) / scale.max() * scale.max(),
            "zeros",
        ),
        (3, None, "Hand over the function itself"),
    ],
)
def test_wrong_formats(quantise, restore, diagnosis):
    verdict = check_both(quantise, restore)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_missing_restore_is_not_done_yet():
    def restore(packed, scale, shape): ...

    assert check("14.4", quantising(), restore=restore).outcome == "not done yet"
