"""A disclosure as facts on a page: what is shown, what is withheld and by which clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import Disclosure, Shown, Withheld
from tieline.core.records import FieldClass, Value
from tieline.keeping.history import Edition
from tieline.ui import parts
from tieline.ui.moments import moment_words
from tieline.ui.parts import Choice
from tieline.ui.tables import Asked, Cell, Column, Filter, FilterKind, Row, TableView
from tieline.web.coded import meaning
from tieline.web.records.seers import Told
from tieline.web.words import CLASSES, LEVELS, PURPOSES, STANDINGS, WAYS, field_words

__all__ = ["Version", "fact_groups", "seers", "versions", "why_withheld"]

# Fields that are numbers of other records here lead to them.
_LEADING = {
    ("patrol", "event"): "patrol",
    ("investigations", "case"): "investigations",
    ("investigations", "subject"): "investigations",
}


def fact_groups(
    told: Disclosure, *, system: str, agreement: Agreement
) -> tuple[parts.FactGroup, ...]:
    """Group by group in the order in which work needs them; what is blank is named at the end."""
    groups, blank = [], []
    for field_class, title in CLASSES.items():
        of_class = [one for one in told.shown if one.field_class is field_class]
        blank += [field_words(one.name) for one in of_class if not _is_said(one)]
        rows: list[parts.FieldRow | parts.WithheldRow] = [
            *(_shown(one, system) for one in of_class if _is_said(one)),
            *_withheld(field_class, told.withheld, agreement),
        ]
        if rows:
            groups.append(parts.FactGroup(title=str(title), rows=tuple(rows)))
    if blank:
        row = parts.FieldRow(_("Open to you, and blank"), (", ".join(blank),))
        groups.append(parts.FactGroup(title=_("Not recorded"), rows=(row,)))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class Version:
    """What a version changed, and why."""

    table: TableView
    why: str


def versions(found: Iterable[Edition]) -> tuple[Version, ...]:
    """A table for each, in the order given."""
    return tuple(Version(_version(one), one.why) for one in found)


def _version(one: Edition) -> TableView:
    return TableView(
        id=f"version-{one.version}",
        caption=_("Version %(number)d: %(who)s, %(at)s")
        % {
            "number": one.version,
            "who": f"{one.author} · {one.assignment}",
            "at": moment_words(one.at),
        },
        columns=(
            Column("field", _("Field"), optional=False),
            Column("before", _("Before"), optional=False),
            Column("after", _("After"), optional=False),
        ),
        rows=tuple(
            Row(
                id=f"{one.version}-{each.name}",
                cells=(
                    Cell(field_words(each.name)),
                    Cell(_said(each.name, each.before)),
                    Cell(_said(each.name, each.after)),
                ),
            )
            for each in one.changes
        ),
        total=len(one.changes),
        empty=_("Nothing of what is open to you changed."),
    )


def seers(found: Iterable[Told], wanted: Asked, agreement: Agreement) -> TableView:
    """Who would be told what, a row for what several purposes give alike."""
    rows = tuple(_seer(one, at) for at, one in enumerate(found))
    agencies = tuple(Choice(one.agency, one.agency) for one in agreement.parties)
    purposes = tuple(Choice(code.value, str(words)) for code, words in PURPOSES.items())
    return TableView(
        id="seers",
        caption=_("Who would be told what"),
        columns=(
            Column("who", _("Who"), optional=False),
            Column("level", _("How much, by which clauses"), optional=False),
            Column("purposes", _("For"), optional=False),
            Column("open", _("Open")),
            Column("closed", _("Closed, by which clauses")),
            Column("ways", _("How it may come to them")),
        ),
        rows=rows,
        total=len(rows),
        asked=wanted,
        filters=(
            Filter("agency", _("Agency"), FilterKind.CHOICE, agencies),
            Filter("purpose", _("Purpose"), FilterKind.CHOICE, purposes),
        ),
        empty=_("Nobody."),
    )


def _seer(one: Told, at: int) -> Row:
    several = len(one.purposes) > 1 and len(one.purposes) == len(PURPOSES)
    purposes = [str(PURPOSES[code]) for code in one.purposes]
    closed = (
        f"{CLASSES[name]} ({', '.join(clauses) or _('no clause')})" for name, clauses in one.closed
    )
    return Row(
        id=str(at),
        cells=(
            Cell(one.agency, detail=str(STANDINGS[one.standing.key])),
            Cell(str(LEVELS[one.level]), detail=", ".join(one.clauses) or _("no clause")),
            Cell(_("every purpose") if several else ", ".join(purposes)),
            Cell(", ".join(_opened(one, name) for name in one.open)),
            Cell(", ".join(closed)),
            Cell(", ".join(str(WAYS[way]) for way in one.ways)),
        ),
    )


def why_withheld(clauses: Sequence[str], reason: str, agreement: Agreement) -> parts.Withheld:
    """The clause, its words and its source; of no clause at all the reason alone."""
    named = [one for one in clauses if one in agreement.clauses]
    source = "; ".join(agreement.clauses[one].source for one in named)
    return parts.Withheld(
        clause=", ".join(clauses),
        why=reason,
        source=source,
        source_url=f"{reverse('agreement')}#{named[0]}" if named else "",
    )


def _withheld(
    field_class: FieldClass, withheld: Iterable[Withheld], agreement: Agreement
) -> list[parts.WithheldRow]:
    """One row for all fields of a class that are closed for one reason."""
    alike: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for one in withheld:
        if one.field_class is field_class:
            alike.setdefault((one.clauses, one.reason), []).append(field_words(one.name))
    return [
        parts.WithheldRow(", ".join(names), why_withheld(clauses, reason, agreement))
        for (clauses, reason), names in alike.items()
    ]


def _opened(one: Told, name: FieldClass) -> str:
    if name in one.years:
        return _("%(fields)s (of dates the year alone)") % {"fields": CLASSES[name]}
    return str(CLASSES[name])


def _shown(one: Shown, system: str) -> parts.FieldRow:
    label = field_words(one.name)
    if isinstance(one.value, datetime):
        return parts.FieldRow(label, ("",), at=one.value)
    values = _texts(one.value)
    if one.year_only:
        by = _("the year alone: %(clauses)s") % {"clauses": ", ".join(one.clauses)}
        return parts.FieldRow(label, values, detail=by)
    leads = _LEADING.get((system, one.name))
    url = reverse("record", args=(leads, values[0])) if leads and values else ""
    if len(values) == 1 and (said := meaning(one.name, values[0])):
        return parts.FieldRow(label, (said,), detail=values[0])
    return parts.FieldRow(label, values, url=url)


def _said(name: str, value: Value) -> str:
    texts = _texts(value)
    if name.endswith("_at") and texts:
        return moment_words(datetime.fromisoformat(texts[0]))
    if len(texts) == 1 and (said := meaning(name, texts[0])):
        return f"{said} ({texts[0]})"
    return ", ".join(texts)


def _is_said(one: Shown) -> bool:
    return isinstance(one.value, datetime) or bool(_texts(one.value))


def _texts(value: Value) -> tuple[str, ...]:
    if value is None or value == "" or value == ():
        return ()
    if isinstance(value, tuple):
        return tuple(filter(None, value))
    if isinstance(value, bool):
        return (_("yes") if value else _("no"),)
    if isinstance(value, date):
        return (value.isoformat(),)
    return (str(value),)
