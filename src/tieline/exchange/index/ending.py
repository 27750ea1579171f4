"""Says, inside the transaction that ends them, which links nobody may be told of any more."""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

__all__ = ["links_ended"]

links_ended: Final = Signal()
"""Sent with `links` (primary keys) and `at`; what a receiver raises undoes the whole."""
