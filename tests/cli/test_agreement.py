"""A draft is written, checked, read and tried before anybody signs it."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bench.policy import drawn_facts, drawn_purpose, drawn_viewer

from tieline.core.agreement.invariants import INVARIANTS
from tieline.core.agreement.question import ACTIONS, Action, Question
from tieline.core.agreement.requests import Request, written_request
from tieline.core.records import FieldClass

from .running import called, tieline

AGENT: dict[str, Any] = {
    **{"agency": "patrol", "unit": "TCA/NGL", "department": "DHS", "role": "agent"},
    **{"sworn": True, "employee": True, "trained_until": "2031-01-01T00:00:00Z"},
}
CASE = {"code": "investigation", "number": "LA13PR10LA0031"}
NO_FLAG = dict.fromkeys(
    [
        *("section_1367", "asylum", "juvenile", "informant", "grand_jury", "intercept", "sealed"),
        *("medical", "us_person", "third_agency", "tax", "suspicious_activity"),
    ],
    False,
)
SUBJECT: dict[str, Any] = {
    **{"kind": "subject", "owner_agency": "investigations", "owning_unit": "LA/13"},
    "protections": NO_FLAG,
}
AT = "2026-12-01T12:00:00Z"


def asked(**said: object) -> dict[str, object]:
    usual: dict[str, object] = {"viewer": AGENT, "purpose": CASE, "record": SUBJECT}
    return usual | {"action": "pointer", "at": AT} | said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done = tieline("agreement", "new", "draft.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "counsel of each party must review" in done.stdout.lower()
    return tmp_path


def decided(folder: Path, *lines: object, words: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    (folder / "asked.jsonl").write_text(text + "\n", "utf-8")
    done = tieline(
        *("agreement", "decide", "asked.jsonl", "--agreement", "draft.json", "--as-if-signed"),
        *words,
        cwd=folder,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == int(any("error" in one for one in told)), done.stderr
    return told


def test_a_draft_holds_and_is_not_written_over(folder: Path) -> None:
    done = tieline("agreement", "check", "--agreement", "draft.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "still to sign:" in done.stdout
    again = tieline("agreement", "new", "draft.json", cwd=folder)
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_a_clause_that_is_wrong_is_named(folder: Path) -> None:
    draft = json.loads((folder / "draft.json").read_text())
    draft["policies"] = draft["policies"].replace("resource.section_1367", "resource.section_9999")
    (folder / "draft.json").write_text(json.dumps(draft))
    done = tieline("agreement", "check", "--agreement", "draft.json", cwd=folder)
    assert done.returncode == 2
    assert "F01" in done.stderr


def test_a_clause_is_explained_in_words_and_as_policy(folder: Path) -> None:
    done = tieline("agreement", "explain", "F01", "--agreement", "draft.json", cwd=folder)
    assert "8 USC 1367" in done.stdout
    assert done.stdout.rstrip().endswith("};")
    assert '@id("F01")' in done.stdout
    assert "F02" not in done.stdout
    unknown = tieline("agreement", "explain", "F99", "--agreement", "draft.json", cwd=folder)
    assert unknown.returncode == 2
    assert "F01" in unknown.stderr


@pytest.mark.parametrize("engine", ["python", "cedar", "sql", "z3"])
def test_the_engines_answer_questions_alike(folder: Path, engine: str) -> None:
    hidden = SUBJECT | {"protections": NO_FLAG | {"section_1367": True}}
    told = decided(
        folder,
        asked(),
        asked(record=hidden),
        asked(record=SUBJECT | {"protections": NO_FLAG | {"section_1367": None}}),
        asked(record={key: SUBJECT[key] for key in SUBJECT if key != "protections"}),
        asked(action="field", field_class="identity"),
        asked(purpose=None),
        asked(viewer=AGENT | {"trained_until": "2026-01-01T00:00:00Z"}),
        words=("--engine", engine),
    )
    assert [one["allowed"] for one in told] == [True, False, False, False, True, False, False]
    assert "P02" in told[0]["clauses"]
    assert "F01" in told[1]["clauses"]
    assert "F01" in told[2]["clauses"]
    assert told[5]["clauses"] == ["gate:purpose"]
    assert told[6]["clauses"] == ["gate:training"]
    assert [one["line"] for one in told] == [1, 2, 3, 4, 5, 6, 7]


def test_a_database_answers_whatever_is_asked_as_cedar_does(folder: Path) -> None:
    rng = random.Random(7)
    questions = (
        *(Question(one) for one in ACTIONS if one is not Action.FIELD),
        *(Question(Action.FIELD, one) for one in FieldClass),
        *(Question(Action.RELEASE, one) for one in FieldClass),
    )
    lines, moment = [], datetime.fromisoformat(AT)
    for _ in range(80):
        facts, _ = drawn_facts(rng)
        viewer, question = drawn_viewer(rng), rng.choice(questions)
        lines.append(written_request(Request(viewer, drawn_purpose(rng), facts, question, moment)))
    by_cedar, by_sql = (
        decided(folder, *lines, words=("--engine", engine)) for engine in ("cedar", "sql")
    )
    assert by_sql == by_cedar
    assert {one["allowed"] for one in by_sql} == {True, False}


def test_an_unsigned_text_opens_nothing(folder: Path) -> None:
    (folder / "asked.jsonl").write_text(json.dumps(asked()) + "\n")
    words = ("agreement", "decide", "asked.jsonl", "--agreement", "draft.json")
    done = tieline(*words, cwd=folder)
    assert json.loads(done.stdout)["clauses"] == ["gate:signed"]


BAD = {
    "no JSON": ("{", "no JSON"),
    "a list": ("[]", "no JSON object"),
    "a slip in a name": (asked(purpos=CASE), "'purpos'"),
    "an action that there is not": (asked(action="own"), "action"),
    "a class without its action": (asked(field_class="identity"), "field class"),
    "an action without its class": (asked(action="field"), "field class"),
    "a flag that is a text": (
        asked(record=SUBJECT | {"protections": {"sealed": "no"}}),
        "neither true nor false",
    ),
    "a flag that there is not": (
        asked(record=SUBJECT | {"protections": {"seald": True}}),
        "'seald'",
    ),
    "sworn that is a text": (asked(viewer=AGENT | {"sworn": "yes"}), "sworn"),
    "a role that there is not": (asked(viewer=AGENT | {"role": "king"}), "role"),
    "a moment without a zone": (asked(at="2026-12-01T12:00:00"), "no moment"),
    "a viewer that is a text": (asked(viewer="patrol"), "no JSON object"),
    "a purpose that is none of the list": (asked(purpose={"code": "curiosity"}), "code"),
    "a value that cannot be compared": (asked(action=["pointer"]), "action"),
}


def test_a_question_that_cannot_be_read_is_said_and_the_others_are_answered(folder: Path) -> None:
    told = decided(folder, *(line for line, _ in BAD.values()), "", asked())
    for name, one in zip(BAD, told, strict=False):
        assert BAD[name][1] in one["error"], name
        assert one["cure"], name
    assert told[-1] == told[-1] | {"line": len(BAD) + 2, "allowed": True}


def broken(folder: Path, was: str, now: str) -> None:
    """The draft, with a slip in a clause."""
    draft = json.loads((folder / "draft.json").read_text())
    assert was in draft["policies"]
    draft["policies"] = draft["policies"].replace(was, now, 1)
    (folder / "broken.json").write_text(json.dumps(draft))


def test_what_no_agreement_may_give_is_proved_of_the_draft(folder: Path) -> None:
    done = called("agreement", "prove", "draft.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "8 USC 1367(a)(2)" in done.stdout
    assert "REFUTED" not in done.stdout
    assert f"{len(INVARIANTS)} of {len(INVARIANTS)} are proved" in done.stdout


def test_a_refuted_draft_is_shown_by_a_question_that_decide_answers_yes(folder: Path) -> None:
    broken(folder, "resource.grand_jury || ", "")
    done = called("agreement", "prove", "broken.json", cwd=folder)
    assert done.returncode == 1
    assert "REFUTED  grand-jury  [Fed. R. Crim. P. 6(e)]" in done.stdout
    assert "protected as grand jury" in done.stdout
    assert "! P02: " in done.stdout
    told = called("agreement", "prove", "broken.json", "--json", cwd=folder)
    assert told.returncode == 1
    proofs = [json.loads(line) for line in told.stdout.splitlines()]
    (refuted,) = (one for one in proofs if not one["proved"])
    assert refuted["invariant"] == "grand-jury"
    (folder / "draft.json").write_text((folder / "broken.json").read_text())
    for engine in ("cedar", "python", "sql", "z3"):
        (again,) = decided(folder, refuted["counterexample"]["asked"], words=("--engine", engine))
        assert again["allowed"]
        assert again["clauses"] == refuted["counterexample"]["clauses"]


def test_a_chain_through_another_agreement_is_refuted(folder: Path) -> None:
    broken(folder, " || resource.third_agency", "")
    words = ("agreement", "prove", "draft.json", "--beside", "broken.json")
    done = called(*words, cwd=folder)
    assert done.returncode == 1
    assert "REFUTED  chain" in done.stdout
    assert "as the copy that a third agency keeps" in done.stdout
    missing = called("agreement", "prove", "nothing.json", cwd=folder)
    assert missing.returncode == 2
    assert "cannot be read" in missing.stderr


def test_two_texts_are_compared_in_words(folder: Path) -> None:
    same = called("agreement", "compare", "draft.json", "draft.json", cwd=folder)
    assert same.returncode == 0, same.stderr
    assert "every question is answered as before" in same.stdout
    broken(folder, '"immigration", "outcome", "caution"', '"case_narrative", "outcome", "caution"')
    done = called("agreement", "compare", "draft.json", "broken.json", cwd=folder)
    assert done.returncode == 1
    assert "P03 changed: policy written otherwise" in done.stdout
    assert "WIDENED: field case_narrative" in done.stdout
    assert "NARROWED: field immigration" in done.stdout
    assert "  After: permitted. P03: " in done.stdout
    assert "NARROWER THAN TODAY: Identity, apprehension" in done.stdout
    (folder / "today.toml").write_text("sight = []")
    words = ("agreement", "compare", "draft.json", "broken.json", "--today", "today.toml")
    assert called(*words, cwd=folder).returncode == 0
    told = called(*words, "--json", cwd=folder)
    assert json.loads(told.stdout)["lost"] == []
    (folder / "today.toml").write_text("sight = 1")
    bad = called(*words, cwd=folder)
    assert bad.returncode == 2
    assert "[[sight]]" in bad.stderr
    gone = called(*words[:-1], "nothing.toml", cwd=folder)
    assert gone.returncode == 2
