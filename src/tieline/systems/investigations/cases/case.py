"""A case: what is investigated, by whom, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.db import models

from tieline.core.records import FieldClass
from tieline.keeping import fields
from tieline.keeping.draft import Draft
from tieline.keeping.records import KeptRecord, by_class

__all__ = ["Case", "CaseDraft", "CaseStatus"]


class CaseStatus(StrEnum):
    """How a case stands."""

    PROPOSED = "proposed"
    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"

    @property
    def next(self) -> frozenset[CaseStatus]:
        """What it may become; a closed case may be opened again."""
        return frozenset(_NEXT[self])


_NEXT = {
    CaseStatus.PROPOSED: (CaseStatus.OPEN, CaseStatus.CLOSED),
    CaseStatus.OPEN: (CaseStatus.PENDING, CaseStatus.CLOSED),
    CaseStatus.PENDING: (CaseStatus.OPEN, CaseStatus.CLOSED),
    CaseStatus.CLOSED: (CaseStatus.OPEN,),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseDraft(Draft):
    """A case as it shall be."""

    kind: ClassVar[str] = "case"

    title: str = ""
    category: str = ""
    program: str = ""
    status: str = CaseStatus.OPEN
    opened_on: str = ""
    synopsis: str = ""
    narrative: str = ""
    agent: str = ""
    office: str = ""
    source_note: str = ""
    court_note: str = ""


class Case(KeptRecord):
    """Never matched by itself: its subject records are."""

    kind = "case"
    is_worked_on = True

    title = fields.text(FieldClass.CASE_NARRATIVE)
    category = fields.text(FieldClass.CASE_NARRATIVE, most=60)
    program = fields.text(FieldClass.CASE_NARRATIVE, most=60)
    status = fields.text(FieldClass.CASE_NARRATIVE, most=10)
    opened_on = fields.text(FieldClass.CASE_NARRATIVE, most=10)
    synopsis = fields.prose(FieldClass.CASE_NARRATIVE, most=4_000)
    narrative = fields.prose(FieldClass.CASE_NARRATIVE)
    agent = fields.text(FieldClass.HANDLING, most=32)
    office = fields.text(FieldClass.HANDLING, most=32)
    source_note = fields.prose(FieldClass.SOURCE, most=4_000)
    court_note = fields.prose(FieldClass.COURT, most=4_000)

    class Meta:
        app_label = "investigations"
        db_table = "inv_case"
        indexes: ClassVar = [
            by_class("inv_case_newest"),
            models.Index(fields=["owner_agency", "agent"], name="inv_case_agent"),
            models.Index(fields=["owner_agency", "office"], name="inv_case_office"),
        ]

    @property
    def is_over(self) -> bool:
        # From collection, or the life of the matter: whichever is longer.
        return self.status == CaseStatus.CLOSED
