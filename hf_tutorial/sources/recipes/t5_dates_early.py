"""`hf-tutorial/t5-dates-early`: the date translator as it was after a few steps, for a lesson to train on."""

from pathlib import Path

from hf_tutorial.sources.recipes.t5_dates import write_translator


def build(folder: Path) -> None:
    """Write the early copy to `folder`."""
    write_translator(folder, "t5-dates-early")
