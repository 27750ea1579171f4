"""The text of an agreement: checked at start, and refused with the clause and a cure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tieline.core.agreement.clauses import Agreement, AgreementRefused, Clause, Party, Section
from tieline.core.agreement.decide import Obligation
from tieline.core.agreement.engine import Engine
from tieline.reference.agreement import model_agreement, model_notice

MODEL = model_agreement()
YES = "permit (principal, action, resource)"


def text(policies: str, *ids: str, schema: str = MODEL.schema) -> Agreement:
    clauses = {name: Clause(prose="Said in words.", source="a statute") for name in ids}
    return replace(
        MODEL, policies=policies, schema=schema, clauses=clauses, articles={}, sections=()
    )


def when(body: str) -> str:
    return f'@id("C1") {YES} when {{ {body} }};'


def test_the_model_holds_and_says_that_counsel_must_review_it() -> None:
    engine = MODEL.check()
    assert set(engine.ids.values()) == set(MODEL.clauses)
    assert engine.standing == {"P01"}
    demanded = frozenset[Obligation]().union(*engine.obligations.values())
    assert demanded == set(Obligation)
    assert "counsel of each party must review" in model_notice()
    assert all(clause.source for clause in MODEL.clauses.values())
    assert not MODEL.is_signed


def test_the_page_tells_of_every_clause(root: Path) -> None:
    page = (root / "docs" / "agreement.md").read_text(encoding="utf-8")
    assert [name for name in MODEL.clauses if f"| {name} |" not in page] == []


REFUSED = {
    "no policy at all that parses": ("permit (", (), "cannot be parsed", ""),
    "a policy without an id": (f"{YES} when {{ principal.sworn }};", (), "has no @id", ""),
    "the second without an id": (f'@id("C1") {YES};\n{YES};', ("C1",), "policy 2 of the text", ""),
    "an obligation without an id": (
        f'@obligation("confirm_first") {YES};',
        (),
        "policy 1 of the text has no @id",
        "",
    ),
    "an id that is blank": (f'@id("") {YES};', (), "has no @id", ""),
    "an id without a value": (f"@id {YES};", (), "has no @id", ""),
    "an id twice": (f'@id("C1") {YES};\n@id("C1") {YES};', ("C1",), "stands twice", "C1"),
    "no prose": (f'@id("C2") {YES};', ("C1",), "has no prose", "C2"),
    "longer than anybody reads": (f'@id("C1") {YES}; //{"x" * 1_000_000}', ("C1",), "too long", ""),
    "an annotation that nobody knows": (
        f'@id("C1") @advice("x") {YES};',
        ("C1",),
        "annotation @advice",
        "C1",
    ),
    "an obligation that nobody knows": (
        f'@id("C1") @obligation("pray") {YES};',
        ("C1",),
        "no obligation 'pray'",
        "C1",
    ),
    "an obligation without a value": (f'@id("C1") @obligation {YES};', ("C1",), "obligation", "C1"),
    "standing on a forbid": (
        '@id("C1") @standing("owner") forbid (principal, action, resource);',
        ("C1",),
        "@standing",
        "C1",
    ),
    "standing for everybody": (f'@id("C1") @standing("all") {YES};', ("C1",), "@standing", "C1"),
    "standing without a value": (f'@id("C1") @standing {YES};', ("C1",), "@standing", "C1"),
    "one person": (
        '@id("C1") permit (principal == Tieline::Viewer::"U-1", action, resource);',
        ("C1",),
        "narrows principal",
        "C1",
    ),
    "one record": (
        '@id("C1") permit (principal, action, resource == Tieline::Record::"r");',
        ("C1",),
        "narrows resource",
        "C1",
    ),
    "a type in the head": (
        '@id("C1") permit (principal is Tieline::Viewer, action, resource);',
        ("C1",),
        "narrows principal",
        "C1",
    ),
    "a template": (
        '@id("C1") permit (principal == ?principal, action, resource);',
        ("C1",),
        "template",
        "",
    ),
    "an action that there is not": (
        '@id("C1") permit (principal, action == Tieline::Action::"own", resource);',
        ("C1",),
        "an action that there is not",
        "C1",
    ),
    "true": (when("true"), ("C1",), "'Value'", "C1"),
    "false": (when("principal.sworn && false"), ("C1",), "'Value'", "C1"),
    "a number": (when("1 == 1"), ("C1",), "'Value'", "C1"),
    "arithmetic, which can overflow": (when("1 + 1 > 1"), ("C1",), "'>'", "C1"),
    "like": (when('principal.agency like "pat*"'), ("C1",), "'like'", "C1"),
    "has": (when("principal has agency"), ("C1",), "'has'", "C1"),
    "if": (when("if principal.sworn then principal.sworn else principal.employee"), ("C1",)),
    "in": (when("principal in resource"), ("C1",), "'in'", "C1"),
    "an extension": (when('ip("10.0.0.1").isLoopback()'), ("C1",), "not known", "C1"),
    "a record literal": (when('{a: "b"}.a == "b"'), ("C1",), "not known", "C1"),
    "the action as a value": (when('action == Tieline::Action::"full"'), ("C1",), "'Var'", "C1"),
    "an empty set": (when("[].contains(principal.agency)"), ("C1",), "'Set'", "C1"),
    "a set of attributes": (
        when('[principal.agency].contains("a")'),
        ("C1",),
        "'Set'",
        "C1",
    ),
    "an attribute that there is not": (
        when('resource.name == "x"'),
        ("C1",),
        "does not fit the schema",
        "C1",
    ),
    "a comparison of unlike types": (
        when('principal.sworn == "yes"'),
        ("C1",),
        "does not fit the schema",
        "C1",
    ),
    "nested without end": (when("!" * 3 + "principal.sworn" + " || principal.sworn" * 60), ("C1",)),
    "letters that look like others": (
        when('principal.agency == "p\u0430trol"'),
        ("C1",),
        "ASCII",
        "",
    ),
    "a comment that turns around": (f'@id("C1") {YES}; // \u202e', ("C1",), "ASCII", ""),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_a_text_is_refused_with_its_clause_and_a_cure(row: tuple[object, ...]) -> None:
    policies, ids, *said = row
    assert isinstance(policies, str)
    assert isinstance(ids, tuple)
    with pytest.raises(AgreementRefused) as caught:
        text(policies, *ids).check()
    assert caught.value.cure
    if said:
        words, clause = said
        assert str(words) in caught.value.what
        assert caught.value.clause == clause


@pytest.mark.parametrize("prose", ["", " \n"])
def test_a_clause_that_says_nothing_in_words_is_refused(prose: str) -> None:
    said = {"C1": Clause(prose=prose, source="a statute")}
    with pytest.raises(AgreementRefused, match="has no prose"):
        replace(text(when("principal.sworn")), clauses=said).check()


def test_a_text_that_is_only_parsed_names_each_policy_by_itself() -> None:
    """Where there is no `@id`, by Cedar's name: one that fails must not go unnamed."""
    standing = f'@standing("owner") @obligation("confirm_first") {YES};'
    engine = Engine.parsed(f'{standing}\n@id("C1") {YES};', MODEL.schema)
    assert engine.ids == {"policy0": "policy0", "policy1": "C1"}
    assert engine.standing == {"policy0"}
    assert engine.obligations == {"policy0": {Obligation.CONFIRM_FIRST}}


def test_a_text_of_what_is_allowed_holds() -> None:
    body = (
        '!(principal.sworn && ["a", "b"].contains(principal.agency)) || '
        "resource.caveats.contains(context.purpose) || principal.unit != resource.unit"
    )
    text(when(body), "C1").check()


SCHEMAS = {
    "does not parse": "entity {",
    "another namespace": MODEL.schema.replace("namespace Tieline", "namespace Other"),
    "wants what is not passed": MODEL.schema.replace(
        "kind: String,", "kind: String, mood: String,"
    ),
    "signs that look like others": MODEL.schema + "// \u0430",
    "does not know what is passed": MODEL.schema.replace("    tax: Bool,\n", ""),
    "another type": MODEL.schema.replace("tax: Bool", "tax: String"),
    "an action less": MODEL.schema.replace('"export", "release"', '"copy", "release"'),
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_that_does_not_fit_what_is_asked_is_refused(schema: str) -> None:
    with pytest.raises(AgreementRefused) as caught:
        text(f'@id("C1") {YES} when {{ principal.sworn }};', "C1", schema=schema).check()
    assert caught.value.cure


FRAMES = {
    "no party": {"parties": ()},
    "a party twice": {"parties": (Party("a", "DHS"), Party("a", "DOJ"))},
    "a party without a name": {"parties": (Party(" ", "DHS"),)},
    "a party without a department": {"parties": (Party("a", ""),)},
    "no zone": {"in_force_from": datetime(2026, 1, 1)},  # noqa: DTZ001
    "no zone at its end": {"in_force_until": datetime(2040, 1, 1)},  # noqa: DTZ001
    "ends before it begins": {"in_force_until": MODEL.in_force_from},
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_frame_that_cannot_be_is_refused(frame: dict[str, object]) -> None:
    with pytest.raises(AgreementRefused):
        replace(MODEL, **frame).check()  # type: ignore[arg-type]


def test_the_digest_is_of_the_text_and_not_of_how_it_was_carried() -> None:
    carried = replace(MODEL, policies=MODEL.policies.replace("\n", "\r\n"))
    elsewhere = MODEL.in_force_from.astimezone(timezone(timedelta(hours=-7)))
    assert carried.digest == MODEL.digest
    assert replace(MODEL, in_force_from=elsewhere).digest == MODEL.digest
    assert replace(MODEL, parties=MODEL.parties[::-1]).digest == MODEL.digest
    signed = MODEL.signed(agency="patrol", by="U-1", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert signed.digest == MODEL.digest


CHANGES = {
    "id": "other",
    "version": 2,
    "title": "Another",
    "parties": (Party("patrol", "DOJ"),),
    "in_force_until": MODEL.in_force_until + timedelta(seconds=1),
    "review_on": MODEL.review_on + timedelta(days=1),
    "policies": MODEL.policies + " ",
    "schema": MODEL.schema + " ",
    "clauses": {**MODEL.clauses, "P01": Clause(prose="Other words.", source="")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_digest_changes_with_every_part_of_the_text(name: str) -> None:
    changed = replace(MODEL, **{name: CHANGES[name]})  # type: ignore[arg-type]
    assert changed.digest != MODEL.digest


def test_a_signature_under_another_text_is_none() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    both = MODEL.signed(agency="patrol", by="U-1", at=at)
    assert not both.is_signed
    both = both.signed(agency="investigations", by="U-2", at=at)
    assert both.is_signed
    assert not replace(both, version=2).is_signed
    # By nobody it is signed by no one.
    one = MODEL.signed(agency="patrol", by="U-1", at=at)
    assert not one.signed(agency="investigations", by="", at=at).is_signed


def test_what_was_signed_cannot_be_changed_under_its_digest() -> None:
    clauses, articles = dict(MODEL.clauses), dict(MODEL.articles)
    text = replace(MODEL, clauses=clauses, articles=articles)
    clauses.clear()
    articles.clear()
    assert (text.clauses, text.articles) == (MODEL.clauses, MODEL.articles)
    for held in (text.clauses, text.articles):
        with pytest.raises(TypeError):
            held["P01"] = held[min(held)]  # type: ignore[index]


def test_what_stands_in_no_section_is_read_by_what_it_does() -> None:
    """By the first letter of its id: what is given before what is forbidden, others at the end."""
    named = ("F2", "X1", "E1", "R2", "R1", "B1", "F1", "P1", "A1")
    said = {name: Clause(prose="Said.", source="a statute") for name in named}
    plain = replace(MODEL, clauses=said, articles={}, sections=())
    (section,) = plain.reading
    assert section.heading == "Clauses"
    assert section.holds == ("P1", "B1", "R1", "R2", "E1", "F1", "F2", "A1", "X1")
    assert replace(MODEL, sections=()).reading[0] == Section("Articles", tuple(MODEL.articles))


def test_the_policy_of_a_clause_is_its_own_text_alone() -> None:
    text = model_agreement()
    for clause in text.clauses:
        policy = text.policy_of(clause)
        assert policy.startswith(f'@id("{clause}")')
        assert policy.endswith(";")
        assert policy.count("@id(") == 1
        assert policy in text.policies
    assert text.policy_of("P99") == ""
