"""Articles are signed with the clauses, say what keeps them, and are read where they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement.articles import Article, Keeping, Term, longest, refusals
from tieline.core.agreement.clauses import Agreement, AgreementRefused, Section
from tieline.core.agreement.compare import Fate, compare, told
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import PurposeCode
from tieline.reference.agreement import model_agreement

MODEL = model_agreement()
ONE = Article(heading="Audit", prose="Said.", source="a rule", kept_by=(Keeping.PEOPLE,))


def with_article(name: str = "A99", **said: Any) -> Agreement:
    return replace(MODEL, articles={**MODEL.articles, name: replace(ONE, **said)})


def test_the_model_says_what_an_agreement_must_say() -> None:
    """domain.md 1.3: parties, authorities, purposes and so on, to termination."""
    MODEL.check()
    headings = " ".join(one.heading.lower() for one in MODEL.articles.values())
    for wanted in (
        *("parties", "authorities", "purposes", "data elements", "uses", "accounts", "requests"),
        *("refusals", "passing on", "marking", "accuracy and correction", "retention and destr"),
        *("security", "breach", "training", "audit", "points of contact", "disputes", "review"),
        *("amendment", "termination"),
    ):
        assert wanted in headings


def test_each_stands_in_one_section_in_its_reading_order() -> None:
    held = [one for section in MODEL.reading for one in section.holds]
    assert sorted(held) == sorted((*MODEL.articles, *MODEL.clauses))
    assert all(section.heading for section in MODEL.reading)


def test_what_the_model_lists_in_words_is_what_the_program_has() -> None:
    purposes = MODEL.articles["A03"].prose
    assert [one for one in PurposeCode if one.value.replace("_", " ") not in purposes] == []
    assert set(MODEL.articles["A10"].refusals) == set(RefusalReason)


def test_who_signs_signs_the_articles_and_their_order() -> None:
    changed = [
        with_article(),
        replace(
            MODEL, articles={**MODEL.articles, "A07": replace(MODEL.articles["A07"], terms={})}
        ),
        replace(MODEL, sections=MODEL.sections[::-1]),
        replace(MODEL, sections=()),
    ]
    assert len({MODEL.digest, *(one.digest for one in changed)}) == 1 + len(changed)


def test_a_text_without_articles_has_the_digest_that_it_was_signed_by() -> None:
    plain = replace(MODEL, articles={}, sections=())
    assert not {"articles", "sections"} & json.loads(plain.canonical()).keys()
    assert read_agreement(written(plain)).digest == plain.digest
    assert [one.heading for one in plain.reading] == ["Clauses"]
    assert plain.reading[0].holds[0] == "P01"


def test_it_goes_through_its_file_and_other_line_ends_unchanged() -> None:
    again = read_agreement(written(MODEL))
    assert again.digest == MODEL.digest
    assert again.articles == MODEL.articles
    assert again.sections == MODEL.sections
    carried = {
        name: replace(one, prose=one.prose.replace(" ", "\n"))
        for name, one in MODEL.articles.items()
    }
    turned = {
        name: replace(one, prose=one.prose.replace("\n", "\r\n")) for name, one in carried.items()
    }
    assert replace(MODEL, articles=carried).digest == replace(MODEL, articles=turned).digest


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"name": "P01"}, "that of a clause"),
        ({"name": "A 1"}, "that of a clause, or none"),
        ({"prose": "  "}, "no heading, prose or source"),
        ({"source": ""}, "no heading, prose or source"),
        ({"kept_by": ()}, "what keeps it"),
        ({"clauses": ("P01",)}, "names clauses"),
        ({"kept_by": (Keeping.CLAUSES,)}, "names clauses"),
        ({"kept_by": (Keeping.CLAUSES,), "clauses": ("P77",)}, "no clause P77"),
        ({"terms": {Term.ANSWER: 3}}, "not kept by what it says"),
        ({"kept_by": (Keeping.TRAINING,), "terms": {Term.TRAINING: 3}}, "in two articles"),
        ({"kept_by": (Keeping.REQUESTS,), "terms": {Term.ANSWER: 0}}, "no number of days"),
        ({"kept_by": (Keeping.REQUESTS,), "terms": {Term.ANSWER: True}}, "no number of days"),
        ({"kept_by": (Keeping.REQUESTS,), "terms": {Term.ANSWER: 99_999}}, "no number of days"),
        ({"kept_by": (Keeping.REQUESTS,), "terms": {Term.ANSWER: "3"}}, "no number of days"),
        ({"refusals": (RefusalReason.LAW,)}, "reasons for a refusal"),
        ({"kept_by": (Keeping.REFUSALS,)}, "reasons for a refusal"),
        (
            {"kept_by": (Keeping.REFUSALS,), "refusals": (RefusalReason.LAW,)},
            "reasons for a refusal",
        ),
    ],
)
def test_an_article_that_cannot_be_kept_as_it_says_is_refused(
    said: dict[str, Any], says: str
) -> None:
    name = said.get("name", "A99")
    rest = {field: value for field, value in said.items() if field != "name"}
    with pytest.raises(AgreementRefused) as refused:
        with_article(name, **rest).check()
    assert says in refused.value.what
    assert f"article {name}" in refused.value.what
    assert refused.value.cure


@pytest.mark.parametrize(
    "sections",
    [
        (*MODEL.sections, Section("Again", ("A01",))),
        (*MODEL.sections, Section("Made up", ("A98",))),
        (Section(" ", ("A01",)),),
        (Section("Nothing", ()),),
    ],
)
def test_sections_that_do_not_hold_the_text_are_refused(sections: tuple[Section, ...]) -> None:
    with pytest.raises(AgreementRefused):
        replace(MODEL, sections=sections).check()


def test_what_stands_in_no_section_is_read_at_the_end() -> None:
    short = replace(MODEL, sections=MODEL.sections[:1])
    short.check()
    held = [one for section in short.reading for one in section.holds]
    assert sorted(held) == sorted((*MODEL.articles, *MODEL.clauses))
    assert short.reading[0] == MODEL.sections[0]


@pytest.mark.parametrize(
    "damage",
    [
        {"articles": []},
        {"articles": {"A01": "text"}},
        {"articles": {"A01": {"heading": "x"}}},
        {"articles": {"A01": {**ONE.said, "kept_by": ["nobody"]}}},
        {"articles": {"A01": {**ONE.said, "terms": {"years": 3}}}},
        {"articles": {"A01": {**ONE.said, "refusals": ["rather not"]}}},
        {"sections": {"one": "two"}},
        {"sections": [["a", "b", "c"]]},
        {"sections": [3]},
    ],
)
def test_a_document_with_other_articles_cannot_be_read(damage: dict[str, Any]) -> None:
    document = json.loads(written(MODEL)) | damage
    with pytest.raises(AgreementRefused):
        read_agreement(json.dumps(document)).check()


def test_there_are_not_more_articles_than_anybody_reads() -> None:
    many = {f"B{at}": ONE for at in range(201)}
    with pytest.raises(AgreementRefused):
        replace(MODEL, articles=many, sections=()).check()


def test_terms_and_reasons_are_read_from_it() -> None:
    assert longest(MODEL.articles, Term.TRAINING) == timedelta(days=366)
    assert longest(MODEL.articles, Term.ANSWER) == timedelta(days=30)
    assert longest({}, Term.ANSWER) is None
    assert refusals(MODEL.articles) == tuple(RefusalReason)
    assert refusals({}) == tuple(RefusalReason)
    fewer = replace(MODEL.articles["A10"], refusals=(RefusalReason.PERSON, RefusalReason.LAW))
    assert refusals({"A10": fewer}) == (RefusalReason.LAW, RefusalReason.PERSON)


def test_each_keeper_says_in_words_what_it_is() -> None:
    assert all(one.says.endswith(".") for one in Keeping)
    used = {one for article in MODEL.articles.values() for one in article.kept_by}
    assert used == set(Keeping)


def test_a_comparison_tells_what_became_of_each() -> None:
    changed = replace(MODEL.articles["A09"], terms={Term.ANSWER: 10})
    kept = {name: one for name, one in MODEL.articles.items() if name != "A21"}
    new = replace(MODEL, version=2, articles={**kept, "A09": changed, "A99": ONE}, sections=())
    found = compare(MODEL, new)
    fates = {one.article: one.fate for one in found.articles if one.fate is not Fate.SAME}
    assert fates == {"A09": Fate.CHANGED, "A21": Fate.REMOVED, "A99": Fate.ADDED}
    assert {one.heading for one in found.articles} >= {"Breach", "Audit"}
    # It opens and closes nothing.
    assert (found.widened, found.narrowed) == ((), ())
    assert "reading order" in found.frame
    said = json.loads(json.dumps(told(found)))
    (answer,) = [one for one in said["articles"] if one["article"] == "A09"]
    assert (answer["old"]["terms"], answer["new"]["terms"]) == (
        {"answer_days": 30},
        {"answer_days": 10},
    )
