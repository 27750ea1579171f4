"""How much of a record each kind of person of each party would be told, and by which clauses.

For the owner's people alone, and of field classes, never of a value: so it shows nobody more of the
record than its own page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.decide import Decision, decide_all
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.standings import STANDINGS, Standing, somebody
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import Facts, FieldClass, Level

__all__ = ["Told", "each_told"]

_NUMBER: Final = "WHO-SEES"
_STEPS: Final = (
    (Action.POINTER, Level.POINTER),
    (Action.SUMMARY, Level.SUMMARY),
    (Action.FULL, Level.FULL),
)
_WHOLE: Final = (Action.SEARCH, Action.NOTIFY, Action.EXPORT)
_CLASSES: Final = tuple(FieldClass)
_QUESTIONS: Final = (
    *(Question(one) for one in (Action.POINTER, Action.SUMMARY, Action.FULL, *_WHOLE)),
    *(Question(Action.FIELD, one) for one in _CLASSES),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a kind of person is told for some purposes, all of which give the same."""

    agency: str
    standing: Standing
    level: Level
    clauses: tuple[str, ...]
    ways: tuple[Action, ...]
    """How it may come to them: by a search, a notice, as a copy."""
    open: tuple[FieldClass, ...]
    years: tuple[FieldClass, ...]
    """Those of them that show of a date the year alone."""
    closed: tuple[tuple[FieldClass, tuple[str, ...]], ...]
    purposes: tuple[PurposeCode, ...]


def each_told(
    facts: Facts,
    *,
    agreement: Agreement,
    at: datetime,
    agency: str = "",
    purpose: str = "",
) -> Iterator[Told]:
    """Of people who are trained and have the number of a case; of one agency or purpose, if named.
    To be shown to the record's owner's people alone: a protection would tell by the clauses.
    """
    codes = [one for one in PurposeCode if purpose in ("", one.value)]
    for party in agreement.parties:
        if agency not in ("", party.agency):
            continue
        for standing in STANDINGS:
            if not standing.owners_alone or party.agency == facts.owner_agency:
                yield from _of(party, standing, facts, agreement, codes, at)


def _of(
    party: Party,
    standing: Standing,
    facts: Facts,
    agreement: Agreement,
    codes: Sequence[PurposeCode],
    at: datetime,
) -> Iterator[Told]:
    viewer = somebody(party, standing, facts)
    same: dict[tuple[Decision, ...], list[PurposeCode]] = {}
    for code in codes:
        answers = decide_all(
            agreement,
            viewer=viewer,
            purpose=Purpose(code=code, number=_NUMBER),
            facts=facts,
            questions=_QUESTIONS,
            at=at,
        )
        same.setdefault(answers, []).append(code)
    for answers, purposes in same.items():
        yield _told(party.agency, standing, answers, tuple(purposes))


def _told(
    agency: str,
    standing: Standing,
    answers: Sequence[Decision],
    purposes: tuple[PurposeCode, ...],
) -> Told:
    by_question = dict(zip(_QUESTIONS, answers, strict=True))
    level, deciding = Level.NONE, by_question[Question(Action.POINTER)]
    for action, reached in _STEPS:
        answer = by_question[Question(action)]
        if not answer.allowed:
            break
        level, deciding = reached, answer
    fields = [(one, by_question[Question(Action.FIELD, one)]) for one in _CLASSES]
    if level < Level.SUMMARY:
        fields = []
    return Told(
        agency=agency,
        standing=standing,
        level=level,
        clauses=deciding.clauses,
        ways=tuple(
            one for one in _WHOLE if level is not Level.NONE and by_question[Question(one)].allowed
        ),
        open=tuple(one for one, answer in fields if answer.allowed),
        years=tuple(one for one, answer in fields if answer.allowed and not answer.is_whole),
        closed=tuple((one, answer.clauses) for one, answer in fields if not answer.allowed),
        purposes=purposes,
    )
