"""The package as it is installed: light to import, complete in a wheel."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import matplotlib
import pytest

from hf_tutorial.style import figure_style

ROOT = Path(__file__).parent.parent


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, hf_tutorial; print([name for name in ('torch', 'transformers', 'datasets', 'matplotlib', 'IPython') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
    ]
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(source)], check=True)
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", "hf_tutorial"], cwd=source, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.split()) - inside == set()


def test_lower_bounds_only():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    for requirement in [*project["dependencies"], *optional]:
        assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+", requirement), requirement


def test_the_figure_style_is_left_behind_with_its_block():
    before = matplotlib.rcParams["font.size"]
    with figure_style():
        assert matplotlib.rcParams["font.size"] >= 14, "legible from the back row"
        assert matplotlib.rcParams["image.cmap"] == "viridis"
        assert matplotlib.rcParams["text.parse_math"] is False
    assert matplotlib.rcParams["font.size"] == before


@pytest.mark.parametrize("source", ["auto", "local"])
def test_setup_says_in_two_lines_what_it_found(source):
    import torch

    from hf_tutorial import setup

    session = setup(seed=7, source=source)
    first = torch.rand(1)
    assert setup(seed=7).seed == 7
    assert torch.equal(first, torch.rand(1)), "seeded"
    assert repr(session).count("\n") == 1
    assert "seed 7" in repr(session)
    assert repr(session).endswith("local stand-ins, as the printed outputs do.")


def test_setup_refuses_a_misspelt_source():
    from hf_tutorial import setup

    with pytest.raises(ValueError, match="'offline'; it can be 'auto', 'hub' or 'local'"):
        setup(source="offline")
