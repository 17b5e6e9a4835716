"""The tools are tested on a small course in a temporary folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from sample_course import PYPROJECT, Course

from tools.notebooks import write_text


@pytest.fixture
def course(tmp_path):
    write_text(tmp_path / "pyproject.toml", PYPROJECT)
    (tmp_path / "notebooks").mkdir()
    return Course(tmp_path)
