"""A list filtered by the agreement holds the records that the door would show, and no other."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from tests.people import AGENT, AT, BOOKING, CASE, INVESTIGATOR, signed_agreement

from tieline.core.agreement.clauses import Agreement, Clause, Party
from tieline.core.agreement.decide import decide
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.keeping.desk import Desk
from tieline.keeping.filtered import Unfilterable, may_be_told
from tieline.keeping.lists import listed
from tieline.keeping.records import PROTECTIONS

from .depot import DATABASE, DOOR, Crate, crate, kept

pytestmark = pytest.mark.database

ROWS = int(os.environ.get("TIELINE_SOAK_ROWS", "300"))
AGENCIES = ("patrol", "investigations", "county", "coast")
TEXT = signed_agreement(
    Party("patrol", "DHS"), Party("investigations", "DHS"), Party("county", "county")
)
ADMINISTRATOR = replace(AGENT, role=Role.ADMINISTRATOR)
WHO = {
    "agent": AGENT,
    "investigator": INVESTIGATOR,
    "deputy": replace(AGENT, agency="county", department="county", employee=False),
    "contractor": replace(INVESTIGATOR, sworn=False, employee=False),
    "administrator": ADMINISTRATOR,
    "stranger": replace(AGENT, agency="coast"),
    "untrained": replace(AGENT, trained_until=None),
    "lapsed elsewhere": replace(INVESTIGATOR, trained_until=AT - timedelta(days=1)),
}
PURPOSES = {
    "number": CASE,
    "reason": Purpose(code=PurposeCode.DECONFLICTION, reason="asked by phone"),
    "nothing": Purpose(code=PurposeCode.CUSTODY),
}


@pytest.fixture
def stored(crates: None) -> dict[str, Crate]:
    rng = random.Random(7)
    made = {}
    for at in range(ROWS):
        flags = {
            name: rng.choice((True, None)) if rng.random() < 0.12 else False for name in PROTECTIONS
        }
        crate = Crate(
            number=f"C-{at}",
            version=1,
            owner_agency=rng.choice(AGENCIES),
            owning_unit=rng.choice((AGENT.unit, INVESTIGATOR.unit, "elsewhere")),
            contact="duty desk",
            caveats=["silent"] if rng.random() < 0.1 else rng.choice(([], ["not silent", "s"])),
            created_at=AT,
            updated_at=AT,
            author="U-1",
            assignment="A-1",
            **flags,
        )
        made[crate.number] = crate
    Crate._default_manager.using(DATABASE).bulk_create(made.values())
    return made


def by_door(stored: dict[str, Crate], agreement: Agreement, **asked: Any) -> set[str]:
    action = asked.pop("action", Action.SEARCH)
    return {
        number
        for number, crate in stored.items()
        if decide(agreement, facts=crate.record().facts, action=action, **asked).allowed
    }


def by_filter(agreement: Agreement, **asked: Any) -> set[str]:
    rows = Crate._default_manager.using(DATABASE).filter(may_be_told(Crate, agreement, **asked))
    return set(rows.values_list("number", flat=True))


@pytest.mark.parametrize("action", [Action.SEARCH, Action.POINTER, Action.NOTIFY, Action.EXPORT])
def test_it_is_what_deciding_each_record_gives(stored: dict[str, Crate], action: Action) -> None:
    seen = 0
    for viewer in WHO.values():
        for purpose in PURPOSES.values():
            asked = {"viewer": viewer, "purpose": purpose, "at": AT, "action": action}
            told = by_door(stored, TEXT, **asked)
            assert by_filter(TEXT, **asked) == told
            seen += len(told)
    assert seen


def test_after_it_lapsed_an_agency_has_its_own_records_alone(stored: dict[str, Crate]) -> None:
    asked = {"viewer": AGENT, "purpose": BOOKING, "at": TEXT.in_force_until}
    told = by_door(stored, TEXT, **asked)
    assert told
    assert by_filter(TEXT, **asked) == told
    assert {stored[number].owner_agency for number in told} == {AGENT.agency}


def test_an_unsigned_text_lists_nothing(stored: dict[str, Crate]) -> None:
    unsigned = replace(TEXT, signatures=())
    assert by_filter(unsigned, viewer=AGENT, purpose=BOOKING, at=AT) == set()


def text(*clauses: str) -> Agreement:
    policies = "\n".join(f'@id("C{at}")\n{clause}' for at, clause in enumerate(clauses))
    made = replace(
        TEXT,
        policies=policies,
        articles={},
        sections=(),
        clauses={f"C{at}": Clause(prose="Said.", source="a rule") for at in range(len(clauses))},
        signatures=(),
    )
    for party in made.parties:
        made = made.signed(agency=party.agency, by="U-1", at=AT)
    return made


ALL = "permit (principal, action, resource);"
BODIES = (
    "resource.sealed == resource.tax",
    "resource.sealed != (resource.owner == principal.agency)",
    "!(resource.sealed || !resource.medical)",
    "resource.owner == resource.unit",
    'resource.owner != "patrol" && !(resource.department == principal.department)',
    'resource.department != "DHS"',
    '!(["patrol", "coast"].contains(resource.owner))',
    '!resource.caveats.contains("silent") || resource.juvenile',
    'resource.caveats.contains("si") || resource.caveats.contains("s")',
    'resource.kind == "subject" && resource.unit != principal.unit',
    'resource.kind != "subject" || resource.asylum',
    "principal.sworn == resource.asylum",
    '["whole"].contains(context.field_class) && resource.tax',
)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("effect", ["permit", "forbid"])
def test_each_sign_means_the_same_in_a_database(
    stored: dict[str, Crate], body: str, effect: str
) -> None:
    """Unknown is protected there too, whatever SQL thinks of it."""
    clause = f"{effect} (principal, action, resource) when {{ {body} }};"
    agreement = text(clause) if effect == "permit" else text(ALL, clause)
    asked = {"viewer": AGENT, "purpose": BOOKING, "at": AT}
    assert by_filter(agreement, **asked) == by_door(stored, agreement, **asked)


def test_what_no_column_tells_is_refused(stored: dict[str, Crate]) -> None:
    agreement = text(
        "permit (principal, action, resource) when { resource.caveats == principal.roles };"
    )
    with pytest.raises(Unfilterable):
        by_filter(agreement, viewer=AGENT, purpose=BOOKING, at=AT)


DESK = Desk(door=DOOR, duty_contact=lambda agency, unit: "duty desk")


@pytest.mark.usefixtures("crates", "adopted")
class TestListed:
    """A list is as long as it says, however many hidden records lie among its rows."""

    @pytest.fixture(autouse=True)
    def rows(self) -> None:
        kept(*(crate(f"S-{at}", *(["sealed"] if at > 2 else [])) for at in range(8)))

    def listed(self, most: int) -> list[str]:
        rows = Crate._default_manager.using(DATABASE).order_by("-number")
        about = {"what": "crates", "viewer": INVESTIGATOR, "purpose": CASE, "at": AT}
        return [one.number for one in listed(DESK, rows, most=most, **about)]

    def test_hidden_records_take_nobodys_place(self) -> None:
        assert self.listed(2) == ["S-2", "S-1"]
        assert self.listed(50) == ["S-2", "S-1", "S-0"]

    def test_where_the_filter_lets_too_much_through_the_door_takes_it_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tieline.keeping.lists.may_be_told", lambda *_, **__: Q())
        assert self.listed(4) == []
        assert self.listed(50) == ["S-2", "S-1", "S-0"]

    def test_where_no_filter_can_be_made_the_door_decides_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: object, **__: object) -> Q:
            raise Unfilterable("no column tells it", cure="decide record by record")

        monkeypatch.setattr("tieline.keeping.lists.may_be_told", fails)
        assert self.listed(50) == ["S-2", "S-1", "S-0"]
