"""What the demo is filled with, before anything of it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tieline.core.agreement.viewer import Viewer
from tieline.demo.world.cast import DemoPerson, Duty
from tieline.keeping.draft import Draft

__all__ = ["DemoArrival", "Scene", "World"]


@dataclass(frozen=True, slots=True)
class DemoArrival:
    """A record that somebody entered at a moment."""

    draft: Draft = field(repr=False)
    author: Viewer
    at: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """A story that can be found in the demo, and the records that it is about."""

    name: str
    says: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A whole year. Arrivals of each system are in the order of time."""

    people: tuple[DemoPerson, ...]
    duties: tuple[Duty, ...]
    patrol: tuple[DemoArrival, ...] = field(repr=False)
    investigations: tuple[DemoArrival, ...] = field(repr=False)
    bookings: tuple[dict[str, str], ...] = field(repr=False)
    truth: tuple[tuple[int, str, str], ...] = field(repr=False)
    """Who is who: the person's place, system, number of the record. No record says it."""
    scenes: tuple[Scene, ...] = ()
