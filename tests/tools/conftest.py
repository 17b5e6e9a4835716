"""The tools are tested on a small course in a temporary folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from sample_course import Course


@pytest.fixture
def course(tmp_path):
    return Course.begin(tmp_path)
