"""Reviews that are run again for each period, and signed off by somebody who is not in them.

A review keeps what is looked for and no result: ledgers only grow, so what a period held is found
again. Who signs says so of what he was shown, and the digest of that is kept (P28).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from tieline.core.agreement.viewer import AUDITS, Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import fresh_number
from tieline.exchange.oversight.models import SavedReview, SignOff
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line

__all__ = [
    "LONGEST",
    "PATIENCE",
    "NoSuchReview",
    "PeriodOf",
    "ReviewRefused",
    "end_review",
    "may_review",
    "one_review",
    "periods",
    "reviews_for",
    "save_review",
    "sign_off",
    "unsigned",
]

LONGEST: Final = 2_000
PATIENCE: Final = timedelta(days=7)
"""After the end of a period, within which it is to be signed off."""
MOST_PERIODS: Final = 400
_SERIES: Final = "RW"
_DAYS: Final = range(1, 367)


class NoSuchReview(TielineError):
    """There is no such review, or none that this viewer may know of: the same answer for both."""

    exit_code = 3


class ReviewRefused(TielineError):
    """What was to be done with a review cannot be done, or not by this person, or not now."""


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """One period of a review, and who signed it off, if somebody did."""

    review: SavedReview
    since: datetime
    until: datetime
    signed: SignOff | None

    def is_overdue(self, at: datetime) -> bool:
        """Whether somebody should have signed by now."""
        return self.signed is None and self.until + PATIENCE < at


def may_review(viewer: Viewer) -> bool:
    """Whether reviews are saved and signed in this hat."""
    return viewer.role in AUDITS


def reviews_for(viewer: Viewer) -> QuerySet[SavedReview]:
    """Those of his fellows, who are of the same role and agency, that are not of himself."""
    if not may_review(viewer):
        return SavedReview.objects.none()
    rows = SavedReview.objects.filter(agency=viewer.agency, role=viewer.role.value).order_by(
        "number"
    )
    of_himself = [one.pk for one in rows if one.asked.get("viewer") == viewer.number]
    return rows.exclude(pk__in=of_himself)


def one_review(number: str, viewer: Viewer) -> SavedReview:
    """The review; raises `NoSuchReview`."""
    found = reviews_for(viewer).filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise NoSuchReview(f"there is no review {number!r} that you may see")
    return found


def periods(review: SavedReview, *, at: datetime) -> Iterator[PeriodOf]:
    """Those that are over, the oldest first; one that was cut short by the review's end is none."""
    signed = {one.since: one for one in review.signed.all()}
    length = timedelta(days=review.days)
    last = min(at, review.ended_at) if review.ended_at is not None else at
    for place in range(MOST_PERIODS):
        since = review.begins + place * length
        if since + length > last:
            return
        yield PeriodOf(review, since, since + length, signed.get(since))


def unsigned(viewer: Viewer, *, at: datetime) -> list[PeriodOf]:
    """What waits to be signed off by this viewer or another of his fellows, the oldest first."""
    rows = reviews_for(viewer).prefetch_related("signed")
    waiting = [period for one in rows for period in periods(one, at=at) if period.signed is None]
    return sorted(waiting, key=lambda period: (period.until, period.review.number))


def save_review(
    *,
    title: str,
    asked: Mapping[str, str],
    days: int,
    viewer: Viewer,
    at: datetime,
    begins: datetime | None = None,
) -> SavedReview:
    """Have a search run again for each period from now on, or from an earlier moment. Raises
    `ReviewRefused`.
    """
    if not may_review(viewer):
        raise ReviewRefused("only an auditor saves a review")
    title = " ".join(title.split())
    if not 0 < len(title) <= 120 or not title.isprintable():
        raise ReviewRefused(
            "a review says in a few words what it is for", cure="Give at most 120 signs."
        )
    if days not in _DAYS:
        raise ReviewRefused("a period lasts from 1 to 366 days", cure="Choose another length.")
    if not any(name != "lists" for name in asked):
        raise ReviewRefused(
            "a review of everything would be read by nobody",
            cure="Say what is looked for: a person, a record, a kind of event, a clause, a unit.",
        )
    if "day" in asked:
        raise ReviewRefused(
            "a review has periods of its own", cure="Leave the day out of what is looked for."
        )
    if not all(text.isprintable() and len(text) <= 64 for text in asked.values()):
        raise ReviewRefused("what is looked for cannot be kept so", cure="Use fewer, plain signs.")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        review = SavedReview.objects.create(
            number=_number(),
            agency=viewer.agency,
            role=viewer.role.value,
            title=title,
            asked=dict(asked),
            days=days,
            begins=min(begins or at, at),
            made_by=viewer.number,
            made_at=at,
        )
        _note(Event.AUDIT_SAVED, review, viewer, at, side={"asked": dict(asked)})
    return review


def end_review(number: str, *, viewer: Viewer, at: datetime) -> SavedReview:
    """No period begins any more; those that are over still want a signature. Raises `NoSuchReview`
    or `ReviewRefused`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        review = one_review(number, viewer)
        if review.ended_at is not None:
            raise ReviewRefused("it has ended already", cure="Nothing is left to do.")
        review.ended_at = at
        review.save(update_fields=["ended_at"])
        _note(Event.AUDIT_SAVED, review, viewer, at)
    return review


def sign_off(
    number: str,
    since: datetime,
    *,
    said: str,
    count: int,
    digest: str,
    people: Collection[str],
    viewer: Viewer,
    at: datetime,
) -> SignOff:
    """Keep that somebody looked through a period, and what he says of it.

    `count`, `digest` and `people` are of what he was shown; nobody signs where he is himself among
    the people. Raises `NoSuchReview` or `ReviewRefused`.
    """
    said = said.strip()
    if not 0 < len(said) <= LONGEST or "\0" in said:
        raise ReviewRefused(
            "say what you found, or that there is nothing to see to",
            cure=f"Write at most {LONGEST:,} signs.",
        )
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        review = one_review(number, viewer)
        period = next((one for one in periods(review, at=at) if one.since == since), None)
        if period is None:
            raise ReviewRefused(
                "this period is not over, or there is none", cure="Choose one of the list."
            )
        if period.signed is not None:
            raise ReviewRefused(
                "somebody signed this period meanwhile", cure="Look at what was said of it."
            )
        if viewer.number in people:
            raise ReviewRefused(
                "you are yourself in what was found",
                cure="Another auditor of your agency is to sign it.",
            )
        made = SignOff.objects.create(
            review=review,
            since=period.since,
            until=period.until,
            count=count,
            digest=digest,
            said=said,
            user=viewer.number,
            unit=viewer.unit,
            assignment=viewer.assignment,
            at=at,
        )
        side: dict[str, Json] = {"since": period.since.isoformat(), "digest": digest}
        _note(Event.AUDIT_SIGNED, review, viewer, at, count=count, side=side)
    return made


def _number() -> str:
    """A number that is free; drawn under the lock, so nobody else draws it."""
    while True:
        number = fresh_number(_SERIES)
        if not SavedReview.objects.filter(number=number).exists():
            return number


def _note(
    event: Event,
    review: SavedReview,
    viewer: Viewer,
    at: datetime,
    *,
    count: int | None = None,
    side: Mapping[str, Json] | None = None,
) -> None:
    purpose = Purpose(code=PurposeCode.OVERSIGHT, reason="review")
    LEDGER.append(
        [
            line(
                event,
                at=at,
                viewer=viewer,
                purpose=purpose,
                keeper=EXCHANGE,
                record=review.number,
                owner=review.agency,
                count=count,
                side=side,
            )
        ]
    )
