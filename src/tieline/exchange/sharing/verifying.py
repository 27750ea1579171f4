"""A unit asks the owner whether what it is shown is complete, timely, accurate and relevant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.sharing.filing import RequestRefused, Wish, file_request
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState

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
    wish = Wish(
        kind=RequestKind.STAMP,
        event=Event.STAMP_ASKED,
        needed_for="say for which paper it is needed",
        open_in=(RequestState.ASKED,),
        instead="Wait for its answer, or call the owner's duty desk.",
        classes=wanted,
        more={},
    )
    about: dict[str, Any] = {"system": system, "why": why, "due_at": due_at}
    return file_request(told, wish, viewer=viewer, purpose=purpose, at=at, **about)
