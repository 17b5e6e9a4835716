"""Notebooks are run on a machine that looks like Colab."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_configure(config):
    config.addinivalue_line("markers", "colab: runs notebooks on a machine that looks like Colab")
