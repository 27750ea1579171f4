"""Tells the desks at once who of their protected people is in custody, before anybody asks (P14).

Never in the breath of the booking: who books in waits for nobody, and whether a desk was told
changes nothing that he could read, count or time. What a system or the exchange does not answer is
asked again; killed on the way, nobody is told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, transaction

from tieline.core.clearing import Custody
from tieline.core.errors import TielineError
from tieline.core.matching.online.reading import Understood
from tieline.exchange.index.firm import NOT_KNOWN, Same, same_person
from tieline.keeping.custodies import end_custodies, tell_of_custody
from tieline.keeping.custody_news import CustodyNews
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.door import Door
from tieline.systems.patrol.subjects.subject import IN_CUSTODY, Subject
from tieline.wiring.same_person import numbers_said, records_in
from tieline.wiring.systems import doors, lexicon

__all__ = ["Round", "look_again", "tell_of_custodies"]

log = logging.getLogger(__name__)

_BATCH: Final = 200
_ROUND: Final = timedelta(minutes=5)
"""From the start of one round through all custodies to the start of the next, at the least."""
_AT_ONCE: Final = 100


@dataclass(slots=True)
class Round:
    """How far the clock has come in its round through all who are in custody."""

    begun: datetime | None = None
    last: str = ""
    """The number that was looked at last; blank where a round is through."""


@dataclass(slots=True)
class _Pass:
    """One pass over custodies, and who did not answer in it: they are not asked again for each."""

    at: datetime
    away: set[str] = field(default_factory=set)


def tell_of_custodies(*, at: datetime) -> int:
    """Tell of every custody that has begun, changed hands or ended; gives how many are through."""
    done, now = 0, _Pass(at)
    for name, door in doors().items():
        try:
            done += _news_of(name, door, now)
        except Error as error:
            log.error("the custodies of %s cannot be read: %s", name, type(error).__name__)
    return done


def _news_of(name: str, door: Door, now: _Pass) -> int:
    rows = CustodyNews.objects.using(door.keeper.database).order_by("id")
    done = last = 0
    while batch := list(rows.filter(id__gt=last)[:_BATCH]):
        last = batch[-1].pk
        through = [row.pk for row in batch if _tell_of(name, row.number, now)]
        done += rows.filter(pk__in=through).delete()[0]
    return done


def look_again(round_: Round, *, at: datetime) -> None:
    """The next custodies of a round through all of them: for whom a protection was set since, a
    link was confirmed, or a record came that nobody had when they were booked in.
    """
    if not round_.last:
        if round_.begun is not None and at < round_.begun + _ROUND:
            return
        round_.begun = at
    rows = Subject._default_manager.using("patrol").filter(IN_CUSTODY, number__gt=round_.last)
    numbers = list(rows.order_by("number").values_list("number", flat=True)[:_AT_ONCE])
    now = _Pass(at)
    for number in numbers:
        _tell_of("patrol", number, now)
    round_.last = numbers[-1] if len(numbers) == _AT_ONCE else ""


def _tell_of(system: str, number: str, now: _Pass) -> bool:
    """Whether all have answered, so that nothing of it waits."""
    record = doors()[system].keeper.find(number)
    if record is None or not record.in_custody:
        return _in_all(lambda door: end_custodies(door.keeper, system, number, at=now.at), now)
    custody = Custody(
        system=system,
        number=number,
        disposition="",
        agency=record.owner_agency,
        unit=record.owning_unit,
        contact=record.contact,
        asked_by=record.author,
    )
    said = numbers_said(record.matchable(system), lexicon=lexicon())
    known = _linked(custody, now)
    told = _in_all(lambda door: _told(door, custody, said, known, now.at), now)
    return told and known is not None


def _linked(custody: Custody, now: _Pass) -> Same | None:
    """What the exchange knows; None where it does not answer: who is known by a number is told of
    at once, by whom else once it is back.
    """
    if EXCHANGE in now.away:
        return None
    try:
        return same_person(custody.system, custody.number)
    except Error as error:
        log.error("the exchange could not be asked of custodies: %s", type(error).__name__)
        now.away.add(EXCHANGE)
        return None


def _told(door: Door, custody: Custody, said: Understood, known: Same | None, at: datetime) -> None:
    keeper = door.keeper
    with transaction.atomic(using=keeper.database):
        # For every custody, whether or not somebody is told of it.
        keeper.ledger.hold()
        found = records_in(keeper, custody, said, known or NOT_KNOWN, lexicon=lexicon())
        told = tell_of_custody(keeper, found, custody, at=at)
        if known is not None:
            end_custodies(keeper, custody.system, custody.number, but=told, at=at)


def _in_all(act: Callable[[Door], object], now: _Pass) -> bool:
    """Do it in every system that answers, and say whether all did."""
    for name, door in sorted(doors().items()):
        if name in now.away:
            continue
        try:
            act(door)
        except (Error, TielineError) as error:
            log.error("%s could not be told of custodies: %s", name, type(error).__name__)
            now.away.add(name)
    return now.away <= {EXCHANGE}
