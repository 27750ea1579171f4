"""Drafts, tables and classes agree; records are matched by the right things."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tieline.keeping import identity
from tieline.keeping.checks import unclassified
from tieline.systems.investigations.kinds import DRAFTS, KINDS
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.investigations.subjects.phone import PhoneLine

from .scene import OPEN


@pytest.mark.parametrize("model", KINDS)
def test_each_column_has_a_class_and_each_draft_its_columns(model: type) -> None:
    draft = DRAFTS[model.kind]
    own = [one.name for one in fields(draft) if one.name not in ("number", "protections")]
    assert sorted(own) == sorted(name for name, _ in model.columns())
    assert unclassified(model) == []


def test_a_person_is_matched_by_every_name_and_number() -> None:
    person = Person(
        given_name="Ana",
        paternal_surname="Ruiz",
        maternal_surname="Mora",
        name_as_given="RUIZ MORA, ANA",
        aliases=["La Güera"],
        a_number="012345678",
        documents=["MX passport G12345678", "consular card 99 871"],
        phone="+526315550134",
        **OPEN,
    )
    parts = person.identity()
    assert parts.names == ("RUIZ MORA, ANA", "Ana Ruiz Mora", "La Güera")
    assert parts.identifiers == (
        ("a_number", "012345678"),
        ("passport", "G12345678"),
        ("document", "consular card 99 871"),
    )
    assert parts.phones == ("+526315550134",)


@pytest.mark.parametrize("juvenile", [True, None])
def test_the_phone_of_a_child_is_no_key(juvenile: bool | None) -> None:
    """P11."""
    person = Person(given_name="Ana", phone="+526315550134", **{**OPEN, "juvenile": juvenile})
    assert person.identity().phones == ()


def test_the_line_of_many_people_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """P20."""
    monkeypatch.setattr(identity, "shared_phones", lambda: frozenset({"+15205550199"}))
    assert PhoneLine(phone="+15205550199", **OPEN).identity().phones == ()
    assert PhoneLine(phone="+15205550198", **OPEN).identity().phones == ("+15205550198",)


@pytest.mark.parametrize("status", ["draft", "expired", "cancelled"])
def test_a_lookout_that_is_not_active_is_neither_matched_nor_told(status: str) -> None:
    lookout = Lookout(number="LK-26-000001", version=1, plate="SON ABC123", caveats=[], **OPEN)
    lookout.status = "active"
    told = lookout.pointer("investigations")
    assert told is not None
    assert told.plates == ("SON ABC123",)
    lookout.status = status
    assert lookout.pointer("investigations") is None
    assert lookout.matchable("investigations").plates == ()
