"""Sets, approves, reviews and ends marks on own records (P11, P21; 28 CFR 23.20).

Whoever writes records may close one by a mark. What opens it again, or says something of a person,
takes a supervisor of the record's unit, who is another than whoever set the mark.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from tieline.core.agreement.releases import ORIGIN
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.marks import (
    LONGEST_WORDS,
    TO_BE_APPROVED,
    GangGrounds,
    Grounds,
    IntelligenceGrounds,
    Mark,
    MarkRefused,
    WordGrounds,
    check_review,
    need_counsel,
)
from tieline.keeping.desk import Desk
from tieline.keeping.heads import RecordVersion
from tieline.keeping.keeper import Change
from tieline.keeping.ledger import line
from tieline.keeping.marks import MarkRow, live
from tieline.keeping.marks_carried import Family
from tieline.keeping.records import KeptRecord
from tieline.keeping.sourcing import problem_of_sources
from tieline.keeping.writing import NoSuchRecord, locked, own_record_of_any_kind
from tieline.settings import node

__all__ = [
    "PEOPLE",
    "NoSuchMark",
    "approve_mark",
    "end_mark",
    "is_child",
    "marks_on",
    "may_decide",
    "may_end",
    "one_mark",
    "review_mark",
    "set_mark",
    "write_marks",
]

PEOPLE: Final = frozenset({"subject", "person"})
"""The kinds of records that are of a person, who may bear a gang label."""
_FORMS: Final[Mapping[str, type[Grounds]]] = {
    Mark.GANG_LABEL: GangGrounds,
    Mark.INTELLIGENCE: IntelligenceGrounds,
}
_SERIES: Final = "MK"
_DIGITS: Final = 10


class NoSuchMark(NoSuchRecord):
    """There is no such mark on this record."""

    def __init__(self) -> None:
        super().__init__("this is no mark of this record", cure="Look at its marks again.")


def marks_on(desk: Desk, record: str) -> list[MarkRow]:
    """All that were ever set on it, those that count first and the newest of them ahead."""
    rows = MarkRow.objects.using(desk.keeper.database).filter(record=record)
    return sorted(rows.order_by("-id"), key=lambda row: not row.is_live)


def one_mark(desk: Desk, record: str, number: str) -> MarkRow:
    """One of them; raises `NoSuchMark`."""
    rows = MarkRow.objects.using(desk.keeper.database).filter(record=record)
    found = rows.filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise NoSuchMark
    return found


def is_child(record: KeptRecord) -> bool:
    """Whether it is of a child, or of somebody of doubtful age, who is one until decided (P11)."""
    return record.juvenile is not False


def may_decide(row: MarkRow, record: KeptRecord, viewer: Viewer) -> bool:
    """Whether this is a supervisor of the record's unit, or of one above, who did not set it. The
    report of somebody is approved by another than its author.
    """
    unit = record.owning_unit
    return (
        row.is_live
        and viewer.agency == record.owner_agency
        and Role.SUPERVISOR in {viewer.role, *viewer.roles}
        and (unit == viewer.unit or unit.startswith(f"{viewer.unit}/"))
        and viewer.number != row.set_by
    )


def may_end(desk: Desk, row: MarkRow, record: KeptRecord, viewer: Viewer) -> bool:
    """Whether this person may take it from the record, or refuse what was proposed."""
    if not may_decide(row, record, viewer):
        return False
    return row.mark != Mark.UNAPPROVED or viewer.number != _author_of(desk, record)


def set_mark(
    desk: Desk,
    of: str,
    mark: str,
    grounds: Grounds,
    *,
    agencies: Collection[str] = (),
    author: Viewer,
    at: datetime,
) -> MarkRow:
    """Set a mark, or propose one that a second person has to approve: it closes at once.

    `agencies`: those of the directory, one of which gave a record that is marked `from:AGENCY`.
    Raises `MarkRefused` or `NoSuchRecord`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        child = is_child(record)
        _check_kind(mark, record, agencies)
        if type(grounds) is not _FORMS.get(mark, WordGrounds):
            raise MarkRefused(
                "these are the grounds of another mark", cure="Give them in this mark's form."
            )
        terms = node().marks
        grounds.check(child=child, at=at.date(), terms=terms)
        if live(desk.keeper.database).filter(record=of, mark=mark).exists():
            raise MarkRefused(
                "the record bears this mark already, or it waits to be approved",
                cure="Look at its marks again.",
            )
        _refuse_listed(desk, record, grounds, author)
        waits = mark in TO_BE_APPROVED
        row = new_row(record, mark, grounds.kept(), author=author, at=at)
        row.counsel = getattr(grounds, "counsel", "").strip()
        row.decide_by = at + terms.to_decide if waits else None
        row.review_on = grounds.review_on if isinstance(grounds, IntelligenceGrounds) else None
        event = Event.MARK_PROPOSED if waits else Event.MARK_SET
        write_marks(desk, record, [(row, event, "")], author=author, at=at)
    return row


def approve_mark(
    desk: Desk, of: str, number: str, *, counsel: str = "", author: Viewer, at: datetime
) -> MarkRow:
    """Let a proposed mark stand. It is reviewed within its term, or by the day of its grounds.

    Raises `MarkRefused`, `NoSuchMark` or `NoSuchRecord`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        row = one_mark(desk, of, number)
        if not row.waits:
            raise MarkRefused("this mark waits for nobody", cure="Look at the marks again.")
        _refuse_all_but(may_decide(row, record, author))
        row.counsel = counsel.strip() or row.counsel
        need_counsel(row.counsel, child=is_child(record))
        terms = node().marks
        longest = at.date() + terms.to_review(row.mark)
        # The term may have been made shorter since it was proposed.
        row.review_on = min(row.review_on or longest, longest)
        check_review(row.mark, row.review_on, at=at.date(), terms=terms)
        row.approved_by, row.approved_at, row.decide_by = author.number, at, None
        write_marks(desk, record, [(row, Event.MARK_SET, "")], author=author, at=at)
    return row


def review_mark(
    desk: Desk,
    of: str,
    number: str,
    *,
    why: str,
    review_on: date,
    counsel: str = "",
    author: Viewer,
    at: datetime,
) -> MarkRow:
    """Say that the grounds of a mark hold still, and until when it is looked at again.

    Raises `MarkRefused`, `NoSuchMark` or `NoSuchRecord`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        row = one_mark(desk, of, number)
        if not row.is_live or row.waits or row.mark not in TO_BE_APPROVED:
            raise MarkRefused("this mark is not reviewed", cure="Look at the marks again.")
        _refuse_all_but(may_decide(row, record, author))
        reason = words(why, "Say on what the mark rests today.")
        check_review(row.mark, review_on, at=at.date(), terms=node().marks)
        row.counsel = counsel.strip() or row.counsel
        need_counsel(row.counsel, child=is_child(record))
        row.review_on, row.reviewed_by, row.reviewed_at = review_on, author.number, at
        write_marks(desk, record, [(row, Event.MARK_REVIEWED, reason)], author=author, at=at)
    return row


def end_mark(
    desk: Desk, of: str, number: str, *, why: str, author: Viewer, at: datetime
) -> MarkRow:
    """Take a mark from a record, or refuse one that was proposed; that of an unapproved report ends
    when a supervisor approves the report. Done again, nothing happens.

    Raises `MarkRefused`, `NoSuchMark` or `NoSuchRecord`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        row = one_mark(desk, of, number)
        if not row.is_live:
            return row
        _refuse_all_but(may_end(desk, row, record, author))
        reason = words(why, "Say why the mark ends, or is refused.")
        event = Event.MARK_REFUSED if row.waits else Event.MARK_ENDED
        row.end(by=author.number, why=reason, at=at)
        write_marks(desk, record, [(row, event, reason)], author=author, at=at)
    return row


def new_row(
    record: KeptRecord, mark: str, grounds: dict[str, object], *, author: Viewer, at: datetime
) -> MarkRow:
    """A row that is not kept yet."""
    return MarkRow(
        number=f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}",
        record=record.number,
        owner=record.owner_agency,
        mark=mark,
        grounds=grounds,
        set_by=author.number,
        set_at=at,
    )


def write_marks(
    desk: Desk,
    record: KeptRecord,
    done: Sequence[tuple[MarkRow, Event, str]],
    *,
    author: Viewer,
    at: datetime,
) -> None:
    """Keep the rows, and the record with its parts as they bear them now: pointers, classes,
    corrections and stamps follow as for any change. The lock is held.
    """
    keeper = desk.keeper
    family = Family.of(record, keeper.kinds, database=keeper.database)
    before = family.borne()
    for row, _event, _why in done:
        row.save(using=keeper.database)
    changes = []
    for number, after in family.borne().items():
        one = family.by_number[number]
        # Whatever else closes it stays: a silent lookout, what was withdrawn.
        caveats = set(one.caveats) - (before[number] - after) | after
        if caveats != set(one.caveats):
            one.caveats = sorted(caveats)
            changes.append(Change(one, author, at))
    if changes:
        keeper.keep(changes)
    about: dict[str, Any] = {"keeper": keeper.system, "owner": record.owner_agency}
    # Which mark it is tells of the person: it stands in the erasable side row.
    keeper.ledger.append(
        [
            line(
                event,
                at=at,
                viewer=author,
                record=record.number,
                record_version=record.version,
                side={"mark": row.mark, "number": row.number, **({"why": why} if why else {})},
                **about,
            )
            for row, event, why in done
        ]
    )


def words(text: str, lack: str) -> str:
    """A reason in words; raises `MarkRefused`."""
    said = text.strip()
    if not any(map(str.isalnum, said)) or len(said) > LONGEST_WORDS or "\0" in said:
        raise MarkRefused("this is done with its reason", cure=lack)
    return said


def _check_kind(mark: str, record: KeptRecord, agencies: Collection[str]) -> None:
    if mark.startswith(ORIGIN):
        agency = mark.removeprefix(ORIGIN)
        if agency not in agencies or agency == record.owner_agency:
            raise MarkRefused(
                "no other agency of the directory is named", cure="Choose one of the list."
            )
    elif mark not in set(Mark):
        raise MarkRefused("there is no such mark", cure=f"It may be: {', '.join(Mark)}.")
    if mark == Mark.GANG_LABEL and record.kind not in PEOPLE:
        raise MarkRefused(
            "a gang label is of a person", cure="Set it on the record of the person, or not at all."
        )


def _refuse_listed(desk: Desk, record: KeptRecord, grounds: Grounds, author: Viewer) -> None:
    """8 USC 1367(a)(1): nothing adverse rests on what a listed abuser alone has said (P16)."""
    sources = grounds.sources()
    if not sources:
        return
    problem = problem_of_sources(desk, record, "\n".join(sources), author=author)
    if problem:
        raise MarkRefused(problem.rstrip("."), cure="Name a source that is independent of it.")


def _refuse_all_but(may: bool) -> None:
    if not may:
        raise MarkRefused(
            "this is for a supervisor of the record's unit who neither set the mark nor wrote the "
            "report",
            cure="Ask another supervisor of the unit, or of the one above it.",
        )


def _author_of(desk: Desk, record: KeptRecord) -> str:
    """Who wrote it first: others may have had a hand in later versions, by a protection say."""
    versions = RecordVersion.objects.using(desk.keeper.database).filter(number=record.number)
    return versions.order_by("version").values_list("author", flat=True)[0]
