"""What the protection desks of the demo have before them: holds, a listed source, a precaution."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from tieline.demo.world.cast import CAST, author
from tieline.keeping.bare_precautions import BarePrecaution
from tieline.keeping.listed_sources import ListedSource
from tieline.keeping.precautions import check_precaution
from tieline.keeping.sourcing import list_source
from tieline.systems.investigations.desk import at_work as investigations
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.clearances import ask_desks
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["ask_about_some", "warn_of_one"]

_RETURN: Final = "V"
_THEIR_DESK: Final = "protection2"
_LISTED: Final = "Nobody Inventado Ficticio"


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


def warn_of_one(*, at: datetime) -> None:
    """Of one protected person of the investigators, their desk has listed a source and let a bare
    precaution cross; done again, nothing happens.
    """
    person = _theirs().order_by("number").first()
    desk = next((one.viewer() for one in CAST if one.username == _THEIR_DESK), None)
    if person is None or desk is None:
        return
    door = investigations().door
    about: dict[str, Any] = {"author": desk, "at": at}
    if not ListedSource.objects.using("investigations").filter(record=person.number).exists():
        list_source(door, person.number, names=[_LISTED], why="Named in the petition.", **about)
    if not BarePrecaution.objects.using("investigations").filter(record=person.number).exists():
        basis = "Checked with the case's report."
        check_precaution(door, person.number, codes=["armed"], basis=basis, **about)


def _theirs() -> QuerySet[Person]:
    people = Person._default_manager.using("investigations").exclude(a_number="")
    return people.filter(section_1367=True)


def _some() -> Iterator[Subject]:
    there = Subject._default_manager.using("patrol").filter(disposition="").order_by("number")
    theirs = _theirs().values_list("a_number", flat=True)
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
