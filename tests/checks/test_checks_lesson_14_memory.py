import pytest

from hf_tutorial import check


def formula(*, trained=16, unit=1e9, frozen=lambda bits: bits / 8, share=True):
    def gigabytes(frozen_count, trained_count, bits=16, gpus=1):
        return (frozen_count * frozen(bits) + trained_count * trained) / (gpus if share else 1) / unit

    return gigabytes


def test_right_formula():
    assert check("14.3", formula()).outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (formula(trained=12), "12 bytes for a trained parameter are 4 too few"),
        (formula(trained=8), "Adam keeps two averages"),
        (formula(trained=4), "its weight alone"),
        (formula(frozen=lambda bits: bits), "Bits are not bytes"),
        (formula(frozen=lambda bits: bits // 8), "`//` rounds them down"),
        (formula(frozen=lambda bits: 16), "A frozen parameter has no gradient"),
        (formula(frozen=lambda bits: 0), "The frozen weights are missing"),
        (formula(unit=2**30), "gibibyte"),
        (formula(unit=1), "That is bytes"),
        (formula(unit=1e6), "That is megabytes"),
        (formula(share=False), "All of it is shared out"),
        (lambda frozen, trained, bits=16, gpus=1: formula()(frozen + trained, trained, bits, gpus), "counted twice"),
        (
            lambda f, t, bits=16, gpus=1: formula(trained=bits / 2)(f, t, bits, gpus),
            "in fp32 each, whatever the frozen ones",
        ),
        (formula(frozen=lambda bits: 2), "`bits` is not used"),
        (
            lambda f, t, bits=16, gpus=1: formula()(f * gpus, t, bits, gpus),
            "Only the trained parameters are shared out",
        ),
        (lambda f, t, bits=16, gpus=1: formula()(f, t * gpus, bits, gpus), "Only the frozen parameters are shared out"),
        (lambda frozen, trained, bits=16, gpus=1: 1.0, "`gigabytes(0, 7e+09, 16, 1)` should be 112, but is 1."),
        (lambda frozen, trained, bits=16, gpus=1: "112 GB", "should return a number"),
        (lambda frozen, trained: 112, "raises TypeError"),
        (112, "Hand over the function itself"),
    ],
)
def test_wrong_formulas(answer, diagnosis):
    verdict = check("14.3", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
