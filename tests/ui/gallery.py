"""Every part of the pages with made-up contents: what the tests of ui look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

from tieline.ui import parts, tables
from tieline.ui.parts import Tone

AT = datetime(2026, 11, 2, 21, 5, tzinfo=UTC)
HERE = Path(__file__).resolve().parent

ENGINE = DjangoTemplates(
    {
        "NAME": "gallery",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
)

WITHHELD = parts.Withheld(
    clause="7.2",
    why="The agency that owns this number shares it with investigators of a named case, and this "
    "look is a screening at intake.",
    source="Agreement 2026-04, clause 7.2",
    source_url="/agreement#7.2",
)


def shell() -> parts.Shell:
    return parts.Shell(
        assignment="Tucson · agent",
        agency=parts.Agency("Border Patrol", parts.Accent.GREEN),
        stamp=parts.Stamp("Official use · synthetic", "P-1044 · Tucson · agent", AT),
        purpose=parts.PurposeLine("screening at intake · event", "TCA-2611-000123"),
        purpose_url="/purpose",
        nav=(
            parts.NavItem("Work", "/", key="w", current=True, count=4),
            parts.NavItem("Search", "/search", key="s"),
            parts.NavItem("People", "/record", key="p"),
            parts.NavItem("Cases and events", "/cases", key="c"),
            parts.NavItem("Conflicts", "/conflicts", key="f"),
            parts.NavItem("Requests", "/form", key="r", count=2),
            parts.NavItem("Agreement", "/agreement", key="g"),
        ),
        assignments=(
            parts.Choice("A-1", "Tucson · agent", current=True),
            parts.Choice("A-2", "Task force South · detailed officer"),
        ),
        assignment_url="/assignment",
        search_url="/search",
        notices_url="/notices",
        notices=3,
        events_url="/events/",
        links=(parts.Link("Preferences", "/preferences"),),
        sign_out_url="/sign-out",
    )


NAMES = (
    ("GARCÍA HERNÁNDEZ, José Luis", "1990-03-12", "patrol"),
    ("GARCIA HERNANDEZ, Jose", "1990-12-03", "investigations"),
    ("NGUYỄN, Thị Hoa", "1984-07-19", "patrol"),
    ("VASQUEZ-ORTIZ, María del Carmen", "1977-01-30", "partner"),
    ("KOVALENKO, Oleksandr", "2001-11-05", "investigations"),
    ("ABDULLAH, Yusuf Hassan", "1969-09-09", "patrol"),
)
STATES = (
    parts.Tag("new overlap", Tone.ATTENTION),
    parts.Tag("confirmed", Tone.GOOD),
    parts.Tag("proposed"),
    parts.Tag("do not stop, call", Tone.STOP),
    parts.Tag("seen", Tone.QUIET),
)
COLUMNS = (
    tables.Column("name", "Name", sortable=True, optional=False),
    tables.Column("born", "Born", sortable=True),
    tables.Column("holder", "Who holds it", sortable=True),
    tables.Column("level", "Level"),
    tables.Column("why", "Why it matched"),
    tables.Column("phone", "Phone"),
    tables.Column("sum", "Sum", sortable=True, numeric=True),
    tables.Column("seen", "Last seen", sortable=True),
    tables.Column("state", "State"),
)


def people(total: int) -> list[tables.Row]:
    return [
        tables.Row(
            id=f"p{at}",
            url=f"/record?p={at}",
            cells=(
                tables.Cell(NAMES[at % 6][0]),
                tables.Cell(NAMES[at % 6][1]),
                tables.Cell(NAMES[at % 6][2]),
                tables.Cell(("full", "summary", "pointer: call 555-0142")[at % 3]),
                tables.Cell("both surnames, order kept", "day and month swapped" * (at % 4 == 1)),
                tables.Cell(withheld=WITHHELD) if at % 5 == 2 else tables.Cell("+52 631 555 0134"),
                tables.Cell(f"{17.9 - at / 10:.1f}"),
                tables.Cell(at=AT - timedelta(hours=7 * at)),
                tables.Cell(tag=STATES[at % 5]),
            ),
            result="not changed: judged by somebody else meanwhile" if at == 3 else "",
        )
        for at in range(total)
    ]


def people_table(request: HttpRequest, total: int = 137) -> tables.TableView:
    asked = tables.asked(
        request.GET,
        sortable=("name", "born", "holder", "sum", "seen"),
        default="-sum",
        filters=("with", "holder"),
    )
    rows = people(total)
    if asked.sort == "sum" and not asked.descending:
        rows.reverse()
    return tables.TableView(
        id="people",
        caption="New overlaps on my subjects",
        columns=COLUMNS,
        rows=tuple(asked.page_of(rows)),
        total=total,
        asked=asked,
        filters=(
            tables.Filter("with", "Name or number"),
            tables.Filter(
                "holder",
                "Who holds it",
                tables.FilterKind.CHOICE,
                (parts.Choice("patrol", "patrol"), parts.Choice("partner", "partner")),
            ),
        ),
        empty="Nothing that you may be told; this is not a clearance.",
        formats=("csv", "xlsx", "json"),
        actions=(
            parts.Action("Mark as seen", "seen", says="Nobody else's list changes"),
            parts.Action("Ask the owners", "ask"),
        ),
        action_url="/bulk",
        mark="OFFICIAL USE",
        withheld=2 if total else 0,
    )


def clocks() -> tuple[parts.ClockView, ...]:
    return (
        parts.ClockView(
            name="Custody, 72 hours",
            started=AT - timedelta(hours=69),
            due=AT + timedelta(hours=3, minutes=12),
            at=AT,
            rule="agency standard 4.1",
            owner="Tucson processing",
            stops="transfer, release or a charge",
        ),
        parts.ClockView(
            name="Answer to request R-2611-0009",
            started=AT - timedelta(days=3),
            due=AT - timedelta(minutes=20),
            at=AT,
            owner="sharing officer",
        ),
        parts.ClockView(
            name="Retention",
            started=AT - timedelta(days=30),
            due=AT + timedelta(days=335),
            at=AT,
        ),
        parts.ClockView(
            name="Detainer",
            started=AT - timedelta(hours=30),
            due=AT + timedelta(hours=18),
            at=AT,
            settled="stopped by release, 2026-11-01",
        ),
    )


def notices() -> tuple[parts.NoticeRow, ...]:
    return (
        parts.NoticeRow(
            id="n1",
            at=AT - timedelta(minutes=4),
            words="A person of event TCA-2611-000123 is wanted by an investigator for a talk",
            sender="investigations · duty agent",
            url="/record",
            unread=True,
            mark="OFFICIAL USE",
            tag=parts.Tag("answer asked", Tone.ATTENTION),
            clock=clocks()[0],
            actions=(
                parts.Action("Accept", "accept", primary=True),
                parts.Action("Decline", "decline"),
            ),
            action_url="/notices/n1",
        ),
        parts.NoticeRow(
            id="n2", at=AT - timedelta(hours=5), words="Request R-2611-0007 is answered"
        ),
    )


def evidence() -> parts.Evidence:
    rows = (
        parts.EvidenceRow(
            "Name",
            "García Hernández, José Luis",
            "GARCIA HERNANDEZ, Jose",
            "both surnames, order kept; one given name of two",
            9.4,
        ),
        parts.EvidenceRow("Born", "1990-03-12", "1990-12-03", "day and month swapped", 6.1),
        parts.EvidenceRow("Sex", "male", "male", "same", 0.9),
        parts.EvidenceRow(
            "Place of birth",
            "Nogales, Sonora",
            "Hermosillo, Sonora",
            "other town, same state",
            -2.3,
        ),
        parts.EvidenceRow(
            "Phone", "+52 631 555 0134", WITHHELD, "the same number, which you may not see", 3.8
        ),
        parts.EvidenceRow("Height", "171 cm", "not recorded", "nothing to compare", 0.0),
    )
    return parts.Evidence(
        left=parts.Side(
            "José Luis GARCÍA HERNÁNDEZ", "patrol", "event TCA-2611-000123", "/record", "full"
        ),
        right=parts.Side(
            "GARCIA HERNANDEZ, Jose", "investigations", "case TU-26-0417", level="pointer"
        ),
        rows=rows,
        total=17.9,
        verdict="proposed: a person decides",
        actions=(
            parts.Action("same", "same", "judgement", "s", "Ties the two; can be undone"),
            parts.Action("different", "different", "judgement", "d", "Keeps them apart"),
            parts.Action("unsure", "unsure", "judgement", "u", "Comes again when more is known"),
            parts.Action("undo", "undo", "judgement", "z", "Takes back your last judgement"),
            parts.Action("next", key="l", url="/review?next=1"),
        ),
        action_url="/review",
        judged=(
            parts.TimelineEntry(
                AT - timedelta(days=3),
                "unsure",
                "investigations",
                detail="The print was too poor to tell.",
            ),
        ),
    )


def facts() -> tuple[parts.FactGroup, ...]:
    return (
        parts.FactGroup(
            "Who it is",
            (
                parts.FieldRow("Name", ("GARCÍA HERNÁNDEZ, José Luis", "GARCIA, Pepe"), "as given"),
                parts.FieldRow(
                    "Born", ("1990-03-12",), "from a consular card", at=AT - timedelta(days=9)
                ),
                parts.FieldRow("Citizenship", ("Mexico",), tag=parts.Tag("unverified")),
                parts.WithheldRow("Phone", WITHHELD),
                parts.FieldRow("A-number", ()),
            ),
        ),
        parts.FactGroup(
            "What to mind",
            (
                parts.FieldRow(
                    "Caution",
                    ("Has carried a knife",),
                    "watch desk 555-0100",
                    tag=parts.Tag("caution", Tone.STOP),
                ),
                parts.WithheldRow("Open case", replace(WITHHELD, clause="9.1", source_url="")),
            ),
        ),
    )


def timeline() -> tuple[parts.TimelineEntry, ...]:
    return (
        parts.TimelineEntry(AT, "Opened by P-1044", "Tucson · agent"),
        parts.TimelineEntry(
            AT - timedelta(hours=2), "Encountered near mile 14", detail="Two others were with him."
        ),
        parts.TimelineEntry(AT - timedelta(days=40), "A case names him", withheld=WITHHELD),
    )


def systems() -> tuple[parts.SystemState, ...]:
    answer = parts.SystemAnswer
    return (
        parts.SystemState("patrol", answer.ANSWERED),
        parts.SystemState("investigations", answer.REFUSED, refusal="clause 4.3, purpose"),
        parts.SystemState(
            "partner", answer.NO_ANSWER, seconds=2, retry_url="/search?again=partner"
        ),
        parts.SystemState("court", answer.WAITING),
    )


def refusal() -> parts.Refusal:
    return parts.Refusal(
        what="You may not open this record",
        rule="Open cases are shown to investigators of the agency that owns them.",
        citation="Agreement 2026-04, clause 9.1",
        citation_url="/agreement#9.1",
        cure="Ask for a talk with the owner; the request carries your purpose and number.",
        contact="investigations duty agent, 555-0142",
        number="D-88213",
    )


class RequestForm(forms.Form):
    """What a form of any page is made of."""

    subject = forms.CharField(label="Number of the record", help_text="As on the notice.")
    reason = forms.ChoiceField(
        label="What it is for",
        choices=[("", "choose one"), ("court", "a hearing"), ("talk", "a talk before book-out")],
    )
    level = forms.ChoiceField(
        label="How much",
        widget=forms.RadioSelect,
        choices=[("pointer", "whom to call"), ("summary", "a summary"), ("full", "everything")],
    )
    systems = forms.MultipleChoiceField(
        label="Whom to ask",
        widget=forms.CheckboxSelectMultiple,
        choices=[("patrol", "patrol"), ("partner", "partner")],
        required=False,
        help_text="Nobody chosen means all.",
    )
    until = forms.DateField(label="Needed by", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("A request needs a stated purpose: state one first.")


class IntakeForm(forms.Form):
    """A long form: in groups, with a check of its own."""

    given = forms.CharField(label="Given name", required=False)
    surname = forms.CharField(label="Surname", required=False, help_text="As on the paper.")
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.BooleanField(label="I saw the paper itself", help_text="Not a copy of it.")

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            ("Name", [self["given"], self["surname"], self["note"]]),
            ("", []),
            ("Paper", [self["seen"]]),
        ]


PAGES: dict[str, tuple[str, Callable[[HttpRequest], dict[str, Any]]]] = {
    "/": (
        "work",
        lambda request: {"table": people_table(request), "clocks": clocks(), "states": systems()},
    ),
    "/empty": ("work", lambda request: {"table": people_table(request, 0), "states": systems()}),
    "/review": ("review", lambda request: {"evidence": evidence()}),
    "/record": (
        "record",
        lambda request: {"facts": facts(), "clocks": clocks(), "timeline": timeline()},
    ),
    "/form": ("form", lambda request: {"form": RequestForm()}),
    "/intake": ("form", lambda request: {"form": IntakeForm()}),
    "/intake-wrong": ("form", lambda request: {"form": IntakeForm({"given": "Ana"})}),
    "/wrong": ("form", lambda request: {"form": RequestForm({"subject": "", "level": "all"})}),
    "/notices": ("notices", lambda request: {"notices": notices()}),
    "/refused": ("refused", lambda request: {"refusal": refusal()}),
    "/sign-in": ("sign_in", lambda request: {"form": RequestForm()}),
}


def page(path: str, *, demo: bool = True, cookies: dict[str, str] | None = None) -> str:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies or {})
    name, fill = PAGES[request.path]
    context = {"shell": shell(), "demo": demo, **fill(request)}
    if request.path == "/wrong":
        context["messages"] = [Message(constants.SUCCESS, "The draft of 14:02 is kept.")]
    return str(ENGINE.get_template(f"gallery/{name}.html").render(context, request))
