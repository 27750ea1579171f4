"""The log while a demo is built: a terminal shows progress and words, and errors in full."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["errors_alone"]

_MOST: Final = 100


class _Held(logging.Filter):
    """Lets errors through, and holds what is less until it is known whether it matters."""

    def __init__(self) -> None:
        super().__init__()
        self.records: deque[logging.LogRecord] = deque(maxlen=_MOST)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            return True
        self.records.append(record)
        return False


@contextmanager
def errors_alone() -> Iterator[None]:
    """Until it ends, no line below an error is logged. Where it ends by an error, the last ones
    that were held are logged then: they may say why.
    """
    held = {handler: _Held() for handler in logging.getLogger().handlers}
    for handler, waiting in held.items():
        handler.addFilter(waiting)
    failed = False
    try:
        yield
    except Exception:
        failed = True
        raise
    finally:
        for handler, waiting in held.items():
            handler.removeFilter(waiting)
            for record in waiting.records if failed else ():
                handler.handle(record)
