"""A unit asks the owner of a record that it knows of for more; appeals once; takes note."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.articles import Term
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.filing import RequestRefused, Wish, file_request, stated
from tieline.exchange.sharing.inbox import one_of_unit
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.keeping.agreements import agreed_term
from tieline.keeping.databases import EXCHANGE

__all__ = ["appeal", "ask", "askable", "may_appeal", "take_note"]

_ON_APPEAL: Final = timedelta(days=3)


def askable(told: Disclosure, *, viewer: Viewer) -> tuple[FieldClass, ...]:
    """What a viewer may ask more of: the classes that he was told are withheld. Those whose being
    there would tell are not named to him, and so cannot be asked for.
    """
    if told == NOTHING or told.owner_agency == viewer.agency:
        return ()
    closed = {one.field_class for one in told.withheld}
    return tuple(one for one in FieldClass if one in closed)


def ask(
    told: Disclosure,
    *,
    system: str,
    classes: Collection[FieldClass],
    copies: bool = False,
    why: str,
    due_at: datetime,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
) -> ReleaseRequest:
    """Send the owner a request; `told` is what the record's own door has just shown.

    Raises `RequestRefused`.
    """
    wanted = frozenset(classes)
    if not (wanted or copies) or not wanted <= set(askable(told, viewer=viewer)):
        raise RequestRefused(
            "ask for what is withheld from you in this record",
            cure="Choose at least one of the field classes, or that copies may be made.",
        )
    if told == NOTHING or told.owner_agency == viewer.agency:
        raise RequestRefused(
            "nobody else has to be asked for it", cure="Your agency's records are its own."
        )
    wish = Wish(
        kind=RequestKind.RELEASE,
        event=Event.RELEASE_ASKED,
        needed_for="say what it is needed for",
        open_in=[one for one in RequestState if one.waits or one.is_above],
        instead="Wait for its answer, or for its clock to run out.",
        classes=wanted,
        more={"copies": copies},
    )
    about: dict[str, Any] = {"system": system, "why": why, "due_at": due_at}
    return file_request(told, wish, viewer=viewer, purpose=purpose, at=at, **about)


def may_appeal(row: ReleaseRequest, *, at: datetime) -> bool:
    """Once: after a refusal, after half an answer, and where nobody answered in time. Nobody can be
    made to verify anything.
    """
    if row.appealed_at is not None or row.kind != RequestKind.RELEASE:
        return False
    if row.state in (RequestState.REFUSED, RequestState.PART):
        return True
    return row.state == RequestState.ASKED and at >= row.due_at


def appeal(number: str, *, why: str, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """Put a refusal, half an answer, or silence before the owner's sharing officer: another person
    than who refused. Raises `NoSuchRequest` or `RequestRefused`.
    """
    said = stated(why, "say what the owner did not weigh")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = one_of_unit(number, viewer=viewer, at=at)
        if not may_appeal(row, at=at):
            raise RequestRefused(
                "there is nothing to appeal, or it was appealed before",
                cure="What was refused on appeal goes to the council by itself.",
            )
        row.state, row.appealed_at, row.appeal = RequestState.APPEALED, at, said
        answer = agreed_term(EXCHANGE, Term.APPEAL, otherwise=_ON_APPEAL)
        row.asked_at, row.due_at = at, at + answer
        row.escalated_at, row.escalated_to = None, ""
        row.save()
        side = {"appeal": said}
        LEDGER.append([request_line(Event.RELEASE_ASKED, row, viewer=viewer, at=at, side=side)])
    return row


def take_note(number: str, *, viewer: Viewer, at: datetime) -> None:
    """Say for the unit that the answer, or the recall, was seen; the first to say so stands.

    Raises `NoSuchRequest`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = one_of_unit(number, viewer=viewer, at=at)
        if row.answered_at is not None and row.seen_at is None:
            row.seen_at, row.seen_by = at, viewer.number
            row.save(update_fields=["seen_at", "seen_by"])
            LEDGER.append([request_line(Event.NOTICE_TAKEN, row, viewer=viewer, at=at)])
