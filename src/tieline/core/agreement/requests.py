"""Questions written down as JSON, and their answers: to try a text without any record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Ask, Decision, decide_all
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import OF_A_CLASS, Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts, FieldClass, Protections

__all__ = ["BadRequest", "Request", "answered", "decided", "read_request", "written_request"]


class BadRequest(TielineError):
    """A question does not say what it must, or says what it may not."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question with all that it depends on."""

    viewer: Viewer
    purpose: Purpose | None
    facts: Facts
    question: Question
    at: datetime


def read_request(said: object, *, at: datetime) -> Request:
    """Read one question; `at` is its moment where it names none. Raises BadRequest."""
    of = _Object("the question", said)
    of.only("viewer", "purpose", "record", "action", "field_class", "at")
    moment = of.text("at", "")
    action = of.one_of("action", Action)
    field_class = of.one_of("field_class", FieldClass) if "field_class" in of.said else None
    wrong = action is Action.FIELD if field_class is None else action not in OF_A_CLASS
    if wrong:
        raise BadRequest(
            "a field class goes with the actions field, release and emergency, and with no other",
            cure='give "action": "field" and "field_class": "identity", or leave the class out',
        )
    return Request(
        _viewer(of.object("viewer")),
        _purpose(of.object("purpose")) if of.said.get("purpose") is not None else None,
        _facts(of.object("record")),
        Question(action, field_class),
        _moment("at", moment) if moment else at,
    )


def decided(agreement: Agreement, asked: Request, *, by: Ask = Engine.ask) -> Decision:
    """What the agreement answers."""
    (decision,) = decide_all(
        agreement,
        viewer=asked.viewer,
        purpose=asked.purpose,
        facts=asked.facts,
        questions=(asked.question,),
        at=asked.at,
        by=by,
    )
    return decision


def answered(agreement: Agreement, asked: Request, *, by: Ask = Engine.ask) -> dict[str, object]:
    """What the agreement answers, as JSON has it."""
    return _told(decided(agreement, asked, by=by))


def written_request(asked: Request) -> dict[str, object]:
    """A question as JSON has it: reading it gives one that is answered alike."""
    viewer, facts, purpose = asked.viewer, asked.facts, asked.purpose
    said: dict[str, object] = {
        "viewer": {
            "agency": viewer.agency,
            "unit": viewer.unit,
            "department": viewer.department,
            "role": viewer.role.value,
            "roles": sorted(viewer.roles),
            "sworn": viewer.sworn,
            "employee": viewer.employee,
            **({"trained_until": viewer.trained_until.isoformat()} if viewer.trained_until else {}),
        },
        "purpose": purpose
        and {"code": purpose.code.value, "number": purpose.number, "reason": purpose.reason},
        "record": {
            "kind": facts.kind,
            "owner_agency": facts.owner_agency,
            "owning_unit": facts.owning_unit,
            "protections": dict(facts.protections.effective),
            "caveats": sorted(facts.caveats),
        },
        "action": asked.question.action.value,
        "at": asked.at.isoformat(),
    }
    if asked.question.field_class is not None:
        said["field_class"] = asked.question.field_class.value
    return said


def _told(decision: Decision) -> dict[str, object]:
    told: dict[str, object] = {
        "allowed": decision.allowed,
        "clauses": list(decision.clauses),
        "reasons": list(decision.reasons),
        "obligations": sorted(decision.obligations),
    }
    return told | ({"alarm": decision.alarm} if decision.alarm else {})


def _viewer(of: _Object) -> Viewer:
    of.only("agency", "unit", "department", "role", "roles", "sworn", "employee", "trained_until")
    trained = of.text("trained_until", "")
    return Viewer(
        number="",
        agency=of.text("agency"),
        unit=of.text("unit"),
        role=of.one_of("role", Role),
        assignment="",
        department=of.text("department", ""),
        sworn=of.truth("sworn"),
        employee=of.truth("employee"),
        trained_until=_moment("trained_until", trained) if trained else None,
        roles=frozenset(_named("roles", one, Role) for one in of.texts("roles")),
    )


def _purpose(of: _Object) -> Purpose:
    of.only("code", "number", "reason")
    code = of.one_of("code", PurposeCode)
    return Purpose(code=code, number=of.text("number", ""), reason=of.text("reason", ""))


def _facts(of: _Object) -> Facts:
    of.only("kind", "owner_agency", "owning_unit", "protections", "caveats")
    return Facts(
        kind=of.text("kind"),
        owner_agency=of.text("owner_agency"),
        owning_unit=of.text("owning_unit"),
        protections=_protections(of.object("protections"))
        if "protections" in of.said
        # Not stated is not known, and so protected in every way (P17).
        else Protections.unknown(),
        caveats=frozenset(of.texts("caveats")),
    )


def _protections(of: _Object) -> Protections:
    known = Protections.unknown().effective
    of.only(*known)
    for name, flag in of.said.items():
        if flag is not None and type(flag) is not bool:
            raise BadRequest(
                f"{of.name}: {name} is neither true nor false", cure="give true, false or null"
            )
    # One that is not named is unknown.
    return Protections(**{name: of.said.get(name) for name in known})


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRequest(f"{name} is no moment", cure='give it as "2026-05-01T12:00:00Z"')
    return moment


def _named(name: str, value: object, kind: Any) -> Any:
    if not isinstance(value, str) or value not in set(kind):
        raise BadRequest(
            f"{name} names what there is not", cure=f"give one of: {', '.join(sorted(kind))}"
        )
    return kind(value)


class _Object:
    """A JSON object with a name for messages, which never show a value of it."""

    def __init__(self, name: str, said: object) -> None:
        if not isinstance(said, Mapping):
            raise BadRequest(f"{name} is no JSON object", cure="see docs/agreement.md")
        self.name, self.said = name, said

    def only(self, *known: str) -> None:
        """Refuse what is not known: a slip in a name must not pass for silence."""
        for name in sorted(set(self.said) - set(known)):
            raise BadRequest(
                f"{self.name} has {name[:40]!r}, which is not known",
                cure=f"it may have: {', '.join(known)}",
            )

    def object(self, name: str) -> _Object:
        return _Object(name, self.said.get(name))

    def text(self, name: str, usual: str | None = None) -> str:
        value = self.said.get(name, usual)
        if not isinstance(value, str):
            raise BadRequest(f"{self.name}: {name} is no text", cure=f'give "{name}": "..."')
        return value

    def truth(self, name: str) -> bool:
        value = self.said.get(name)
        if type(value) is not bool:
            raise BadRequest(f"{self.name}: {name} is neither true nor false", cure="say which")
        return value

    def texts(self, name: str) -> Sequence[str]:
        value = self.said.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadRequest(f"{self.name}: {name} are no texts", cure=f'give "{name}": ["..."]')
        return value

    def one_of(self, name: str, kind: Any) -> Any:
        return _named(f"{self.name}: {name}", self.said.get(name), kind)
