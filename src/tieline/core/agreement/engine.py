"""The checked text: parsed once, asked often, by functions made of it and by Cedar itself.

Functions answer (`compiled`). Cedar is asked the same every so often, and where the two differ the
answer is no. Cedar fails open: where a prohibition cannot be evaluated, the permit stands, and only
the diagnostics tell. Here anything in the diagnostics, and any exception, means no.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import cedarpy
from cedarpy import PolicySet, Schema

from tieline.core.agreement.compiled import Compiled, Sheet, Verdict, compiled
from tieline.core.agreement.constructs import (
    AgreementRefused,
    Obligation,
    check_policy,
    obligations_in,
)
from tieline.core.agreement.expression import Value
from tieline.core.agreement.question import (
    ACTIONS,
    Action,
    Question,
    Stated,
    entities,
    of_record,
    of_viewer,
    request,
    stated,
)
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts, FieldClass, Protections

__all__ = ["AgreementRefused", "Differing", "Engine", "Verdict", "joined", "policies_of"]

SHADOWED: Final = 256
"""One in so many times that the engine is asked, Cedar is asked as well."""
_MOST_SIGNS: Final = 1_000_000
_POLICY_ID: Final = re.compile(r"\bpolicy\d+\b")

_CLASS_OR_NONE: Final = frozenset({FieldClass, type(None)})


class Differing(TielineError):
    """The functions made of a text answer otherwise than Cedar: nothing can be decided by them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asker:
    """Who asks what for which purpose: checked once, and asked of record after record."""

    questions: Sequence[Question]
    viewer: Viewer
    purpose: Purpose
    said: Stated
    asked_by: Mapping[str, Value]
    sheet: Sheet | None

    def is_of(self, questions: object, viewer: object, purpose: object) -> bool:
        """Whether these are the very same; what is but equal could be of another type."""
        return questions is self.questions and viewer is self.viewer and purpose is self.purpose


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """The parsed handles of one text, and what its annotations say."""

    policies: PolicySet
    schema: Schema
    ids: Mapping[str, str]
    """Cedar's own name of a policy to the id of its clause."""
    obligations: Mapping[str, frozenset[Obligation]]
    """Of the clauses that demand something."""
    standing: frozenset[str]
    """Clauses by which an owner sees its own records whether or not the agreement is in force."""
    compiled: Compiled | None = None
    """None of a text that was not checked: Cedar alone answers."""
    asked: Iterator[int] = field(default_factory=itertools.count)
    askers: deque[_Asker] = field(default_factory=lambda: deque(maxlen=1))
    """The last, for the next record of its page."""

    @classmethod
    def checked(cls, policies: str, schema: str, prose: Mapping[str, str]) -> Engine:
        """Parse and check; `AgreementRefused` names what is wrong, and where."""
        told = frozenset(name for name, said in prose.items() if said.strip())
        # Each keeper adopts the same text, and each process reads it again: it is checked once.
        return replace(
            _checked(policies, schema, told), asked=itertools.count(), askers=deque(maxlen=1)
        )

    @classmethod
    def parsed(cls, policies: str, schema: str) -> Engine:
        """Parse without checking: for what was checked before, and for tests of bad texts."""
        try:
            handle = PolicySet.from_str(policies)
            typed = Schema.from_str(schema)
        except ValueError as error:
            raise AgreementRefused(
                f"the text cannot be parsed: {error}", cure="Mend it where the message points."
            ) from None
        marks = {name: policy.get("annotations", {}) for name, policy in _tree(policies).items()}
        return cls(
            policies=handle,
            schema=typed,
            ids={name: said.get("id") or name for name, said in marks.items()},
            obligations={
                said.get("id") or name: demanded
                for name, said in marks.items()
                if (demanded := _demanded(said.get("obligation")))
            },
            standing=frozenset(
                said.get("id") or name
                for name, said in marks.items()
                if said.get("standing") == "owner"
            ),
        )

    def ask(
        self,
        questions: Sequence[Question],
        *,
        viewer: Viewer,
        purpose: Purpose,
        facts: Facts,
        department: str,
    ) -> list[Verdict]:
        """One verdict a question, in their order. May raise; whoever calls turns that into no."""
        asker = self.askers[-1] if self.askers else None
        if asker is None or not asker.is_of(questions, viewer, purpose):
            asker = self._asker(questions, viewer, purpose)
        return self._answers(asker, of_record(facts, department=department))

    def _answers(self, asker: _Asker, asked_of: Mapping[str, Value]) -> list[Verdict]:
        questions = asker.questions
        if asker.sheet is None:
            return self._by_cedar(questions, asker.said, asker.asked_by, asked_of)
        verdicts = list(asker.sheet.decide(asked_of))
        # Told by the count alone, so that how long it takes says nothing of what was asked.
        shadowed = next(self.asked) % SHADOWED == 0
        if shadowed and self._by_cedar(questions, asker.said, asker.asked_by, asked_of) != verdicts:
            raise Differing("Cedar answers otherwise than the functions made of its text")
        return verdicts

    def _asker(self, questions: Sequence[Question], viewer: Viewer, purpose: Purpose) -> _Asker:
        for one in questions:
            # A word is equal to its sign, so what was remembered of the sign would answer for it.
            known = one.action.__class__ is Action
            if not known or one.field_class.__class__ not in _CLASS_OR_NONE:
                raise TypeError("a question is asked of an action and a field class")
        said, asked_by = stated(purpose), of_viewer(viewer)
        sheet = None
        if self.compiled is not None:
            sheet = self.compiled.sheet(tuple(questions), tuple(asked_by.items()), said)
        asker = _Asker(questions, viewer, purpose, said, asked_by, sheet)
        # A list, or a set of roles, could hold something else by the next time.
        if type(questions) is tuple and type(viewer.roles) is frozenset:
            self.askers.append(asker)
        return asker

    def ask_cedar(
        self,
        questions: Sequence[Question],
        *,
        viewer: Viewer,
        purpose: Purpose,
        facts: Facts,
        department: str,
    ) -> list[Verdict]:
        """The same by Cedar alone, which is what the text means; over a hundred times as slow."""
        return self._by_cedar(questions, *_stated(viewer, purpose, facts, department))

    def _by_cedar(
        self,
        questions: Sequence[Question],
        purpose: Stated,
        asked_by: Mapping[str, Value],
        asked_of: Mapping[str, Value],
    ) -> list[Verdict]:
        requests = [request(question, purpose) for question in questions]
        # Parsed against the schema: an attribute of the wrong type raises here.
        both = cedarpy.Entities.from_json_str(entities(asked_by, asked_of), self.schema)
        results = cedarpy.is_authorized_batch(requests, self.policies, both, self.schema)
        return [self._verdict(result) for _, result in zip(requests, results, strict=True)]

    def _verdict(self, result: cedarpy.AuthzResult) -> Verdict:
        errors = result.diagnostics.errors
        if errors or result.decision is cedarpy.Decision.NoDecision:
            # Their texts hold attribute values; only the names of clauses are let out.
            named = {self.ids.get(name, name) for name in _POLICY_ID.findall(" ".join(errors))}
            return Verdict(allowed=False, failed=tuple(sorted(named)) or ("request",))
        reasons = tuple(sorted(self.ids[name] for name in result.diagnostics.reasons))
        return Verdict(allowed=result.allowed is True, clauses=reasons)

    def _probe(self) -> None:
        """Ask everything once: a schema that wants other attributes than are passed is refused."""
        viewer = Viewer(
            number="probe",
            agency="probe",
            unit="probe",
            role=Role.AGENT,
            assignment="probe",
            department="probe",
            sworn=True,
            employee=True,
            trained_until=datetime.max.replace(tzinfo=UTC),
        )
        facts = Facts(
            kind="probe",
            owner_agency="probe",
            owning_unit="probe",
            protections=Protections.unknown(),
            caveats=frozenset({"probe"}),
        )
        purpose = Purpose(code=PurposeCode.OVERSIGHT, reason="probe")
        questions = [
            Question(action, FieldClass.IDENTITY if action is Action.FIELD else None)
            for action in ACTIONS
        ]
        cure = "Let the schema declare the attributes and actions of the model's schema."
        try:
            verdicts = self.ask(
                questions, viewer=viewer, purpose=purpose, facts=facts, department="probe"
            )
        except ValueError as error:
            raise AgreementRefused(
                f"the schema does not fit what is asked: {error}", cure=cure
            ) from None
        for action, verdict in zip(ACTIONS, verdicts, strict=True):
            if verdict.failed:
                raise AgreementRefused(
                    f"the schema does not fit what is asked: {action}", cure=cure
                )


@lru_cache(maxsize=8)
def _checked(policies: str, schema: str, told: frozenset[str]) -> Engine:
    """`told`: the clauses that say in words what they decide."""
    for name, text in (("policies", policies), ("schema", schema)):
        # Other signs could look like letters, or turn the reading direction around.
        if not text.isascii() or len(text) > _MOST_SIGNS:
            raise AgreementRefused(
                f"the {name} are too long, or hold signs other than ASCII",
                cure="Keep words of other scripts to the prose of the clauses.",
            )
    engine = Engine.parsed(policies, schema)
    tree = _tree(policies)
    seen: set[str] = set()
    for name, policy in tree.items():
        clause = _clause_id(name, policy, seen)
        if clause not in told:
            raise AgreementRefused(
                "it has no prose", clause=clause, cure="Say in words what it decides."
            )
        check_policy(clause, policy)
    _validate(policies, schema, engine.ids)
    engine._probe()
    return replace(engine, compiled=compiled(tree, engine.ids))


def _stated(
    viewer: Viewer, purpose: Purpose, facts: Facts, department: str
) -> tuple[Stated, dict[str, Value], dict[str, Value]]:
    return stated(purpose), of_viewer(viewer), of_record(facts, department=department)


def _tree(policies: str) -> dict[str, dict[str, Any]]:
    parsed = json.loads(cedarpy.policies_to_json_str(policies))
    if parsed["templates"] or parsed["templateLinks"]:
        raise AgreementRefused(
            "the policies hold a template, which decides nothing by itself",
            cure="Write ?principal and ?resource out as attributes under when.",
        )
    static: dict[str, dict[str, Any]] = parsed["staticPolicies"]
    return static


def policies_of(policies: str) -> dict[str, dict[str, Any]]:
    """Each clause's policy as Cedar parsed it, of a text that was checked."""
    return {policy["annotations"]["id"]: policy for policy in _tree(policies).values()}


def joined(policies: Mapping[str, Mapping[str, Any]]) -> str:
    """A text of these policies, in the order of their clauses' ids."""
    static = {f"policy{at}": policies[clause] for at, clause in enumerate(sorted(policies))}
    tree = {"staticPolicies": static, "templates": {}, "templateLinks": []}
    return cedarpy.policies_from_json_str(json.dumps(tree))


def _demanded(said: str | None) -> frozenset[Obligation]:
    try:
        return obligations_in(said) if said else frozenset()
    except ValueError:
        # `check_policy` names it; a text that is only parsed is not decided by.
        return frozenset()


def _clause_id(name: str, policy: Mapping[str, Any], seen: set[str]) -> str:
    clause: str = policy["annotations"].get("id", "") if policy.get("annotations") else ""
    if not clause:
        number = int(name.removeprefix("policy")) + 1
        raise AgreementRefused(
            f"policy {number} of the text has no @id", cure='Begin it with @id("...").'
        )
    if clause in seen:
        raise AgreementRefused("its @id stands twice", clause=clause, cure="Give each its own.")
    seen.add(clause)
    return clause


def _validate(policies: str, schema: str, ids: Mapping[str, str]) -> None:
    result = cedarpy.validate_policies(policies, schema)
    if result.errors or not result.validation_passed:
        clause = ids.get(result.errors[0].policy_id, "") if result.errors else ""
        said = "; ".join(error.error for error in result.errors)
        raise AgreementRefused(
            f"it does not fit the schema: {said}",
            clause=clause,
            cure="Ask only for attributes that the schema declares, each as its type is.",
        )
