"""An event: one encounter, with everybody who was apprehended in it as a subject of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import Identity, KeptRecord, by_class

__all__ = ["Event", "EventDraft"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EventDraft(Draft):
    """An event as it shall be recorded. Blank moment, sector and station are its author's."""

    kind: ClassVar[str] = "event"

    apprehended_at: datetime | None = None
    arrest_method: str = ""
    sector: str = ""
    station: str = ""
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    border: str = ""
    vehicle_plate: str = ""
    vehicle: str = ""
    vessel_name: str = ""
    hull_number: str = ""
    narrative: str = ""
    medical_note: str = ""


class Event(KeptRecord):
    """Matched by its plate and its vessel's hull number alone; its subjects are by themselves."""

    kind = "event"
    is_worked_on = True

    apprehended_at = fields.moment(FieldClass.APPREHENSION)
    arrest_method = fields.text(FieldClass.APPREHENSION, most=8)
    sector = fields.text(FieldClass.LOCATION, most=8)
    station = fields.text(FieldClass.LOCATION, most=60)
    landmark = fields.text(FieldClass.LOCATION)
    latitude = fields.real(FieldClass.LOCATION)
    longitude = fields.real(FieldClass.LOCATION)
    border = fields.text(FieldClass.LOCATION, most=10)
    vehicle_plate = fields.text(FieldClass.CONVEYANCE, most=24)
    vehicle = fields.text(FieldClass.CONVEYANCE)
    vessel_name = fields.text(FieldClass.CONVEYANCE)
    hull_number = fields.text(FieldClass.CONVEYANCE, most=40)
    narrative = fields.prose(FieldClass.APPREHENSION_NARRATIVE)
    medical_note = fields.prose(FieldClass.MEDICAL, most=4_000)

    class Meta:
        app_label = "patrol"
        db_table = "pat_event"
        indexes: ClassVar = [
            by_class("pat_event_newest"),
            models.Index(
                fields=["owner_agency", "owning_unit", "created_at"], name="pat_event_unit"
            ),
        ]

    def identity(self) -> Identity:
        return Identity(
            identifiers=identity.identifiers(hull_number=self.hull_number),
            plates=(self.vehicle_plate,) if self.vehicle_plate else (),
        )
