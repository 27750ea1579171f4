"""What the exchange tells its other rooms: links have ended, records were withdrawn."""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

__all__ = ["links_ended", "records_withdrawn"]

links_ended: Final = Signal()
"""Sent with `links` (primary keys) and `at`; what a receiver raises undoes the whole."""
records_withdrawn: Final = Signal()
"""Sent with `records` (pairs of system and number) and `at`; the same holds of it."""
