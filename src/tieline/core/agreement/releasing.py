"""Which field classes a release or an emergency opens: what a clause lets it, and none forbids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision, decide_all
from tieline.core.agreement.emergencies import Emergency, cited_emergency
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.releases import Release, cited, origins
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts, FieldClass, Record

__all__ = ["copyable", "opened", "releasable", "released"]


def releasable(
    facts: Facts,
    classes: Collection[FieldClass],
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
    by: Action = Action.RELEASE,
) -> dict[FieldClass, Decision]:
    """Of each class whether its owner may open it to this viewer, or in an emergency he himself;
    where not, why.

    What the agreement gives already needs no key, and is answered by the clause that gives it.
    """
    asked = tuple(one for one in FieldClass if one in classes)
    questions = [Question(Action.FIELD, one) for one in asked]
    questions += [Question(by, one) for one in asked]
    decisions = decide_all(
        agreement, viewer=viewer, purpose=purpose, facts=facts, questions=questions, at=at
    )
    plain, by_key = decisions[: len(asked)], decisions[len(asked) :]
    return {
        # A prohibition cites itself. Without one, the answer is no because no clause says yes:
        # there, and there alone, the key counts.
        one: field if field.allowed or field.clauses or field.alarm else key
        for one, field, key in zip(asked, plain, by_key, strict=True)
    }


def copyable(
    record: Record,
    release: Release,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> Decision:
    """Whether a copy may be made by the release, where no clause says that it may and none forbids
    it: the owner said so, and the text in force lets him release the record.
    """
    if purpose is None or not _stands(record, release, viewer=viewer, purpose=purpose, at=at):
        return Decision(allowed=False)
    (said,) = decide_all(
        agreement,
        viewer=viewer,
        purpose=purpose,
        facts=record.facts,
        questions=(Question(Action.RELEASE),),
        at=at,
    )
    if not (release.copies and said.allowed):
        return Decision(allowed=False, clauses=() if said.allowed else said.clauses)
    return replace(said, clauses=(*said.clauses, cited(release.number)))


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
    if purpose is None or not _stands(record, release, viewer=viewer, purpose=purpose, at=at):
        return {}
    wanted = release.classes & frozenset(shut)
    decisions = releasable(
        record.facts, wanted, viewer=viewer, purpose=purpose, agreement=agreement, at=at
    )
    return _citing(decisions, cited(release.number))


def opened(
    record: Record,
    emergency: Emergency,
    shut: Collection[FieldClass],
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> dict[FieldClass, Decision]:
    """What an emergency opens of the classes that are shut, each decision citing it; none where it
    does not hold, and none of what a third agency gave: nobody can ask it within an hour.
    """
    if purpose is None or not emergency.holds(record.number, viewer=viewer, at=at):
        return {}
    if origins(record.caveats):
        return {}
    decisions = releasable(
        record.facts,
        shut,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
        by=Action.EMERGENCY,
    )
    return _citing(decisions, cited_emergency(emergency.number))


def _citing(decisions: Mapping[FieldClass, Decision], key: str) -> dict[FieldClass, Decision]:
    return {
        one: replace(said, clauses=(*said.clauses, key)) if said.allowed else said
        for one, said in decisions.items()
    }


def _stands(
    record: Record, release: Release, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> bool:
    holds = release.holds(record.number, viewer=viewer, purpose=purpose, at=at)
    return holds and origins(record.caveats) <= release.consents
