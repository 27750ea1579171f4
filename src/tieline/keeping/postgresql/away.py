"""A server that is away is known to be away: whoever can do without it is not kept waiting.

The library's pool lets everybody wait who asks for a connection while there is none, and a page
that works without the exchange would wait for it all the same.
"""

from __future__ import annotations

import time
from datetime import UTC
from typing import Any, Final

from django.db.backends.postgresql import base

from tieline.keeping.postgresql.moments import read_moments_at_once

__all__ = ["DatabaseWrapper"]

_LEFT_IN_PEACE: Final = 5.0
"""Seconds for which a server is not waited for that let somebody wait in vain."""
_AT_ONCE: Final = 0.5
"""Seconds within which a server says no that is there, or whose machine is."""
_away_until: dict[str, float] = {}
"""By database; of this process alone."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, which waits for a server that is away once in a few seconds at most."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = self._connected(conn_params)
        if self.timezone is UTC:
            read_moments_at_once(connection)
        return connection

    def _connected(self, conn_params: dict[str, Any]) -> Any:
        pool = self.pool
        if pool is None:
            return super().get_new_connection(conn_params)
        began = time.monotonic()
        state = pool.get_stats()
        if began < _away_until.get(self.alias, 0.0) and not state["pool_available"]:
            raise self.Database.OperationalError("the server did not answer a moment ago")
        try:
            if pool.closed or not state["pool_size"]:
                # A pool that could not connect tells nobody; a connection does.
                self.Database.connect(**conn_params).close()
            connection = super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            waited = time.monotonic() - began > _AT_ONCE
            # A pool that is full is busy, and not away: there the next one may be lucky.
            if waited and pool.get_stats()["pool_size"] < pool.max_size:
                _away_until[self.alias] = time.monotonic() + _LEFT_IN_PEACE
            raise
        _away_until.pop(self.alias, None)
        return connection
