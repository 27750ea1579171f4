"""Forgets what people wrote of a record that was purged: the reasons of judgements, side rows.

Pointer, keys and evidence go with the tombstone (`take`). That it was judged, by whom and when,
stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import IndexedPointer, Judgement, Link, SecondWord
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.erasing import erase, erase_about, erase_all_about
from tieline.keeping.rows import LedgerRow, LedgerSide

__all__ = ["NotWithdrawn", "forget", "forget_all"]


class NotWithdrawn(TielineError):
    """The exchange holds a pointer still: its tombstone has not come."""

    exit_code = 4


def forget(system: str, number: str, *, author: Viewer, at: datetime) -> datetime | None:
    """What may go now; gives until when side rows of disclosures have to stay. Doing it again
    changes nothing. Raises `NotWithdrawn`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        _forget_words(system, number, author, at)
        return erase_about(LEDGER, system, number, author=author, at=at)


def forget_all(system: str, number: str, *, author: Viewer, at: datetime) -> None:
    """All of it, as somebody ordered; raises `NotWithdrawn`."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        _forget_words(system, number, author, at)
        erase_all_about(LEDGER, system, number, author=author, at=at)


def _forget_words(system: str, number: str, author: Viewer, at: datetime) -> None:
    pointer = IndexedPointer.objects.filter(system=system, number=number).first()
    if pointer is None:
        return
    if not pointer.tombstone:
        raise NotWithdrawn(
            f"the exchange has not taken back the pointer of {number} yet",
            cure="See that the exchange runs, then call tieline retention purge again.",
        )
    links = list(Link.objects.filter(Q(left=pointer) | Q(right=pointer)).select_related("left"))
    judgements = Judgement.objects.filter(link__in=links)
    SecondWord.objects.filter(judgement__in=judgements).exclude(reason="").update(reason="")
    judgements.exclude(reason="").update(reason="")
    # An entry on a link stands under its left side; the other one's is named beside it.
    erase(LEDGER, _entries_of(links), author=author, at=at, keeper=system, record=number)


def _entries_of(links: Iterable[Link]) -> list[int]:
    found: list[int] = []
    for link in links:
        rows = LedgerRow.objects.using(EXCHANGE).filter(
            record=link.left.number, event__startswith="link:"
        )
        sides = LedgerSide.objects.using(EXCHANGE).filter(
            sequence__in=list(rows.values_list("sequence", flat=True))
        )
        found += [one.sequence for one in sides if one.payload.get("link") == link.number]
    return found
