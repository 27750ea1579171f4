"""Moments: a local time, as a system wrote it, brought to UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tieline.core.values.placeholders import why_missing

# Tried after ISO 8601, in this order; month before day, as American systems write.
_FORMATS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %I:%M %p",
    "%m/%d/%y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d-%b-%y %I.%M.%S %p",
    "%B %d, %Y %I:%M %p",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%m/%d/%Y",
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC with the zone it was told in.

    `ambiguous`: by the zone's clock change the local time came twice (the first is taken, fold=0)
    or never (the offset before the change is taken, so the moment lies after it).
    """

    given: str
    utc: datetime | None = None
    zone: str = ""
    ambiguous: bool = False
    problem: str = ""

    @property
    def local(self) -> datetime | None:
        """The moment on the clock of its zone."""
        return None if self.utc is None else self.utc.astimezone(ZoneInfo(self.zone))

    @classmethod
    def parse(cls, text: str, *, format: str | None = None, zone: str = "UTC") -> Moment:
        """Understand a time by a `strptime` format, or ISO 8601 and the American ways.

        A text that carries its own offset is taken at its word; `zone` (IANA) is then for showing.
        """
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        try:
            told = ZoneInfo(zone)
        except (ValueError, OSError, KeyError):
            return cls(given=text, problem=f"{zone!r} is not a time zone of the IANA list")
        read = _read(text, format)
        if read is None:
            shape = f"not written as {format!r}" if format else "no time in a shape known here"
            return cls(given=text, problem=f"{text[:40]!r} is {shape}")
        try:
            if read.tzinfo is not None:
                return cls(given=text, utc=read.astimezone(UTC), zone=zone)
            local = read.replace(tzinfo=told)
            utc = local.astimezone(UTC)
            # Never: the way back ends elsewhere. Twice: the two folds have two offsets.
            never = utc.astimezone(told).replace(tzinfo=None) != read
            twice = local.utcoffset() != local.replace(fold=1).utcoffset()
        except (OverflowError, ValueError):
            return cls(given=text, problem=f"{text[:40]!r} is beyond the calendar")
        return cls(given=text, utc=utc, zone=zone, ambiguous=never or twice)


def _read(text: str, format: str | None) -> datetime | None:
    bare = _SPACES.sub(" ", text.strip())
    if format is None:
        try:
            return datetime.fromisoformat(bare)
        except ValueError:
            pass
    for shape in _FORMATS if format is None else (format,):
        try:
            return datetime.strptime(bare, shape)  # noqa: DTZ007 - the zone is set by the caller
        except (ValueError, re.error, OverflowError):
            continue
    return None
