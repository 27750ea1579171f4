"""Words that stand in ledgers, in signed texts and in what other nodes send are never renamed."""

from __future__ import annotations

from enum import StrEnum

import pytest

from tieline.core.agreement.circle import CIRCLE
from tieline.core.agreement.decide import Gate
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.emergencies import Danger, cited_emergency
from tieline.core.agreement.question import OF_A_CLASS, WHOLE, Action
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.releases import cited
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.records import Level

LISTS: dict[type[StrEnum], str] = {
    Action: "search pointer summary full field notify export release emergency",
    Danger: "held armed threat confined stranded hurt hazard self_harm",
    Gate: "gate:signed gate:party gate:purpose gate:in-force gate:training gate:engine",
    PurposeCode: "processing custody removal prosecution investigation lookout deconfliction "
    "officer_safety protection redress oversight",
    RefusalReason: "law person operation third_agency no_need not_held",
    Role: "agent investigator supervisor analyst sharing_officer protection_desk watch_desk "
    "auditor inspector redress administrator",
}


@pytest.mark.parametrize("of", LISTS, ids=lambda of: of.__name__)
def test_a_word_that_was_written_is_still_read(of: type[StrEnum]) -> None:
    """A list may grow; what stands in it stays."""
    for word in LISTS[of].split():
        assert of(word).value == word


def test_keys_and_the_whole_are_cited_as_they_were() -> None:
    assert cited("RL-0000000001") == "release:RL-0000000001"
    assert cited_emergency("BG-0000000001") == "emergency:BG-0000000001"
    assert (WHOLE, CIRCLE) == ("whole", ("DHS", "DOJ", "STATE"))
    assert {"field", "release", "emergency"} == OF_A_CLASS


def test_nothing_says_nothing_at_all() -> None:
    """P26: no number, no version, no owner; not even which text decided."""
    assert Disclosure(level=Level.NONE) == NOTHING
    said = {name: getattr(NOTHING, name) for name in Disclosure.__slots__ if name != "level"}
    assert said.pop("version") == 0
    assert set(said.values()) == {"", ()}
