"""What a reader asked of the queue and where he stands in it: all of it in the address, so that a
reload, or a link sent to oneself, leads back to the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.review.queue import Asked, Queue, Which, queue
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

__all__ = ["STAKES", "Place", "asked_of", "queue_of"]

STAKES: Final = ("lookout", "strong", "names")
_AGENCY: Final = "agency"
_MOST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a queue; `before` is the link that was judged on the way here."""

    asked: Asked
    at: int = 0
    before: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Place:
        """What the address says; what it says wrongly is left out."""
        at = request.GET.get("at", "")
        sayable = at.isascii() and at.isdigit() and len(at) <= _MOST_DIGITS
        before = request.GET.get("before", "")[:16]
        return cls(asked_of(request), int(at) if sayable else 0, before)

    def url(self, name: str, *args: str, at: int | None = None, before: str = "") -> str:
        """A page of the review, in the same queue."""
        said = {
            "which": self.asked.which.value,
            "stake": self.asked.stake,
            "whose": _AGENCY if self.asked.whole_agency else "",
            "at": str(at) if at else "",
            "before": before,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return f"{reverse(name, args=args)}?{query}".rstrip("?")

    def next_after(self, here: str, found: Queue) -> tuple[str, int] | None:
        """The link that comes after this one, and its place; of one that is no more in the queue,
        what has come into its place.
        """
        at = found.place(here)
        return self._there(found, self.at if at is None else at + 1)

    def previous_to(self, here: str, found: Queue) -> tuple[str, int] | None:
        """The link that comes before."""
        at = found.place(here)
        return self._there(found, (self.at if at is None else at) - 1)

    @staticmethod
    def _there(found: Queue, at: int) -> tuple[str, int] | None:
        return (found.items[at].link, at) if 0 <= at < len(found.items) else None


def asked_of(request: HttpRequest) -> Asked:
    """Which queue."""
    which, stake = request.GET.get("which", ""), request.GET.get("stake", "")
    known = {one.value for one in Which}
    return Asked(
        which=Which(which) if which in known else Which.OPEN,
        stake=stake if stake in STAKES else "",
        whole_agency=request.GET.get("whose") == _AGENCY,
    )


def queue_of(asked: Asked, request: HattedRequest, viewer: Viewer) -> Queue:
    """The order of the links alone: no row of it is read."""
    return queue(
        asked,
        viewer=viewer,
        purpose=request.purpose,
        agreement=in_force(EXCHANGE),
        at=request.at,
    )
