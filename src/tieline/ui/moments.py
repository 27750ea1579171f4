"""Moments as a reader sees them: in his zone, and the zone is named."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tieline.core.errors import TielineError

__all__ = ["NoZone", "moment", "moment_words"]


class NoZone(TielineError):
    """A moment without a zone would be shown as one that it is not."""


def moment_words(at: datetime) -> str:
    """In the zone that is active for this request: 2026-11-02 14:05 MST."""
    if at.tzinfo is None:
        raise NoZone("a moment without a zone cannot be shown", cure="pass moments aware of UTC")
    local = at.astimezone(timezone.get_current_timezone())
    zone = local.tzname() or ""
    # Many zones have no letters of their own, and are then named by their offset alone.
    if re.fullmatch(r"[+-]\d+", zone):
        zone = f"UTC{zone}"
    return f"{local:%Y-%m-%d %H:%M} {zone}"


def moment(at: datetime) -> SafeString:
    # The zone stays with its time when a line is full.
    words = "\u00a0".join(moment_words(at).rsplit(" ", 1))
    return format_html('<time datetime="{}">{}</time>', f"{at.astimezone(UTC):%FT%TZ}", words)
