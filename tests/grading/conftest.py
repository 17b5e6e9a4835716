"""What grading needs of a machine, and one line where it is missing."""

import os

import pytest

from hf_tutorial.grading.box import Boxes, NoBoxError, require
from hf_tutorial.grading.settings import Limits


@pytest.fixture(scope="session")
def namespaces():
    """Skip where submissions cannot be kept apart; in CI that is a failure."""
    try:
        require(Boxes(Limits()))
    except NoBoxError as error:
        if os.environ.get("HF_TUTORIAL_REQUIRE_NAMESPACES"):
            raise
        pytest.skip(str(error))
