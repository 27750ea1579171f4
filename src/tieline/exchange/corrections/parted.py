"""Two records were held to be of the same, and are not any more: whoever saw them so is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from tieline.exchange.corrections.telling import Corrected, tell
from tieline.exchange.index.models import Judgement, Link, LinkState
from tieline.keeping.corrections import shown_in
from tieline.keeping.databases import EXCHANGE

__all__ = ["tell_parted"]


def tell_parted(*, link: Link, judgement: Judgement, at: datetime, **about: Any) -> None:
    """What `link_parted` sets off, in its transaction and under its lock: told are, of each of the
    two records, those of other agencies to whom the exchange showed it since it was confirmed.

    Whoever parted them knows it.
    """
    since = _confirmed_at(link)
    for side in (link.left, link.right):
        pointer = side.read()
        if pointer is None:
            # Whoever was told of what is taken back since, is told so by its owner.
            continue
        recipients = {
            one.recipient
            for one in shown_in(EXCHANGE, side.system, [side.number])
            if one.at >= since
            and one.recipient.agency != side.owner_agency
            and one.recipient.viewer != judgement.user
        }
        corrected = Corrected(
            system=side.system,
            record=side.number,
            cause=f"{link.number} {judgement.pk}",
            owner_agency=side.owner_agency,
            contact=pointer.contact,
        )
        tell(corrected, recipients, at=at)


def _confirmed_at(link: Link) -> datetime:
    counting = Q(needs_second=False) | Q(second__agrees=True)
    rows = Judgement.objects.filter(counting, link=link, pk__gt=link.judged_before)
    first = rows.filter(state=LinkState.CONFIRMED).order_by("pk").first()
    return first.at if first is not None else link.made_at
