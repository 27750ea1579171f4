"""Questions and their answers in words, for those who sign."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision
from tieline.core.agreement.instance import Instance
from tieline.core.agreement.question import Action
from tieline.core.records import Facts

__all__ = ["decided_in_words", "in_words", "record_in_words"]

_ASKED: Final = {
    Action.SEARCH: "searches, and would find",
    Action.POINTER: "asks for the pointer of",
    Action.SUMMARY: "asks for the summary of",
    Action.FULL: "asks in full for",
    Action.NOTIFY: "would be told in a notice of",
    Action.EXPORT: "asks for a copy of",
    Action.RELEASE: "would have the owner release",
    Action.EMERGENCY: "would open, a life being in danger,",
}


def in_words(found: Instance) -> str:
    """Who asks, what for, what of which record; one sentence."""
    return f"{_who(found)} {_why(found)} {_what(found)} {record_in_words(found.facts)}."


def record_in_words(facts: Facts) -> str:
    """What record it is, as far as clauses see it."""
    flags = [_said(name) for name, on in facts.protections.effective.items() if on]
    marks = sorted(facts.caveats)
    return "".join(
        (
            f"a record of kind {facts.kind} of {facts.owner_agency}, unit {facts.owning_unit}",
            f", protected as {_listed(flags)}" if flags else "",
            f", marked {_listed(marks)}" if marks else "",
        )
    )


def decided_in_words(agreement: Agreement, decision: Decision) -> tuple[str, ...]:
    """The clauses by which it was decided, each with its prose."""
    return tuple(
        f"{clause}: {agreement.clauses[clause].prose}" if clause in agreement.clauses else reason
        for clause, reason in zip(decision.clauses or ("",), decision.reasons, strict=True)
    )


def _who(found: Instance) -> str:
    viewer = found.viewer
    roles = _listed([_said(viewer.role), *sorted(_said(one) for one in viewer.roles)])
    status = {
        (True, True): "sworn and employed",
        (True, False): "sworn, not employed by the government",
        (False, True): "employed, not sworn",
        (False, False): "neither sworn nor employed",
    }[viewer.sworn, viewer.employee]
    home = f"department {viewer.department}" if viewer.department else "no department"
    trained = "" if found.trained else ", without training"
    return f"Somebody of {viewer.agency}, unit {viewer.unit} ({roles}; {home}; {status}{trained}),"


def _why(found: Instance) -> str:
    purpose = found.purpose
    grounds = {
        (True, True): "under a number and with a reason",
        (True, False): "under a number",
        (False, True): "with a reason alone",
        (False, False): "with neither number nor reason",
    }[bool(purpose.number), bool(purpose.reason)]
    time = "" if found.in_force else ", after the agreement has lapsed,"
    return f"for {_said(purpose.code)} {grounds}{time}"


def _what(found: Instance) -> str:
    action, field_class = found.question.action, found.question.field_class
    if field_class is None:
        return _ASKED[action]
    verb = _ASKED.get(action, "asks for")
    return f"{verb} the fields of class {field_class} of"


def _said(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
