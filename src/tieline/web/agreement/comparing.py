"""A draft beside the text in force: what it changes, and of how many own records."""

from __future__ import annotations

import threading
from typing import Final, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.articles import Article
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.compare import (
    ArticleChange,
    Change,
    ClauseChange,
    Comparison,
    Example,
    Fate,
    compare,
)
from tieline.core.agreement.document import read_agreement
from tieline.core.agreement.impact import Impact, impact
from tieline.core.agreement.question import Action, Question
from tieline.core.errors import TielineError
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.reference.agreement import seen_today
from tieline.settings import node
from tieline.systems.pages.entry import WRITES, sent
from tieline.systems.pages.forms import refuse
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web import errors
from tieline.web.agreement.reading import kept_in_words
from tieline.web.words import CLASSES, STANDINGS
from tieline.wiring.holdings import holdings

__all__ = ["agreement_compare"]

LONGEST: Final = 500_000
"""Signs of a text that is pasted."""
_ONE: Final = threading.Lock()
"""z3 has one context for a process: two comparisons at once would write in each other's."""
_FATES: Final[dict[Fate, tuple[Promise, Tone]]] = {
    Fate.ADDED: (gettext_lazy("added"), Tone.ATTENTION),
    Fate.REMOVED: (gettext_lazy("removed"), Tone.ATTENTION),
    Fate.CHANGED: (gettext_lazy("changed"), Tone.ATTENTION),
    Fate.SAME: (gettext_lazy("the same"), Tone.QUIET),
}


_WAYS: Final[dict[Action, Promise]] = {
    Action.SEARCH: gettext_lazy("that it is found by a search"),
    Action.POINTER: gettext_lazy("the pointer: whom to call"),
    Action.SUMMARY: gettext_lazy("the summary"),
    Action.FULL: gettext_lazy("all of it"),
    Action.NOTIFY: gettext_lazy("a notice of it"),
    Action.EXPORT: gettext_lazy("a copy of it"),
    Action.RELEASE: gettext_lazy("that its owner may release it"),
    Action.EMERGENCY: gettext_lazy("that it may be opened while a life is in danger"),
}


class DraftMissing(TielineError):
    """There is no text to be compared."""


class DraftForm(forms.Form):
    """The text to be held against the one in force."""

    draft = forms.CharField(
        label=gettext_lazy("Draft"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The document as tieline agreement new writes it. Left blank: the node's own file."
        ),
    )


@WRITES
@never_cache
def agreement_compare(request: HttpRequest) -> HttpResponse:
    """Hold a draft against the text in force; nothing of it is kept or comes into force."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    form = DraftForm(sent(request))
    context: dict[str, object] = {"form": form, "agency": viewer.agency}
    if form.is_bound and form.is_valid():
        try:
            draft, now = _draft(form.cleaned_data["draft"]), in_force(ACCOUNTS)
            with _ONE:
                found = compare(now, draft, today=seen_today())
            counted = impact(now, draft, holdings(viewer.agency), at=hatted.at)
            context |= _told(found, counted, viewer.agency)
        except TielineError as error:
            refuse(form, error)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/agreement/compare.html", context, status=status)


def _draft(text: str) -> Agreement:
    if not text.strip():
        try:
            text = node().agreement.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise DraftMissing(
                "this node has no draft of its own", cure="Paste the text of one."
            ) from None
    return read_agreement(text)


def _told(found: Comparison, counted: tuple[Impact, ...], agency: str) -> dict[str, object]:
    changed = [one for one in found.clauses if one.fate is not Fate.SAME]
    return {
        "found": found,
        "frame": [(name, *said) for name, said in found.frame.items() if name != "schema"],
        "same": ngettext("%(n)d clause is the same.", "%(n)d clauses are the same.", same)
        % {"n": same}
        if (same := len(found.clauses) - len(changed))
        else "",
        "clauses": _clauses(changed),
        "articles": _articles([one for one in found.articles if one.fate is not Fate.SAME]),
        "widened": _changes("widened", _("Given now, and not before"), found.widened),
        "narrowed": _changes("narrowed", _("Given before, and not now"), found.narrowed),
        "lost": [(one.sight.says, one.words, one.was_given) for one in found.lost],
        "impact": _impact(counted, agency),
    }


def _clauses(changed: list[ClauseChange]) -> TableView:
    return TableView(
        id="clauses",
        caption=_("Clauses"),
        columns=(
            Column("clause", _("Clause"), optional=False),
            Column("fate", _("What became of it"), optional=False),
            Column("wider", _("Taken alone, it gives")),
            Column("narrower", _("Taken alone, it takes")),
            Column("says", _("It says"), optional=False),
        ),
        rows=tuple(_clause(one) for one in changed),
        total=len(changed),
        empty=_("Every clause is the same."),
    )


def _clause(one: ClauseChange) -> Row:
    words, tone = _FATES[one.fate]
    said = one.new or one.old
    detail = _("the words alone") if one.reworded and not one.rewritten else ""
    return Row(
        id=one.clause,
        cells=(
            Cell(one.clause),
            Cell(tag=Tag(str(words), tone), detail=detail),
            Cell(_asked(one.widened)),
            Cell(_asked(one.narrowed)),
            Cell(said.prose if said else "", detail=said.source if said else ""),
        ),
    )


def _articles(changed: list[ArticleChange]) -> TableView:
    return TableView(
        id="articles",
        caption=_("Articles"),
        columns=(
            Column("article", _("Article"), optional=False),
            Column("fate", _("What became of it"), optional=False),
            Column("before", _("Before")),
            Column("after", _("After"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.article,
                cells=(
                    Cell(one.article, detail=one.heading),
                    Cell(tag=Tag(str(_FATES[one.fate][0]), _FATES[one.fate][1])),
                    _article(one.old),
                    _article(one.new),
                ),
            )
            for one in changed
        ),
        total=len(changed),
        empty=_("Every article is the same."),
    )


def _article(one: Article | None) -> Cell:
    if one is None:
        return Cell("")
    return Cell(one.prose, detail=" ".join((one.source, *kept_in_words(one))))


def _asked(example: Example | None) -> str:
    return example.words[0] if example is not None else ""


def _changes(name: str, caption: str, changes: tuple[Change, ...]) -> TableView:
    return TableView(
        id=name,
        caption=caption,
        columns=(
            Column("what", _("What"), optional=False),
            Column("example", _("For example"), optional=False),
            Column("why", _("By which clauses"), optional=False),
        ),
        rows=tuple(
            Row(
                id=str(place),
                cells=(
                    Cell(
                        _named(one.question), detail=_("the whole of its dates") if one.cut else ""
                    ),
                    Cell(one.example.words[0]),
                    Cell(" ".join(one.example.words[1:])),
                ),
            )
            for place, one in enumerate(changes)
        ),
        total=len(changes),
        empty=_("Nothing."),
    )


def _named(question: Question) -> str:
    said = "" if question.field_class is None else str(CLASSES[question.field_class])
    if question.action is Action.FIELD:
        return said
    way = str(_WAYS[question.action])
    return f"{way}: {said}" if said else way


def _impact(counted: tuple[Impact, ...], agency: str) -> TableView:
    return TableView(
        id="impact",
        caption=_("Records of %(agency)s of which more is told, or less") % {"agency": agency},
        columns=(
            Column("who", _("To whom"), optional=False),
            Column("more", _("More"), numeric=True, optional=False),
            Column("less", _("Less"), numeric=True, optional=False),
            Column("gained", _("What comes")),
            Column("lost", _("What goes")),
        ),
        rows=tuple(
            Row(
                id=f"{one.agency}-{one.standing.key}",
                cells=(
                    Cell(one.agency, detail=str(STANDINGS[one.standing.key])),
                    Cell(f"{one.more:,}"),
                    Cell(f"{one.less:,}"),
                    Cell(", ".join(map(_named, one.gained))),
                    Cell(", ".join(map(_named, one.lost))),
                ),
            )
            for one in counted
        ),
        total=len(counted),
        empty=_("Of no record of yours anything else would be told to anybody."),
    )
