"""Whom a person declares of the own household: seen and changed by that person alone.

Auditors are told that somebody searched for one of them, and never whom (P28). What ended stays, so
that a search of before is held against what held then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from tieline.accounts.models import HouseholdMember, User
from tieline.accounts.signin import LEDGER, account_line
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.values.names import tokens
from tieline.keeping.databases import ACCOUNTS

__all__ = ["LONGEST_NAME", "MOST", "HouseholdRefused", "declare", "declared_by", "end"]

LONGEST_NAME: Final = 120
MOST: Final = 30
"""Who stand at one time."""
_OLDEST: Final = date(1900, 1, 1)
_FEWEST_WORDS: Final = 2


class HouseholdRefused(TielineError):
    """A declaration that cannot be made so, or not by this person."""


def declared_by(person: User) -> QuerySet[HouseholdMember]:
    """Those who stand first, and then those of before."""
    stand_first = F("ended_at").desc(nulls_first=True)
    return HouseholdMember.objects.filter(user=person).order_by(stand_first, "since", "id")


def declare(
    person: User, *, name: str, since: date, today: date, by: Viewer, at: datetime
) -> HouseholdMember:
    """Say who belongs to the household, since when. `today` is by the person's own clock. Raises
    `HouseholdRefused`.
    """
    _refuse_unless_own(person, by)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise HouseholdRefused(
            "this is no name", cure=f"Write it in one line of at most {LONGEST_NAME} signs."
        )
    words = frozenset(tokens(name))
    if len(words) < _FEWEST_WORDS:
        raise HouseholdRefused(
            "one word alone is the name of many", cure="Write given name and surname."
        )
    if not _OLDEST <= since <= today:
        raise HouseholdRefused(
            f"{since} is to come, or too long ago",
            cure="Give the day from which it was so; today, if in doubt.",
        )
    with transaction.atomic(using=ACCOUNTS):
        # Under the ledger's lock, so that nothing is declared twice at once.
        LEDGER.hold()
        standing = declared_by(person).filter(ended_at=None).values_list("name", flat=True)
        known = [frozenset(tokens(one)) for one in standing]
        if words in known:
            raise HouseholdRefused("you have declared this name", cure="Nothing is left to do.")
        if len(known) >= MOST:
            raise HouseholdRefused(
                f"there are {MOST} names already", cure="End those who moved out, then go on."
            )
        made = HouseholdMember.objects.create(user=person, name=name, since=since, declared_at=at)
        LEDGER.append([account_line(Event.HOUSEHOLD_CHANGED, person, at=at, by=by)])
    return made


def end(person: User, chosen: Collection[int], *, by: Viewer, at: datetime) -> int:
    """They belong to it no more, and did until now; gives how many they were. Those of others, and
    those that ended before, are passed by. Raises `HouseholdRefused`.
    """
    _refuse_unless_own(person, by)
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        standing = HouseholdMember.objects.filter(user=person, ended_at=None)
        count = standing.filter(pk__in=chosen).update(ended_at=at)
        LEDGER.append(
            [account_line(Event.HOUSEHOLD_CHANGED, person, at=at, by=by) for _ in range(count)]
        )
    return count


def _refuse_unless_own(person: User, by: Viewer) -> None:
    if by.number != person.number:
        raise HouseholdRefused(
            "everybody declares his own household alone", cure="Ask the person to do it."
        )
