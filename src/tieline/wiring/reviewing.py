"""Runs a saved review over the ledgers for one period, and has it signed off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tieline.core.agreement.viewer import Viewer
from tieline.exchange.oversight.examining import examined_by
from tieline.exchange.oversight.models import SignOff
from tieline.exchange.oversight.reviews import PeriodOf, ReviewRefused, sign_off
from tieline.wiring.extract import LedgersAway, digest_of
from tieline.wiring.looks import Asked, Look, Period, away, looks, note_audit

__all__ = ["MOST", "Run", "run", "sign"]

MOST: Final = 2_000
"""Entries that one person can look through; a review that finds more is to be made narrower."""
_ZONE: Final = ZoneInfo("UTC")
"""No day is asked of a review, so no zone matters."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a review found in one period, the newest first."""

    found: tuple[Look, ...] = field(repr=False)
    whole: bool
    digest: str


def run(period: PeriodOf, viewer: Viewer, *, at: datetime) -> Run:
    """Search again, as this viewer may see it; the look is itself an entry. Raises `LedgersAway`:
    a part of the ledgers would pass for all.
    """
    made = _run(period, viewer)
    note_audit(_asked(period), viewer, count=len(made.found), at=at)
    return made


def sign(period: PeriodOf, *, digest: str, said: str, viewer: Viewer, at: datetime) -> SignOff:
    """Sign off what was shown; `digest` is what the page had. Raises `ReviewRefused` where that is
    not what there is now, or is more than anybody looks through.
    """
    made = _run(period, viewer)
    if not made.whole:
        raise ReviewRefused(
            f"these are more than {MOST:,} entries",
            cure="End this review, and save a narrower one.",
        )
    if made.digest != digest:
        raise ReviewRefused(
            "this is not what you had before you any more",
            cure="Look through it again: something was erased by an order, or came late.",
        )
    return sign_off(
        period.review.number,
        period.since,
        said=said,
        count=len(made.found),
        digest=made.digest,
        people={one.text("viewer") for one in made.found},
        viewer=viewer,
        at=at,
    )


def _run(period: PeriodOf, viewer: Viewer) -> Run:
    asked, of = _asked(period), Period(period.since, period.until)
    examined = examined_by(viewer)
    missing = away(asked, examined)
    if missing:
        raise LedgersAway(missing)
    found = looks(
        asked, viewer, zone=_ZONE, limit=MOST + 1, after=None, within=of, examined=examined
    )
    shown = tuple(found[:MOST])
    return Run(shown, len(found) <= MOST, digest_of(shown, of))


def _asked(period: PeriodOf) -> Asked:
    return Asked.again(period.review.asked)
