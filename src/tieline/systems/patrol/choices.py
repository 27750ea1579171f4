"""Closed lists of answers that more than one file needs."""

from __future__ import annotations

from typing import Final

__all__ = ["BORDERS", "FEAR_ANSWERS"]

BORDERS: Final = ("northern", "southern")
FEAR_ANSWERS: Final = ("yes", "no", "unclear")
"""Blank: nobody asked."""
