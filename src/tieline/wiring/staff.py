"""Whose names are known when people are examined: those of some agencies, or everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tieline.accounts.models import User
from tieline.core.agreement.viewer import Viewer
from tieline.core.values.names import tokens
from tieline.exchange.oversight.examining import examined_by

__all__ = ["Declared", "Person", "staff_of", "words_of"]


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that somebody declared of the own household, with its time; nobody else reads it."""

    name: str = field(repr=False)
    since: date
    until: datetime | None = None

    def held(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether this person belonged to the household then."""
        begun = self.since <= at.astimezone(zone).date()
        return begun and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of them, under the number that stands in the ledger."""

    number: str
    name: str = field(repr=False)
    agencies: frozenset[str]
    """Where they are at home, and where they have or had an assignment."""
    household: tuple[Declared, ...] = field(default=(), repr=False)


def staff_of(auditor: Viewer) -> tuple[Person, ...]:
    """People at home in an agency that the auditor examines, or detailed to one."""
    people = User.objects.order_by("number").prefetch_related("assignments", "household")
    examined = examined_by(auditor)
    if not examined.is_all:
        people = people.filter(examined.among("agency", "assignments__agency")).distinct()
    return tuple(
        Person(
            number=one.number,
            name=one.name,
            agencies=frozenset({one.agency, *(hat.agency for hat in one.assignments.all())}),
            household=tuple(
                Declared(each.name, each.since, each.ended_at) for each in one.household.all()
            ),
        )
        for one in people
    )


def words_of(names: Iterable[str]) -> frozenset[str]:
    """All words of a name, in any order and however accented; none where there is one word alone,
    which is many people's.
    """
    found = frozenset(word for name in names for word in tokens(name))
    return found if len(found) > 1 else frozenset()
