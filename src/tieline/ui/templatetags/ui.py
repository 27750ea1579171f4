"""One tag for each part of a page; see tieline.ui.parts for what they take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tieline.ui import bars, moments, rendering
from tieline.ui.parts import (
    Action,
    ClockView,
    Evidence,
    EvidenceRow,
    FactGroup,
    NoticeRow,
    Preferences,
    Refusal,
    Shell,
    SystemState,
    Tag,
    TimelineEntry,
    Withheld,
)
from tieline.ui.tables import TableView

register = template.Library()

THEMES = ("light", "dark")
DENSITIES = ("loose",)


@register.filter
def local(at: datetime) -> SafeString:
    """A moment as an element `time`."""
    return moments.moment(at)


@register.filter
def local_text(at: datetime) -> str:
    return moments.moment_words(at)


@register.filter
def is_withheld(value: object) -> bool:
    return isinstance(value, Withheld)


@register.simple_tag(takes_context=True)
def ui_preferences(context: Context) -> SafeString:
    """Attributes of `html`, written before the first paint: what the reader wants everywhere, or,
    before there is a sign-in, what was set in this browser.
    """
    shell = context.get("shell")
    wanted = shell.preferences if isinstance(shell, Shell) else None
    if wanted is None:
        cookies = getattr(context.get("request"), "COOKIES", {})
        wanted = Preferences(
            theme=cookies.get("theme", ""), single_keys=cookies.get("keys") != "off"
        )
    said = []
    if wanted.theme in THEMES:
        said.append(format_html(' data-theme="{}"', wanted.theme))
    if wanted.density in DENSITIES:
        said.append(format_html(' data-density="{}"', wanted.density))
    if not wanted.single_keys:
        said.append(mark_safe(' data-keys="off"'))
    if wanted.url:
        said.append(format_html(' data-preferences="{}"', wanted.url))
    return SafeString("".join(said))


@register.inclusion_tag("ui/table.html", takes_context=True)
def ui_table(context: Context, table: TableView) -> dict[str, Any]:
    request = context.get("request")
    query = request.GET if request is not None else QueryDict()
    return {
        **rendering.table_context(table, query),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/form.html", takes_context=True)
def ui_form(
    context: Context,
    form: BaseForm,
    submit: str,
    action: str = "",
    method: str = "post",
    back: str = "",
) -> dict[str, Any]:
    """A whole form: what is wrong on top, fields, the button that says what will happen, and the
    way back.

    A form that has many fields gives `groups()`: titles, and the bound fields under each.
    """
    return {
        "form": form,
        "groups": form.groups() if hasattr(form, "groups") else [("", list(form))],
        "submit": submit,
        "action": action,
        "method": method,
        "back": back,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/form_errors.html")
def ui_errors(form: BaseForm) -> dict[str, Any]:
    return {"form": form, "wrong": list(_wrong(form))}


def _wrong(form: BaseForm) -> Iterator[tuple[str, str, str]]:
    """Each (id of the control, label, error), in the order of the page."""
    for bound in form:
        # A group has no control of its own: its first one is meant.
        target = bound.id_for_label or f"{bound.auto_id}_0"
        yield from ((target, str(bound.label), str(error)) for error in bound.errors)


@register.inclusion_tag("ui/form_field.html")
def ui_field(field: BoundField) -> dict[str, Any]:
    return {"field": field}


@register.inclusion_tag("ui/fields.html")
def ui_facts(groups: Sequence[FactGroup]) -> dict[str, Any]:
    return {"groups": groups}


@register.inclusion_tag("ui/withheld.html")
def ui_withheld(withheld: Withheld) -> dict[str, Any]:
    return {"withheld": withheld}


@register.inclusion_tag("ui/tag.html")
def ui_tag(tag: Tag) -> dict[str, Any]:
    return {"tag": tag}


@register.inclusion_tag("ui/evidence.html", takes_context=True)
def ui_evidence(context: Context, evidence: Evidence) -> dict[str, Any]:
    weights = [row.weight for row in evidence.rows]
    largest = max((abs(weight) for weight in weights), default=0.0)
    drawn: list[tuple[EvidenceRow, bars.Bar]] = [
        (row, bars.bar(row.weight, largest=largest)) for row in evidence.rows
    ]
    return {
        "evidence": evidence,
        "sides": (evidence.left, evidence.right),
        "rows": drawn,
        "spark": bars.spark(weights),
        "spark_width": max(len(weights) * 7 - 2, 1),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/waterfall.html")
def ui_waterfall(evidence: Evidence) -> dict[str, Any]:
    """The evidence as a drawing; the table of `ui_evidence` is the same in words."""
    said = [f"{row.label} {row.signed}" for row in evidence.rows]
    return {
        "drawn": bars.waterfall([row.weight for row in evidence.rows]),
        "said": "; ".join([*said, _("sum %(total)s") % {"total": evidence.signed_total}]),
    }


@register.inclusion_tag("ui/actions.html", takes_context=True)
def ui_actions(context: Context, actions: Sequence[Action], url: str = "") -> dict[str, Any]:
    return {"actions": actions, "url": url, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/clock.html")
def ui_clock(clock: ClockView) -> dict[str, Any]:
    return {"clock": clock}


@register.inclusion_tag("ui/refusal.html")
def ui_refusal(refusal: Refusal) -> dict[str, Any]:
    return {"refusal": refusal}


@register.inclusion_tag("ui/notice_row.html", takes_context=True)
def ui_notice(context: Context, notice: NoticeRow) -> dict[str, Any]:
    return {"notice": notice, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/system_states.html")
def ui_systems(states: Sequence[SystemState]) -> dict[str, Any]:
    return {"states": states}


@register.inclusion_tag("ui/timeline.html")
def ui_timeline(entries: Sequence[TimelineEntry]) -> dict[str, Any]:
    return {"entries": entries}
