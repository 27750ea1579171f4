"""What the subject records of all kinds share: they belong to a case."""

from __future__ import annotations

from tieline.core.records import FieldClass
from tieline.keeping import fields
from tieline.keeping.records import KeptRecord

__all__ = ["SubjectRecord"]


class SubjectRecord(KeptRecord):
    """A person, vehicle, vessel, phone, address or business of a case."""

    part_of = "case"

    case = fields.text(FieldClass.CASE_NARRATIVE, most=64)

    class Meta:
        abstract = True
