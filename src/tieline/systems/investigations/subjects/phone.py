"""A telephone line of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import Identity, by_class
from tieline.systems.investigations.subjects.record import SubjectRecord

__all__ = ["PhoneDraft", "PhoneLine"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PhoneDraft(Draft):
    """A line as it shall be recorded."""

    kind: ClassVar[str] = "phone"

    case: str = ""
    phone: str = ""
    carrier: str = ""
    remarks: str = ""
    source_note: str = ""


class PhoneLine(SubjectRecord):
    """Matched by its number, unless that is the line of many (P20)."""

    kind = "phone"

    phone = fields.text(FieldClass.CONTACT, most=40)
    carrier = fields.text(FieldClass.CONTACT, most=80)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)

    class Meta:
        app_label = "investigations"
        db_table = "inv_phone"
        indexes: ClassVar = [
            by_class("inv_phone_newest"),
            models.Index(fields=["case"], name="inv_phone_case"),
        ]

    def identity(self) -> Identity:
        return Identity(phones=identity.phones(self.phone))
