"""Of a date the year alone: what it shows, what it withholds, and what must not tell the day."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.core.agreement.clauses import Agreement, AgreementRefused, Clause
from tieline.core.agreement.decide import Decision, Obligation, checked, decide, decide_all
from tieline.core.agreement.disclose import Disclosure, disclose
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.masks import as_asked
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.releases import Release
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Facts, FieldClass, FieldValue, Level, Pointer, Protections, Record

from .generated import EXAMPLES, FACTS, PURPOSES, QUESTIONS, VIEWERS
from .scene import (
    AGENT,
    AGREEMENT,
    BOOKING,
    CASE,
    DEPUTY,
    INVESTIGATOR,
    NOW,
    OVERSIGHT,
    RADIO,
    SAFETY,
    record,
    signed,
)

C = FieldClass
BORN = "1990-03-12"
CUSTODY = Purpose(code=PurposeCode.CUSTODY, number="SO-26-0500")


def of(value: Any = BORN, **more: Any) -> Record:
    """A subject with a birth date, a name and a moment in the class of identity."""
    fields = {
        "birth_date": FieldValue(value, C.IDENTITY, dated=True),
        "name": FieldValue("MARIA LOPEZ", C.IDENTITY),
        "documented_at": FieldValue(datetime(2011, 7, 8, 9, 10, tzinfo=UTC), C.IDENTITY),
        "cautions": FieldValue("armed", C.CAUTION),
    }
    return replace(record(), fields=fields, **more)


def told(
    what: Record | Pointer,
    viewer: Viewer = INVESTIGATOR,
    purpose: Purpose = OVERSIGHT,
    agreement: Agreement = AGREEMENT,
    **how: Any,
) -> Disclosure:
    answer = disclose(what, viewer=viewer, purpose=purpose, agreement=agreement, at=NOW, **how)
    assert not answer.inward.alarm
    return answer.disclosure


def test_the_year_alone_is_shown_and_the_day_is_nowhere_in_the_answer() -> None:
    seen = told(of())
    assert seen.value("birth_date") == "1990"
    assert seen.value("documented_at") == "2011"
    assert seen.value("name") == "MARIA LOPEZ"
    assert {one.name for one in seen.shown if one.year_only} == {"birth_date", "documented_at"}
    assert all("P12" in one.clauses for one in seen.shown if one.year_only)
    out = f"{seen!r}{seen.shown}{pickle.dumps(seen)!r}"
    assert "03-12" not in out
    assert "07-08" not in out
    # It is done, and no duty of whoever looks.
    assert seen.obligations == ()


@pytest.mark.parametrize(
    ("viewer", "purpose"), [(INVESTIGATOR, CASE), (AGENT, OVERSIGHT), (AGENT, BOOKING)]
)
def test_who_is_shown_the_whole_is_shown_the_whole(viewer: Viewer, purpose: Purpose) -> None:
    """For an investigation, and its own people for oversight as well."""
    seen = told(of(), viewer, purpose)
    assert seen.value("birth_date") == BORN
    assert not any(one.year_only for one in seen.shown)


@pytest.mark.parametrize("way", [Action.POINTER, Action.SEARCH, Action.NOTIFY])
def test_it_is_the_same_whichever_way_it_goes_out(way: Action) -> None:
    assert told(of(), way=way).value("birth_date") == "1990"


def test_of_a_pointer_as_of_a_record() -> None:
    pointer = Pointer(
        system="patrol",
        number=of().number,
        version=1,
        kind="subject",
        owner_agency="patrol",
        owning_unit="TCA/NGL",
        contact="duty desk",
        protections=Protections.screened(),
        caveats=frozenset(),
        names=("MARIA LOPEZ",),
        birth_date=BORN,
    )
    seen = told(pointer)
    assert seen.value("birth_date") == "1990"
    assert seen.value("names") == ("MARIA LOPEZ",)


@pytest.mark.parametrize(
    ("value", "shows"),
    [
        ("1990", "1990"),
        ("1990-03", "1990"),
        (date(1990, 3, 12), "1990"),
        (datetime(1990, 3, 12, 23, 59, tzinfo=UTC), "1990"),
        (None, None),
        ("", ""),
    ],
)
def test_what_is_known_of_the_date_is_cut_to_its_year(value: Any, shows: str | None) -> None:
    seen = told(of(value))
    assert seen.value("birth_date") == shows
    assert "birth_date" not in {one.name for one in seen.withheld}


@pytest.mark.parametrize(
    "value",
    [
        *("03/12/1990", "12.3.1990", "about 1990", "1990-03-12T00:00", "90-03-12", "1990-3-12"),
        *("1990-03-12\n", " 1990-03-12", "1990/03/12", "19900312", "١٩٩٠-03-12", "x" * 5_000),
        *(19900312, 1990.0312, True, ("1990-03-12",)),
    ],
)
def test_what_cannot_be_cut_is_not_shown_at_all(value: Any) -> None:
    seen = told(of(value))
    assert "birth_date" not in {one.name for one in seen.shown}
    (closed,) = [one for one in seen.withheld if one.name == "birth_date"]
    assert closed.clauses == ("P12",)
    assert "the year alone" in closed.reason
    if isinstance(value, str):
        assert value.strip().encode() not in pickle.dumps(seen)
    # The others of its class stay open.
    assert seen.value("name") == "MARIA LOPEZ"


def test_what_was_made_of_it_is_not_whole() -> None:
    """Evidence on a field of the class would tell the day."""
    seen = told(of())
    assert C.IDENTITY not in seen.whole
    assert C.CAUTION in seen.whole
    assert {one.name for one in seen.cut} == {"birth_date", "documented_at"}
    assert all("P12" in one.clauses and "the year alone" in one.reason for one in seen.cut)
    assert C.IDENTITY in told(of(), purpose=CASE).whole
    # One that is withheld is enough, though nothing of its class is cut.
    vague = of("about 1990")
    fields = {name: vague.fields[name] for name in ("birth_date", "name")}
    seen = told(replace(vague, fields=fields))
    assert seen.cut == ()
    assert seen.value("name") == "MARIA LOPEZ"
    assert C.IDENTITY not in seen.whole


def test_a_release_for_another_purpose_gives_the_year() -> None:
    """R02 gives the whole for an investigation, R03 the year for whatever else."""

    def seen(purpose: Purpose) -> Disclosure:
        release = Release(
            number="RL-0000000001",
            record=of().number,
            agency=DEPUTY.agency,
            unit=DEPUTY.unit,
            purpose_number=purpose.number,
            classes=frozenset({C.IDENTITY}),
            given_at=NOW - timedelta(hours=1),
            expires_at=NOW + timedelta(days=1),
        )
        return told(of(), DEPUTY, purpose, release=release)

    assert seen(CASE).value("birth_date") == BORN
    cut = seen(CUSTODY)
    assert cut.level is Level.SUMMARY
    assert cut.value("birth_date") == "1990"
    assert cut.obligations == (Obligation.CONFIRM_FIRST, Obligation.NO_ONWARD_SHARING)
    assert seen(SAFETY).value("birth_date") == BORN


YES = "permit (principal, action, resource)"
FIELD = 'permit (principal, action == Tieline::Action::"field", resource)'


def text(*clauses: str) -> Agreement:
    policies = "\n".join(f'@id("C{at}")\n{clause};' for at, clause in enumerate(clauses))
    prose = {f"C{at}": Clause(prose="Said.", source="a rule") for at in range(len(clauses))}
    made = replace(
        AGREEMENT, policies=policies, clauses=prose, articles={}, sections=(), signatures=()
    )
    return signed(made)


def ask(agreement: Agreement) -> Decision:
    return decide(
        agreement,
        viewer=INVESTIGATOR,
        purpose=CASE,
        facts=of().facts,
        action=Action.FIELD,
        field_class=C.IDENTITY,
        at=NOW,
    )


def test_what_one_clause_gives_whole_no_other_cuts() -> None:
    cutting = f'@obligation("year_only, confirm_first") {FIELD}'
    alone = ask(text(cutting))
    assert (alone.allowed, alone.is_whole) == (True, False)
    assert alone.obligations == {Obligation.YEAR_ONLY, Obligation.CONFIRM_FIRST}
    free = ask(text(cutting, FIELD))
    assert (free.is_whole, free.obligations) == (True, frozenset())
    # The whole comes with what its own clause demands, and not with what the other does.
    burdened = ask(text(cutting, f'@obligation("no_onward_sharing") {FIELD}'))
    assert burdened.is_whole
    assert burdened.obligations == {Obligation.NO_ONWARD_SHARING}
    both = ask(text(cutting, f'@obligation("year_only") {FIELD}'))
    assert not both.is_whole


def test_what_is_refused_is_not_whole() -> None:
    refused = ask(text(FIELD, f'@obligation("notify_owner") {FIELD.replace("permit", "forbid")}'))
    assert (refused.allowed, refused.is_whole) == (False, False)
    assert refused.obligations == {Obligation.NOTIFY_OWNER}


def test_what_one_prohibition_demands_no_other_takes_away() -> None:
    """P7: the owner is told, though another clause forbids it as well and demands nothing."""
    forbid = FIELD.replace("permit", "forbid")
    refused = ask(text(FIELD, f'@obligation("notify_owner") {forbid}', forbid))
    assert refused.clauses == ("C1", "C2")
    assert refused.obligations == {Obligation.NOTIFY_OWNER}


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        (f'@obligation("year_only") {YES}', "opens no fields"),
        (f'@obligation("year_only") {FIELD.replace("permit", "forbid")}', "opens no fields"),
        (f'@obligation("year_only") {FIELD.replace("field", "pointer")}', "opens no fields"),
        (
            '@obligation("confirm_first,year_only") permit (principal, action in '
            '[Tieline::Action::"field", Tieline::Action::"summary"], resource)',
            "opens no fields",
        ),
        (f'@obligation("year_only,") {FIELD}', "no obligation"),
        (f'@obligation("year") {FIELD}', "no obligation"),
        (f'@obligation("") {FIELD}', "no obligation"),
        (f"@obligation {FIELD}", "no obligation"),
    ],
)
def test_a_text_that_cuts_what_it_cannot_cut_is_refused(clause: str, says: str) -> None:
    with pytest.raises(AgreementRefused) as refused:
        text(clause).check()
    assert says in refused.value.what
    assert refused.value.cure


CUTTING = st.sampled_from(["", '@obligation("year_only")\n', '@obligation("confirm_first")\n'])


@settings(max_examples=EXAMPLES)
@given(st.tuples(CUTTING, CUTTING, CUTTING), VIEWERS, PURPOSES, FACTS)
def test_functions_and_cedar_cut_alike(
    marks: tuple[str, str, str], viewer: Viewer, purpose: Purpose, facts: Facts
) -> None:
    """It is whole where any clause that is cited cuts nothing, and the two cite the same."""
    bodies = ("principal.sworn", "context.has_number", "resource.sealed")
    agreement = text(
        *(f"{mark}{FIELD} when {{ {body} }}" for mark, body in zip(marks, bodies, strict=True)),
        f"{FIELD.replace('permit', 'forbid')} when {{ resource.medical }}",
    )
    facts = replace(facts, owner_agency="patrol")
    viewer = replace(viewer, agency="patrol")
    about = {"viewer": viewer, "purpose": purpose, "facts": facts, "questions": QUESTIONS}
    ours, theirs = (
        decide_all(agreement, at=NOW, by=by, **about)  # type: ignore[arg-type]
        for by in (Engine.ask, Engine.ask_cedar)
    )
    assert ours == theirs
    for question, one in zip(QUESTIONS, ours, strict=True):
        if one.allowed:
            cut = [marks[int(clause[1:])].count("year_only") for clause in one.clauses]
            assert one.is_whole is not all(cut)
            assert question.action is Action.FIELD


def test_a_search_is_asked_by_the_year_where_the_year_is_all_that_is_shown() -> None:
    day = "03/12/1990"

    def put(viewer: Viewer, purpose: Purpose, agreement: Agreement = AGREEMENT) -> str:
        return as_asked(day, viewer=viewer, purpose=purpose, agreement=agreement)

    assert put(INVESTIGATOR, OVERSIGHT) == "1990"
    assert put(INVESTIGATOR, CASE) == day
    assert put(INVESTIGATOR, RADIO) == day
    # Of an agency's own people too: whose records there are must not change what is asked.
    assert put(AGENT, OVERSIGHT) == "1990"
    assert put(INVESTIGATOR, OVERSIGHT, text(FIELD)) == day
    # Who cannot be asked about is told nothing, and asks no more than the year.
    assert put(replace(INVESTIGATOR, unit=""), CASE) == "1990"
    nothing: Any = None
    assert put(INVESTIGATOR, nothing) == "1990"
    of_some = text(f'@obligation("year_only") {FIELD} when {{ principal.sworn }}', FIELD)
    assert put(INVESTIGATOR, CASE, of_some) == "1990"
    assert put(replace(INVESTIGATOR, sworn=False), CASE, of_some) == day


@pytest.mark.parametrize("birth_date", ["nonsense", "0000", "13/13/13", "x" * 500])
def test_a_birth_date_without_a_year_is_not_asked(birth_date: str) -> None:
    put = as_asked(birth_date, viewer=INVESTIGATOR, purpose=OVERSIGHT, agreement=AGREEMENT)
    assert put == ""


def test_a_text_that_no_functions_were_made_of_is_asked_by_the_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = Engine.parsed(AGREEMENT.policies, AGREEMENT.schema)
    monkeypatch.setattr("tieline.core.agreement.masks.checked", lambda _: parsed)
    put = as_asked(BORN, viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT)
    assert put == "1990"


def test_the_model_cuts_by_two_clauses() -> None:
    demanded = checked(AGREEMENT).obligations
    cutting = {one for one, said in demanded.items() if Obligation.YEAR_ONLY in said}
    assert cutting == {"P12", "R03"}
    questions = (Question(Action.FIELD, C.IDENTITY), Question(Action.SUMMARY))
    for one in decide_all(
        AGREEMENT,
        viewer=INVESTIGATOR,
        purpose=OVERSIGHT,
        facts=of().facts,
        questions=questions,
        at=NOW,
    ):
        assert one.allowed
