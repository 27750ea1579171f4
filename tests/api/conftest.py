"""Callers at the moment of the tests, on a node with both systems and the exchange."""

from __future__ import annotations

import pytest
from tests.people import AT, CASE

from tieline.api import caller
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.wiring.systems import set_to_work

from . import scene
from .scene import As, Call, Known


@pytest.fixture
def as_(adopted: object, monkeypatch: pytest.MonkeyPatch) -> As:
    """A program that acts for somebody; for nobody without one."""
    set_to_work()
    scene.directory()
    monkeypatch.setattr(caller, "now", lambda: AT)

    def calling(viewer: Viewer | None = None, purpose: Purpose = CASE) -> Call:
        return Call(scene.token(viewer, purpose)[1] if viewer is not None else "")

    return calling


@pytest.fixture
def known(as_: As) -> Known:
    """Records that both agencies have of one man."""
    return scene.known()
