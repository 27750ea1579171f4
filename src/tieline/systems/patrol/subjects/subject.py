"""A person who was apprehended in an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieline.core.records import FieldClass
from tieline.keeping import fields, identity
from tieline.keeping.draft import Draft
from tieline.keeping.records import PROTECTIONS, Identity, KeptRecord, by_class
from tieline.systems.patrol.subjects.answers import DeskAnswer

__all__ = ["IN_CUSTODY", "UNSCREENED", "Subject", "SubjectDraft"]

IN_CUSTODY = Q(booked_in_at__isnull=False, booked_out_at__isnull=True)
UNSCREENED = Q(*((f"{name}__isnull", True) for name in PROTECTIONS), _connector=Q.OR)
"""One protection at least is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SubjectDraft(Draft):
    """A subject as they shall be recorded, in the event whose number is given."""

    kind: ClassVar[str] = "subject"

    event: str = ""
    given_name: str = ""
    paternal_surname: str = ""
    maternal_surname: str = ""
    name_as_given: str = ""
    aliases: Sequence[str] = ()
    birth_date: str = ""
    claimed_age: int | None = None
    sex: str = ""
    citizenship: str = ""
    a_number: str = ""
    a_number_state: str = ""
    fin: str = ""
    documents: Sequence[str] = ()
    height_cm: int | None = None
    weight_kg: int | None = None
    eye: str = ""
    hair: str = ""
    marks: str = ""
    phone: str = ""
    intended_address: str = ""
    family_unit: str = ""
    family_role: str = ""
    entry_status: str = ""
    entered_at: datetime | None = None
    time_in_us: str = ""
    custody_place: str = ""
    booked_in_at: datetime | None = None
    booked_out_at: datetime | None = None
    immigration_status: str = ""
    charge: str = ""
    prior_removals: int | None = None
    disposition: str = ""
    processing_code: str = ""
    fear_claimed: str = ""
    fear_note: str = ""
    criminal_history: str = ""
    cautions: Sequence[str] = ()
    source_note: str = ""
    medical_note: str = ""
    fingerprint_file: str = ""
    protection_note: str = ""
    handling_note: str = ""


class Subject(KeptRecord):
    """Matched by names, birth date, numbers and phone, never by looks (P20)."""

    kind = "subject"
    part_of = "event"
    kept_beside = (DeskAnswer,)

    event = fields.text(FieldClass.APPREHENSION, most=64)
    given_name = fields.text(FieldClass.IDENTITY)
    paternal_surname = fields.text(FieldClass.IDENTITY)
    maternal_surname = fields.text(FieldClass.IDENTITY)
    name_as_given = fields.text(FieldClass.IDENTITY)
    aliases = fields.texts(FieldClass.IDENTITY)
    birth_date = fields.day(FieldClass.IDENTITY)
    claimed_age = fields.number(FieldClass.IDENTITY)
    sex = fields.text(FieldClass.IDENTITY, most=1)
    citizenship = fields.text(FieldClass.IDENTITY, most=8)
    a_number = fields.text(FieldClass.IDENTITY, most=12)
    a_number_state = fields.text(FieldClass.IDENTITY, most=12)
    fin = fields.text(FieldClass.IDENTITY, most=24)
    documents = fields.texts(FieldClass.IDENTITY)
    height_cm = fields.number(FieldClass.DESCRIPTION)
    weight_kg = fields.number(FieldClass.DESCRIPTION)
    eye = fields.text(FieldClass.DESCRIPTION, most=40)
    hair = fields.text(FieldClass.DESCRIPTION, most=40)
    marks = fields.prose(FieldClass.DESCRIPTION, most=2_000)
    phone = fields.text(FieldClass.CONTACT, most=40)
    intended_address = fields.text(FieldClass.CONTACT)
    family_unit = fields.text(FieldClass.FAMILY, most=40)
    family_role = fields.text(FieldClass.FAMILY, most=40)
    entry_status = fields.text(FieldClass.APPREHENSION, most=8)
    entered_at = fields.moment(FieldClass.APPREHENSION)
    time_in_us = fields.text(FieldClass.APPREHENSION, most=8)
    custody_place = fields.text(FieldClass.CUSTODY)
    booked_in_at = fields.moment(FieldClass.CUSTODY)
    booked_out_at = fields.moment(FieldClass.CUSTODY)
    immigration_status = fields.text(FieldClass.IMMIGRATION, most=80)
    charge = fields.text(FieldClass.IMMIGRATION, most=80)
    prior_removals = fields.number(FieldClass.IMMIGRATION)
    disposition = fields.text(FieldClass.OUTCOME, most=60)
    processing_code = fields.text(FieldClass.OUTCOME, most=40)
    fear_claimed = fields.text(FieldClass.FEAR, most=8)
    fear_note = fields.prose(FieldClass.FEAR, most=4_000)
    criminal_history = fields.prose(FieldClass.CRIMINAL_HISTORY)
    cautions = fields.texts(FieldClass.CAUTION)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    """Who said what speaks against the subject; blank, its author saw it himself (P16)."""
    medical_note = fields.prose(FieldClass.MEDICAL, most=4_000)
    fingerprint_file = fields.text(FieldClass.BIOMETRIC, most=80)
    protection_note = fields.prose(FieldClass.PROTECTION, most=4_000)
    handling_note = fields.prose(FieldClass.HANDLING, most=4_000)

    class Meta:
        app_label = "patrol"
        db_table = "pat_subject"
        indexes: ClassVar = [
            by_class("pat_subject_newest"),
            models.Index(fields=["event"], name="pat_subject_event"),
            models.Index(
                fields=["owner_agency", "owning_unit", "booked_in_at"],
                condition=IN_CUSTODY,
                name="pat_subject_custody",
            ),
            models.Index(
                fields=["owner_agency", "owning_unit", "created_at"],
                condition=UNSCREENED,
                name="pat_subject_unscreened",
            ),
        ]

    @property
    def is_over(self) -> bool:
        return not self.in_custody

    @property
    def in_custody(self) -> bool | None:
        return None if self.booked_in_at is None else self.booked_out_at is None

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
