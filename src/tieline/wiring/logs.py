"""Log lines as JSON: what happened, where, in which request; never a value of a person."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final

from tieline.core.errors import TielineError
from tieline.keeping.trace import request_number

__all__ = ["JsonLines", "log_to_stderr"]

_OURS: Final = "tieline"
_EXTRA: Final = ("request", "method", "route", "status", "ms", "part", "system", "count", "agency")


class JsonLines(logging.Formatter):
    """One object a line.

    Texts of others' log lines and exceptions may hold what somebody typed. So of a foreign line
    only its pattern is kept, and of an exception its type and the places it went through.
    """

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name == _OURS or record.name.startswith(f"{_OURS}.")
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage() if ours else str(record.msg),
        }
        number = request_number.get()
        if number is not None:
            said["request"] = number
        said |= {name: getattr(record, name) for name in _EXTRA if _is_plain(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = _told(record.exc_info[1])
        return json.dumps(said, ensure_ascii=True)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send every log line of this process to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # Each answer has its line from `tieline.requests`; Django's own repeats it with the path.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    told: dict[str, Any] = {
        "type": type(error).__name__,
        "at": [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }
    if isinstance(error, TielineError):
        # Our own errors name no person.
        told["says"] = str(error)
    return told


def _is_plain(record: logging.LogRecord, name: str) -> bool:
    return isinstance(getattr(record, name, None), str | int | float)
