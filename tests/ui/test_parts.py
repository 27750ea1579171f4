"""Every part says in words what it shows, and shows nothing that it was not given."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.html import strip_tags
from tests.ui import gallery

from tieline.ui import bars, moments, parts
from tieline.ui.parts import Tone


def shown(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.replace("<", " <"))).strip()


@pytest.mark.parametrize("path", sorted(gallery.PAGES))
@pytest.mark.parametrize("demo", [True, False])
def test_the_strip_stands_on_every_page_of_the_demo_alone(path: str, demo: bool) -> None:
    said = "Synthetic data, not a government system" in gallery.page(path, demo=demo)
    assert said is demo


@pytest.mark.parametrize("path", sorted(set(gallery.PAGES) - {"/sign-in"}))
def test_every_page_says_who_why_and_by_which_mark(path: str) -> None:
    said = words(gallery.page(path))
    for part in ("Tucson · agent", "screening at intake", "TCA-2611-000123", "Border Patrol"):
        assert part in said
    assert "Official use · synthetic P-1044 · Tucson · agent 2026-11-02 21:05 UTC" in said


def test_each_label_and_description_names_something() -> None:
    for path in gallery.PAGES:
        page = gallery.page(path)
        named = re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page)
        missing = {one for names in named for one in names.split() if f'id="{one}"' not in page}
        assert missing == set(), path


def test_preferences_are_a_closed_list() -> None:
    assert ' data-theme="dark" data-keys="off">' in gallery.page(
        "/", cookies={"theme": "dark", "keys": "off"}
    )
    page = gallery.page("/", cookies={"theme": '"><script>', "keys": "on"})
    assert "data-theme=" not in page
    assert "data-keys=" not in page


def test_without_a_purpose_the_page_says_so() -> None:
    shell = replace(gallery.shell(), purpose=None)
    said = words(gallery.ENGINE.get_template("gallery/refused.html").render({"shell": shell}))
    assert "No purpose stated state one" in said


def test_evidence_that_names_hold_no_markup() -> None:
    sly = parts.EvidenceRow("<b>", "<img src=x>", "<i>", "<script>", 1.0)
    html = shown("{% ui_evidence evidence %}", evidence=replace(gallery.evidence(), rows=(sly,)))
    assert not re.search(r"<(img|i|script|b)>|<img", html.split("<tbody")[1].split("</tbody")[0])


@pytest.mark.parametrize(
    ("weight", "kind", "x", "width"),
    [(10.0, "for", 48, 46), (-10.0, "against", 2, 46), (0.01, "for", 48, 1), (0.0, "for", 48, 0)],
)
def test_a_bar_leans_to_its_side(weight: float, kind: str, x: int, width: int) -> None:
    drawn = bars.bar(weight, largest=10.0)
    assert (drawn.kind, drawn.x, drawn.width) == (kind, x, width)


def test_bars_of_nothing_and_of_zeros_are_drawn() -> None:
    assert bars.spark([]) == ()
    assert [one.height for one in bars.spark([0.0, 0.0])] == [1, 1]
    assert bars.bar(0.0, largest=0.0).width == 0


AT = gallery.AT


@pytest.mark.parametrize(
    ("left", "said", "tone"),
    [
        (timedelta(days=335), "335 days left", Tone.PLAIN),
        (timedelta(hours=71, minutes=59), "71 h 59 min left", Tone.PLAIN),
        (timedelta(hours=4), "4 h 00 min left", Tone.ATTENTION),
        (timedelta(minutes=59), "59 min left", Tone.ATTENTION),
        (timedelta(0), "overdue by 0 min", Tone.STOP),
        (timedelta(hours=-30), "overdue by 30 h 00 min", Tone.STOP),
    ],
)
def test_a_clock_says_what_is_left(left: timedelta, said: str, tone: Tone) -> None:
    clock = parts.ClockView("Custody", AT - timedelta(days=1), AT + left, AT)
    assert (clock.words, clock.tone) == (said, tone)
    assert said in words(shown("{% ui_clock clock %}", clock=clock))
    assert 0 <= clock.used <= 100


def test_a_settled_clock_runs_no_more() -> None:
    clock = parts.ClockView("Custody", AT, AT - timedelta(days=1), AT, settled="stopped by release")
    html = shown("{% ui_clock clock %}", clock=clock)
    assert "overdue" not in html
    assert "<rect" not in html


def test_a_moment_stands_in_the_zone_of_the_reader_and_names_it() -> None:
    for zone, said in (
        ("America/Phoenix", "2026-11-02 14:05 MST"),
        ("America/Chicago", "2026-11-02 15:05 CST"),
        ("America/Sao_Paulo", "2026-11-02 18:05 UTC-03"),
    ):
        with timezone.override(zone):
            assert shown("{{ at|local_text }}", at=AT) == said
            html = shown("{{ at|local }}", at=AT)
            assert 'datetime="2026-11-02T21:05:00Z"' in html


def test_a_moment_without_a_zone_is_not_shown() -> None:
    with pytest.raises(moments.NoZone):
        moments.moment_words(datetime(2026, 11, 2))  # noqa: DTZ001 - the very mistake


def test_systems_say_how_each_answered() -> None:
    said = words(shown("{% ui_systems states %}", states=gallery.systems()))
    assert "patrol: answered" in said
    assert "investigations: refused clause 4.3, purpose" in said
    assert "partner: no answer in 2 s try again" in said
    assert "court: asked, waiting" in said


def test_a_form_with_errors_lists_them_on_top_and_loses_nothing() -> None:
    page = gallery.page("/wrong")
    top = page.split("data-wrong")[1].split("</ul>")[0]
    assert "A request needs a stated purpose" in top
    targets = re.findall(r'href="#([^"]+)"', top)
    assert targets == ["id_subject", "id_reason", "id_level_0", "id_until"]
    assert [one for one in targets if f'id="{one}"' not in page] == []
    assert 'aria-invalid="true"' in page
    assert "id_subject_helptext id_subject_error" in page


def test_a_long_form_stands_in_groups_and_its_checks_before_their_words() -> None:
    page = gallery.page("/intake-wrong")
    headings = re.findall(r'<h2 id="group-\d">([^<]+)</h2>', page)
    assert headings == ["Name", "Paper"]
    assert page.index('value="Ana"') < page.index(">Paper</h2>") < page.index('id="id_seen"')
    assert re.search(r'<label for="id_seen"><input[^>]*id="id_seen"[^>]*> I saw the paper', page)
    assert re.findall(r'href="#([^"]+)">', page.split("data-wrong")[1].split("</ul>")[0]) == [
        "id_note",
        "id_seen",
    ]
    assert "id_seen_helptext id_seen_error" in page


def test_an_empty_list_says_what_that_means() -> None:
    page = gallery.page("/empty")
    assert "Nothing that you may be told; this is not a clearance." in page
    assert "<table" not in page


def test_texts_of_the_shell_can_be_translated() -> None:
    with translation.override("es"):
        page = gallery.page("/")
    assert page.startswith('<!doctype html>\n<html lang="es">')
