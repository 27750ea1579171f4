"""What a new version changes is found, and each example is answered so by Cedar."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement import compare as comparing
from tieline.core.agreement.clauses import Agreement, AgreementRefused, Clause, Party
from tieline.core.agreement.compare import Comparison, Example, Fate, compare, told
from tieline.core.agreement.engine import Differing, Engine
from tieline.core.agreement.instance import Undecided, as_if_signed
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.requests import decided
from tieline.core.agreement.today import BadTable, read_sights
from tieline.core.records import FieldClass
from tieline.reference.agreement import model_agreement, seen_today

from .scene import PARTIES

OLD = model_agreement(parties=PARTIES)
TODAY = seen_today()
NARRATIVE = Question(Action.FIELD, FieldClass.CASE_NARRATIVE)


def newer(*slips: tuple[str, str], **said: Any) -> Agreement:
    policies = OLD.policies
    for was, now in slips:
        assert policies.count(was) == 1, was
        policies = policies.replace(was, now)
    return replace(OLD, version=2, policies=policies, **said)


def holds(found: Comparison, example: Example | None, *, wider: bool) -> bool:
    """By Cedar, in both texts."""
    assert example is not None
    answers = [
        decided(as_if_signed(text), example.asked.request(text), by=Engine.ask_cedar).allowed
        for text in (found.old, found.new)
    ]
    assert [example.before.allowed, example.after.allowed] == answers
    return answers == [not wider, wider]


def fates(found: Comparison) -> dict[str, Fate]:
    return {one.clause: one.fate for one in found.clauses if one.fate is not Fate.SAME}


def test_the_same_text_changes_nothing() -> None:
    found = compare(OLD, OLD, today=TODAY)
    assert not found.frame
    assert not fates(found)
    assert (found.widened, found.narrowed, found.lost) == ((), (), ())
    assert len(found.clauses) == len(OLD.clauses)


def test_a_class_that_is_opened_is_found_and_no_other() -> None:
    found = compare(
        OLD,
        newer(('"biometric", "criminal', '"biometric", "case_narrative", "criminal')),
        today=TODAY,
    )
    assert fates(found) == {"P04": Fate.CHANGED}
    assert [one.question for one in found.widened] == [NARRATIVE]
    assert holds(found, found.widened[0].example, wider=True)
    assert found.narrowed == ()
    assert found.lost == ()
    (clause,) = (one for one in found.clauses if one.clause == "P04")
    assert clause.rewritten
    assert not clause.reworded
    assert clause.narrowed is None
    assert holds(found, clause.widened, wider=True)
    words = found.widened[0].example.words
    assert "fields of class case_narrative" in words[0]
    assert words[1].startswith("Before: refused.")
    assert words[2].startswith("After: permitted. P04: ")
    assert found.frame == {"version": ("1", "2")}


def test_a_class_that_is_closed_is_found_and_users_lose_it() -> None:
    """P4: prior removals are what a patrol agent must not lose."""
    found = compare(
        OLD, newer(('"immigration", "outcome", "caution"', '"outcome", "caution"')), today=TODAY
    )
    assert [one.question for one in found.narrowed] == [
        Question(Action.FIELD, FieldClass.IMMIGRATION)
    ]
    assert holds(found, found.narrowed[0].example, wider=False)
    (lost,) = found.lost
    assert "prior removals" in lost.sight.says
    assert lost.questions == (Question(Action.FIELD, FieldClass.IMMIGRATION),)
    assert lost.was_given
    assert lost.example.facts.owner_agency != lost.example.viewer.agency
    assert not lost.example.answered(found.new).allowed
    assert lost.example.answered(OLD).allowed
    again = compare(found.new, replace(found.new, version=3), today=TODAY)
    assert [one.was_given for one in again.lost] == [False]


def test_clauses_added_and_removed_are_told_apart_and_each_taken_alone() -> None:
    """F05 goes and F33 comes: together they change less than each alone."""
    forbid = (
        "forbid (principal, action, resource)\nwhen { resource.juvenile || resource.us_person }"
    )
    head, _, tail = OLD.policies.partition(f'@id("F05")\n{forbid}')
    rest = tail.partition("};\n")[2]
    moved = (
        '@id("F33")\nforbid (principal, action, resource)\nwhen { resource.juvenile }\nunless {\n'
    )
    moved += "  principal.agency == resource.owner ||\n"
    moved += "  (principal.department == resource.department &&\n"
    moved += "   (principal.sworn || principal.employee))\n};\n"
    clauses = {name: said for name, said in OLD.clauses.items() if name != "F05"}
    clauses["F33"] = Clause(prose="Of children.", source="8 USC 1232(b)")
    new = replace(
        OLD,
        version=2,
        policies=head + moved + rest,
        clauses=clauses,
        articles={},
        sections=(),
    )
    found = compare(OLD, new)
    assert fates(found) == {"F05": Fate.REMOVED, "F33": Fate.ADDED}
    by_name = {one.clause: one for one in found.clauses}
    # Without F05 children are known of; F33 alone adds nothing to F05.
    assert by_name["F05"].widened is not None
    assert by_name["F05"].narrowed is None
    assert by_name["F05"].new is None
    assert by_name["F33"].old is None
    assert (by_name["F33"].widened, by_name["F33"].narrowed) == (None, None)
    assert found.narrowed == ()
    for change in found.widened:
        assert holds(found, change.example, wider=True)
        assert change.example.asked.facts.protections.us_person
        assert not change.example.asked.facts.protections.juvenile


def test_other_words_of_the_same_meaning_widen_and_narrow_nothing() -> None:
    """A clause is written the other way around, and another's prose is mended."""
    slips = [("resource.juvenile || resource.us_person", "resource.us_person || resource.juvenile")]
    clauses = dict(OLD.clauses)
    clauses["P01"] = replace(clauses["P01"], prose="The owner sees its own.")
    found = compare(OLD, newer(*slips, clauses=clauses), today=TODAY)
    assert fates(found) == {"F05": Fate.CHANGED, "P01": Fate.CHANGED}
    by_name = {one.clause: one for one in found.clauses}
    assert (by_name["F05"].rewritten, by_name["F05"].reworded) == (True, False)
    assert (by_name["P01"].rewritten, by_name["P01"].reworded) == (False, True)
    assert (by_name["F05"].widened, by_name["F05"].narrowed) == (None, None)
    assert (found.widened, found.narrowed) == ((), ())


def test_an_obligation_that_goes_is_a_change() -> None:
    found = compare(OLD, newer(('@id("P06")\n@obligation("confirm_first")', '@id("P06")')))
    assert fates(found) == {"P06": Fate.CHANGED}
    assert found.widened == ()


def test_a_party_that_leaves_is_told_nothing() -> None:
    found = compare(OLD, replace(OLD, version=2, parties=PARTIES[:2]))
    assert set(found.frame) == {"version", "parties"}
    assert not fates(found)
    assert found.widened == ()
    assert found.narrowed
    for change in found.narrowed:
        assert holds(found, change.example, wider=False)
        asked = change.example.asked
        assert "sheriff" in (asked.viewer.agency, asked.facts.owner_agency)


def test_a_period_that_moves_does_not_change_what_is_given_within_it() -> None:
    later = OLD.in_force_until + timedelta(days=365)
    moved = replace(OLD, in_force_from=OLD.in_force_until, in_force_until=later)
    found = compare(OLD, moved, today=TODAY)
    assert set(found.frame) == {"in force from", "in force until"}
    assert (found.widened, found.narrowed, found.lost) == ((), (), ())


def test_it_is_told_as_json() -> None:
    new = newer(('"immigration", "outcome", "caution"', '"case_narrative", "outcome", "caution"'))
    said = json.loads(json.dumps(told(compare(OLD, new, today=TODAY))))
    assert said["old"] == OLD.digest
    assert [one["field_class"] for one in said["widened"]] == ["case_narrative"]
    assert [one["field_class"] for one in said["narrowed"]] == ["immigration"]
    assert said["widened"][0]["example"]["after"] is True
    assert said["lost"][0]["questions"] == [{"action": "field", "field_class": "immigration"}]
    (changed,) = (one for one in said["clauses"] if one["fate"] != "same")
    assert changed["clause"] == "P03"
    assert changed["widened"]["asked"]["field_class"] == "case_narrative"
    assert changed["narrowed"]["asked"]["field_class"] == "immigration"
    assert said["frame"] == {"version": {"old": "1", "new": "2"}}
    assert said["lost"][0]["was_given"] is True


def test_another_name_is_told_as_a_change_of_the_frame() -> None:
    found = compare(OLD, replace(OLD, id="another", title="Another"))
    assert found.frame == {
        "id": (OLD.id, "another"),
        "title": (OLD.title, "Another"),
    }


def test_what_users_see_today_is_asked_of_parties_of_one_department() -> None:
    """Of two departments nobody has anything to lose by this table."""
    apart = (Party("patrol", "DHS"), Party("sheriff", "sheriff"))
    closed = newer(('context.has_number &&\n  ["event"', 'context.has_reason &&\n  ["event"'))
    assert compare(OLD, closed, today=TODAY).lost
    assert not compare(
        replace(OLD, parties=apart), replace(closed, parties=apart), today=TODAY
    ).lost


@pytest.mark.parametrize(
    "table",
    [
        "no table",
        "[[sight]]\nsays = 'x'",
        "sight = 3",
        "[[sight]]\nsays = 'x'\nroles = ['king']\npurposes = []\nkinds = []\nlevels = []\n"
        "classes = []",
    ],
)
def test_a_table_that_cannot_be_read_is_refused(table: str) -> None:
    with pytest.raises(BadTable) as refused:
        read_sights(table)
    assert refused.value.cure


def test_what_z3_does_not_finish_is_no_comparison() -> None:
    with pytest.raises(Undecided):
        compare(
            OLD, newer(('"biometric", "criminal', '"biometric", "medical", "criminal')), effort=1
        )


def test_a_text_that_cannot_be_decided_by_is_not_compared() -> None:
    with pytest.raises(AgreementRefused):
        compare(OLD, replace(OLD, policies="permit (principal, action, resource);"))


def test_an_example_that_cedar_answers_otherwise_is_an_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = comparing.given

    def swapped(agreement: Agreement, asked: Any) -> Any:
        return made(OLD if agreement.version == 2 else new, asked)

    new = newer(('"biometric", "criminal', '"biometric", "case_narrative", "criminal'))
    monkeypatch.setattr(comparing, "given", swapped)
    with pytest.raises(Differing):
        compare(OLD, new)
    monkeypatch.setattr(comparing, "given", lambda agreement, asked: made(apart, asked))
    apart = replace(OLD, policies=OLD.policies.replace('"immigration", ', ""))
    with pytest.raises(Differing):
        compare(OLD, OLD, today=TODAY)


def test_a_date_that_is_given_whole_and_was_cut_is_a_change_in_words() -> None:
    found = compare(OLD, newer(('@id("P12")\n@obligation("year_only")', '@id("P12")')))
    (change,) = found.widened
    assert change.question == Question(Action.FIELD, FieldClass.IDENTITY)
    words = " ".join(change.example.words)
    assert "Before: permitted, of dates the year alone. P12" in words
    assert "After: permitted. P12" in words
