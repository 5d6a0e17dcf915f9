"""The writer keeps to RFC 5545: folding, escaping, times across both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from requests.calendar import Entry, write
from requests.calendar.writer import escape, fold

START = datetime(2026, 10, 15, 7, 30, tzinfo=UTC)


def entry(**more: object) -> Entry:
    about = {
        "uid": "a@b", "sequence": 0, "changed_at": START, "start": START, "end": START + timedelta(hours=1),
        "summary": "Помощ", "location": "с. Извор",
    }  # fmt: skip
    return Entry(**{**about, **more})  # type: ignore[arg-type]


def lines(*entries: Entry) -> list[str]:
    """Unfolded, without the zone's own."""
    text = write(entries, name="Моите").replace("\r\n ", "")
    return text.partition("END:VTIMEZONE\r\n")[2].split("\r\n")


@given(st.text())
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back(text: str) -> None:
    line = escape(text)
    parts = list(fold(line))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join(part[1:] if number else part for number, part in enumerate(parts)) == line


@given(st.text())
def test_whatever_the_text_it_stays_one_property(text: str) -> None:
    written = lines(entry(summary=text))
    assert [line.partition(":")[0].partition(";")[0] for line in written] == [
        "BEGIN", "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS",
        "TRANSP", "CLASS", "END", "END", "",
    ]  # fmt: skip


def test_separators_are_escaped() -> None:
    assert escape("а; б, в\\г\nд\r\nе\x00") == "а\\; б\\, в\\\\г\\nд\\nе "


def test_local_time_with_its_zone_before_and_after_the_clocks_change() -> None:
    summer, winter = datetime(2026, 10, 24, 7, 30, tzinfo=UTC), datetime(2026, 10, 26, 8, 30, tzinfo=UTC)
    assert "DTSTART;TZID=Europe/Sofia:20261024T103000" in lines(entry(start=summer))
    assert "DTSTART;TZID=Europe/Sofia:20261026T103000" in lines(entry(start=winter))


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    # 25 October 2026: at 4:00 summer time the clocks go back to 3:00.
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert "DTSTART;TZID=Europe/Sofia:20261025T033000" in lines(entry(start=first))
    assert "DTSTART:20261025T013000Z" in lines(entry(start=second))


def test_a_cancelled_visit_says_so_and_keeps_nobody_busy() -> None:
    said = lines(entry(cancelled=True, sequence=3))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:3"} <= set(said)


def test_lines_end_as_they_must_and_the_same_is_written_the_same() -> None:
    text = write([entry()], name="Моите")
    assert text.count("\n") == text.count("\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert text == write([entry()], name="Моите")
