"""Every test that asks for `tokenizer` or `hostile` runs with each of them."""

import pytest
from tiny_tokenizers import FAMILIES, HOSTILE


@pytest.fixture(params=FAMILIES, ids=lambda name: name.replace(" ", ""))
def tokenizer(request):
    """A tokenizer of each family in turn. All tests share them, so that a trace left behind would show."""
    return FAMILIES[request.param]


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request):
    return request.param
