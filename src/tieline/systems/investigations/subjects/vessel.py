"""A vessel of a case."""

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

__all__ = ["Vessel", "VesselDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VesselDraft(Draft):
    """A vessel as it shall be recorded."""

    kind: ClassVar[str] = "vessel"

    case: str = ""
    hull_number: str = ""
    name: str = ""
    flag: str = ""
    length_m: float | None = None
    remarks: str = ""
    source_note: str = ""
    cautions: Sequence[str] = ()


class Vessel(SubjectRecord):
    """Matched by its hull number: names of vessels are many vessels'."""

    kind = "vessel"

    hull_number = fields.text(FieldClass.CONVEYANCE, most=40)
    name = fields.text(FieldClass.CONVEYANCE)
    flag = fields.text(FieldClass.CONVEYANCE, most=8)
    length_m = fields.real(FieldClass.CONVEYANCE)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    cautions = fields.texts(FieldClass.CAUTION)

    class Meta:
        app_label = "investigations"
        db_table = "inv_vessel"
        indexes: ClassVar = [
            by_class("inv_vessel_newest"),
            models.Index(fields=["case"], name="inv_vessel_case"),
        ]

    def identity(self) -> Identity:
        return Identity(identifiers=identity.identifiers(hull_number=self.hull_number))
