"""What crosses a border: ordered levels, classed fields, stated protections, bare pointers."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tieline.core.records import (
    FieldClass,
    FieldValue,
    Level,
    Notice,
    NoticeKind,
    Pointer,
    Protections,
    Record,
    RecordMalformed,
    RecordNumber,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POINTER: dict[str, Any] = {
    "system": "patrol",
    "number": RecordNumber("TCA-1"),
    "version": 1,
    "kind": "subject",
    "owner_agency": "patrol",
    "owning_unit": "TCA/NGL",
    "contact": "duty desk",
    "protections": Protections.screened(),
    "caveats": frozenset(),
    "names": ("CANARY Maria", "CANARY-LOPEZ"),
    "birth_date": "CANARY 1990",
    "identifiers": (("a_number", "CANARY"),),
    "phones": ("CANARY",),
    "plates": ("CANARY",),
}
RECORD: dict[str, Any] = {
    "number": RecordNumber("TCA-1"),
    "version": 1,
    "kind": "subject",
    "owner_agency": "patrol",
    "owning_unit": "TCA/NGL",
    "fields": {"name": FieldValue("CANARY", FieldClass.IDENTITY)},
    "protections": Protections.screened(),
    "caveats": frozenset(),
    "created_at": NOW,
    "updated_at": NOW,
}


def test_levels_are_ordered_by_what_they_tell_and_not_by_their_letters() -> None:
    assert sorted(["full", "none", "summary", "pointer"], key=Level) == list(Level)
    for low, high in itertools.combinations(Level, 2):
        assert low < high
        assert low <= high
        assert high > low
        assert high >= low
        assert not high < low
    assert max(Level) is Level.FULL


def test_a_level_is_not_compared_with_what_is_none() -> None:
    with pytest.raises(ValueError, match="is not a valid Level"):
        assert Level.FULL > "everything"


@pytest.mark.parametrize("field_class", [None, "", "identity", 1, "no such class"])
def test_a_field_without_a_class_cannot_be_made(field_class: Any) -> None:
    with pytest.raises(RecordMalformed) as caught:
        FieldValue("CANARY", field_class)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("value", ["CANARY", None, ("CANARY", FieldClass.IDENTITY)])
def test_a_record_takes_no_field_that_is_not_classed(value: Any) -> None:
    with pytest.raises(RecordMalformed) as caught:
        Record(**{**RECORD, "fields": {"name": value}})
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    "value", [["CANARY"], {"CANARY": 1}, object(), b"CANARY", (1,), type("Text", (str,), {})("x")]
)
def test_a_value_is_plain(value: Any) -> None:
    with pytest.raises(RecordMalformed) as caught:
        FieldValue(value, FieldClass.IDENTITY)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("code", ["ER/CF", "er/cf", "ER-CF ", "REINRF", "VWP/CF", ("ER", "ER/CF")])
def test_a_code_that_betrays_fear_is_of_a_closed_class(code: Any) -> None:
    """8 CFR 208.6; P19."""
    with pytest.raises(RecordMalformed, match="outcome") as caught:
        FieldValue(code, FieldClass.IMMIGRATION)
    assert "CF" not in str(caught.value).replace("CFR", "")
    assert FieldValue(code, FieldClass.OUTCOME).value == code
    assert FieldValue("ER", FieldClass.IMMIGRATION).value == "ER"


def test_the_fields_of_a_record_cannot_be_changed_from_outside() -> None:
    given = {"name": FieldValue("x", FieldClass.IDENTITY)}
    record = Record(**{**RECORD, "fields": given})
    given["more"] = FieldValue("y", FieldClass.IDENTITY)
    assert list(record.fields) == ["name"]
    with pytest.raises(TypeError):
        record.fields["name"] = given["more"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        record.kind = "case"  # type: ignore[misc]


def test_no_repr_shows_a_value() -> None:
    for thing in (
        Record(**RECORD),
        Pointer(**POINTER),
        RECORD["fields"],
        Pointer(**POINTER).fields,
    ):
        assert "CANARY" not in repr(thing)


def test_each_protection_must_be_stated() -> None:
    with pytest.raises(TypeError):
        Protections(section_1367=True)  # type: ignore[call-arg]
    with pytest.raises(RecordMalformed, match="secret"):
        Protections.screened("secret")


def test_unknown_is_protected() -> None:
    """P17."""
    assert set(Protections.unknown().effective.values()) == {True}
    assert set(Protections.screened().effective.values()) == {False}
    assert Protections.screened("tax").effective["tax"] is True
    odd = replace(Protections.screened(), tax="False")  # type: ignore[arg-type]
    assert odd.effective["tax"] is True


@pytest.mark.parametrize("flag", Protections.unknown().effective)
@pytest.mark.parametrize("state", [True, None])
def test_a_pointer_of_what_is_hidden_cannot_be_made(flag: str, state: bool | None) -> None:
    """design.md 4: protected records are absent from the index of others."""
    protections = replace(Protections.screened(), **{flag: state})  # type: ignore[arg-type]
    if flag in ("juvenile", "us_person"):
        assert Pointer(**{**POINTER, "protections": protections}).facts.protections == protections
        return
    with pytest.raises(RecordMalformed, match="existence") as caught:
        Pointer(**{**POINTER, "protections": protections})
    assert "CANARY" not in str(caught.value)


def test_a_tombstone_takes_a_pointer_back_and_tells_no_reason() -> None:
    """P15."""
    tombstone = Pointer(**POINTER).buried(version=2)
    assert tombstone.tombstone
    assert tombstone.version == 2
    assert (tombstone.names, tombstone.phones, tombstone.contact) == ((), (), "")
    assert tombstone.protections == Protections.unknown()
    with pytest.raises(RecordMalformed, match="identity"):
        Pointer(**{**POINTER, "tombstone": True})


def test_every_field_of_a_pointer_has_a_class() -> None:
    assert {name: one.field_class for name, one in Pointer(**POINTER).fields.items()} == {
        "names": FieldClass.IDENTITY,
        "birth_date": FieldClass.IDENTITY,
        "sex": FieldClass.IDENTITY,
        "identifiers": FieldClass.IDENTITY,
        "phones": FieldClass.CONTACT,
        "plates": FieldClass.CONVEYANCE,
    }


def test_a_notice_names_records_and_nobody() -> None:
    notice = Notice(
        number="N-1",
        kind=NoticeKind.OVERLAP,
        agency="patrol",
        unit="TCA/NGL",
        records=(RecordNumber("TCA-1"),),
        sent_at=NOW,
    )
    assert notice.acknowledge_by is None


def test_the_page_names_every_class_level_and_protection(root: Path) -> None:
    page = (root / "docs" / "agreement.md").read_text(encoding="utf-8")
    named = [*FieldClass, *Level, *Protections.unknown().effective]
    assert [name for name in named if f"`{name}`" not in page] == []
