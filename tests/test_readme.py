"""The README says what is so."""

import json
import re
from pathlib import Path

import pytest

from hf_tutorial.sources.registry import STAND_INS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_inside_the_project_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_stand_in_is_named():
    assert [hub_id for stand_in in STAND_INS for hub_id in stand_in.hub_ids if f"`{hub_id}`" not in README] == []


def test_every_lesson_stands_in_the_table_with_its_minutes_and_seconds():
    timings = json.loads((ROOT / "notebooks" / "timings.json").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        minutes = re.search(r"(\d+) minutes", path.read_text(encoding="utf-8"))[1]
        row = re.search(rf"\(notebooks/{path.name}\) \| [^|]+ \| (\d+) \| (\d+) s \|", README)
        assert row, f"{path.name} has no row"
        assert row[1] == minutes
        # Times vary from run to run, and the table is written by hand.
        assert int(row[2]) == pytest.approx(timings[path.name], rel=0.5)


def test_the_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([\w-]+)", README, flags=re.MULTILINE):
        assert re.search(rf"^([\w-]+ )*{target}( [\w-]+)*:", makefile, flags=re.MULTILINE), target
