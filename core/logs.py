"""How a log line reads, and what never stands in one: addresses that open something, and what a row holds."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from core.request_ids import current

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
# PostgreSQL repeats the row it refused.
_ROW = re.compile(r"\n\s*(DETAIL|CONTEXT|Failing row).*", re.S)
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "request_id", "taskName"}
# What begins another line, or moves the cursor of whoever reads.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
UNKNOWN = "(an address we do not have)"


class Safe(logging.Filter):
    """Django tells the address of what went wrong: its route is told instead. A link's secret stands in no log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            # Django writes what is not ASCII as escapes.
            said = {path, path.encode("unicode_escape").decode("ascii")}
            record.args = tuple(route(request) if isinstance(one, str) and one in said else one for one in record.args)
        return True


def route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else UNKNOWN


class Line(logging.Formatter):
    """For people."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        named = getattr(record, "request_id", "")
        return f"{line} [{named}]" if named and "\n" not in line else line

    def formatMessage(self, record: logging.LogRecord) -> str:
        """One line, whatever is told in it: nobody writes a second one that looks like ours."""
        record.message = _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", record.message)
        return super().formatMessage(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return _moment(record)

    def formatException(self, ei: Any) -> str:
        return _without_rows(ei)


class Json(logging.Formatter):
    """One object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if named := getattr(record, "request_id", ""):
            entry["request_id"] = named
        entry |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = type(record.exc_info[1]).__name__
            entry["traceback"] = _without_rows(record.exc_info)
        return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(entry, ensure_ascii=False, default=str))


def _moment(record: logging.LogRecord) -> str:
    """In UTC, and it says so."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _without_rows(found: Any) -> str:
    return _ROW.sub("", "".join(traceback.format_exception(*found)).rstrip())
