"""A person whom a case is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import Identity, by_class
from tieline.systems.investigations.subjects.record import SubjectRecord

__all__ = ["Person", "PersonDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonDraft(Draft):
    """A person as they shall be recorded."""

    kind: ClassVar[str] = "person"

    case: str = ""
    given_name: str = ""
    paternal_surname: str = ""
    maternal_surname: str = ""
    name_as_given: str = ""
    aliases: Sequence[str] = ()
    birth_date: str = ""
    sex: str = ""
    citizenship: str = ""
    a_number: str = ""
    fin: str = ""
    documents: Sequence[str] = ()
    height_cm: int | None = None
    eye: str = ""
    hair: str = ""
    marks: str = ""
    phone: str = ""
    address: str = ""
    employer: str = ""
    criminal_history: str = ""
    role_in_case: str = ""
    remarks: str = ""
    source_note: str = ""
    cautions: Sequence[str] = ()
    status: str = "active"


class Person(SubjectRecord):
    """Matched by names, numbers and phone, never by looks (P20)."""

    kind = "person"

    given_name = fields.text(FieldClass.IDENTITY)
    paternal_surname = fields.text(FieldClass.IDENTITY)
    maternal_surname = fields.text(FieldClass.IDENTITY)
    name_as_given = fields.text(FieldClass.IDENTITY)
    aliases = fields.texts(FieldClass.IDENTITY)
    birth_date = fields.day(FieldClass.IDENTITY)
    sex = fields.text(FieldClass.IDENTITY, most=1)
    citizenship = fields.text(FieldClass.IDENTITY, most=8)
    a_number = fields.text(FieldClass.IDENTITY, most=12)
    fin = fields.text(FieldClass.IDENTITY, most=24)
    documents = fields.texts(FieldClass.IDENTITY)
    height_cm = fields.number(FieldClass.DESCRIPTION)
    eye = fields.text(FieldClass.DESCRIPTION, most=40)
    hair = fields.text(FieldClass.DESCRIPTION, most=40)
    marks = fields.prose(FieldClass.DESCRIPTION, most=2_000)
    phone = fields.text(FieldClass.CONTACT, most=40)
    address = fields.text(FieldClass.CONTACT)
    employer = fields.text(FieldClass.CONTACT)
    criminal_history = fields.prose(FieldClass.CRIMINAL_HISTORY)
    role_in_case = fields.text(FieldClass.CASE_NARRATIVE)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    cautions = fields.texts(FieldClass.CAUTION)
    status = fields.text(FieldClass.HANDLING, most=10)

    class Meta:
        app_label = "investigations"
        db_table = "inv_person"
        indexes: ClassVar = [
            by_class("inv_person_newest"),
            models.Index(fields=["case"], name="inv_person_case"),
        ]

    def identity(self) -> Identity:
        # What a child gives as a phone is a sponsor's or the household's (P11).
        of_adult = (self.phone,) if self.juvenile is False else ()
        return Identity(
            names=identity.names(self),
            birth_date=self.birth_date,
            sex=self.sex,
            identifiers=(
                *identity.identifiers(a_number=self.a_number, fin=self.fin),
                *identity.documents(self.documents),
            ),
            phones=identity.phones(*of_adult),
        )
