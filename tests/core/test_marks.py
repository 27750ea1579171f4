"""Without these grounds no gang label and no intelligence (P11, P21; 28 CFR 23.20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tieline.core.mark_terms import LONGEST, MarkTerms
from tieline.core.marks import (
    Fact,
    FactKind,
    GangGrounds,
    IntelligenceGrounds,
    MarkRefused,
    WordGrounds,
    told_to_others,
)

TODAY = date(2026, 11, 23)
SAID = Fact(kind="admission", said="Said so in Spanish, on tape.", source="Interview of the 2nd")
INK = Fact(kind="tattoo", said="Three dots.", source="Photograph at booking")
SPOT = Fact(kind="place", said="At the mill, twice.", source="Own observation")
LABEL = GangGrounds(facts=(SAID, SPOT), association_alone=False)
TIP = IntelligenceGrounds(
    suspicion="Rented three boats in cash before each landing.",
    source="Harbour office",
    reliability="reliable",
    validity="probable",
    sensitivity="confidential",
    review_on=TODAY + timedelta(days=365),
    views=False,
    unlawful=False,
)


@pytest.mark.parametrize(
    "facts", [(SAID, SPOT), (SAID, INK), (SAID, replace(SAID, kind="conduct", source="Report 3"))]
)
def test_two_facts_of_two_kinds_from_two_sources_carry_a_label(facts: tuple[Fact, ...]) -> None:
    replace(LABEL, facts=facts).check(child=False, at=TODAY, terms=MarkTerms())


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ((), "two facts"),
        ((SAID,), "two facts"),
        ((SAID, SAID), "two facts"),
        # The same source twice is one, however it is written.
        ((SAID, replace(SPOT, source=" interview  of THE 2nd")), "two facts"),
        # Said twice is one kind.
        ((SAID, replace(SAID, source="Interview of the 9th")), "two facts"),
        ((INK,), "two facts"),
        ((SPOT, replace(SPOT, source="Report 3")), "two facts"),
        ((INK, SPOT), "neither alone nor together"),
        ((SAID, replace(SPOT, kind="association")), "no kind of the list"),
        ((SAID, replace(SPOT, kind="")), "no kind of the list"),
        ((SAID, replace(SPOT, said=" — ")), "stated in words"),
        ((SAID, replace(SPOT, source="")), "names its source"),
        ((SAID, replace(SPOT, source="x" * 201)), "names its source"),
        ((SAID, replace(SPOT, said="a\0b")), "stated in words"),
        ((SAID, SPOT, *[replace(INK, source=str(one)) for one in range(4)]), "no kind of the list"),
    ],
)
def test_less_carries_none(facts: tuple[Fact, ...], why: str) -> None:
    with pytest.raises(MarkRefused, match=why):
        replace(LABEL, facts=facts).check(child=False, at=TODAY, terms=MarkTerms())


def test_to_know_somebody_is_no_kind_of_fact() -> None:
    assert not any("assoc" in kind or "friend" in kind for kind in FactKind)
    with pytest.raises(MarkRefused, match="association alone"):
        replace(LABEL, association_alone=True).check(child=False, at=TODAY, terms=MarkTerms())


@pytest.mark.parametrize("grounds", [LABEL, TIP])
@pytest.mark.parametrize("counsel", ["", "  ", "—"])
def test_on_a_child_counsel_is_asked_first(
    grounds: GangGrounds | IntelligenceGrounds, counsel: str
) -> None:
    with pytest.raises(MarkRefused, match="counsel"):
        replace(grounds, counsel=counsel).check(child=True, at=TODAY, terms=MarkTerms())
    replace(grounds, counsel="OPLA Tucson, 26-117").check(child=True, at=TODAY, terms=MarkTerms())
    replace(grounds, counsel=counsel).check(child=False, at=TODAY, terms=MarkTerms())


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"views": True}, r"23\.20\(b\)"),
        ({"unlawful": True}, r"23\.20\(d\)"),
        ({"suspicion": " "}, "reasonable suspicion"),
        ({"suspicion": "x" * 2_001}, "reasonable suspicion"),
        ({"source": ""}, "names its source"),
        ({"reliability": "good"}, "reliability"),
        ({"validity": ""}, "validity"),
        ({"sensitivity": "secret"}, "sensitivity"),
        ({"reliability": "unknown", "validity": "cannot_be_judged"}, r"23\.20\(c\)"),
        ({"review_on": TODAY}, "reviewed within"),
        ({"review_on": TODAY + timedelta(days=5 * 365 + 1)}, "reviewed within"),
    ],
)
def test_what_is_no_intelligence_is_refused(wrong: dict[str, object], why: str) -> None:
    TIP.check(child=False, at=TODAY, terms=MarkTerms())
    with pytest.raises(MarkRefused, match=why):
        replace(TIP, **wrong).check(child=False, at=TODAY, terms=MarkTerms())  # type: ignore[arg-type]


def test_five_years_are_the_longest() -> None:
    replace(TIP, review_on=TODAY + timedelta(days=5 * 365)).check(
        child=False, at=TODAY, terms=MarkTerms()
    )


def test_of_a_shorter_term_nothing_stands_longer() -> None:
    terms = MarkTerms(intelligence=90)
    replace(TIP, review_on=TODAY + timedelta(days=90)).check(child=False, at=TODAY, terms=terms)
    with pytest.raises(MarkRefused, match="within 90 days"):
        replace(TIP, review_on=TODAY + timedelta(days=91)).check(child=False, at=TODAY, terms=terms)


def test_as_they_ship_terms_are_the_longest() -> None:
    """A week (decision 0029), a year (P21), five years (28 CFR 23.20(h))."""
    assert LONGEST == {"decide": 7, "gang_label": 365, "intelligence": 1825}
    assert MarkTerms().to_review("gang_label") == timedelta(days=365)
    assert MarkTerms().to_review("intelligence") == timedelta(days=1825)


@pytest.mark.parametrize("why", ["", "\0", "...", "x" * 2_001])
def test_a_mark_without_words_is_refused(why: str) -> None:
    with pytest.raises(MarkRefused, match="what it rests on"):
        WordGrounds(why=why).check(child=False, at=TODAY, terms=MarkTerms())


def test_grounds_stand_in_no_traceback() -> None:
    for one in (LABEL, TIP, WordGrounds(why="Harbour office")):
        assert "Harbour" not in repr(one)
        assert "on tape" not in repr(one)


def test_a_label_that_nobody_approved_is_told_to_nobody() -> None:
    assert told_to_others({"gang_label", "unapproved", "from:county"}) == (
        "from:county",
        "unapproved",
    )
    assert told_to_others(["intelligence", "unapproved"]) == ("unapproved",)
    assert told_to_others({"intelligence", "gang_label"}) == ("gang_label", "intelligence")
    assert told_to_others(()) == ()
