"""Which records get the same answers from one viewer's questions, before any is decided.

Of what a clause may ask of a record, little matters once viewer and purpose are known. A thousand
kinds of records fall into some twenty groups, and of each group one decision tells all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import checked
from tieline.core.agreement.expression import Values
from tieline.core.agreement.question import Question, of_record, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts

__all__ = ["alike"]

_REMEMBERED: Final = 1 << 14
_NO_PARTY: Final = "(no party)"


def alike(
    agreement: Agreement, *, viewer: Viewer, purpose: Purpose, questions: tuple[Question, ...]
) -> Callable[[Facts], Hashable]:
    """A function to a key: facts with one key get one answer at any one moment (`decide_all`).

    Raises whatever the questions raise that cannot be put; facts that cannot be asked of are alike
    to themselves alone.
    """
    functions = checked(agreement).compiled
    if functions is None:
        return lambda facts: facts
    sheet = functions.sheet(questions, tuple(of_viewer(viewer).items()), stated(purpose))
    departments = {party.agency: party.department for party in agreement.parties}

    def key(facts: Facts) -> Hashable:
        owner = facts.owner_agency
        try:
            truths = sheet.truths(_asked_of(facts, departments.get(owner, _NO_PARTY)))
        except (TielineError, KeyError, TypeError):
            return facts
        # The gates ask whose it is.
        return (owner, truths)

    return key


@lru_cache(maxsize=_REMEMBERED)
def _asked_of(facts: Facts, department: str) -> Values:
    return of_record(facts, department=department)
