"""Records of which auditors want to know who looks: of a person in the news, of an employee.

Those who look are never told, and neither are other agencies: a watch is seen by auditors of the
agency that set it, by its department's and by inspectors. What a department's auditors set is seen
by them and by inspectors, and what these set by inspectors alone (P28).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import AUDITS, Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import fresh_number
from tieline.exchange.oversight.examining import examined_by
from tieline.exchange.oversight.models import Watch
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line

__all__ = [
    "LONGEST",
    "MOST",
    "MOST_DAYS",
    "WatchRefused",
    "end_watches",
    "may_end",
    "may_watch",
    "set_watch",
    "watches_for",
]

LONGEST: Final = 500
"""Signs of a reason."""
MOST: Final = 200
"""Watches of one agency that stand at a time: more would be read by nobody."""
MOST_DAYS: Final = 366
_SERIES: Final = "WT"


class WatchRefused(TielineError):
    """A record cannot be put under watch so, or not by this person."""


def may_watch(viewer: Viewer) -> bool:
    """Whether watches are set and seen in this hat."""
    return viewer.role in AUDITS


def watches_for(viewer: Viewer) -> QuerySet[Watch]:
    """What the viewer and his fellows set, and what auditors of agencies that he examines did; all
    of them for an inspector.
    """
    if not may_watch(viewer):
        return Watch.objects.none()
    examined = examined_by(viewer)
    if examined.is_all:
        return Watch.objects.all()
    of_auditors = Q(role=Role.AUDITOR.value) & examined.among("agency")
    return Watch.objects.filter(Q(**_of(viewer)) | of_auditors)


def may_end(watch: Watch, viewer: Viewer, *, at: datetime) -> bool:
    """Whether it stands, and his fellows set it: who examines auditors ends none of theirs."""
    return watch.until > at and _is_of(watch, viewer)


def set_watch(
    record: str, *, owner: str, reason: str, until: datetime, viewer: Viewer, at: datetime
) -> Watch:
    """Put a record under watch; that there is one of this owner, the caller knows. Raises
    `WatchRefused`.
    """
    if not may_watch(viewer):
        raise WatchRefused("only an auditor puts a record under watch")
    if not examined_by(viewer).has(owner):
        raise WatchRefused(
            "this is no record of an agency that you examine",
            cure="Its own auditors put it under watch.",
        )
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise WatchRefused("a watch has its reason", cure=f"Write at most {LONGEST} signs.")
    if not at < until <= at + timedelta(days=MOST_DAYS):
        raise WatchRefused(
            "a watch ends within a year",
            cure=f"Choose a day from today, within {MOST_DAYS} days; it can be set again.",
        )
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        standing = Watch.objects.filter(**_of(viewer), until__gt=at)
        if standing.filter(record=record, owner=owner).exists():
            raise WatchRefused(
                "it is under watch already", cure="End that watch first, to change it."
            )
        if standing.count() >= MOST:
            raise WatchRefused(
                f"there are {MOST} watches already", cure="End those that are not needed any more."
            )
        watch = Watch.objects.create(
            number=_number(),
            record=record,
            owner=owner,
            reason=reason,
            since=at,
            until=until,
            made_by=viewer.number,
            **_of(viewer),
        )
        said: dict[str, Json] = {"record": record, "reason": reason, "until": until.isoformat()}
        _note(Event.WATCH_SET, watch, viewer, at, said)
    return watch


def end_watches(numbers: Collection[str], *, viewer: Viewer, at: datetime) -> int:
    """Look out no more for who looks at these; gives how many there were. Those of others and those
    that are over are passed by.
    """
    wanted = [one for one in numbers if one.isprintable()]
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        rows = [
            one
            for one in watches_for(viewer).filter(number__in=wanted).order_by("id")
            if may_end(one, viewer, at=at)
        ]
        for watch in rows:
            watch.until, watch.ended_by = max(at, watch.since), viewer.number
            watch.save(update_fields=["until", "ended_by"])
            _note(Event.WATCH_ENDED, watch, viewer, at, {"record": watch.record})
    return len(rows)


def _of(viewer: Viewer) -> dict[str, str]:
    return {"agency": viewer.agency, "role": viewer.role.value}


def _is_of(watch: Watch, viewer: Viewer) -> bool:
    return may_watch(viewer) and all(
        getattr(watch, name) == value for name, value in _of(viewer).items()
    )


def _number() -> str:
    """A number that is free; drawn under the lock, so nobody else draws it."""
    while True:
        number = fresh_number(_SERIES)
        if not Watch.objects.filter(number=number).exists():
            return number


def _note(event: Event, watch: Watch, viewer: Viewer, at: datetime, said: dict[str, Json]) -> None:
    """By its own number: by the record's those would find it who look at the record."""
    LEDGER.append(
        [
            line(
                event,
                at=at,
                viewer=viewer,
                purpose=Purpose(code=PurposeCode.OVERSIGHT, reason="watch"),
                keeper=EXCHANGE,
                record=watch.number,
                owner=watch.agency,
                side={"watch": said},
            )
        ]
    )
