"""Visits as iCalendar (RFC 5545): the writer. It knows no rows."""

from requests.calendar.writer import Entry, write

__all__ = ["Entry", "write"]
