"""Where Django looks for what an engine connects with; what it is stands in `away`."""

from tieline.keeping.postgresql.away import DatabaseWrapper

__all__ = ["DatabaseWrapper"]
