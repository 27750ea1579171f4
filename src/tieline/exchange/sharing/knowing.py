"""Of what the exchange keeps about records, that of which somebody may know the record now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from tieline.core.agreement.disclose import NOTHING, Answer, disclose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.notices.entries import pointer_of
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.door import disclosure_line
from tieline.keeping.receiving import receive

__all__ = ["known", "note_told"]


class AboutRecord(Protocol):
    """What names the record that it is about."""

    system: str
    record: str
    owner_agency: str


_About = TypeVar("_About", bound=AboutRecord)


def known(
    rows: Iterable[_About], purpose_of: Callable[[_About], Purpose], *, viewer: Viewer, at: datetime
) -> Iterator[tuple[_About, Answer]]:
    """Those whose record the viewer may know of now, by its pointer."""
    there, agreement = list(rows), in_force(EXCHANGE)
    if not there:
        return
    # In one question: how many wait is counted on every page.
    indexed = {
        (one.system, one.number): one
        for one in IndexedPointer.objects.filter(
            system__in={row.system for row in there}, number__in={row.record for row in there}
        )
    }
    for row in there:
        found = indexed.get((row.system, row.record))
        pointer = found.read() if found is not None else None
        answer = disclose(
            pointer, viewer=viewer, purpose=purpose_of(row), agreement=agreement, at=at
        )
        if pointer is not None and answer.disclosure != NOTHING:
            yield row, pointer_of(answer, pointer)


def note_told(
    told: Sequence[tuple[_About, Answer]],
    purpose_of: Callable[[_About], Purpose],
    *,
    viewer: Viewer,
    at: datetime,
) -> None:
    """Write that each was shown, as a pointer, and keep the receipts; inside a transaction."""
    agreement = in_force(EXCHANGE)
    LEDGER.append(
        [
            disclosure_line(
                answer,
                number=row.record,
                keeper=row.system,
                owner=row.owner_agency,
                viewer=viewer,
                purpose=purpose_of(row),
                agreement=agreement,
                at=at,
            )
            for row, answer in told
        ]
    )
    receive(LEDGER, [(row.system, answer.disclosure) for row, answer in told], viewer=viewer, at=at)
