"""Lists of records, each cut by the agreement, each list in the ledger: own pages are no way past
the door.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final

from django.db import Error, transaction
from django.db.models import QuerySet

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, Disclosure, disclose_each
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.core.records import Facts, FieldClass
from tieline.keeping import agreements
from tieline.keeping.classes import LISTED, showing, told
from tieline.keeping.desk import Desk
from tieline.keeping.door import disclosure_line, not_written
from tieline.keeping.filtered import Unfilterable, may_be_told
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Line, line
from tieline.keeping.newest import newest_of
from tieline.keeping.receiving import receive
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.keeping.statements import with_statements

__all__ = ["listed", "newest", "told_of"]

_MOST_LOGGED: Final = 250
_ROWS: Final = 500


def listed(
    desk: Desk,
    *queries: QuerySet[Any],
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    most: int,
    by: Collection[str] = (),
) -> tuple[Disclosure, ...]:
    """The rows that this viewer may see, of one kind of record after the other and `most` in all;
    those that may not be known of leave no trace and take nobody's place.

    `what` names the list in the ledger: one entry for the list, and one for each record of another
    agency that was shown. `by` are the columns by which the rows are picked or ordered: a record
    stands in the list only where these are shown, or else its place would tell what is withheld.
    While the ledger cannot be written, there are rows of the viewer's own agency alone; where there
    is none, what went wrong is raised.
    """
    keeper = desk.keeper

    def found(agreement: Agreement) -> Iterable[KeptRecord]:
        # What was read before the ledger was held is read anew.
        told = (
            _first_told(keeper, one.all(), agreement, viewer, purpose, at, by)[:most]
            for one in queries
        )
        return islice(chain.from_iterable(told), most)

    return _cut(keeper, found, what, viewer, purpose, at)


def newest(
    desk: Desk,
    model: type[KeptRecord],
    *,
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    most: int,
    of: Callable[[Facts], bool] | None = None,
) -> tuple[Disclosure, ...]:
    """The newest records of a kind that this viewer may see, as `listed` gives them; found by
    their classes, so that it does not matter how many others there are.

    `of` leaves classes out, by owner say; it may be called for those that are hidden as well.
    """
    keeper = desk.keeper

    def found(agreement: Agreement) -> Iterable[KeptRecord]:
        classes = told(
            model.kind,
            agreement,
            database=keeper.database,
            viewer=viewer,
            purpose=purpose,
            at=at,
            where=of,
        )
        return newest_of(model, classes, database=keeper.database, most=most)

    return _cut(keeper, found, what, viewer, purpose, at)


def _cut(
    keeper: Keeper,
    find: Callable[[Agreement], Iterable[KeptRecord]],
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
) -> tuple[Disclosure, ...]:
    def look() -> tuple[list[Disclosure], list[Line]]:
        agreement = agreements.in_force(keeper.database)
        return _looked(keeper, find(agreement), what, viewer, purpose, agreement, at)

    try:
        with transaction.atomic(using=keeper.database):
            # First of all: no entry of a disclosure may follow one that forbids it (P15).
            head = keeper.ledger.share()
            rows, lines = look()
            keeper.ledger.stage(lines, head=head)
            receive(keeper.ledger, [(keeper.system, one) for one in rows], viewer=viewer, at=at)
    except Error as error:
        not_written(keeper.system, error)
        rows = [one for one in look()[0] if one.owner_agency == viewer.agency]
        if not rows:
            raise
    return with_statements(rows, database=keeper.database)


def _looked(
    keeper: Keeper,
    records: Iterable[KeptRecord],
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> tuple[list[Disclosure], list[Line]]:
    rows: list[Disclosure] = []
    own: list[Json] = []
    foreign = []
    for record, answer in disclose_each(
        (one.record() for one in records),
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
        way=Action.SEARCH,
    ):
        if answer.disclosure == NOTHING:
            continue
        rows.append(answer.disclosure)
        if record.owner_agency == viewer.agency:
            own.append(record.number)
            continue
        foreign.append(
            disclosure_line(
                answer,
                number=record.number,
                keeper=keeper.system,
                owner=record.owner_agency,
                viewer=viewer,
                purpose=purpose,
                agreement=agreement,
                at=at,
            )
        )
    shown = line(
        Event.SEARCH_ANSWERED,
        at=at,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement.digest,
        count=len(rows),
        side={"query": {"list": what}, "own": own[:_MOST_LOGGED]},
    )
    return rows, [shown, *foreign]


def _first_told(
    keeper: Keeper,
    records: QuerySet[KeptRecord],
    agreement: Agreement,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    by: Collection[str],
) -> QuerySet[KeptRecord]:
    """Without those that the door would take out again, so that they take nobody's place."""
    model, database = records.model, keeper.database
    about: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "at": at}
    try:
        if not by:
            for one in LISTED:
                records = records.filter(may_be_told(model, agreement, action=one.action, **about))
            return records
    except Unfilterable:
        pass
    except TielineError:
        # Viewer or purpose cannot be put to the agreement: the door tells nothing either.
        return records.none()
    questions = showing(_field_classes(model, by)) if by else LISTED
    # Its place among days would tell the day of which the year alone is shown.
    about["whole"] = not model.days().isdisjoint(by)
    classes = told(model.kind, agreement, database=database, questions=questions, **about)
    return records.filter(policy_class__among=classes)


def _field_classes(model: type[KeptRecord], columns: Collection[str]) -> set[FieldClass]:
    """Of the header, the protections alone are told by a class of their own."""
    of_form = dict(model.columns())
    found = {of_form[name] for name in columns if name in of_form}
    return found | ({FieldClass.PROTECTION} if not set(columns).isdisjoint(PROTECTIONS) else set())


def told_of(
    keeper: Keeper, numbers: Collection[str], *, viewer: Viewer, purpose: Purpose, at: datetime
) -> frozenset[str]:
    """Those of these records that the viewer may know of; what is not there is not among them.
    Nothing is told by this of any record, so it leaves no entry.
    """
    agreement, database = agreements.in_force(keeper.database), keeper.database
    found: set[str] = set()
    for kind, model in keeper.by_kind.items():
        classes = told(kind, agreement, database=database, viewer=viewer, purpose=purpose, at=at)
        rows = model._default_manager.using(database).filter(policy_class__among=classes)
        for part in _parts(sorted(numbers)):
            found.update(rows.filter(number__in=part).values_list("number", flat=True))
    return frozenset(found)


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    return (numbers[start : start + _ROWS] for start in range(0, len(numbers), _ROWS))
