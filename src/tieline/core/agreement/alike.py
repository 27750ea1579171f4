"""Which records get the same answers from one viewer's questions, before any is decided.

Of what a clause may ask of a record, little matters once viewer and purpose are known. A thousand
kinds of records fall into some twenty groups, and of each group one decision tells all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.compiled import Sheet
from tieline.core.agreement.decide import checked
from tieline.core.agreement.expression import Value, Values
from tieline.core.agreement.question import Question, of_record, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts

__all__ = ["Alike", "Several", "alike"]

_REMEMBERED: Final = 1 << 14
_NO_PARTY: Final = "(no party)"


class Alike:
    """Facts with one key get one answer at any one moment (`decide_all`); facts that cannot be
    asked of are alike to themselves alone.
    """

    def __init__(self, sheet: Sheet | None, departments: Mapping[str, str]) -> None:
        self._sheet, self._departments = sheet, departments

    def __call__(self, facts: Facts) -> Hashable:
        """Their key."""
        if self._sheet is None:
            return facts
        owner = facts.owner_agency
        try:
            department = self._departments.get(owner, _NO_PARTY)
            truths = self._sheet.truths(_asked_of(facts, department))
        except (TielineError, KeyError, TypeError):
            return facts
        # The gates ask whose it is.
        return (owner, truths)

    def of_all(self, several: Several) -> list[Hashable]:
        """The key of each, in their order."""
        keys: list[Hashable] = list(several.facts)
        if self._sheet is None:
            return keys
        laid = several.laid_out(self._departments)
        try:
            truths = self._sheet.truths_of_all(laid.columns, laid.records)
        except (KeyError, TypeError):
            return keys
        for place, one in zip(laid.places, truths, strict=True):
            keys[place] = (several.facts[place].owner_agency, one)
        return keys


def alike(
    agreement: Agreement, *, viewer: Viewer, purpose: Purpose, questions: tuple[Question, ...]
) -> Alike:
    """What one viewer's questions for one purpose turn on.

    Raises whatever the questions raise that cannot be put.
    """
    functions = checked(agreement).compiled
    departments = {party.agency: party.department for party in agreement.parties}
    if functions is None:
        return Alike(None, departments)
    asked_by = tuple(of_viewer(viewer).items())
    return Alike(functions.sheet(questions, asked_by, stated(purpose)), departments)


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """Of those that can be asked of: their places, their attributes, and each attribute of all."""

    places: list[int]
    records: list[Values]
    columns: dict[str, list[Value]]


class Several:
    """Facts of many records, laid out once for all who ask of all of them."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        self.facts = tuple(facts)
        self._laid: tuple[Mapping[str, str], _LaidOut] | None = None

    def laid_out(self, departments: Mapping[str, str]) -> _LaidOut:
        """By attribute; `departments` are those of their owners."""
        if self._laid is None or self._laid[0] != departments:
            self._laid = (departments, self._lay_out(departments))
        return self._laid[1]

    def _lay_out(self, departments: Mapping[str, str]) -> _LaidOut:
        places, records = [], []
        for place, facts in enumerate(self.facts):
            try:
                department = departments.get(facts.owner_agency, _NO_PARTY)
                record = _asked_of(facts, department)
            except (TielineError, TypeError):
                continue
            places.append(place)
            records.append(record)
        names = records[0] if records else ()
        columns = {name: [record[name] for record in records] for name in names}
        return _LaidOut(places, records, columns)


@lru_cache(maxsize=_REMEMBERED)
def _asked_of(facts: Facts, department: str) -> Values:
    return of_record(facts, department=department)
