"""A copy is a way out of its own: off, unless a clause or the record's owner allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.people import AGENT, AT, CASE, INVESTIGATOR, signed_agreement

from tieline.core.agreement.disclose import NOTHING, Disclosure, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.releases import Release
from tieline.core.agreement.releasing import copyable
from tieline.core.records import FieldClass, FieldValue, Protections, Record, RecordNumber

GIVEN = Release(
    number="RL-0000000001",
    record=RecordNumber("S-1"),
    agency="investigations",
    unit="LA/13",
    purpose_number=CASE.number,
    classes=frozenset({FieldClass.CASE_NARRATIVE}),
    copies=True,
    given_at=AT - timedelta(days=1),
    expires_at=AT + timedelta(days=1),
)


def record(*flags: str, caveats: tuple[str, ...] = ()) -> Record:
    return Record(
        number=RecordNumber("S-1"),
        version=1,
        kind="subject",
        owner_agency="patrol",
        owning_unit="TCA/NGL",
        contact="duty desk",
        fields={
            "name": FieldValue("MARIA LOPEZ", FieldClass.IDENTITY),
            "lead": FieldValue("the mill", FieldClass.CASE_NARRATIVE),
            "source": FieldValue("a cousin", FieldClass.SOURCE),
        },
        protections=Protections.screened(*flags),
        caveats=frozenset(caveats),
        created_at=AT,
        updated_at=AT,
    )


def copied(of: Record | None = None, **about: Any) -> Disclosure:
    asked = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT, "release": GIVEN, **about}
    text = signed_agreement()
    return disclose(of or record(), agreement=text, way=Action.EXPORT, **asked).disclosure


def test_without_the_owner_s_word_no_copy_is_made_of_what_may_be_read() -> None:
    assert copied(release=None) == NOTHING
    assert copied(release=replace(GIVEN, copies=False)) == NOTHING


def test_with_it_the_copy_has_what_its_reader_sees_and_cites_it() -> None:
    told = copied()
    assert {one.name for one in told.shown} == {"name", "lead"}
    assert told.release == GIVEN.number


def test_a_release_for_copies_alone_opens_nothing_more() -> None:
    told = copied(release=replace(GIVEN, classes=frozenset()))
    assert {one.name for one in told.shown} == {"name"}


@pytest.mark.parametrize(
    "about",
    [
        {"viewer": replace(INVESTIGATOR, unit="TU")},
        {"viewer": replace(INVESTIGATOR, trained_until=AT)},
        {"viewer": replace(INVESTIGATOR, sworn=False, employee=False)},
        {"purpose": replace(CASE, number="LA13PR10LA0032")},
        {"purpose": None},
        {"at": GIVEN.expires_at},
        {"release": replace(GIVEN, recalled_at=AT)},
        {"release": replace(GIVEN, record=RecordNumber("S-2"))},
        {"of": record(caveats=("from:county",))},
        {"of": record("section_1367")},
        {"of": record("sealed")},
        {"of": record("third_agency")},
        {"of": record(caveats=("silent",))},
    ],
)
def test_what_stands_in_the_way_of_a_release_stands_in_that_of_a_copy(
    about: dict[str, Any],
) -> None:
    assert copied(**about) == NOTHING


def test_it_opens_no_other_way_out() -> None:
    for way in (Action.SEARCH, Action.NOTIFY):
        plain = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT, "way": way}
        text = signed_agreement()
        with_it = disclose(record(), agreement=text, release=GIVEN, **plain)
        assert with_it == disclose(record(), agreement=text, **plain)


def test_an_own_record_needs_nobody_s_word() -> None:
    told = copied(viewer=AGENT, release=None)
    assert "name" in {one.name for one in told.shown}


def test_a_release_of_something_else_lets_nothing_be_copied() -> None:
    other = replace(GIVEN, record=RecordNumber("S-2"))
    over = replace(GIVEN, expires_at=AT)
    for release in (other, over):
        said = copyable(
            record(),
            release,
            viewer=INVESTIGATOR,
            purpose=CASE,
            agreement=signed_agreement(),
            at=AT,
        )
        assert not said.allowed
        assert said.clauses == ()


def test_without_the_owner_s_word_or_a_clause_a_release_lets_nothing_be_copied() -> None:
    asked = {"viewer": INVESTIGATOR, "purpose": CASE, "agreement": signed_agreement(), "at": AT}
    given = copyable(record(), GIVEN, **asked)
    assert given.allowed
    # By clauses that let its owner release it, and by his word.
    assert given.clauses == ("R01", "R02", "release:RL-0000000001")
    without = copyable(record(), replace(GIVEN, copies=False), **asked)
    assert (without.allowed, without.clauses) == (False, ())
    closed = copyable(record("sealed"), GIVEN, **asked)
    assert (closed.allowed, closed.clauses) == (False, ("F03",))
    assert not copyable(record(), GIVEN, **{**asked, "purpose": None}).allowed
