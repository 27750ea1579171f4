"""One way to send an owner a request, whatever is asked: held to its rules, numbered, written."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.articles import Term
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.keeping.agreements import agreed_term
from tieline.keeping.databases import EXCHANGE

__all__ = ["LATEST", "SOONEST", "RequestRefused", "Wish", "file_request", "stated"]

SOONEST: Final = timedelta(hours=1)
LATEST: Final = timedelta(days=30)
"""Between these an answer may be wanted, where the agreement does not say how long it may take."""
_LONGEST: Final = 1_000
_SERIES: Final = "RQ"
_DIGITS: Final = 10


class RequestRefused(TielineError):
    """A request or an appeal that cannot be sent so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, and what tells requests of its kind apart from others."""

    kind: RequestKind
    event: Event
    needed_for: str
    """Said where nobody says why."""
    open_in: Collection[RequestState]
    """States in which another of the same unit, for the same work, stands in its way."""
    instead: str
    """What to do then."""
    classes: Collection[FieldClass]
    more: Mapping[str, Any]
    """Further columns, which the side row of the entry tells as well."""


def file_request(
    told: Disclosure,
    wish: Wish,
    *,
    system: str,
    why: str,
    due_at: datetime,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
) -> ReleaseRequest:
    """Send it to the owner of the record that was shown. Raises `RequestRefused`."""
    _refuse_without_number_or_clock(purpose, due_at, at)
    said = stated(why, wish.needed_for)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        before = ReleaseRequest.objects.filter(
            kind=wish.kind,
            system=system,
            record=told.number,
            agency=viewer.agency,
            unit=viewer.unit,
            purpose_number=purpose.number,
            state__in=wish.open_in,
        ).first()
        if before is not None:
            raise RequestRefused(f"your unit has asked already: {before.number}", cure=wish.instead)
        row = ReleaseRequest.objects.create(
            kind=wish.kind,
            number=_fresh_number(),
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
            classes=[one.value for one in FieldClass if one in wish.classes],
            why=said,
            state=RequestState.ASKED,
            asked_at=at,
            due_at=due_at,
            **wish.more,
        )
        side = {"why": said, "classes": row.classes, **wish.more}
        LEDGER.append([request_line(wish.event, row, viewer=viewer, at=at, side=side)])
    return row


def _refuse_without_number_or_clock(purpose: Purpose, due_at: datetime, at: datetime) -> None:
    """Raise `RequestRefused` where a request names no work, or no moment that can be kept to."""
    if not purpose.number:
        raise RequestRefused(
            "a request names the case or event that it is for",
            cure="State a purpose with its number first.",
        )
    latest = agreed_term(EXCHANGE, Term.ANSWER, otherwise=LATEST)
    if not at + SOONEST <= due_at <= at + latest:
        raise RequestRefused(
            "an answer may be wanted in an hour at the soonest, "
            f"and within {latest.days} days as the agreement has it",
            cure="Choose another moment; if it is more urgent, call the owner's duty desk.",
        )


def stated(text: str, lack: str) -> str:
    """What was said in words, in one line; raises `RequestRefused`."""
    said = " ".join(text.split())
    if not any(sign.isalnum() for sign in said) or not said.isprintable():
        raise RequestRefused(lack, cure="In one or two sentences, without names of third persons.")
    if len(said) > _LONGEST:
        raise RequestRefused(f"it is longer than {_LONGEST} signs", cure="Say it shorter.")
    return said


def _fresh_number() -> str:
    """Drawn under the lock, so nobody else draws it; not in a row, which would count."""
    while True:
        number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not ReleaseRequest.objects.filter(number=number).exists():
            return number
