"""All tables of the patrol database, gathered for Django."""

from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.series import NumberSeries
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["DeskAnswer", "Event", "NumberSeries", "Subject"]
