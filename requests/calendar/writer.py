"""iCalendar as RFC 5545 has it: lines of at most 75 octets, escaped text, times in Sofia with its clock's rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.clock import SOFIA

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST_OCTETS = 75
ZONE = "Europe/Sofia"
# The clocks change on the last Sundays of March and October, since 1997 as everywhere in the Union.
ZONE_LINES = (
    "BEGIN:VTIMEZONE", f"TZID:{ZONE}",
    "BEGIN:DAYLIGHT", "DTSTART:19970330T030000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0300", "TZNAME:EEST", "END:DAYLIGHT",
    "BEGIN:STANDARD", "DTSTART:19971026T040000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0300", "TZOFFSETTO:+0200", "TZNAME:EET", "END:STANDARD",
    "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One visit of one volunteer. `sequence` grows with every change; `changed_at` is when it was last written."""

    uid: str
    sequence: int
    changed_at: datetime
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    cancelled: bool = False


def write(entries: Iterable[Entry], *, name: str) -> str:
    """The whole calendar. The same entries give the same text, byte for byte."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Digital Volunteers//Visits//BG", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{escape(name)}", f"X-WR-TIMEZONE:{ZONE}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
        *ZONE_LINES,
    ]  # fmt: skip
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in fold(line))


def _event(entry: Entry) -> list[str]:
    changed = _utc(entry.changed_at)
    lines = [
        "BEGIN:VEVENT", f"UID:{escape(entry.uid)}", f"SEQUENCE:{entry.sequence}", f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}", f"DTSTART{_local(entry.start)}", f"DTEND{_local(entry.end)}",
        f"SUMMARY:{escape(entry.summary)}",
    ]  # fmt: skip
    if entry.location:
        lines.append(f"LOCATION:{escape(entry.location)}")
    status, busy = ("CANCELLED", "TRANSPARENT") if entry.cancelled else ("CONFIRMED", "OPAQUE")
    return [*lines, f"STATUS:{status}", f"TRANSP:{busy}", "CLASS:PRIVATE", "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _local(moment: datetime) -> str:
    """With its zone; in UTC where the local time comes twice and this is the second: alone it would mean the first."""
    here = moment.astimezone(SOFIA)
    return f":{_utc(moment)}" if here.fold else f";TZID={ZONE}:{here:%Y%m%dT%H%M%S}"


def escape(text: str) -> str:
    """TEXT of RFC 5545, section 3.3.11; characters that may not stand in it become spaces."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(char if char == "\n" or (ord(char) >= 32 and ord(char) != 127) else " " for char in plain)
    for char in "\\;,":
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, never within a character; each but the first begins with a space."""
    part, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + char, size + octets
    yield part
