"""Log lines as JSON: what happened, where, in which request; never a value of a person."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from tieline.keeping.trace import request_number

__all__ = ["JsonLines", "log_to_stderr", "log_what_nobody_caught"]

log = logging.getLogger(__name__)

_OURS: Final = "tieline"
_EXTRA: Final = (
    *("request", "method", "route", "status", "ms"),
    *("part", "pid", "system", "count", "agency"),
)


class JsonLines(logging.Formatter):
    """One object a line.

    Texts of others' log lines and exceptions may hold what somebody typed. So of a foreign line
    only its pattern is kept, or where it has none the place in the code that wrote it; and of an
    exception its type and the places it went through.
    """

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name == _OURS or record.name.startswith(f"{_OURS}.")
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": _ours(record) if ours else _foreign(record),
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
    handler.addFilter(_is_new)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # Whoever asked for the connection says that there is none.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)


def log_what_nobody_caught() -> None:
    """Have what ends a thread or the process told as any other error: without its text.

    Not of a command's own process: there somebody sits, and reads what Python prints.
    """

    def of_process(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("nobody caught", exc_info=(kind, error, trace))

    def of_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and given.exc_type is not SystemExit:
            of_process(given.exc_type, given.exc_value, given.exc_traceback)

    sys.excepthook = of_process
    threading.excepthook = of_thread
    sys.unraisablehook = lambda given: log.error(
        "nobody could be told of", exc_info=given.exc_value or None
    )
    # What cannot be written as a line is dropped: Python would print what the line was made of.
    logging.raiseExceptions = False


def _is_new(record: logging.LogRecord) -> bool:
    # Each answer has its line from `tieline.requests`; of Django's own only errors tell more.
    return record.name != "django.request" or bool(record.exc_info)


def _ours(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _foreign(record: logging.LogRecord) -> str:
    # Without arguments it may have been put together before, out of anything.
    return str(record.msg) if record.args else f"{record.filename}:{record.lineno}"


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "type": type(error).__name__,
        "at": [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }


def _is_plain(record: logging.LogRecord, name: str) -> bool:
    return isinstance(getattr(record, name, None), str | int | float)
