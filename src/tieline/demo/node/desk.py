"""A few people of the demo about to be sent away: the desks were asked, and holds wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tieline.demo.world.cast import author
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.clearances import ask_desks
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["ask_about_some"]

_RETURN: Final = "V"


def ask_about_some(*, at: datetime) -> None:
    """One whom nobody holds, one whom his own record holds, and one whom a record of the
    investigators holds, of those that there are. Who was asked about is not asked about again.
    """
    desk = at_work()
    known = set(DeskAnswer.objects.using("patrol").values_list("record", flat=True))
    for subject in _some():
        if subject.number not in known:
            by = author(subject.owner_agency, subject.owning_unit)
            ask_desks(desk, subject.number, _RETURN, author=by, at=at)
            known.add(subject.number)


def _some() -> Iterator[Subject]:
    there = Subject._default_manager.using("patrol").filter(disposition="").order_by("number")
    people = Person._default_manager.using("investigations").exclude(a_number="")
    theirs = people.filter(section_1367=True).values_list("a_number", flat=True)
    open_ones = there.filter(section_1367=False, asylum=False, us_person=False)
    wanted = (
        open_ones.filter(informant=False, sealed=False, grand_jury=False, intercept=False),
        there.filter(section_1367=True),
        open_ones.filter(a_number__in=sorted(theirs)),
    )
    for rows in wanted:
        subject = rows.first()
        if subject is not None:
            yield subject
