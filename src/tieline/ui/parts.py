"""What views fill and the templates of `ui` show; no domain is known here.

Pages extend `ui/shell.html` (context: `shell`, a `Shell`, and `demo`) or `ui/bare.html` (sign-in,
errors; only `demo`). Blocks of the shell: `title`, `main`, `aside` (beside the work), `stamp`
(record number and checkpoint on paper), `scripts`.

`{% load ui %}` gives one tag for each part: `ui_table table`, `ui_form form` (whole) or
`ui_errors form` and `ui_field form.name` (singly), `ui_facts groups`, `ui_evidence evidence`,
`ui_clock clock`, `ui_refusal refusal`, `ui_notice row`, `ui_systems states`,
`ui_timeline entries`, `ui_withheld withheld`, `ui_tag tag`, `ui_actions actions url`; and the
filters `local` and `local_text` for moments in the viewer's zone, named.

A form with errors is answered with 422 and the same page; htmx swaps it in. The view of the
notices wraps its list in an element with the id `notices`: the flag opens that beside the work.
`events_url` of the shell is a stream of events `notices` whose data is the number of unread ones,
such as `7` or `100+`; after the first, one with the same number says that one more came.

In HTML: `data-key="s"` on a button or link lets that key click it, and `data-key-also` another,
an arrow say; `data-go="w"` lets `g w` click
it; rows that j and k walk over are marked `data-row` and hold one `a[data-open]`. A button with
`data-needs="reason"` leads to that field of its form while it is blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text

__all__ = [
    "Accent",
    "Action",
    "Agency",
    "Choice",
    "ClockView",
    "Evidence",
    "EvidenceRow",
    "FactGroup",
    "FieldRow",
    "Link",
    "NavItem",
    "NoticeRow",
    "Preferences",
    "PurposeLine",
    "Refusal",
    "Shell",
    "Side",
    "Stamp",
    "SystemAnswer",
    "SystemState",
    "Tag",
    "TimelineEntry",
    "Tone",
    "Withheld",
    "WithheldRow",
]


class Tone(StrEnum):
    """How loud something is said; always beside words, never instead of them."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    ATTENTION = "attention"
    STOP = "stop"


class Accent(StrEnum):
    """The color of an agency's edge: a closed list, since pages hold no style of their own."""

    BLUE = "blue"
    CYAN = "cyan"
    GREEN = "green"
    GOLD = "gold"
    ORANGE = "orange"
    RED = "red"
    VIOLET = "violet"
    GRAY = "gray"


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two."""

    words: Text
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    words: Text
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several that can be chosen: an assignment, a value of a filter."""

    value: str
    words: Text
    current: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A button that says what will happen; sends `name`=`value`, or follows `url`.

    key: the single key that presses it, shown on it; says: what it does, in one line.
    """

    words: Text
    value: str = ""
    name: str = "action"
    key: str = ""
    says: Text = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """A fact that the viewer may know of and not see: which clause, and why in prose.

    A blank clause: there is none that opens it.
    """

    clause: str
    why: Text = ""
    source: Text = ""
    source_url: str = ""


# The shell


@dataclass(frozen=True, slots=True)
class NavItem:
    """key: the letter after g."""

    words: Text
    url: str
    key: str = ""
    current: bool = False
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """Why the viewer looks; `number` is that of the case or event."""

    words: Text
    number: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    name: Text
    accent: Accent = Accent.BLUE


@dataclass(frozen=True, slots=True)
class Stamp:
    """What each printed page carries."""

    mark: Text
    viewer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the reader wants in any browser; blank as the device has it, and dense.

    The switches of the head are sent to `url` as `theme` or `keys`, without leaving the page.
    """

    theme: str = ""
    density: str = ""
    single_keys: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """Who I am here, why I look, what needs me: around every page of somebody signed in.

    assignment: the active one in words; assignments are posted to `assignment_url` as
    `assignment`=value. An empty URL leaves out what it would lead to. Without preferences, those
    of the browser count.
    """

    assignment: Text
    agency: Agency
    stamp: Stamp
    nav: tuple[NavItem, ...] = ()
    purpose: PurposeLine | None = None
    purpose_url: str = ""
    assignments: tuple[Choice, ...] = ()
    assignment_url: str = ""
    home_url: str = "/"
    search_url: str = ""
    search_words: str = ""
    search_longest: int = 200
    notices_url: str = ""
    notices: int | str = 0
    events_url: str = ""
    links: tuple[Link, ...] = ()
    sign_out_url: str = ""
    preferences: Preferences | None = None


# A record


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A fact that is shown; several `values` stand under each other."""

    label: Text
    values: tuple[Text, ...]
    detail: Text = ""
    url: str = ""
    at: datetime | None = None
    tag: Tag | None = None
    withheld: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class WithheldRow:
    label: Text
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: Text
    rows: tuple[FieldRow | WithheldRow, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    at: datetime
    words: Text
    who: Text = ""
    detail: Text = ""
    url: str = ""
    tag: Tag | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class ClockView:
    """A limit that runs: by which rule, whose it is, what stops it.

    settled: in words, what stopped it; then nothing is left to run.
    """

    name: Text
    started: datetime
    due: datetime
    at: datetime
    rule: Text = ""
    owner: Text = ""
    stops: Text = ""
    settled: Text = ""
    warn: timedelta = timedelta(hours=4)

    @property
    def tone(self) -> Tone:
        if self.settled:
            return Tone.QUIET
        if self.at >= self.due:
            return Tone.STOP
        return Tone.ATTENTION if self.due - self.at <= self.warn else Tone.PLAIN

    @property
    def words(self) -> Text:
        if self.settled:
            return self.settled
        if self.at >= self.due:
            return _("overdue by %(span)s") % {"span": _span(self.at - self.due)}
        return _("%(span)s left") % {"span": _span(self.due - self.at)}

    @property
    def used(self) -> int:
        """How much of the time is gone, in percent."""
        whole = (self.due - self.started).total_seconds()
        gone = (self.at - self.started).total_seconds()
        return 100 if whole <= 0 else round(100 * min(max(gone / whole, 0), 1))


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 3:
        return _("%(days)d days") % {"days": days}
    if minutes >= 60:
        return _("%(hours)d h %(minutes)02d min") % {"hours": days * 24 + hours, "minutes": rest}
    return _("%(minutes)d min") % {"minutes": rest}


# Two records side by side


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: who it is, who holds it."""

    title: Text
    holder: Text
    number: str = ""
    url: str = ""
    level: Text = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What both say of one thing; weight in bits, above 0 for the same, below for different."""

    label: Text
    left: Text | Withheld
    right: Text | Withheld
    words: Text
    weight: float = 0.0

    @property
    def signed(self) -> str:
        return _signed(self.weight)


@dataclass(frozen=True, slots=True)
class Evidence:
    """total: the sum with what was weighed before the rows, if anything was.

    judged: earlier judgements, newest first; actions are posted to `action_url`.
    """

    left: Side
    right: Side
    rows: tuple[EvidenceRow, ...]
    total: float
    verdict: Text
    actions: tuple[Action, ...] = ()
    action_url: str = ""
    judged: tuple[TimelineEntry, ...] = ()

    @property
    def signed_total(self) -> str:
        return _signed(self.total)


def _signed(weight: float) -> str:
    """With a sign of its own, and the true minus, which is as wide as the plus."""
    return f"{weight:+.1f}".replace("-", "−") if round(weight, 1) else "0.0"


# What is told


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule, the citation, the cure."""

    what: Text
    rule: Text
    cure: Text
    citation: Text = ""
    citation_url: str = ""
    contact: Text = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: str
    at: datetime
    words: Text
    sender: Text = ""
    url: str = ""
    unread: bool = False
    mark: Text = ""
    tag: Tag | None = None
    clock: ClockView | None = None
    actions: tuple[Action, ...] = ()
    action_url: str = ""


class SystemAnswer(StrEnum):
    """May depend on viewer and purpose, never on what exists (P26)."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SystemState:
    """seconds: how long it was waited for; `refusal` names the rule."""

    system: Text
    answer: SystemAnswer
    seconds: float | None = None
    refusal: Text = ""
    retry_url: str = ""
