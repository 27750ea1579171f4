"""Which field classes a release opens: what a clause lets the owner release, and none forbids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision, decide_all
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.releases import Release, cited, origins
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts, FieldClass, Record

__all__ = ["releasable", "released"]


def releasable(
    facts: Facts,
    classes: Collection[FieldClass],
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> dict[FieldClass, Decision]:
    """Of each class whether its owner may open it to this viewer; where not, why.

    What the agreement gives already needs no release, and is answered by the clause that gives it.
    """
    asked = tuple(one for one in FieldClass if one in classes)
    questions = [Question(Action.FIELD, one) for one in asked]
    questions += [Question(Action.RELEASE, one) for one in asked]
    decisions = decide_all(
        agreement, viewer=viewer, purpose=purpose, facts=facts, questions=questions, at=at
    )
    plain, by_owner = decisions[: len(asked)], decisions[len(asked) :]
    return {
        # A prohibition cites itself. Without one, the answer is no because no clause says yes:
        # there, and there alone, the owner's word counts.
        one: field if field.allowed or field.clauses or field.alarm else owner
        for one, field, owner in zip(asked, plain, by_owner, strict=True)
    }


def released(
    record: Record,
    release: Release,
    shut: Collection[FieldClass],
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> dict[FieldClass, Decision]:
    """What the release opens of the classes that are shut, each decision citing it; none where it
    does not hold, or lacks the consent of an agency that the record came from.
    """
    if purpose is None or not release.holds(record.number, viewer=viewer, purpose=purpose, at=at):
        return {}
    if not origins(record.caveats) <= release.consents:
        return {}
    wanted = release.classes & frozenset(shut)
    decisions = releasable(
        record.facts, wanted, viewer=viewer, purpose=purpose, agreement=agreement, at=at
    )
    return {
        one: replace(said, clauses=(*said.clauses, cited(release.number))) if said.allowed else said
        for one, said in decisions.items()
    }
