"""A few letters and a review, so that whoever oversees the demo's node has something before him."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.core.redress import Kind
from tieline.demo.world.cast import CAST
from tieline.exchange.oversight.models import SavedReview
from tieline.exchange.oversight.reviews import save_review
from tieline.exchange.redress.matters import Letter, enter_matter
from tieline.exchange.redress.models import Matter

__all__ = ["oversee"]

_LETTERS: Final = (
    (3, Kind.ACCESS, "patrol", "R. Sandoval", "What do you hold of me, and who was told?"),
    (12, Kind.MISTAKEN, "patrol", "L. Ortega", "I am stopped for somebody of my name each week."),
    (20, Kind.AMENDMENT, "investigations", "P. Quintero", "I was born in 1988 and not in 1968."),
)
"""Days ago, what is asked, of whom, by whom."""
_REVIEWS: Final = (
    ("auditor2", "Looks that were refused", {"event": "record:disclosure:refused"}, 40, 30),
    ("auditor", "Searches without a case", {"event": "record:search:answered"}, 9, 7),
)


def oversee(*, at: datetime) -> None:
    """Enter what is not there yet; what was entered before stays as it is."""
    if not Matter.objects.exists():
        for days, kind, agency, person, said in _LETTERS:
            came = at - timedelta(days=days)
            letter = Letter(
                kind=kind,
                decides=agency,
                person=person,
                reply_to="PO Box 1, Nogales",
                said=said,
                received_on=came.date(),
            )
            enter_matter(letter, viewer=_as("redress"), at=at)
    if not SavedReview.objects.exists():
        for username, title, asked, days, length in _REVIEWS:
            save_review(
                title=title,
                asked=asked,
                days=length,
                viewer=_as(username),
                at=at,
                begins=at - timedelta(days=days),
            )


def _as(username: str) -> Viewer:
    return next(one for one in CAST if one.username == username).viewer()
