"""Where Django looks for what an engine connects with; what it is stands in `queued`."""

from tieline.keeping.sqlite.queued import DatabaseWrapper

__all__ = ["DatabaseWrapper"]
