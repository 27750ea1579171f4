"""A partner's record: which fields it has, the partner's map says; their classes stay columns.

A map names any fields it likes, so there is no column for each. There is one for each field class
instead, holding the fields of that class: no value can lie where its class is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from tieline.core.records import FieldClass, FieldValue, Record, RecordNumber
from tieline.core.values.dates import PartialDate
from tieline.core.values.phones import Phone
from tieline.keeping import fields
from tieline.keeping.records import Identity, KeptRecord, by_class

__all__ = ["IDENTIFIERS", "WITHDRAWN", "MappedValue", "Meaning", "PartnerRecord"]

WITHDRAWN: Final = "withdrawn"
"""The caveat of a record that is no longer in its source."""
IDENTIFIERS: Final = (
    *("a_number", "fin", "passport", "curp", "ssn"),
    *("document", "vin", "hull_number"),
)
Meaning: Final = ("", "name", "birth_date", "sex", "phone", "plate", *IDENTIFIERS)
"""What a field can mean for matching; blank is carried and never matched."""


@dataclass(frozen=True, slots=True, repr=False)
class MappedValue:
    """A field of the map with its value in one row; blank where the row says nothing."""

    name: str
    meaning: str
    field_class: FieldClass
    value: str


class PartnerRecord(KeptRecord):
    """One row of a partner's file, in its latest version."""

    kind = "booking"

    in_identity = fields.texts(FieldClass.IDENTITY)
    in_description = fields.texts(FieldClass.DESCRIPTION)
    in_contact = fields.texts(FieldClass.CONTACT)
    in_family = fields.texts(FieldClass.FAMILY)
    in_apprehension = fields.texts(FieldClass.APPREHENSION)
    in_location = fields.texts(FieldClass.LOCATION)
    in_conveyance = fields.texts(FieldClass.CONVEYANCE)
    in_biometric = fields.texts(FieldClass.BIOMETRIC)
    in_custody = fields.texts(FieldClass.CUSTODY)
    in_immigration = fields.texts(FieldClass.IMMIGRATION)
    in_outcome = fields.texts(FieldClass.OUTCOME)
    in_fear = fields.texts(FieldClass.FEAR)
    in_criminal_history = fields.texts(FieldClass.CRIMINAL_HISTORY)
    in_lookout = fields.texts(FieldClass.LOOKOUT)
    in_caution = fields.texts(FieldClass.CAUTION)
    in_apprehension_narrative = fields.texts(FieldClass.APPREHENSION_NARRATIVE)
    in_case_narrative = fields.texts(FieldClass.CASE_NARRATIVE)
    in_source = fields.texts(FieldClass.SOURCE)
    in_court = fields.texts(FieldClass.COURT)
    in_medical = fields.texts(FieldClass.MEDICAL)
    in_protection = fields.texts(FieldClass.PROTECTION)
    in_handling = fields.texts(FieldClass.HANDLING)

    class Meta:
        app_label = "partner"
        db_table = "partner_record"
        indexes: ClassVar = [by_class("partner_record_newest")]

    def put(self, values: Sequence[MappedValue]) -> None:
        """Replace all fields, each by its class."""
        for name, field_class in self.columns():
            mine = [one for one in values if one.field_class is field_class]
            setattr(self, name, [[one.name, one.meaning, one.value] for one in mine])

    def mapped(self) -> Iterator[MappedValue]:
        """All fields, those of one class beside each other."""
        for column, field_class in self.columns():
            for name, meaning, value in getattr(self, column):
                yield MappedValue(name, meaning, field_class, value)

    def blanked(self) -> list[MappedValue]:
        """The same form without any value."""
        return [MappedValue(one.name, one.meaning, one.field_class, "") for one in self.mapped()]

    def record(self) -> Record:
        return Record(
            number=RecordNumber(self.number),
            version=self.version,
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            contact=self.contact,
            fields={
                one.name: FieldValue(
                    one.value or None, one.field_class, dated=one.meaning == "birth_date"
                )
                for one in self.mapped()
            },
            protections=self.protections,
            caveats=frozenset(self.caveats),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    def identity(self) -> Identity:
        said: dict[str, list[str]] = {}
        for one in self.mapped():
            if one.meaning and one.value:
                said.setdefault(one.meaning, []).append(one.value)
        return Identity(
            names=tuple(said.get("name", ())),
            birth_date=_first(said, "birth_date"),
            sex=_first(said, "sex"),
            identifiers=tuple(
                (kind, number) for kind in IDENTIFIERS for number in said.get(kind, ())
            ),
            phones=tuple(
                phone
                for phone in (Phone.parse(text).e164 for text in said.get("phone", ()))
                if phone
            ),
            plates=tuple(said.get("plate", ())),
        )

    def says(self) -> Mapping[str, Any]:
        """Everything that a load may change, to compare two states of it."""
        return {
            **{name: getattr(self, name) for name, _ in self.columns()},
            "protections": self.protections,
            "caveats": list(self.caveats),
            "contact": self.contact,
            "owning_unit": self.owning_unit,
        }


def _first(said: Mapping[str, Sequence[str]], meaning: str) -> str:
    text = next(iter(said.get(meaning, ())), "")
    return PartialDate.parse(text).iso if meaning == "birth_date" else text
