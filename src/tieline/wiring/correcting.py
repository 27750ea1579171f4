"""Carries corrections from each system to the exchange, and shows an agency whom its own reached.

Two databases, so two transactions: first those who are to be told are told, then the system forgets
that they are. Killed in between, it tells them again, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Final

from django.db import transaction

from tieline.accounts.models import Assignment
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.corrections.clock import Desk
from tieline.exchange.corrections.inbox import corrections_told
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.corrections.telling import tell_corrections
from tieline.keeping.corrections import Correction
from tieline.keeping.knowing import may_know
from tieline.wiring.systems import doors

__all__ = ["reached_by", "send_corrections", "still_at_their_desks"]

_BATCH: Final = 200


def send_corrections(*, at: datetime) -> int:
    """Tell the recipients of every correction that waits; gives how many corrections are done."""
    done = 0
    for name, door in doors().items():
        database = door.keeper.database
        rows = Correction.objects.using(database).order_by("id")
        last = 0
        while batch := list(rows.filter(id__gt=last)[:_BATCH]):
            last = batch[-1].pk
            told = [one.pk for one in tell_corrections(name, batch, at=at)]
            with transaction.atomic(using=database):
                done += rows.filter(pk__in=told).delete()[0]
    return done


def still_at_their_desks(desks: Collection[Desk], *, at: datetime) -> set[Desk]:
    """Those who work now where they did when they were shown something."""
    numbers = {number for _, _, number in desks}
    rows = Assignment.objects.filter(user__number__in=numbers, user__is_active=True)
    held = {
        (one.agency, one.unit, one.user.number)
        for one in rows.select_related("user")
        if one.holds(at)
    }
    return held & set(desks)


def reached_by(viewer: Viewer, *, at: datetime) -> list[CorrectionNotice]:
    """Who was told of corrections of the viewer's agency, of records that he may know of."""

    @cache
    def known(system: str, record: str) -> bool:
        door = doors().get(system)
        return door is not None and may_know(door, record, viewer=viewer, at=at)

    rows = corrections_told(owner=viewer.agency)
    return [one for one in rows if known(one.system, one.record)]
