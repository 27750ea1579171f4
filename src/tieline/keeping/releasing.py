"""Gives a release of a record and takes it back: each in one transaction with its ledger entry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.articles import Term, longest
from tieline.core.agreement.decide import Decision
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.releases import cited, origins
from tieline.core.agreement.releasing import releasable
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.keeping import agreements
from tieline.keeping.copies import Called, call_in
from tieline.keeping.door import Door
from tieline.keeping.ledger import Line, line
from tieline.keeping.records import KeptRecord
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.rows import LedgerHead

__all__ = [
    "RELEASERS",
    "ReleaseRefused",
    "Terms",
    "consents_needed",
    "end_expired",
    "end_without_consent",
    "give",
    "may_be_released",
    "recall",
    "refuse_wrong_terms",
    "still_known",
]

RELEASERS: Final = frozenset({Role.SUPERVISOR, Role.SHARING_OFFICER})
"""Those who answer for an agency what it releases."""
_LONGEST_WHY: Final = 500
_LONGEST_CAVEATS: Final = 500


class ReleaseRefused(TielineError):
    """A release that this author may not give, or that nobody may."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What shall be opened of one record, to whom, for what, until when."""

    number: str
    """Of the release. The same one is never given twice."""
    record: str
    recipient: Viewer
    """Somebody of the unit, sworn and employed as its people are."""
    purpose: Purpose
    classes: frozenset[FieldClass]
    expires_at: datetime
    copies: bool = False
    caveats: str = ""
    consents: frozenset[str] = frozenset()


def may_be_released(
    door: Door,
    record: str,
    classes: Collection[FieldClass],
    *,
    recipient: Viewer,
    purpose: Purpose,
    author: Viewer,
    at: datetime,
) -> dict[FieldClass, Decision]:
    """Of each class whether this author may open it to the recipient, and where not, why. None of a
    record that is not of his agency, or closed to him. Nothing of the record is told by it.
    """
    kept = _own(door, record, purpose=purpose, author=author, at=at)
    if kept is None:
        return {}
    return _decided(door, kept, classes, recipient, purpose, author, at)


def consents_needed(door: Door, record: str, *, author: Viewer) -> frozenset[str]:
    """The third agencies that an own record came from."""
    kept = door.keeper.find(record)
    if kept is None or kept.owner_agency != author.agency:
        return frozenset()
    return origins(kept.caveats)


def still_known(door: Door, row: ReleaseRow, *, author: Viewer, at: datetime) -> bool:
    """Whether somebody of the owner may know of the record that was released: one that was sealed
    since is for its own unit alone.
    """
    purpose = Purpose(code=PurposeCode(row.purpose), number=row.purpose_number)
    return _own(door, row.record, purpose=purpose, author=author, at=at) is not None


def give(door: Door, terms: Terms, *, author: Viewer, at: datetime) -> ReleaseRow:
    """Open the record on these terms. Given again, it is what was given before.

    Raises `ReleaseRefused`: for another agency's record as for none; where the author has not the
    role, or may not see himself what he would open; where a clause closes it or none lets it be
    released; where a third agency did not agree.
    """
    database = door.keeper.database
    with transaction.atomic(using=database):
        # First of all: no look under a release may be numbered before the release itself.
        head = door.keeper.ledger.hold()
        before = ReleaseRow.objects.using(database).filter(number=terms.number).first()
        if before is not None:
            return _the_same(before, terms, author)
        kept = _refuse_what_is_wrong(door, terms, author, at)
        row = ReleaseRow.objects.using(database).create(
            number=terms.number,
            record=kept.number,
            owner=kept.owner_agency,
            agency=terms.recipient.agency,
            unit=terms.recipient.unit,
            purpose=terms.purpose.code.value,
            purpose_number=terms.purpose.number,
            classes=sorted(terms.classes),
            consents=sorted(terms.consents),
            copies=terms.copies,
            caveats=terms.caveats,
            given_by=author.number,
            given_at=at,
            expires_at=terms.expires_at,
        )
        entry = _line(door, row, Event.RELEASE_GIVEN, author, at, version=kept.version)
        door.keeper.ledger.append([entry], head=head)
    return row


def refuse_wrong_terms(door: Door, terms: Terms, *, author: Viewer, at: datetime) -> None:
    """Raises `ReleaseRefused` where `give` would, and opens nothing."""
    _refuse_what_is_wrong(door, terms, author, at)


def recall(door: Door, number: str, *, why: str, author: Viewer, at: datetime) -> ReleaseRow:
    """Take a release back: the very next look is decided without it. Done again, nothing happens.

    Raises `ReleaseRefused`, alike for none and for another agency's.
    """
    database = door.keeper.database
    reason = why.strip()[:_LONGEST_WHY]
    if not reason:
        raise ReleaseRefused("a recall needs its reason", cure="Say why it is taken back.")
    _refuse_other_roles(author)
    with transaction.atomic(using=database):
        head = door.keeper.ledger.hold()
        known = number if number.isprintable() else ""
        rows = ReleaseRow.objects.using(database).select_for_update()
        row = rows.filter(number=known, owner=author.agency).first()
        if row is None:
            raise ReleaseRefused("your agency gave no such release", cure="Check its number.")
        _end(door, row, reason, author, at, head)
    return row


def end_without_consent(door: Door, number: str, *, author: Viewer, at: datetime) -> bool:
    """End a release that stood on the consent of the author's agency, which took it back; says
    whether there was one.
    """
    database = door.keeper.database
    with transaction.atomic(using=database):
        head = door.keeper.ledger.hold()
        row = ReleaseRow.objects.using(database).select_for_update().filter(number=number).first()
        if row is None or author.agency not in row.consents:
            return False
        _end(door, row, "the agency that it came from took its consent back", author, at, head)
    return True


def end_expired(door: Door, *, at: datetime, limit: int = 500) -> int:
    """Write into the ledger which releases ended by their term, once each; gives how many.

    They open nothing from their last moment on, whether this was called or not.
    """
    database = door.keeper.database
    with transaction.atomic(using=database):
        over = ReleaseRow.objects.using(database).filter(
            expires_at__lte=at, recalled_at__isnull=True, ended_at__isnull=True
        )
        if not over.exists():
            return 0
        head = door.keeper.ledger.hold()
        rows = list(over.order_by("expires_at", "id")[:limit])
        door.keeper.ledger.append(
            [_line(door, row, Event.RELEASE_EXPIRED, None, at) for row in rows], head=head
        )
        ReleaseRow.objects.using(database).filter(pk__in=[row.pk for row in rows]).update(
            ended_at=at
        )
    return len(rows)


def _end(
    door: Door, row: ReleaseRow, why: str, author: Viewer, at: datetime, head: LedgerHead
) -> None:
    """Under the lock; what was taken back before stays as it was."""
    if row.recalled_at is None:
        row.recalled_at, row.recalled_by = at, author.number
        call_in(
            door.keeper.ledger,
            Called(release=row.number, record=row.record, owner=row.owner),
            author=author,
            at=at,
            head=head,
        )
        row.save(using=door.keeper.database, update_fields=["recalled_at", "recalled_by"])
        entry = _line(door, row, Event.RELEASE_RECALLED, author, at, why=why)
        door.keeper.ledger.append([entry], head=head)


def _refuse_what_is_wrong(door: Door, terms: Terms, author: Viewer, at: datetime) -> KeptRecord:
    _refuse_other_roles(author)
    kept = _own(door, terms.record, purpose=terms.purpose, author=author, at=at)
    if kept is None:
        raise ReleaseRefused("your agency has no such record", cure="Check its number.")
    if terms.recipient.agency == author.agency:
        raise ReleaseRefused(
            "an agency releases nothing to itself", cure="Its people see what is its own."
        )
    if not terms.classes and not terms.copies:
        raise ReleaseRefused("nothing is to be released", cure="Choose what, or refuse.")
    if terms.expires_at <= at:
        raise ReleaseRefused("it would have ended already", cure="Set a later end.")
    most = longest(agreements.in_force(door.keeper.database).articles, Term.RELEASE)
    if most is not None and terms.expires_at > at + most:
        raise ReleaseRefused(
            f"the agreement lets a release stand for {most.days} days at most",
            cure="Set an earlier end; it may be released again.",
        )
    if len(terms.caveats) > _LONGEST_CAVEATS or not terms.caveats.isprintable():
        raise ReleaseRefused(
            f"the caveat is longer than {_LONGEST_CAVEATS} signs, or more than one line",
            cure="Say it shorter, in one line.",
        )
    missing = origins(kept.caveats) - terms.consents
    if missing:
        raise ReleaseRefused(
            f"it came from {', '.join(sorted(missing))}, which did not agree",
            cure="Ask for its consent first, or refuse.",
        )
    answers = _decided(door, kept, terms.classes, terms.recipient, terms.purpose, author, at)
    for one, said in answers.items():
        if not said.allowed:
            clauses = ", ".join(said.clauses) or "no clause opens it"
            raise ReleaseRefused(
                f"{one.value} may not be released ({clauses})",
                cure="Leave it out. What the law closes, no owner opens.",
            )
    return kept


def _decided(
    door: Door,
    kept: KeptRecord,
    classes: Collection[FieldClass],
    recipient: Viewer,
    purpose: Purpose,
    author: Viewer,
    at: datetime,
) -> dict[FieldClass, Decision]:
    agreement = agreements.in_force(door.keeper.database)
    facts, wanted = kept.record().facts, frozenset(classes)
    by = {"agreement": agreement, "purpose": purpose, "at": at}
    seen = disclose(kept.record(), viewer=recipient, **by)  # type: ignore[arg-type]
    if seen.disclosure == NOTHING:
        # A prohibition hides the whole record: it closes each class of it.
        closed = Decision(allowed=False, clauses=seen.inward.clauses)
        return dict.fromkeys(wanted, closed)
    theirs = releasable(facts, wanted, viewer=recipient, **by)  # type: ignore[arg-type]
    own = disclose(kept.record(), viewer=author, **by)  # type: ignore[arg-type]
    # Nobody opens to others what is closed to himself: who told, say, to another unit's people.
    shut = own.inward.withheld
    closed_to_author = {one.field_class: one for one in own.disclosure.withheld}
    for one in wanted & shut:
        named = closed_to_author.get(one)
        theirs[one] = Decision(allowed=False, clauses=named.clauses if named else ())
    return theirs


def _own(
    door: Door, record: str, *, purpose: Purpose, author: Viewer, at: datetime
) -> KeptRecord | None:
    kept = door.keeper.find(record) if record.isprintable() and len(record) <= 64 else None
    if kept is None or kept.owner_agency != author.agency:
        return None
    answer = disclose(
        kept.record(),
        viewer=author,
        purpose=purpose,
        agreement=agreements.in_force(door.keeper.database),
        at=at,
    )
    return None if answer.disclosure == NOTHING else kept


def _refuse_other_roles(author: Viewer) -> None:
    if not RELEASERS & {author.role, *author.roles}:
        raise ReleaseRefused(
            "a release is a supervisor's or sharing officer's to give and to take back",
            cure="Ask one of your agency.",
        )


def _the_same(row: ReleaseRow, terms: Terms, author: Viewer) -> ReleaseRow:
    if (row.record, row.owner) != (terms.record, author.agency):
        raise ReleaseRefused("your agency has no such record", cure="Check its number.")
    return row


def _line(
    door: Door,
    row: ReleaseRow,
    event: Event,
    author: Viewer | None,
    at: datetime,
    *,
    version: int | None = None,
    why: str = "",
) -> Line:
    side: dict[str, Json] = {"to": f"{row.agency} {row.unit}", "until": row.expires_at.isoformat()}
    if row.copies:
        side["copies"] = True
    if row.caveats:
        side["caveats"] = row.caveats
    if why:
        side["why"] = why
    # An entry without a viewer names no agency, and so may list no classes.
    opened: dict[str, Any] = (
        {"shown": tuple(row.classes)} if author is not None and row.classes else {}
    )
    return line(
        event,
        at=at,
        viewer=author,
        keeper=door.about.name,
        record=row.record,
        record_version=version,
        owner=row.owner,
        clauses=(cited(row.number).replace(":", "-"),),
        agreement=agreements.in_force(door.keeper.database).digest,
        side={**side, "case": row.purpose_number},
        **opened,
    )
