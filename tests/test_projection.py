import pytest

from hf_tutorial.errors import InputError
from hf_tutorial.style import figure_style


def sizes():
    from matplotlib import rcParams

    with figure_style():
        return {name: rcParams[name] for name in ("font.size", "xtick.labelsize", "lines.linewidth", "axes.titlesize")}


def test_figures_for_projection_have_larger_letters_and_thicker_lines(monkeypatch):
    usual = sizes()
    monkeypatch.setenv("HF_TUTORIAL_FIGURES", "projection")
    projected = sizes()
    assert projected.pop("axes.titlesize") == usual.pop("axes.titlesize")
    assert all(projected[name] > usual[name] for name in usual)


def test_a_style_that_nobody_knows_is_refused(monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_FIGURES", "projector")
    with pytest.raises(InputError, match="'projector'; it can be 'projection', or be left out"):
        sizes()
