"""Which repositories the loopback Hub serves, and what it says of them."""

import pytest

from hf_tutorial.sources.registry import OWN_IDS, STAND_INS
from tools.loopback_hub import stand_in_repositories
from tools.loopback_hub.neighbours import neighbours
from tools.loopback_hub.stand_ins import SAID


@pytest.mark.standins
def test_every_id_of_the_hub_and_none_of_ours():
    served = {repository.hub_id: repository for repository in stand_in_repositories()}
    ids = {hub_id for stand_in in STAND_INS for hub_id in stand_in.hub_ids}
    assert set(served) == {hub_id for hub_id in ids if not hub_id.startswith(OWN_IDS)}
    for stand_in in STAND_INS:
        for hub_id in set(stand_in.hub_ids) & set(served):
            assert served[hub_id].kind == stand_in.kind
            assert served[hub_id].folder.name == stand_in.name


def test_something_is_said_of_every_id_of_the_hub():
    ids = {hub_id for stand_in in STAND_INS for hub_id in stand_in.hub_ids if not hub_id.startswith(OWN_IDS)}
    assert set(SAID) == ids


def test_the_neighbours_have_cards_and_nothing_to_load():
    for repository in neighbours():
        assert list(repository.files) == ["README.md"]
        assert repository.card_data["pipeline_tag"] == repository.pipeline_tag
        assert repository.card_data.get("license") == repository.licence
