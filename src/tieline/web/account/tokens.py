"""Keys for programs that act for a person: made, shown once, listed, revoked (P3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import BadPurpose, HattedRequest, stated_purpose, viewer_of
from tieline.accounts.models import AccessToken, Assignment, User
from tieline.accounts.tokens import make_token, revoke_token
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import Action, Tag, Tone
from tieline.ui.tables import Asked, Cell, Column, Row, TableView, asked
from tieline.web import errors
from tieline.web.words import PURPOSES, ROLES

__all__ = ["token_new", "tokens", "tokens_revoke"]

_DAYS: Final = (1, 7, 30, 90)
_MOST_AT_ONCE: Final = 200


class TokenForm(forms.Form):
    """For which program, in which assignment, what for, for how long."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What you call it: the program's name, and the machine's."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    assignment = forms.ChoiceField(label=gettext_lazy("Assignment"))
    code = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=[(code.value, words) for code, words in PURPOSES.items()],
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the case or event"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("As on the case or event: TU-26-0417, TCA-2611-000123."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Without a number, say in words what the program is for."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Opens for"),
        coerce=int,
        choices=[
            (days, gettext_lazy("one day") if days == 1 else f"{days} days") for days in _DAYS
        ],
    )

    purpose: Purpose

    def __init__(self, *given: Any, held: list[Assignment], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["assignment"].choices = [  # type: ignore[attr-defined]
            (one.number, _hat(one)) for one in held
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            self.purpose = stated_purpose(said["code"], said["number"], said["reason"])
        except BadPurpose as error:
            self.add_error(None, f"{error.what}. {error.cure}")
        return said


@require_safe
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own, the newest first."""
    hatted = cast(HattedRequest, request)
    wanted = asked(request.GET)
    rows = AccessToken.objects.filter(user=hatted.user).select_related("user", "assignment")
    table = _table(list(rows.order_by("-made_at", "-id")), wanted, at=hatted.at)
    return render(request, "web/account/tokens.html", {"table": table})


@WRITES
@never_cache
def token_new(request: HttpRequest) -> HttpResponse:
    """Make one; the secret stands on the answer to this form, and nowhere else."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.assignment is None:
        return errors.refused(request, errors.NO_HAT)
    held = _held(hatted.user, at=hatted.at)
    form = TokenForm(sent(request), held=held, initial=_initial(hatted))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        hat = next(one for one in held if one.number == said["assignment"])
        token, secret = make_token(
            hatted.user,
            assignment=hat,
            purpose=form.purpose,
            expires_at=hatted.at + timedelta(days=said["days"]),
            at=hatted.at,
            by=viewer_of(hatted.user, hat),
            name=said["name"],
        )
        context = {"token": token, "secret": secret, "hat": _hat(hat), "purpose": _purpose(token)}
        return render(request, "web/account/token.html", context)

    return entered(
        request,
        form,
        title=_("New token"),
        submit=_("Make the token"),
        keep=keep,
        lead=_(
            "A program that has the token acts as you, in this assignment and for this purpose; "
            "whatever it looks at stands in the ledger under your number."
        ),
    )


@require_POST
@never_cache
def tokens_revoke(request: HttpRequest) -> HttpResponse:
    """Those that were chosen open nothing any more; of others' nothing is told."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    chosen = [int(one) for one in request.POST.getlist("row")[:_MOST_AT_ONCE] if _is_id(one)]
    mine = AccessToken.objects.filter(user=hatted.user, pk__in=chosen, revoked_at__isnull=True)
    count = 0
    for token in mine.select_related("user"):
        revoke_token(token, at=hatted.at, by=hatted.viewer)
        count += 1
    words = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count)
    messages.success(request, words % {"count": count})
    return redirect("tokens")


def _table(rows: list[AccessToken], wanted: Asked, *, at: datetime) -> TableView:
    return TableView(
        id="tokens",
        caption=_("Tokens"),
        columns=(
            Column("name", _("Name"), optional=False),
            Column("assignment", _("Assignment")),
            Column("purpose", _("Purpose")),
            Column("made", _("Made")),
            Column("expires", _("Opens until")),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(_row(one, at) for one in wanted.page_of(rows)),
        total=len(rows),
        asked=wanted,
        actions=(Action(_("Revoke"), value="revoke"),),
        action_url=reverse("tokens_revoke"),
        empty=_("You have made none."),
    )


def _row(one: AccessToken, at: datetime) -> Row:
    return Row(
        id=str(one.pk),
        cells=(
            Cell(one.name or _("without a name")),
            Cell(one.assignment.number, detail=_hat(one.assignment)),
            Cell(_purpose(one)),
            Cell(at=one.made_at),
            Cell(at=one.expires_at),
            Cell(tag=_state(one, at)),
        ),
    )


def _state(one: AccessToken, at: datetime) -> Tag:
    if one.revoked_at is not None:
        return Tag(_("revoked"), Tone.QUIET)
    if one.expires_at <= at:
        return Tag(_("run out"), Tone.QUIET)
    if not one.opens(at):
        return Tag(_("assignment is over"), Tone.ATTENTION)
    return Tag(_("opens"), Tone.GOOD)


def _held(person: User, *, at: datetime) -> list[Assignment]:
    return [one for one in person.assignments.order_by("starts", "id") if one.holds(at)]


def _initial(request: HattedRequest) -> dict[str, Any]:
    stated, worn = request.purpose, request.assignment
    initial: dict[str, Any] = {"days": 30, "assignment": worn.number if worn else ""}
    if stated is not None:
        initial |= {"code": stated.code.value, "number": stated.number, "reason": stated.reason}
    elif worn is not None and worn.role == Role.AUDITOR:
        initial["code"] = PurposeCode.OVERSIGHT.value
    return initial


def _hat(one: Assignment) -> str:
    return f"{one.agency} · {one.unit} · {ROLES[Role(one.role)]}"


def _purpose(one: AccessToken) -> str:
    words = str(PURPOSES[PurposeCode(one.purpose)])
    return " · ".join(filter(None, (words, one.case or one.reason)))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
