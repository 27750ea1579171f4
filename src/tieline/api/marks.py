"""Marks on own records: listed, and set or proposed. What a program cannot do is approve one: a
person reads the grounds first, on the page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BeforeValidator, Field, StrictBool

from tieline.api.caller import Caller, caller
from tieline.api.errors import NOTHING, REFUSALS, Refused
from tieline.api.form import Form, Strict
from tieline.api.records import fetched
from tieline.api.told import Marked
from tieline.core.agreement.releases import ORIGIN
from tieline.core.marks import (
    LONGEST_WORDS,
    Fact,
    FactKind,
    GangGrounds,
    Grounds,
    IntelligenceGrounds,
    Reliability,
    Sensitivity,
    Validity,
    WordGrounds,
)
from tieline.keeping.desk import Desk
from tieline.keeping.marking import marks_on, set_mark
from tieline.keeping.marks import MarkRow
from tieline.wiring.marking import DESKS, WRITERS, givers

__all__ = ["router"]

router = Router()
_Words = Annotated[str, Field(max_length=LONGEST_WORDS)]
_Line = Annotated[str, Field(max_length=200)]


def _is_text(value: object) -> object:
    # Else a number would be read as days since 1970.
    if not isinstance(value, str):
        raise ValueError("write it as text: 2027-11-23")
    return value


class WordsEntry(Strict):
    """The grounds of a mark that says nothing of a person: exercise, unapproved, from:AGENCY."""

    why: _Words

    def grounds(self) -> Grounds:
        """As the service takes them."""
        return WordGrounds(why=self.why)


class FactEntry(Strict):
    """One thing that is known, and from where."""

    kind: FactKind
    said: _Words
    source: _Line


class GangEntry(Strict):
    """The grounds of a gang label: two facts, of two kinds and from two sources."""

    facts: Annotated[list[FactEntry], Field(max_length=5)]
    association_alone: StrictBool
    """Whether it rests on nothing but knowing somebody."""
    counsel: _Line = ""
    """Who approved it, and the reference; needed of whoever is or may be a child."""

    def grounds(self) -> Grounds:
        """As the service takes them."""
        facts = tuple(Fact(kind=one.kind, said=one.said, source=one.source) for one in self.facts)
        return GangGrounds(
            facts=facts, association_alone=self.association_alone, counsel=self.counsel
        )


class IntelligenceEntry(Strict):
    """The grounds of intelligence (28 CFR 23.20)."""

    suspicion: _Words
    source: _Line
    reliability: Reliability
    validity: Validity
    sensitivity: Sensitivity
    review_on: Annotated[date, BeforeValidator(_is_text)]
    """Within five years, or the shorter term of the node."""
    views: StrictBool
    """Whether it holds political, religious or social views, associations or activities."""
    unlawful: StrictBool
    """Whether any of it was obtained against the law."""
    counsel: _Line = ""
    """Who approved it, and the reference; needed of whoever is or may be a child."""

    def grounds(self) -> Grounds:
        """As the service takes them."""
        return IntelligenceGrounds(
            **{name: getattr(self, name) for name in type(self).model_fields}
        )


class MarkEntry(Strict):
    """A mark, and on what it rests."""

    mark: Annotated[str, Field(max_length=80)]
    """exercise, unapproved, intelligence, gang_label, or from: and an agency of the directory."""
    grounds: WordsEntry | GangEntry | IntelligenceEntry
    """In the form that the mark wants."""


class MarkTold(Form):
    """One mark from its proposal to its end."""

    number: str
    mark: str
    grounds: dict[str, Any]
    counsel: str
    set_by: str
    set_at: datetime
    decide_by: datetime | None
    """Until when a second person has to decide; until then it closes already."""
    approved_by: str
    approved_at: datetime | None
    review_on: date | None
    ended_by: str
    ended_at: datetime | None
    ended_why: str


class MarksTold(Marked):
    """All marks of a record, those that count first."""

    marks: list[MarkTold]


_MADE: Final[dict[Any, Any]] = {201: MarkTold, **REFUSALS}


@router.get(
    "/records/{system}/{number}/marks",
    url_name="marks",
    operation_id="marks",
    response={200: MarksTold, **REFUSALS},
)
def marks(request: HttpRequest, system: str, number: str) -> MarksTold:
    """The marks of an own record with their grounds, for those who write there."""
    desk = _desk(caller(request), system, number)
    return MarksTold(marks=[_told(row) for row in marks_on(desk, number)])


@router.post(
    "/records/{system}/{number}/marks",
    url_name="mark_new",
    operation_id="mark_new",
    response=_MADE,
)
def mark_new(request: HttpRequest, system: str, number: str, entry: MarkEntry) -> Status[MarkTold]:
    """Set a mark on an own record, or propose one that a supervisor has to approve on its page. It
    closes the record at once.
    """
    who = caller(request)
    desk = _desk(who, system, number)
    known = givers(who.viewer.agency) if entry.mark.startswith(ORIGIN) else ()
    row = set_mark(
        desk,
        number,
        entry.mark,
        entry.grounds.grounds(),
        agencies=[code for code, _name in known],
        author=who.viewer,
        at=who.at,
    )
    return Status(201, _told(row))


def _desk(who: Caller, system: str, number: str) -> Desk:
    """Where the record is the caller's own, and his role writes there; else as of no record."""
    if system not in DESKS or who.viewer.role not in WRITERS[system]:
        raise Refused(404, NOTHING)
    if fetched(who, system, number).owner_agency != who.viewer.agency:
        raise Refused(404, NOTHING)
    return DESKS[system]()


def _told(row: MarkRow) -> MarkTold:
    return MarkTold(**{name: getattr(row, name) for name in MarkTold.model_fields})
