"""The report's page: what it says, that its sums come out, and that no value can harm it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linking import sample_result as sample

from tieline.linking.report.evidence import MOST_FIELDS, evidence_table, shown_weights
from tieline.linking.report.page import PROPOSES, SYNTHETIC, write_html
from tieline.linking.report.pick import pick_links
from tieline.linking.report.text import chance, percent, plain, signed, tenths, times, value
from tieline.linking.result import Evidence, LinkResult, Pair, TruthScore

_VOID = {"meta", "input", "br", "rect", "path"}


class Page(HTMLParser):
    """The page as a list of elements, with a check that each one closes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            return
        self.words.append(data)
        if self.rows and self.rows[-1] and "tr" in self.open:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def written(result: LinkResult, *, synthetic: bool = False) -> str:
    out = io.StringIO()
    write_html(result, out, synthetic=synthetic)
    return out.getvalue()


def number(text: str) -> float:
    return float(text.replace("\u2212", "-").replace(",", ""))


@pytest.fixture(scope="module")
def rich() -> str:
    return written(sample.rich())


@pytest.fixture(scope="module")
def page(rich: str) -> Page:
    return Page(rich)


def test_has_landmarks_one_heading_and_a_way_past_the_contents(page: Page) -> None:
    assert len(page.all("h1")) == 1
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.all("html") == [{"lang": "en"}]
    anchors = {attributes.get("id") for _, attributes in page.elements}
    targets = {href[1:] for link in page.all("a") if (href := link["href"])}
    assert targets <= anchors


def test_every_table_has_a_caption_and_scoped_heads(rich: str, page: Page) -> None:
    assert rich.count("<table") == rich.count("<caption")
    assert {head.get("scope") for head in page.all("th")} == {"col", "row", "rowgroup"}


def test_no_id_stands_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_policy_names_exactly_the_style_and_script_of_the_page(rich: str, page: Page) -> None:
    policy = next(
        meta["content"]
        for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", rich, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_asks_nothing_of_any_other_place(rich: str, page: Page) -> None:
    for _, attributes in page.elements:
        assert not {"src", "srcset", "style", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in rich
    assert "@import" not in rich


def test_marks(rich: str) -> None:
    assert PROPOSES in rich
    assert SYNTHETIC not in rich
    synthetic = written(sample.rich(), synthetic=True)
    # On the page, and in the margin of each printed one.
    assert synthetic.count(SYNTHETIC) == 2


def test_sections_stand_in_the_order_of_need(rich: str) -> None:
    order = re.findall(r'<h2 id="([a-z-]+)"', rich)
    assert order == [
        "joined",
        "summary",
        "warnings",
        "reading",
        "links",
        "ambiguous",
        "unmatched-left",
        "unmatched-right",
        "rejected",
        "not-understood",
        "fields",
        "truth",
    ]


def test_says_the_sums_in_words(page: Page) -> None:
    assert "129 links: 129 of 142 rows of patrol_subjects.csv" in page.text
    assert "8 rows in 2 groups cannot be told apart and were not guessed" in page.text
    assert "No partner found for 10 left and 4 right rows" in page.text
    assert "do not add up" not in page.text


def test_sums_that_do_not_come_out_are_said() -> None:
    result = sample.rich()
    broken = Page(written(replace(result, left=replace(result.left, rows=500))))
    assert "The numbers of the left file do not add up: 500 rows read" in broken.text


def test_weights_shown_sum_to_the_score_shown(rich: str) -> None:
    tables = re.findall(r'<table class="evidence">.*?</table>', rich, re.DOTALL)
    checked = 0
    for table in tables:
        rows = [row for row in Page(table).rows if len(row) == 6][1:]
        if not rows:
            continue
        *weights, score = (number(row[4]) for row in rows)
        assert round(sum(weights), 1) == score
        checked += 1
    assert checked > 129


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=12))
@settings(max_examples=300)
def test_rounded_weights_stay_near_and_sum(weights: list[float]) -> None:
    score = sum(weights)
    shown = shown_weights(weights, score)
    assert round(sum(shown), 1) == float(f"{score:.1f}")
    assert all(abs(a - b) < 0.1501 for a, b in zip(shown, weights, strict=True))
    assert all(a == 0 for a, b in zip(shown, weights, strict=True) if b == 0)


def test_a_weight_that_is_missing_from_the_sum_is_not_hidden() -> None:
    pair = Pair("1", "2", 9.0, 0.5, (Evidence("given", "a", "b", "another", 4.0),))
    assert "not accounted for by any field" in evidence_table(pair)
    assert "+5.0" in evidence_table(pair)


def test_many_fields_are_folded_and_the_sum_stays() -> None:
    evidence = tuple(
        Evidence(f"f{at}", "a", "a", "the same", 0.33) for at in range(MOST_FIELDS + 9)
    )
    rows = Page(evidence_table(Pair("1", "2", 0.33 * len(evidence), 0.9, evidence))).rows[1:]
    assert len(rows) == MOST_FIELDS + 2
    assert "9 more fields" in rows[-2][0]
    assert round(sum(number(row[4]) for row in rows[:-1]), 1) == number(rows[-1][4])


def test_differences_come_first() -> None:
    pair = next(pair for pair in map(sample.pair, range(99)) if "swapped" in str(pair))
    rows = Page(evidence_table(pair)).rows[1:]
    assert rows[0][3] == "day and month swapped"
    assert rows[-2][3] == "missing"


def test_unmatched_rows_say_why_the_nearest_was_not_enough(page: Page) -> None:
    assert "Against surname: another name" in page.text
    assert "Taken right row B-5000 is linked to A-1000, which fits better" in page.text
    assert "Taken right row B-301 stands in group 1" in page.text
    assert "No row of the other file shares enough to be compared." in page.text


def test_too_little_in_common_is_not_called_a_difference() -> None:
    result = sample.rich()
    evidence = (Evidence("sex", "M", "M", "the same", 1.0),)
    near = {("left", "A-9000"): Pair("A-9000", "B-9", 1.0, 0.001, evidence)}
    text = Page(written(replace(result, near=near))).text  # type: ignore[arg-type]
    assert "nothing speaks against it, but what agrees is not rare enough" in text


def test_never_claims_that_a_person_is_clear(page: Page) -> None:
    lowered = page.text.lower()
    for claim in ("no record", "no match", "is clear", "cleared", "not on file", "clean"):
        assert claim not in lowered


def test_no_value_becomes_markup(page: Page) -> None:
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert sample.SCRIPT in page.text
    assert sample.ATTRIBUTE in page.text


def test_invisible_signs_are_shown(rich: str, page: Page) -> None:
    for sign in ("\u202e", "\u202c", "\x00", "\x07", "\ud83d"):
        assert sign not in rich
    assert "abc[U+202E]gnp.exe[U+202C]" in page.text
    assert "nul[U+0000]inside[U+0007]" in page.text
    assert "half [U+D83D]" in page.text
    assert sample.EMOJI in page.text
    rich.encode("utf-8")


def test_long_values_are_cut_in_sight(rich: str, page: Page) -> None:
    assert "… (10,240 characters)" in page.text
    assert "x" * 300 not in rich


@given(st.text())
def test_any_value_is_safe(text: str) -> None:
    shown = value(text)
    Page(f"<p>{shown}</p>")
    shown.encode("utf-8")
    plain(text).encode("utf-8")
    assert "<script" not in shown


def test_spaces_around_a_value_are_drawn() -> None:
    assert "␣" in value(" Ana")
    assert "␣␣" in value("Ana  ")
    assert value("   ").count("␣") == 3


def test_empty_result_is_a_whole_page() -> None:
    page = Page(written(sample.empty()))
    assert "No row of one file was linked to a row of the other." in page.text
    assert "0 links" in page.text
    assert "No field was compared." in page.text


def test_huge_result_stays_small_and_says_where_the_rest_is() -> None:
    text = written(sample.huge())
    assert len(text.encode()) < 3_000_000
    page = Page(text)
    assert re.search(r"[\d]+ of 20,400 links are shown", page.text)
    for file in ("links", "ambiguous", "unmatched_left", "rejected"):
        assert f"<code>{file}.csv</code>" in text


def test_ordinary_big_result_shows_300_links() -> None:
    result = sample.rich()
    many = [sample.pair(at) for at in range(20_000)]
    text = Page(written(replace(result, links=many))).text
    assert "300 of 20,000 links are shown: the 150 least certain, then 150 taken" in text


def test_wide_and_hostile_results_stay_small() -> None:
    nasty = "\u202e<&'\"" * 2_000
    evidence = tuple(Evidence(nasty, nasty, nasty + "x", nasty, 0.5) for _ in range(200))
    pair = Pair(nasty, nasty, 100.0, 0.9, evidence)
    result = replace(
        sample.huge(10), links=[pair] * 1_000, warnings=[nasty] * 10_000, started=nasty
    )
    assert len(written(result).encode()) < 3_000_000


def test_the_least_certain_links_are_shown_first() -> None:
    links = [
        Pair(str(at), str(at), float(at), 0.5 + at / 4_000, ()) for at in reversed(range(2_000))
    ]
    picked = pick_links(links)
    assert [pair.left for pair in picked.doubtful] == [str(at) for at in range(150)]
    assert len(picked.sample) == 150
    assert not {pair.left for pair in picked.sample} & {pair.left for pair in picked.doubtful}
    # No part of the file is passed over.
    assert max(int(a.left) - int(b.left) for a, b in pairwise(picked.sample)) <= 14
    assert (picked.left_rows, picked.right_rows) == (2_000, 2_000)


@pytest.mark.parametrize("many", [0, 1, 299, 300, 301, 450])
def test_as_many_links_are_shown_as_the_page_holds(many: int) -> None:
    picked = pick_links([sample.pair(at) for at in range(many)])
    shown = [pair.left for pair in (*picked.doubtful, *picked.sample)]
    assert len(shown) == len(set(shown)) == min(many, 300)


class OnceThrough(list[Pair]):
    """Links whose evidence is dear: who looks twice at one fails."""

    looks = 0

    def __iter__(self) -> Iterator[Pair]:
        self.looks += 1
        return super().__iter__()


def test_links_are_looked_at_once() -> None:
    links = OnceThrough(sample.pair(at) for at in range(50))
    written(replace(sample.rich(), links=links))
    assert links.looks == 1


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (tenths(-2.34), "\u22122.3"),
        (tenths(-0.01), "0.0"),
        (tenths(float("nan")), "not a number"),
        (signed(3.0), "+3.0"),
        (signed(0.0), "0.0"),
        (signed(float("-inf")), "\u2212∞"),
        (percent(1.0), "100%"),
        (percent(0.99999), "over 99.99%"),
        (percent(0.00001), "under 0.01%"),
        (percent(None), "cannot be said"),
        (percent(0.125), "12.5%"),
        (chance(1.0), "over 99.99%"),
        (chance(0.0), "under 0.01%"),
        (times(11.249), "about 2,400 times"),
        (times(1.0), "about 2 times"),
        (times(500.0), "more than a trillion times"),
    ],
)
def test_numbers_in_words(shown: str, expected: str) -> None:
    assert shown == expected


def test_truth_that_cannot_be_said() -> None:
    truth = TruthScore("given", 0, 0, 0, 0, None, None, None)
    assert "cannot be said" in Page(written(replace(sample.empty(), truth=truth))).text
    assert "Against the truth" not in Page(written(replace(sample.rich(), truth=None))).text


def test_same_result_gives_the_same_page(rich: str) -> None:
    assert written(sample.rich()) == rich
