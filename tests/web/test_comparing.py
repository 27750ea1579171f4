"""A draft held against the text in force, on a sharing officer's screen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from tests.systems.signing_in import HOSTILE
from tests.web.cast import CAST, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.document import written
from tieline.core.agreement.engine import joined, policies_of
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.settings import node

pytestmark = [pytest.mark.any_database, pytest.mark.django_db(databases="__all__")]

URL = "/agreement/compare/"


@pytest.fixture(autouse=True)
def _filled(scene: Scene) -> None:
    node().agreement.unlink(missing_ok=True)


def without(clause: str) -> Agreement:
    text = in_force(ACCOUNTS)
    policies = dict(policies_of(text.policies))
    del policies[clause]
    clauses = {name: one for name, one in text.clauses.items() if name != clause}
    return replace(
        text,
        version=text.version + 1,
        policies=joined(policies),
        clauses=clauses,
        sections=(),
        signatures=(),
    )


def asked(draft: str = "", who: str = "sharing officer", **more: Any) -> HttpResponse:
    return sign_in(CAST[who], None, **more).post(URL, {"draft": draft})


def words(answer: HttpResponse) -> str:
    text = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<main") :]))


def test_a_clause_that_goes_is_told_with_what_it_takes_and_of_how_many_records() -> None:
    answer = asked(written(without("P04")), who="patrol's supervisor")
    assert answer.status_code == 200
    said = words(answer)
    assert "P04" in said
    assert "removed" in said
    assert "clauses are the same" in said
    assert "Narrower than people have it today" in said
    assert "Before: permitted. P04" in said
    impact = said[said.index("of which more is told, or less") :]
    assert re.search(r"sworn officer.* 0 [1-9]", impact)


def test_what_is_compared_comes_into_no_force() -> None:
    before = in_force(ACCOUNTS).digest
    asked(written(without("P04")))
    assert in_force(ACCOUNTS).digest == before
    assert not node().agreement.exists()


def test_a_draft_on_the_node_is_taken_where_nothing_is_pasted() -> None:
    node().agreement.write_text(written(without("P04")), encoding="utf-8")
    assert "removed" in words(asked())


def test_without_any_draft_it_says_what_to_do() -> None:
    answer = asked()
    assert answer.status_code == 422
    assert "This node has no draft of its own. Paste the text of one." in words(answer)


def test_the_text_in_force_itself_changes_nothing() -> None:
    said = words(asked(written(replace(in_force(ACCOUNTS), signatures=()))))
    assert "Every clause is the same." in said
    assert "Of no record of yours anything else would be told to anybody." in said


def test_each_party_is_told_of_its_own_records_alone() -> None:
    """Two officers of two agencies get other numbers of the same draft (P26)."""
    draft = written(without("P04"))
    theirs = asked(draft)
    ours = asked(draft, who="patrol's supervisor")
    for answer, agency in ((theirs, "investigations"), (ours, "patrol")):
        assert f"Only records of {agency} are counted" in words(answer)
    told = [one.content.decode().partition('id="impact"')[2] for one in (theirs, ours)]
    assert told[0] != told[1]


@pytest.mark.parametrize("who", ["agent", "investigator", "auditor", "administrator"])
def test_it_is_for_those_who_answer_for_sharing(who: str) -> None:
    assert asked(who=who).status_code == 403
    page = sign_in(CAST[who], None).get(reverse("agreement")).content.decode()
    assert URL not in page


def test_whoever_may_is_led_there() -> None:
    page = sign_in(CAST["sharing officer"], None).get(reverse("agreement")).content.decode()
    assert URL in page


@pytest.mark.parametrize(
    "draft", [*HOSTILE, "{", "[]", "null", '{"title": 3}', "x" * 600_000, "{" * 50_000]
)
def test_what_is_no_agreement_is_refused_in_words(draft: str) -> None:
    answer = asked(draft)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()


def test_a_draft_whose_policies_are_none_is_refused() -> None:
    broken = replace(without("P04"), policies="permit nonsense;")
    answer = asked(written(broken))
    assert answer.status_code == 422
