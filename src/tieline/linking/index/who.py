"""Who is who in an index: persons derived from all records that it holds, whatever their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Progress, dedupe
from tieline.core.matching.feature import Rows
from tieline.linking.index.load import understood_of
from tieline.linking.index.plan import Plan
from tieline.linking.index.store import Store
from tieline.linking.people import causes_of, record_table
from tieline.linking.understanding import Reference

__all__ = ["Persons", "persons"]

_SEED: Final = 20120213


@dataclass(frozen=True, slots=True)
class Persons:
    """Of each record its source, its number and its person."""

    sources: list[str]
    numbers: list[str]
    person: Rows
    """1, 2, 3 … in the order of their first records."""


def persons(
    store: Store, plan: Plan, reference: Reference, *, most_pairs: int, progress: Progress
) -> Persons:
    """Derive the persons anew from the records alone: in whatever loads and in whatever order they
    came, the same records give the same persons.
    """
    progress("reading the index", 0, 1)
    # By what they say: the names of sources tell in which loads they came.
    with store.reading():
        every = sorted(store.all_records(), key=lambda one: (one.number, one.said))
        names = {at: name for name, at in store.sources().items()}
    known: dict[tuple[int, str], int] = {}
    origin = [known.setdefault((one.source, one.number), len(known)) for one in every]
    columns = [Factor.of([one.said[at] for one in every]) for at in range(len(plan.columns))]
    understood = understood_of(plan.columns, columns, reference)
    found = dedupe(
        understood.features,
        causes_of(understood),
        record_table(understood, "left"),
        most_pairs=most_pairs,
        seed=_SEED,
        progress=progress,
        origin=np.array(origin, np.int32) if len(known) < len(every) else None,
    )
    person = np.unique(found.person, return_inverse=True)[1].astype(np.int32) + 1
    return Persons([names[at] for at, _ in known], [number for _, number in known], person)
