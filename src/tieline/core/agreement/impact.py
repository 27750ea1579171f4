"""What a new text changes over the records that there are: of how many more is told, or less.

Counted by classes of records that no clause can tell apart, so a million records cost as much as
their few hundred classes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from tieline.core.agreement.alike import Alike, alike
from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.compare import QUESTIONS
from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.instance import as_if_signed
from tieline.core.agreement.question import Question
from tieline.core.agreement.standings import STANDINGS, Standing, somebody
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Facts

__all__ = ["Impact", "impact"]

_NUMBER: Final = "WHO-SEES"
_ANY_UNIT: Final = "the-owners"
Piece = tuple[Question, bool]
"""Something that is given, and whether with its dates whole: the year alone is less."""
Changed = tuple[frozenset[Piece], frozenset[Piece]]
"""What is given now and was not, and what was given and is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What changes for one kind of person of one party, for any purpose with a number."""

    agency: str
    standing: Standing
    more: int
    """Records of which something is told now that was not."""
    less: int
    gained: tuple[Question, ...]
    lost: tuple[Question, ...]
    purposes: tuple[PurposeCode, ...]
    """Those for which anything changes."""


def impact(
    old: Agreement, new: Agreement, held: Mapping[Facts, int], *, at: datetime
) -> tuple[Impact, ...]:
    """Of records that are `held`, so many of each class; each text at `at`, or the moment of its
    period that is nearest, as if both were signed. Kinds of people for whom nothing changes are
    left out.

    Raises `AgreementRefused` for a text that cannot be decided by.
    """
    texts = as_if_signed(old), as_if_signed(new)
    held = _whatever_unit(held, old.policies + new.policies)
    parties = {party: None for text in (new, old) for party in text.parties}
    found = (_of(party, standing, texts, held, at) for party in parties for standing in STANDINGS)
    return tuple(one for one in found if one.more or one.less)


def _whatever_unit(held: Mapping[Facts, int], policies: str) -> Counter[Facts]:
    """The same, where units that no text names are one: a clause can but ask whether a unit is the
    viewer's, and that is decided by the kind of person.
    """
    found: Counter[Facts] = Counter()
    for facts, count in held.items():
        named = json.dumps(facts.owning_unit) in policies
        found[facts if named else replace(facts, owning_unit=_ANY_UNIT)] += count
    return found


def _of(
    party: Party,
    standing: Standing,
    texts: tuple[Agreement, Agreement],
    held: Mapping[Facts, int],
    at: datetime,
) -> Impact:
    more = less = 0
    gained, lost = set[Piece](), set[Piece]()
    purposes = set[PurposeCode]()
    changes = _Changes(texts, at)
    for facts, count in held.items():
        if standing.owners_alone and party.agency != facts.owner_agency:
            continue
        viewer = somebody(party, standing, facts)
        found = [(code, changes.of(viewer, code, facts)) for code in PurposeCode]
        purposes.update(code for code, (came, went) in found if came or went)
        here = [frozenset().union(*each) for each in zip(*(pair for _, pair in found), strict=True)]
        more += count * bool(here[0])
        less += count * bool(here[1])
        gained |= here[0]
        lost |= here[1]
    return Impact(
        agency=party.agency,
        standing=standing,
        more=more,
        less=less,
        gained=_asked(gained),
        lost=_asked(lost),
        purposes=tuple(one for one in PurposeCode if one in purposes),
    )


def _asked(pieces: set[Piece]) -> tuple[Question, ...]:
    asked = {question for question, _ in pieces}
    return tuple(one for one in QUESTIONS if one in asked)


class _Changes:
    """Answers of both texts, each asked once for all records that are alike to it."""

    def __init__(self, texts: tuple[Agreement, Agreement], at: datetime) -> None:
        self._texts = [(text, _within(text, at)) for text in texts]
        self._known: dict[Hashable, Changed] = {}
        self._keys = cache(self._made_keys)

    def of(self, viewer: Viewer, code: PurposeCode, facts: Facts) -> Changed:
        """What changes in the answers to all questions of one record."""
        # A viewer of the owner's own unit is another for each unit.
        keys = self._keys(viewer, code)
        group = (viewer.unit, code, *(key(facts) for key in keys))
        if group not in self._known:
            was, now = self._allowed(viewer, code, facts)
            self._known[group] = (now - was, was - now)
        return self._known[group]

    def _made_keys(self, viewer: Viewer, code: PurposeCode) -> tuple[Alike, ...]:
        purpose = Purpose(code=code, number=_NUMBER)
        return tuple(
            alike(text, viewer=viewer, purpose=purpose, questions=QUESTIONS)
            for text, _ in self._texts
        )

    def _allowed(
        self, viewer: Viewer, code: PurposeCode, facts: Facts
    ) -> Iterator[frozenset[Piece]]:
        for text, at in self._texts:
            answers = decide_all(
                text,
                viewer=viewer,
                purpose=Purpose(code=code, number=_NUMBER),
                facts=facts,
                questions=QUESTIONS,
                at=at,
            )
            yield frozenset(
                (one, whole)
                for one, answer in zip(QUESTIONS, answers, strict=True)
                for whole in (False, True)
                if (answer.is_whole if whole else answer.allowed)
            )


def _within(text: Agreement, at: datetime) -> datetime:
    last = text.in_force_until - timedelta(microseconds=1)
    return min(max(at, text.in_force_from), last)
