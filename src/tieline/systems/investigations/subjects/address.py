"""An address of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields
from tieline.keeping.draft import Draft
from tieline.keeping.records import by_class
from tieline.systems.investigations.subjects.record import SubjectRecord

__all__ = ["Address", "AddressDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AddressDraft(Draft):
    """An address as it shall be recorded."""

    kind: ClassVar[str] = "address"

    case: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    remarks: str = ""
    source_note: str = ""


class Address(SubjectRecord):
    """Never matched: it may be a shelter's, a court's, a lawyer's (P20)."""

    kind = "address"

    address = fields.text(FieldClass.CONTACT)
    city = fields.text(FieldClass.CONTACT, most=80)
    state = fields.text(FieldClass.CONTACT, most=40)
    country = fields.text(FieldClass.CONTACT, most=8)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)

    class Meta:
        app_label = "investigations"
        db_table = "inv_address"
        indexes: ClassVar = [
            by_class("inv_address_newest"),
            models.Index(fields=["case"], name="inv_address_case"),
        ]
