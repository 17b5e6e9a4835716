"""The page of licences names every package of the lock, and says of the installed ones what they say of themselves."""

import re
from importlib.metadata import PackageNotFoundError, version

from tools import licences
from tools.environment import ROOT
from tools.reference_env import locked_versions

PAGE = licences.PAGE.read_text(encoding="utf-8")
ROWS = [
    licences.Row(*row) for row in re.findall(r"^\| ([a-z0-9-]+) \| (\d\S*) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
]
LOCKED = locked_versions((ROOT / "requirements.txt").read_text(encoding="utf-8"))


def installed(name):
    try:
        return version(name).split("+")[0]
    except PackageNotFoundError:
        return None


def test_the_page_has_the_packages_of_the_lock_in_its_versions():
    assert {row.name: row.version for row in ROWS} == LOCKED


def test_installed_packages_say_of_themselves_what_the_page_says():
    here = [row for row in ROWS if installed(row.name) == row.version]
    assert here
    assert [row for row in here if licences.row_of(row.name, row.version) != row] == []


def test_nothing_else_stands_on_the_page():
    assert licences.page(ROWS) == PAGE


def test_what_has_a_licence_by_hand_is_still_locked():
    assert licences.BY_HAND.keys() <= LOCKED.keys()
