"""A vehicle of a case."""

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

__all__ = ["Vehicle", "VehicleDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VehicleDraft(Draft):
    """A vehicle as it shall be recorded."""

    kind: ClassVar[str] = "vehicle"

    case: str = ""
    plate: str = ""
    vin: str = ""
    make: str = ""
    model: str = ""
    year: int | None = None
    color: str = ""
    remarks: str = ""
    source_note: str = ""
    cautions: Sequence[str] = ()


class Vehicle(SubjectRecord):
    """Matched by plate and VIN."""

    kind = "vehicle"

    plate = fields.text(FieldClass.CONVEYANCE, most=24)
    vin = fields.text(FieldClass.CONVEYANCE, most=24)
    make = fields.text(FieldClass.CONVEYANCE, most=60)
    model = fields.text(FieldClass.CONVEYANCE, most=60)
    year = fields.number(FieldClass.CONVEYANCE)
    color = fields.text(FieldClass.CONVEYANCE, most=40)
    remarks = fields.prose(FieldClass.CASE_NARRATIVE)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    cautions = fields.texts(FieldClass.CAUTION)

    class Meta:
        app_label = "investigations"
        db_table = "inv_vehicle"
        indexes: ClassVar = [
            by_class("inv_vehicle_newest"),
            models.Index(fields=["case"], name="inv_vehicle_case"),
        ]

    def identity(self) -> Identity:
        return Identity(
            identifiers=identity.identifiers(vin=self.vin),
            plates=(self.plate,) if self.plate else (),
        )
