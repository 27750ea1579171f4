"""The one door of a record system: each answer cut by the agreement, each in the ledger.

Whether a viewer works in this system or asks from another makes no difference: `disclose` decides
by the record's owner (P1). Answer and ledger entry are one transaction; where the ledger cannot be
written, nothing of another agency's is told, and an agency's own records stay readable.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import Error, transaction
from django.db.models import Subquery

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import barred
from tieline.core.agreement.disclose import (
    NOTHING,
    Answer,
    Disclosure,
    disclose,
    disclose_each,
    receipt_of,
)
from tieline.core.agreement.masks import as_asked
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.core.ports import (
    Cursor,
    Fetched,
    Found,
    Pointers,
    Query,
    SystemDescription,
    SystemState,
    digest_of,
)
from tieline.core.records import SILENT, Pointer, Record, RecordNumber
from tieline.keeping import agreements
from tieline.keeping.emergencies import asking_emergency
from tieline.keeping.heads import RecordHead
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Line, line
from tieline.keeping.lookup import Head, answers, asking_head, sayable
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.pointers import read_pointer
from tieline.keeping.receiving import receive
from tieline.keeping.records import KeptRecord
from tieline.keeping.releases import asking_release
from tieline.keeping.statements import with_statements

__all__ = ["Door", "OwnWork", "Ranked", "disclosure_line", "not_written"]

log = logging.getLogger(__name__)

_READ: Final = 30
"""Records at once, in the order of the ranking."""
# A side row has a most (core/ledger/side.py), and a search of any length must fit into it.
_MOST_LOGGED: Final = 250
_MOST_SAID: Final = 10
_LONGEST_SAID: Final = 100

Ranked = Callable[[Query, Sequence[Pointer]], Sequence[Pointer]]
"""Puts what may match into the order in which it is shown, and leaves out what does not."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What an own record is to whoever opens it."""

    is_worked_on: bool
    """Whether looks are for records of this kind: a case, an event."""
    is_nameable: bool
    """Whether its number may stand where other agencies read it."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """An answer to a search, what the ledger is to keep of it, and by which text it was cut."""

    found: Found
    lines: list[Line]
    agreement: str


@dataclass(frozen=True, slots=True)
class Door:
    """A `RecordSystem` over the records of one keeper."""

    about: SystemDescription
    keeper: Keeper
    keys_of_query: Callable[[Query], Iterable[str]] = field(repr=False)
    ranked: Ranked = field(repr=False)

    def describe(self) -> SystemDescription:
        return self.about

    def fetch(
        self, number: RecordNumber, *, viewer: Viewer, purpose: Purpose, at: datetime
    ) -> Fetched:
        try:
            with transaction.atomic(using=self.keeper.database):
                # First of all: no entry of a disclosure may follow one that forbids it (P15).
                head, agreement, known = answers(
                    [
                        self.keeper.ledger.sharing(),
                        agreements.asking_in_force(self.keeper.database),
                        asking_head(sayable(number)),
                    ],
                    database=self.keeper.database,
                )
                kept, answer = self._cut(number, viewer, purpose, agreement, at, head=known)
                entry = disclosure_line(
                    answer,
                    number=number,
                    keeper=self.about.name,
                    owner=kept.owner_agency if kept else None,
                    viewer=viewer,
                    purpose=purpose,
                    agreement=agreement,
                    at=at,
                )
                self.keeper.ledger.stage([entry], head=head)
                told = [(self.about.name, answer.disclosure)]
                receive(self.keeper.ledger, told, viewer=viewer, at=at)
        except Error as error:
            not_written(self.about.name, error)
            agreement = agreements.in_force(self.keeper.database)
            kept, answer = self._cut(number, viewer, purpose, agreement, at)
            if kept is None or kept.owner_agency != viewer.agency:
                raise
        if answer.inward.alarm:
            log.error("%s", answer.inward.alarm)
        return Fetched(
            state=self._state(agreement, viewer, purpose, at), disclosure=answer.disclosure
        )

    def search(
        self, query: Query, *, viewer: Viewer, purpose: Purpose, at: datetime, limit: int
    ) -> Found:
        def look(*, own_alone: bool = False) -> _Looked:
            return self._looked(
                query, viewer=viewer, purpose=purpose, at=at, limit=limit, own_alone=own_alone
            )

        looked = look()
        try:
            with transaction.atomic(using=self.keeper.database):
                head = self.keeper.ledger.share()
                # Decided before anybody has to wait for the ledger. What was changed or protected
                # in between is decided anew, so that no entry of a disclosure follows one that
                # forbids it.
                if not self._stands(looked):
                    looked = look()
                self.keeper.ledger.stage(looked.lines, head=head)
                told = [(self.about.name, one) for one in looked.found.rows]
                receive(self.keeper.ledger, told, viewer=viewer, at=at)
        except Error as error:
            not_written(self.about.name, error)
            looked = look(own_alone=True)
            if not looked.found.rows:
                raise
        return looked.found

    def own_work(
        self, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
    ) -> OwnWork | None:
        """The record, where it is of the viewer's agency and open to him, so that it may itself be
        what he looks for. Nothing of it is told by this, so it leaves no entry.
        """
        agreement = agreements.in_force(self.keeper.database)
        kept, answer = self._cut(number, viewer, purpose, agreement, at)
        if kept is None or kept.owner_agency != viewer.agency or answer.disclosure == NOTHING:
            return None
        hidden = kept.protections.hides_existence or SILENT in kept.caveats
        return OwnWork(is_worked_on=kept.is_worked_on, is_nameable=not hidden)

    def _cut(
        self,
        number: str,
        viewer: Viewer,
        purpose: Purpose,
        agreement: Agreement,
        at: datetime,
        *,
        head: Head | None = None,
    ) -> tuple[KeptRecord | None, Answer]:
        database, asked = self.keeper.database, sayable(number)
        if head is None:
            (head,) = answers([asking_head(asked)], database=database)
        # All asked of every number, there or not: the time that it takes must not tell.
        kept, release, emergency = answers(
            [
                self.keeper.asking(asked, head),
                asking_release(database, asked, viewer=viewer, purpose=purpose, at=at),
                asking_emergency(database, asked, viewer=viewer, at=at),
            ],
            database=database,
        )
        record = kept.record() if kept else None
        answer = disclose(
            record,
            viewer=viewer,
            purpose=purpose,
            agreement=agreement,
            at=at,
            release=release,
            emergency=emergency,
        )
        if kept is None or not kept.is_disputed:
            return kept, answer
        told = with_statements([answer.disclosure], database=self.keeper.database)
        return kept, replace(answer, disclosure=told[0])

    def _looked(
        self,
        query: Query,
        *,
        viewer: Viewer,
        purpose: Purpose,
        at: datetime,
        limit: int,
        own_alone: bool,
    ) -> _Looked:
        agreement = agreements.in_force(self.keeper.database)
        rows: list[Disclosure] = []
        entries: list[Line] = []
        own: list[Json] = []
        more = False
        born = as_asked(query.birth_date, viewer=viewer, purpose=purpose, agreement=agreement)
        put = replace(query, birth_date=born)
        for record, answer in disclose_each(
            self._candidates(put),
            viewer=viewer,
            purpose=purpose,
            agreement=agreement,
            at=at,
            way=Action.SEARCH,
        ):
            if answer.disclosure == NOTHING:
                continue
            if own_alone and record.owner_agency != viewer.agency:
                continue
            if len(rows) >= max(limit, 0):
                more = True
                break
            rows.append(answer.disclosure)
            if record.owner_agency == viewer.agency:
                own.append(record.number)
                continue
            entries.append(
                disclosure_line(
                    answer,
                    number=record.number,
                    keeper=self.about.name,
                    owner=record.owner_agency,
                    viewer=viewer,
                    purpose=purpose,
                    agreement=agreement,
                    at=at,
                )
            )
        state = self._state(agreement, viewer, purpose, at)
        asked = line(
            Event.SEARCH_REFUSED if state is SystemState.REFUSED else Event.SEARCH_ANSWERED,
            at=at,
            viewer=viewer,
            purpose=purpose,
            agreement=agreement.digest,
            count=len(rows),
            side={"query": _said(query), "own": own[:_MOST_LOGGED]},
        )
        return _Looked(
            Found(
                state=state,
                rows=with_statements(rows, database=self.keeper.database),
                more=more,
            ),
            [asked, *entries],
            agreement.digest,
        )

    def _stands(self, looked: _Looked) -> bool:
        """Whether all that was found is still as it was, and the text that decided too."""
        newest = agreements.newest(self.keeper.database)
        told = {(str(one.number), one.version, looked.agreement) for one in looked.found.rows}
        if not told:
            return newest.first() == looked.agreement
        # In one question, because others wait meanwhile.
        numbers = [number for number, _, _ in told]
        heads = RecordHead.objects.using(self.keeper.database).filter(number__in=numbers)
        return set(heads.values_list("number", "version", Subquery(newest))) == told

    def pointers_since(self, cursor: Cursor, *, limit: int) -> Pointers:
        start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else 0
        rows = OutboxRow.objects.using(self.keeper.database).filter(id__gt=start).order_by("id")
        batch = list(rows.values_list("id", "pointer")[: max(limit, 0) + 1])
        more = len(batch) > max(limit, 0)
        batch = batch[: max(limit, 0)]
        end = batch[-1][0] if batch else start
        return Pointers(
            pointers=tuple(read_pointer(text) for _, text in batch),
            cursor=Cursor(str(end)),
            more=more,
        )

    def digest(self) -> str:
        live = RecordHead.objects.using(self.keeper.database).filter(buried=False)
        return digest_of((number, told or 0) for number, told in live.values_list("number", "told"))

    def _candidates(self, query: Query) -> Iterable[Record]:
        # What no key can hold, half a surrogate pair say, no database would take as a question.
        keys = sorted({key for key in self.keys_of_query(query) if key.isprintable()})
        if not keys:
            return ()
        return self._records(self.ranked(query, self.keeper.identities(keys)))

    def _records(self, ranked: Sequence[Pointer]) -> Iterator[Record]:
        """A popular name finds a thousand; read are as many of them as are looked at."""
        for start in range(0, len(ranked), _READ):
            part = ranked[start : start + _READ]
            kept = self.keeper.find_known(part)
            yield from (kept[one.number].record() for one in part if one.number in kept)

    def _state(
        self, agreement: Agreement, viewer: Viewer, purpose: Purpose, at: datetime
    ) -> SystemState:
        shut = barred(agreement, viewer=viewer, purpose=purpose, at=at)
        return SystemState.REFUSED if shut else SystemState.ANSWERED


def not_written(system: str, error: Error) -> None:
    """Own records stay readable when the ledger cannot be written; this alarm is their trace."""
    log.critical("ledger not written in %s: %s", system, type(error).__name__)


def disclosure_line(
    answer: Answer,
    *,
    number: str,
    keeper: str,
    owner: str | None,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> Line:
    """The entry of an answer: shown, refused, or read by its owner's own people."""
    receipt = receipt_of(
        answer,
        number=RecordNumber(number),
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
    )
    shown = sorted(receipt.shown)
    return line(
        _event(answer, owner, viewer),
        at=at,
        viewer=viewer,
        purpose=purpose,
        keeper=keeper,
        record=number,
        record_version=receipt.version or None,
        owner=owner,
        level=receipt.level.value,
        shown=tuple(shown),
        # A class may be open in one field and closed in another; what was shown counts.
        withheld=tuple(sorted(receipt.withheld - receipt.shown)),
        clauses=tuple(clause.replace(":", "-") for clause in receipt.clauses),
        agreement=receipt.agreement,
    )


def _event(answer: Answer, owner: str | None, viewer: Viewer) -> Event:
    if answer.disclosure == NOTHING:
        return Event.RECORD_REFUSED
    return Event.RECORD_READ if owner == viewer.agency else Event.RECORD_SHOWN


def _said(query: Query) -> Mapping[str, Json]:
    parts: dict[str, Json] = {
        "names": _short(query.names),
        "birth_date": query.birth_date[:_LONGEST_SAID],
        "identifiers": _short(query.identifiers),
        "phones": _short(query.phones),
        "plates": _short(query.plates),
    }
    return {name: value for name, value in parts.items() if value}


def _short(texts: Sequence[str]) -> list[str]:
    return [text[:_LONGEST_SAID] for text in texts[:_MOST_SAID]]
