"""A lookout: the active state of a subject record, in which coming upon the subject is a hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass, Pointer
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import Identity, KeptRecord, by_class

__all__ = ["Lookout", "LookoutDraft", "LookoutStatus"]


class LookoutStatus(StrEnum):
    """How a lookout stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LookoutDraft(Draft):
    """A lookout as it shall be placed. What it says of the subject, blank is taken from there."""

    kind: ClassVar[str] = "lookout"

    subject: str = ""
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
    plate: str = ""
    vin: str = ""
    hull_number: str = ""
    reason: str = ""
    facts: str = ""
    handling: str = ""
    instructions: str = ""
    effective_on: str = ""
    expires_on: str = ""
    status: str = LookoutStatus.DRAFT
    cautions: Sequence[str] = ()
    source_note: str = ""
    supervisor: str = ""


class Lookout(KeptRecord):
    """Holds in `[effective_on, expires_on)`, whole days of UTC. Matched only while it is active."""

    kind = "lookout"
    part_of = "subject"

    subject = fields.text(FieldClass.LOOKOUT, most=64)
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
    plate = fields.text(FieldClass.CONVEYANCE, most=24)
    vin = fields.text(FieldClass.CONVEYANCE, most=24)
    hull_number = fields.text(FieldClass.CONVEYANCE, most=40)
    reason = fields.text(FieldClass.LOOKOUT, most=24)
    facts = fields.prose(FieldClass.LOOKOUT, most=4_000)
    handling = fields.text(FieldClass.LOOKOUT, most=10)
    instructions = fields.prose(FieldClass.LOOKOUT, most=2_000)
    effective_on = fields.text(FieldClass.LOOKOUT, most=10)
    expires_on = fields.text(FieldClass.LOOKOUT, most=10)
    status = fields.text(FieldClass.LOOKOUT, most=10)
    cautions = fields.texts(FieldClass.CAUTION)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    supervisor = fields.text(FieldClass.HANDLING, most=32)

    class Meta:
        app_label = "investigations"
        db_table = "inv_lookout"
        indexes: ClassVar = [
            by_class("inv_lookout_newest"),
            models.Index(fields=["subject"], name="inv_lookout_subject"),
            models.Index(fields=["status", "expires_on"], name="inv_lookout_status"),
        ]

    @property
    def is_over(self) -> bool:
        return self.status in (LookoutStatus.EXPIRED, LookoutStatus.CANCELLED)

    def identity(self) -> Identity:
        if self.status != LookoutStatus.ACTIVE:
            return Identity()
        return Identity(
            names=identity.names(self),
            birth_date=self.birth_date,
            sex=self.sex,
            identifiers=(
                *identity.identifiers(
                    a_number=self.a_number,
                    fin=self.fin,
                    vin=self.vin,
                    hull_number=self.hull_number,
                ),
                *identity.documents(self.documents),
            ),
            plates=(self.plate,) if self.plate else (),
        )

    def pointer(self, system: str) -> Pointer | None:
        # A draft was never told, and what is over is taken back.
        return super().pointer(system) if self.status == LookoutStatus.ACTIVE else None

    def holds(self, day: date) -> bool:
        """Whether a hit on it would be one on this day."""
        today = day.isoformat()
        return self.status == LookoutStatus.ACTIVE and self.effective_on <= today < self.expires_on
