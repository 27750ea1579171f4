"""Where a text shows of a date the year alone: what else must then not tell the day.

Whether a search is asked by the year depends on viewer and purpose alone, never on what there is:
were it asked by the day of some records and not of others, what it finds would tell which.
"""

from __future__ import annotations

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.decide import checked
from tieline.core.agreement.question import Action, Question, context_of, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.core.values.dates import PartialDate

__all__ = ["as_asked"]


def as_asked(birth_date: str, *, viewer: Viewer, purpose: Purpose, agreement: Agreement) -> str:
    """A birth date as it may be searched for: its year alone, where that is all that a clause shows
    this viewer, for this purpose, of some record; blank where no year can be told.
    """
    if not birth_date or not _shows_years(agreement, viewer, purpose):
        return birth_date
    year = PartialDate.parse(birth_date).year
    return "" if year is None else f"{year:04d}"


def _shows_years(agreement: Agreement, viewer: Viewer, purpose: Purpose) -> bool:
    engine = checked(agreement)
    masking = {one for one, said in engine.obligations.items() if Obligation.YEAR_ONLY in said}
    if not masking:
        return False
    question = Question(Action.FIELD, FieldClass.IDENTITY)
    try:
        context = context_of(question, stated(purpose))
        known = {"principal": of_viewer(viewer), "context": context}
    except (TielineError, AttributeError):
        # What cannot be put is told nothing; until then it asks no more than it must.
        return True
    if engine.compiled is None:
        return True
    left = engine.compiled.residual(Action.FIELD, known)
    return any(rule.permits and rule.clause in masking for rule, _ in left)
