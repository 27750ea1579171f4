"""Which kinds of record there are, each with its table and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.keeping.draft import Draft
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.cases.case import Case, CaseDraft
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft
from tieline.systems.investigations.subjects.address import AddressDraft
from tieline.systems.investigations.subjects.business import BusinessDraft
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.systems.investigations.subjects.phone import PhoneDraft
from tieline.systems.investigations.subjects.vehicle import VehicleDraft
from tieline.systems.investigations.subjects.vessel import VesselDraft

__all__ = ["DRAFTS", "KINDS"]

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
