"""A business of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import Identity, by_class
from tieline.systems.investigations.subjects.record import SubjectRecord

__all__ = ["Business", "BusinessDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BusinessDraft(Draft):
    """A business as it shall be recorded."""

    kind: ClassVar[str] = "business"

    case: str = ""
    name: str = ""
    registration: str = ""
    phone: str = ""
    address: str = ""
    remarks: str = ""
    source_note: str = ""


class Business(SubjectRecord):
    """Matched by name, registration and phone."""

    kind = "business"

    name = fields.text(FieldClass.IDENTITY)
    registration = fields.text(FieldClass.IDENTITY, most=60)
    phone = fields.text(FieldClass.CONTACT, most=40)
    address = fields.text(FieldClass.CONTACT)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)

    class Meta:
        app_label = "investigations"
        db_table = "inv_business"
        indexes: ClassVar = [
            by_class("inv_business_newest"),
            models.Index(fields=["case"], name="inv_business_case"),
        ]

    def identity(self) -> Identity:
        return Identity(
            names=(self.name,) if self.name else (),
            identifiers=identity.identifiers(registration=self.registration),
            phones=identity.phones(self.phone),
        )
