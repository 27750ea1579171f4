"""A unit asks the owner whether what it is shown is complete, timely, accurate and relevant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.asking import (
    RequestRefused,
    fresh_number,
    refuse_without_number_or_clock,
    stated,
)
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.keeping.databases import EXCHANGE

__all__ = ["ask_stamp", "verifiable"]


def verifiable(told: Disclosure, *, viewer: Viewer) -> tuple[FieldClass, ...]:
    """Of which classes a viewer may ask the owner's stamp: those that he is shown."""
    if told == NOTHING or told.owner_agency == viewer.agency:
        return ()
    shown = {one.field_class for one in told.shown}
    return tuple(one for one in FieldClass if one in shown)


def ask_stamp(
    told: Disclosure,
    *,
    system: str,
    classes: Collection[FieldClass],
    why: str,
    due_at: datetime,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
) -> ReleaseRequest:
    """Ask the owner to verify what the record's own door has just shown.

    Raises `RequestRefused`.
    """
    wanted = frozenset(classes)
    if not wanted or not wanted <= set(verifiable(told, viewer=viewer)):
        raise RequestRefused(
            "a stamp is asked of what you are shown of another agency's record",
            cure="Choose at least one of the field classes.",
        )
    refuse_without_number_or_clock(purpose, due_at, at)
    said = stated(why, "say for which paper it is needed")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        before = ReleaseRequest.objects.filter(
            kind=RequestKind.STAMP,
            system=system,
            record=told.number,
            agency=viewer.agency,
            unit=viewer.unit,
            purpose_number=purpose.number,
            state=RequestState.ASKED,
        ).first()
        if before is not None:
            raise RequestRefused(
                f"your unit has asked already: {before.number}",
                cure="Wait for its answer, or call the owner's duty desk.",
            )
        row = ReleaseRequest.objects.create(
            kind=RequestKind.STAMP,
            number=fresh_number(),
            system=system,
            record=told.number,
            owner_agency=told.owner_agency,
            owner_unit=told.owning_unit,
            agency=viewer.agency,
            unit=viewer.unit,
            asked_by=viewer.number,
            asked_as=viewer.assignment,
            purpose=purpose.code.value,
            purpose_number=purpose.number,
            classes=[one.value for one in FieldClass if one in wanted],
            why=said,
            state=RequestState.ASKED,
            asked_at=at,
            due_at=due_at,
        )
        side = {"why": said, "classes": row.classes}
        LEDGER.append([request_line(Event.STAMP_ASKED, row, viewer=viewer, at=at, side=side)])
    return row
