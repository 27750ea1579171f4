"""What no agreement may give is proved of the model, and refuted of a text that gives it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tieline.core.agreement import prove as proving
from tieline.core.agreement.clauses import Agreement, AgreementRefused, Party
from tieline.core.agreement.decide import Gate
from tieline.core.agreement.engine import Differing, Engine, Verdict
from tieline.core.agreement.formulas import asking, prover
from tieline.core.agreement.given import Given, given, texts_of
from tieline.core.agreement.instance import Instance, Undecided, as_if_signed
from tieline.core.agreement.invariants import INVARIANTS, Invariant
from tieline.core.agreement.prove import Counterexample, Refuted, prove, refuse_refuted, told
from tieline.core.agreement.question import Action
from tieline.core.agreement.requests import decided, read_request, written_request
from tieline.core.agreement.viewer import Role
from tieline.core.records import FieldClass
from tieline.reference.agreement import model_agreement

from .scene import NOW, PARTIES

MODEL = model_agreement(parties=PARTIES)
CIRCLE = ("DHS", "DOJ", "STATE")


def of(name: str) -> Invariant:
    return next(one for one in INVARIANTS if one.id == name)


def refuted(text: Agreement, name: str, *beside: Agreement) -> Counterexample:
    (proof,) = prove(text, beside=beside, invariants=[of(name)])
    assert not proof.is_proved
    assert proof.counterexample is not None
    return proof.counterexample


def by_cedar(text: Agreement, found: Instance) -> bool:
    return decided(as_if_signed(text), found.request(text), by=Engine.ask_cedar).allowed


@pytest.mark.parametrize("parties", [PARTIES, PARTIES[:1], PARTIES[:2]], ids=len)
def test_the_model_holds_them_all(parties: tuple[Party, ...]) -> None:
    proofs = list(prove(model_agreement(parties=parties)))
    assert [proof.invariant for proof in proofs] == list(INVARIANTS)
    assert [proof.invariant.id for proof in proofs if not proof.is_proved] == []
    refuse_refuted(MODEL)


def test_each_names_its_law_and_has_its_own_name() -> None:
    assert len({one.id for one in INVARIANTS}) == len(INVARIANTS)
    for one in INVARIANTS:
        assert one.source
        assert one.practice.startswith("P")
        assert one.says.endswith(".")


@dataclass(frozen=True)
class Broken:
    """A text that gives what the invariant forbids, and what the question must then look like."""

    was: str
    now: str
    clause: str
    shows: Callable[[Instance], bool]
    also: tuple[str, str] = ("", "")
    """A second slip, where one alone is caught by another clause."""

    def text(self) -> Agreement:
        policies = MODEL.policies
        for was, now in ((self.was, self.now), self.also):
            if was:
                assert policies.count(was) == 1, was
                policies = policies.replace(was, now)
        return replace(MODEL, policies=policies)


def foreign(found: Instance) -> bool:
    return found.viewer.agency != found.facts.owner_agency


def flag(name: str) -> Callable[[Instance], bool]:
    return lambda found: getattr(found.facts.protections, name) is True


def of_class(*classes: FieldClass) -> Callable[[Instance], bool]:
    return lambda found: found.question.field_class in classes


IN_THE_UNIT = "resource.informant || resource.grand_jury || resource.intercept || resource.sealed"
AT_THE_OWNER = (
    "resource.tax || resource.suspicious_activity || resource.medical || resource.third_agency"
)


def without(all_of: str, flag_: str) -> str:
    return " || ".join(one for one in all_of.split(" || ") if one != f"resource.{flag_}")


BROKEN = {
    "section-1367-owner": Broken(
        'principal.agency == resource.owner &&\n  ["DHS", "DOJ", "STATE"]',
        '["DHS", "DOJ", "STATE"]',
        "P02",
        lambda found: foreign(found) and flag("section_1367")(found),
    ),
    "section-1367-circle": Broken(
        'resource.owner &&\n  ["DHS", "DOJ", "STATE"].contains(principal.department) &&\n'
        "  (principal.sworn || principal.employee)",
        "resource.owner",
        "P01",
        lambda found: found.viewer.department not in CIRCLE and flag("section_1367")(found),
    ),
    "protection-reason": Broken(
        'principal.roles.contains("protection_desk") &&',
        "",
        "P01",
        of_class(FieldClass.PROTECTION),
    ),
    "protected-later": Broken(
        "resource.juvenile || resource.us_person",
        "!resource.juvenile || resource.us_person",
        "P05",
        flag("juvenile"),
    ),
    "who-told": Broken('["source", "court"]', '["court"]', "P01", of_class(FieldClass.SOURCE)),
    "diagnosis": Broken(
        '"criminal_history", "apprehension_narrative"]',
        '"criminal_history", "medical"]',
        "P04",
        lambda found: foreign(found) and of_class(FieldClass.MEDICAL)(found),
        also=('context.field_class == "medical"', 'context.field_class == "court"'),
    ),
    "asylum": Broken(
        "resource.asylum",
        "resource.sealed",
        "P05",
        lambda found: found.viewer.department not in CIRCLE and flag("asylum")(found),
    ),
    "fear-codes": Broken(
        '["outcome", "fear"]', '["fear"]', "P01", of_class(FieldClass.OUTCOME, FieldClass.FEAR)
    ),
    **{
        name.replace("_", "-"): Broken(IN_THE_UNIT, without(IN_THE_UNIT, name), "P02", flag(name))
        for name in ("informant", "grand_jury", "intercept", "sealed")
    },
    **{
        name.replace("_", "-"): Broken(
            AT_THE_OWNER,
            without(AT_THE_OWNER, name),
            "P02",
            lambda found, name=name: foreign(found) and flag(name)(found),
        )
        for name in ("tax", "suspicious_activity", "medical", "third_agency")
    },
    "juvenile": Broken(
        "resource.juvenile || resource.us_person", "resource.us_person", "P05", flag("juvenile")
    ),
    "us-person": Broken(
        "resource.juvenile || resource.us_person", "resource.juvenile", "P05", flag("us_person")
    ),
    "child-family": Broken(
        'resource.juvenile && ["family", "contact"]',
        'resource.juvenile && ["contact"]',
        "P04",
        lambda found: foreign(found) and of_class(FieldClass.FAMILY)(found),
    ),
    "silent": Broken(
        'resource.caveats.contains("silent")',
        'resource.caveats.contains("quiet")',
        "P02",
        lambda found: foreign(found) and "silent" in found.facts.caveats,
    ),
    "administrator": Broken(
        'roles.contains("administrator")',
        'roles.contains("auditor")',
        "P02",
        lambda found: Role.ADMINISTRATOR in {found.viewer.role, *found.viewer.roles},
    ),
    "emergency": Broken(
        'action == Tieline::Action::"emergency", resource)\nwhen {\n'
        "  principal.department == resource.department &&",
        'action == Tieline::Action::"emergency", resource)\nwhen {\n',
        "E01",
        lambda found: foreign(found) and found.question.action is Action.EMERGENCY,
    ),
    "emergency-fields": Broken(
        '"conveyance", "custody", "criminal_history"',
        '"conveyance", "medical", "criminal_history"',
        "E01",
        lambda found: foreign(found) and of_class(FieldClass.MEDICAL)(found),
    ),
    "chain": Broken(AT_THE_OWNER, without(AT_THE_OWNER, "third_agency"), "P05", foreign),
}
OF_CLASSES = {
    "protection-reason": {FieldClass.PROTECTION},
    "who-told": {FieldClass.SOURCE, FieldClass.COURT},
    "diagnosis": {FieldClass.MEDICAL},
    "fear-codes": {FieldClass.OUTCOME, FieldClass.FEAR},
    "child-family": {FieldClass.FAMILY, FieldClass.CONTACT},
    "emergency-fields": {
        *(FieldClass.SOURCE, FieldClass.COURT, FieldClass.MEDICAL),
        *(FieldClass.PROTECTION, FieldClass.OUTCOME, FieldClass.FEAR),
    },
}
"""Of those that are about fields, the classes."""


@pytest.mark.parametrize("name", OF_CLASSES)
def test_what_is_about_fields_is_about_each_of_their_classes(name: str) -> None:
    """A text that opens but one of them is refuted as well."""
    asked = asking(texts_of(model_agreement()))
    never = of(name).never
    assert never is not None
    solver = prover().Solver()
    solver.add(*asked.possible, never(asked))
    found = {
        one
        for one in FieldClass
        if solver.check(asked.context["field_class"] == asked.text(one)) == prover().sat
    }
    assert found == OF_CLASSES[name]


GATED = {"purpose": Gate.PURPOSE, "training": Gate.TRAINING, "in-force": Gate.IN_FORCE}
"""No clause can open these: they are broken by taking the gate away."""


def test_each_invariant_is_broken_here() -> None:
    assert {*BROKEN, *GATED} == {one.id for one in INVARIANTS}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_text_that_gives_it_is_refuted(name: str) -> None:
    """The question that is shown is the forbidden one, and Cedar answers it yes."""
    how = BROKEN[name]
    text = how.text()
    shown = refuted(text, name)
    assert how.shows(shown.asked)
    assert how.clause in shown.decision.clauses
    assert by_cedar(text, shown.asked)
    assert not by_cedar(MODEL, shown.asked)
    said = " ".join(shown.words)
    assert shown.asked.viewer.agency in said
    assert shown.asked.facts.owner_agency in said
    assert text.clauses[how.clause].prose in said
    assert "refused" in said or of(name).variant is None
    with pytest.raises(Refuted) as refusal:
        refuse_refuted(text)
    assert name in {proof.invariant.id for proof in refusal.value.proofs}
    assert of(name).source in str(refusal.value)
    assert shown.words[0] in str(refusal.value)


@pytest.mark.parametrize("name", sorted(GATED))
def test_without_its_gate_it_does_not_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a decision without the gate it is refuted, and the decision with it refuses just that."""

    def ungated(agreement: Agreement, asked: Any) -> Given:
        whole = given(agreement, asked)
        gates = {gate: open_ for gate, open_ in whole.gates.items() if gate != GATED[name]}
        return replace(whole, gates=gates)

    monkeypatch.setattr(proving, "given", ungated)
    with pytest.raises(Differing):
        list(prove(MODEL, invariants=[of(name)]))
    shown: list[Instance] = []

    def taken(agreement: Agreement, found: Instance) -> Any:
        shown.append(found)
        return replace(found.answered(agreement), clauses=(), reasons=("shown",))

    monkeypatch.setattr(proving, "_permitted", taken)
    (proof,) = prove(MODEL, invariants=[of(name)])
    assert not proof.is_proved
    (found,) = shown
    assert found.answered(MODEL).clauses == (GATED[name].value,)


def test_a_chain_through_two_agreements_is_found() -> None:
    """City police have nothing with the patrol; what the sheriff has of it must not reach them."""
    two = (Party("patrol", "DHS"), Party("sheriff", "sheriff"))
    other = (Party("sheriff", "sheriff"), Party("city police", "city"))
    first = model_agreement(parties=two)
    second = model_agreement(parties=other)
    leaking = replace(
        second,
        policies=second.policies.replace(AT_THE_OWNER, without(AT_THE_OWNER, "third_agency")),
    )
    assert all(proof.is_proved for proof in prove(first, beside=[second]))
    shown = refuted(first, "chain", leaking)
    assert shown.asked.facts.owner_agency in ("sheriff", "city police")
    assert shown.asked.facts.protections.third_agency
    assert by_cedar(leaking, shown.asked)


def test_a_counterexample_can_be_asked_again() -> None:
    """As `tieline agreement decide` reads it."""
    text = BROKEN["sealed"].text()
    asked = refuted(text, "sealed").asked.request(text)
    again = read_request(written_request(asked), at=NOW)
    for by in (Engine.ask, Engine.ask_cedar):
        assert decided(as_if_signed(text), again, by=by).allowed
        assert not decided(as_if_signed(MODEL), again, by=by).allowed


def test_a_text_that_cannot_be_decided_by_is_not_proved() -> None:
    with pytest.raises(AgreementRefused):
        list(prove(replace(MODEL, policies="permit (principal, action, resource);")))


def test_what_z3_does_not_finish_is_not_proved() -> None:
    with pytest.raises(Undecided):
        list(prove(MODEL, effort=1))


def test_a_counterexample_that_cedar_refuses_is_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas that say other than Cedar prove nothing."""
    allowing = type("Allowing", (), {"formula": True})
    monkeypatch.setattr(proving, "given", lambda agreement, asked: allowing)
    with pytest.raises(Differing):
        list(prove(MODEL, invariants=[of("sealed")]))


def test_what_the_two_engines_answer_differently_is_shown_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = BROKEN["sealed"].text()
    monkeypatch.setattr(Engine, "ask_cedar", lambda *asked, **about: [Verdict(False)])
    with pytest.raises(Differing):
        list(prove(text, invariants=[of("sealed")]))


def test_a_chain_is_none_where_cedar_gives_what_it_starts_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the formulas held for refused what is permitted, and the other way around."""

    def lying(agreement: Agreement, asked: Any) -> Any:
        return type("Lying", (), {"formula": prover().Not(given(agreement, asked).formula)})

    monkeypatch.setattr(proving, "given", lying)
    with pytest.raises(Differing, match="refused is permitted"):
        list(prove(MODEL, invariants=[of("protected-later")]))


def test_an_invariant_that_says_nothing_is_no_proof() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        list(prove(MODEL, invariants=[replace(of("sealed"), never=None)]))


def test_actions_are_all_in_reach() -> None:
    """A text that gives copies of silent records is refuted by asking for a copy."""
    policies = MODEL.policies + (
        '\n@id("P99")\npermit (principal, action == Tieline::Action::"export", resource)\n'
        'when { resource.caveats.contains("silent") };\n'
    )
    policies = policies.replace(
        "forbid (principal, action, resource)\nwhen { resource.caveats",
        'forbid (principal, action == Tieline::Action::"search", resource)\n'
        "when { resource.caveats",
    ).replace('Tieline::Action::"pointer", Tieline::Action::"notify"', 'Tieline::Action::"search"')
    policies = policies.replace(MODEL.policy_of("F20"), "")
    clauses = {**MODEL.clauses, "P99": replace(MODEL.clauses["P02"], prose="Copies for all.")}
    clauses.pop("F20")
    text = replace(MODEL, policies=policies, clauses=clauses, articles={}, sections=())
    found = [one for one in prove(text, invariants=[of("silent")]) if one.counterexample]
    assert found
    assert by_cedar(text, found[0].counterexample.asked)  # type: ignore[union-attr]
    assert found[0].counterexample.asked.question.action is not Action.SEARCH  # type: ignore[union-attr]


def test_a_proof_is_told_as_json_has_it() -> None:
    name = "sealed"
    text = BROKEN[name].text()
    (proof,), (broken,) = (list(prove(one, invariants=[of(name)])) for one in (MODEL, text))
    assert told(proof) == {
        "invariant": name,
        "says": of(name).says,
        "source": of(name).source,
        "practice": of(name).practice,
        "proved": True,
        "counterexample": None,
    }
    shown: Any = json.loads(json.dumps(told(broken)))["counterexample"]
    again = read_request(shown["asked"], at=NOW)
    assert decided(as_if_signed(text), again).allowed
    assert BROKEN[name].clause in shown["clauses"]
    assert shown["agreement"] == text.digest
    assert text.clauses[BROKEN[name].clause].prose in " ".join(shown["words"])
