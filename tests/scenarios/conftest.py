"""The node of the pages' tests, for stories that several people play on it."""

from __future__ import annotations

from tests.web.conftest import scene

__all__ = ["scene"]
