"""People whose looks differ from those of their fellows: for an auditor to look into.

A count and its reason, never a score, and never by whose surname is like whose (P28): a person
decides whether there is anything to find. What stood in lists of own work counts for nothing, since
each load of a home would make everybody an outlier.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import examined_by
from tieline.keeping.databases import EXCHANGE
from tieline.wiring.examined import Deed, Reading
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.staff import Declared, Person, words_of
from tieline.wiring.unfollowed import PATIENCE, Left, Unfollowed
from tieline.wiring.watching import WatchedLook, watched_looks

__all__ = ["FEWEST", "MORE", "TIMES", "Outlier", "Outliers", "Why", "outliers"]

FEWEST: Final = 10
"""Looks of one kind below which nobody is an outlier."""
TIMES: Final = 3.0
"""As often as the median of those in the same role of the same agency."""
MORE: Final = 1.5
"""As large a share as the median of the others in the same role of the same agency."""
_NIGHT: Final = range(5)
"""Hours of the auditor's clock."""
_REFUSED: Final = frozenset({Event.RECORD_REFUSED.value, Event.SEARCH_REFUSED.value})


class Why(StrEnum):
    """What about somebody's looks differs."""

    VOLUME = "volume"
    NIGHT = "night"
    NO_NUMBER = "no number"
    REFUSED = "refused"
    SELF = "self"
    HOUSEHOLD = "household"
    COLLEAGUE = "colleague"
    WATCHED = "watched"
    UNFOLLOWED = "unfollowed"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """One person and one reason."""

    viewer: str
    agency: str
    """In whose hat they looked."""
    unit: str
    role: str
    why: Why
    count: int
    """Looks that are counted by this reason; records, of those that nothing followed."""
    of: int | None
    """All looks of this person, or records that he opened; None where that is not the auditor's to
    know.
    """
    usual: float | None = None
    """Of the volume: the median of those in the same role. Of records that nothing followed: the
    median share of the others in it, if there are any.
    """
    records: tuple[str, ...] = ()
    """Of watched ones: which."""


@dataclass(frozen=True, slots=True)
class Outliers:
    """What was found, and whether all of the time was looked at."""

    found: tuple[Outlier, ...]
    whole: bool
    missing: tuple[str, ...] = ()
    """Ledgers that do not answer."""


@dataclass(slots=True)
class _Counted:
    """The looks of one person for one agency."""

    unit: str = ""
    role: str = ""
    looks: int = 0
    by: Counter[Why] = field(default_factory=Counter)


_Whose = tuple[str, str]
"""A person's number, and the agency of the hat: who is detailed is held against those there."""


def outliers(
    auditor: Viewer,
    *,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    staff: Iterable[Person],
    without: tuple[str, ...] = (),
) -> Outliers:
    """Those of agencies that the auditor examines, by what they did in `[since, until)`; `without`
    the ledgers that are away. Of other agencies he finds those who looked at a record that is under
    watch.
    """
    people: dict[_Whose, _Counted] = defaultdict(_Counted)
    named, unfollowed = _Named(staff, zone), Unfollowed(since - PATIENCE, until - PATIENCE)
    whole, seen, examined = True, set[str](), examined_by(auditor)
    for system in LEDGERS:
        if system in without:
            continue
        reading = Reading(system, examined, since - PATIENCE, until)
        for deed in reading:
            unfollowed.note(deed)
            if not deed.is_look or deed.at < since or deed.once in seen:
                # One search is answered by each system; whoever searches, does so once.
                continue
            seen |= {deed.once} - {""}
            _count(people[deed.viewer, deed.agency], deed, zone, named)
        unfollowed.end_of_ledger()
        whole = whole and reading.whole
    said = [*_found(people)]
    if EXCHANGE not in without:
        # There it is kept what is watched.
        looks = watched_looks(auditor, since=since, until=until, without=without)
        said += _of_watched(looks, people)
    if whole and not without:
        # What followed may stand in what was not read.
        said += _of_unfollowed(list(unfollowed.by_person()))
    return Outliers(tuple(_in_order(said)), whole, without)


def _count(one: _Counted, deed: Deed, zone: ZoneInfo, named: _Named) -> None:
    # The newest comes first: the hat that was worn last.
    one.unit, one.role = one.unit or deed.unit, one.role or deed.role
    if deed.event == Event.GLASS_BROKEN.value:
        # No look, and always to be looked into.
        one.by[Why.EMERGENCY] += 1
        return
    one.looks += 1
    one.by[Why.NIGHT] += deed.at.astimezone(zone).hour in _NIGHT
    one.by[Why.NO_NUMBER] += not deed.case
    one.by[Why.REFUSED] += deed.event in _REFUSED
    one.by.update(named.whys(deed))


class _Named:
    """Whose name it is that somebody searched for."""

    def __init__(self, staff: Iterable[Person], zone: ZoneInfo) -> None:
        self._zone = zone
        self._staff: dict[frozenset[str], list[Person]] = defaultdict(list)
        self._households: dict[tuple[str, frozenset[str]], list[Declared]] = defaultdict(list)
        for one in staff:
            self._staff[words_of([one.name])].append(one)
            for each in one.household:
                self._households[one.number, words_of([each.name])].append(each)

    def whys(self, deed: Deed) -> Iterator[Why]:
        """The own, though others have it too; else that of somebody of the same agency. Beside it,
        that of somebody of the own household.
        """
        if not deed.searched:
            return
        found = self._staff.get(deed.searched, ())
        if any(one.number == deed.viewer for one in found):
            yield Why.SELF
        elif any(deed.agency in one.agencies for one in found):
            yield Why.COLLEAGUE
        declared = self._households.get((deed.viewer, deed.searched), ())
        if any(one.held(deed.at, self._zone) for one in declared):
            yield Why.HOUSEHOLD


def _found(people: Mapping[_Whose, _Counted]) -> Iterator[Outlier]:
    by_role: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (_, agency), one in people.items():
        if one.looks:
            by_role[agency, one.role].append(one.looks)
    for (viewer, agency), one in people.items():
        about: dict[str, Any] = {"viewer": viewer, "agency": agency, "of": one.looks}
        about |= {"unit": one.unit, "role": one.role}
        usual = float(median(by_role[agency, one.role] or [0]))
        if one.looks >= FEWEST and one.looks > TIMES * usual:
            yield Outlier(why=Why.VOLUME, count=one.looks, usual=usual, **about)
        for why in (Why.NIGHT, Why.NO_NUMBER, Why.REFUSED):
            count = one.by[why]
            if count >= FEWEST and 2 * count > one.looks:
                yield Outlier(why=why, count=count, **about)
        for why in (Why.SELF, Why.HOUSEHOLD, Why.COLLEAGUE, Why.EMERGENCY):
            if one.by[why]:
                yield Outlier(why=why, count=one.by[why], **about)


def _of_watched(
    looks: Iterable[WatchedLook], people: Mapping[_Whose, _Counted]
) -> Iterator[Outlier]:
    """Once is enough."""
    by_whom: dict[_Whose, list[WatchedLook]] = defaultdict(list)
    for one in looks:
        by_whom[one.viewer, one.agency].append(one)
    for (viewer, agency), those in by_whom.items():
        counted = people.get((viewer, agency))
        yield Outlier(
            viewer=viewer,
            agency=agency,
            unit=those[-1].unit,
            role=those[-1].role,
            why=Why.WATCHED,
            count=len(those),
            of=counted.looks if counted is not None else None,
            records=tuple(sorted({one.record for one in those})),
        )


def _of_unfollowed(people: Sequence[Left]) -> Iterator[Outlier]:
    """More than half, and far more than the others of the role: much work leaves no entry, and
    whose work that is, is not to be looked into for it.
    """
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in people:
        if one.opened >= FEWEST:
            shares[one.agency, one.role].append(one.share)
    for one in people:
        if one.left < FEWEST or 2 * one.left <= one.opened:
            continue
        others = shares[one.agency, one.role].copy()
        others.remove(one.share)
        usual = median(others) if others else None
        if usual is None or one.share > MORE * usual:
            yield Outlier(
                viewer=one.viewer,
                agency=one.agency,
                unit=one.unit,
                role=one.role,
                why=Why.UNFOLLOWED,
                count=one.left,
                of=one.opened,
                usual=usual,
            )


def _in_order(said: Iterable[Outlier]) -> list[Outlier]:
    """By their reasons in the order of `Why`, the most looks first."""
    order = {why: place for place, why in enumerate(Why)}
    return sorted(said, key=lambda one: (order[one.why], -one.count, one.viewer, one.agency))
