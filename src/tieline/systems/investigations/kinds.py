"""Which kinds of record there are, each with its table and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.cases.case import Case, CaseDraft
from tieline.systems.investigations.draft import Draft
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft
from tieline.systems.investigations.subjects.address import Address, AddressDraft
from tieline.systems.investigations.subjects.business import Business, BusinessDraft
from tieline.systems.investigations.subjects.person import Person, PersonDraft
from tieline.systems.investigations.subjects.phone import PhoneDraft, PhoneLine
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.subjects.vehicle import Vehicle, VehicleDraft
from tieline.systems.investigations.subjects.vessel import Vessel, VesselDraft

__all__ = ["DRAFTS", "KINDS", "SUBJECTS", "shape_of"]

SUBJECTS: Final[tuple[type[SubjectRecord], ...]] = (
    Person,
    Vehicle,
    Vessel,
    PhoneLine,
    Address,
    Business,
)
KINDS: Final[tuple[type[KeptRecord], ...]] = (Case, *SUBJECTS, Lookout)
DRAFTS: Final[Mapping[str, type[Draft]]] = {
    one.kind: one
    for one in (
        CaseDraft,
        PersonDraft,
        VehicleDraft,
        VesselDraft,
        PhoneDraft,
        AddressDraft,
        BusinessDraft,
        LookoutDraft,
    )
}


def shape_of(kind: str) -> str:
    """Which form of number a kind has."""
    return kind if kind in ("case", "lookout") else "subject"
