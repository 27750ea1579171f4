"""How somebody wants the screens: light, rows, time zone, keys; kept with the person."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.accounts.models import User
from tieline.accounts.preferences import PreferenceRefused, Preferred, keep, zones
from tieline.settings import node
from tieline.systems.pages.entry import WRITES, entered, sent

__all__ = ["preference", "preferences"]

_YEAR: Final = 365 * 24 * 3600
_DENSE: Final = "dense"
_DEVICE: Final = "device"
_THEMES: Final[tuple[tuple[str, Promise], ...]] = (
    (_DEVICE, gettext_lazy("as the device")),
    ("light", gettext_lazy("day")),
    ("dark", gettext_lazy("night")),
)
_DENSITIES: Final[tuple[tuple[str, Promise], ...]] = (
    (_DENSE, gettext_lazy("dense: more rows on a screen")),
    ("loose", gettext_lazy("loose: more room for each row")),
)


class PreferencesForm(forms.Form):
    """Everything that may be preferred."""

    theme = forms.ChoiceField(
        label=gettext_lazy("Light"), choices=_THEMES, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Lists"), choices=_DENSITIES, widget=forms.RadioSelect
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("In which moments are shown and typed; the zone is always named."),
    )
    single_keys = forms.BooleanField(
        label=gettext_lazy("Single keys work outside of fields"),
        required=False,
        help_text=gettext_lazy("Press ? for the list of them."),
    )

    def __init__(self, *given: Any, person: User, **more: Any) -> None:
        now = {
            "theme": person.theme or _DEVICE,
            "density": person.density or _DENSE,
            "zone": person.zone,
            "single_keys": person.single_keys,
        }
        super().__init__(*given, **more)
        self.initial.update(now)
        of_node = _("as the node: %(zone)s") % {"zone": node().zone}
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", of_node),
            *((name, name.replace("_", " ")) for name in zones()),
        ]

    def preferred(self) -> Preferred:
        """What was chosen; only after `is_valid`."""
        said = self.cleaned_data
        return Preferred(
            theme="" if said["theme"] == _DEVICE else said["theme"],
            density="" if said["density"] == _DENSE else said["density"],
            zone=said["zone"],
            single_keys=said["single_keys"],
        )


@WRITES
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """All of them on one page; in this browser the page of the sign-in follows, too."""
    person = cast(HattedRequest, request).user
    form = PreferencesForm(sent(request), person=person)

    def kept() -> HttpResponse:
        keep(person, form.preferred())
        messages.success(request, _("Your preferences are kept, for every browser."))
        response = redirect("preferences")
        _remember(response, "theme", person.theme)
        _remember(response, "keys", "" if person.single_keys else "off")
        return response

    return entered(
        request,
        form,
        title=_("Preferences"),
        submit=_("Keep the preferences"),
        keep=kept,
    )


@require_POST
@never_cache
def preference(request: HttpRequest) -> HttpResponse:
    """One of them, from the switches in the head of a page, which stays open."""
    said = request.POST
    try:
        keep(
            cast(HattedRequest, request).user,
            Preferred(
                theme=said.get("theme"),
                single_keys=said["keys"] != "off" if "keys" in said else None,
            ),
        )
    except PreferenceRefused:
        return HttpResponse(status=422)
    return HttpResponse(status=204)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    if value:
        response.set_cookie(
            name, value, max_age=_YEAR, samesite="Strict", secure=node().https, httponly=False
        )
    else:
        response.delete_cookie(name, samesite="Strict")
