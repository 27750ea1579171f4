"""How a person wants the screens, in whatever browser they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from tieline.accounts.models import User
from tieline.core.errors import TielineError

__all__ = ["DENSITIES", "THEMES", "PreferenceRefused", "Preferred", "keep", "zones"]

THEMES: Final = ("", "light", "dark")
"""Blank follows the device."""
DENSITIES: Final = ("", "loose")
"""Blank is dense."""
_FORMER: Final = {"Brazil", "Canada", "Chile", "Etc", "Mexico", "SystemV", "US"}
"""Second names of places that are listed under their first."""


class PreferenceRefused(TielineError):
    """A preference that is none of its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """What is to be changed; None leaves it as it is."""

    theme: str | None = None
    density: str | None = None
    zone: str | None = None
    single_keys: bool | None = None


def keep(person: User, wanted: Preferred) -> None:
    """Raises `PreferenceRefused`, and then nothing is changed."""
    for said, known in (
        (wanted.theme, THEMES),
        (wanted.density, DENSITIES),
        (wanted.zone, ("", *zones())),
    ):
        if said is not None and said not in known:
            raise PreferenceRefused(
                "this is no choice of the list", cure="Choose one of those that are offered."
            )
    changed = {
        name: said
        for name in ("theme", "density", "zone", "single_keys")
        if (said := getattr(wanted, name)) is not None
    }
    for name, said in changed.items():
        setattr(person, name, said)
    if changed:
        person.save(update_fields=list(changed))


@cache
def zones() -> tuple[str, ...]:
    """The names of all zones of places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if _is_place(name)))


def _is_place(name: str) -> bool:
    area, _, place = name.partition("/")
    return bool(place) and area not in _FORMER
