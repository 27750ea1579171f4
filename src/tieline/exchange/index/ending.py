"""What the exchange tells its other rooms, inside the transaction in which it comes to be: links
have ended, links do not hold any more, records were withdrawn.
"""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

__all__ = ["link_parted", "links_ended", "records_withdrawn"]

links_ended: Final = Signal()
"""Sent with `links` (primary keys) and `at`; what a receiver raises undoes the whole."""
records_withdrawn: Final = Signal()
"""Sent with `records` (pairs of system and number) and `at`; the same holds of it."""
link_parted: Final = Signal()
"""Sent with `link`, `judgement` and `at`, in the transaction in which a link that a person had
confirmed is that no more."""
