"""iCalendar: Debian's khal and vdirsyncer read a volunteer's feed from a running server, right across clock changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from core.clock import SOFIA, at
from notifications.services import contacts, sending
from requests.models import Visit
from requests.selectors import calendars as selectors
from requests.services import calendars, visit_changes
from requests.services.actors import RESIDENT
from tests import factories as make
from tests.notifications.smtp_sink import Sink
from tests.services.calendars import Calendar, need
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
PERSONAL = ("Мария", "Петрова", "чешмата", "порта", "люляк", "88855", "Иванка", "Делева")
HALF_PAST_TEN = time(10, 30)


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    need()
    cache.clear()
    return Calendar(tmp_path / "calendar")


@pytest.fixture
def ivanka(db: None) -> Volunteer:
    return make.volunteer()


def next_change(after: datetime) -> datetime:
    """Noon of the first day after `after` on which Sofia's clock is another than the noon before."""
    day = datetime.combine(after.astimezone(SOFIA).date(), time(12), tzinfo=SOFIA)
    while True:
        tomorrow = datetime.combine(day.date() + timedelta(days=1), time(12), tzinfo=SOFIA)
        if tomorrow.utcoffset() != day.utcoffset():
            return tomorrow
        day = tomorrow


def visits_around_both_changes(volunteer: Volunteer) -> list[datetime]:
    """At 10:30 the day before and the day after each of the two next changes of the clocks. In local time."""
    now, moment, starts = timezone.now(), timezone.now() + timedelta(days=2), []
    for _change in range(2):
        moment = next_change(moment)
        for days in (-1, 1):
            start = at(moment.date() + timedelta(days=days), HALF_PAST_TEN)
            make.visit(make.help_request(make.resident(), now=now), volunteer, now=now, start=start)
            starts.append(start.astimezone(SOFIA))
    return starts


def shown(starts: list[datetime]) -> list[str]:
    return [f"{start:%Y-%m-%d} 10:30 > {start:%Y-%m-%d} 11:30" for start in starts]


def times(entries: list[str]) -> list[str]:
    return [entry.partition(" | ")[0] for entry in entries]


def test_khal_shows_every_visit_at_its_local_time_across_both_clock_changes(
    calendar: Calendar, ivanka: Volunteer
) -> None:
    starts = visits_around_both_changes(ivanka)
    assert {start.utcoffset() for start in starts} == {timedelta(hours=2), timedelta(hours=3)}
    assert {start.astimezone(UTC).hour for start in starts} == {7, 8}
    calendar.bring_in(selectors.whole(ivanka, timezone.now()))
    entries = calendar.entries(f"{starts[0]:%Y-%m-%d}", 400)
    assert times(entries) == shown(starts)
    assert all("| Помощ за отопление, с.\u00a0Извор | с.\u00a0Извор |" in entry for entry in entries)
    # Read once more after a change it is the same entry, changed.
    first = Visit.objects.order_by("start")[0]
    visit_changes.move(visit_id=first.pk, start=first.start + timedelta(hours=2), actor=RESIDENT, now=timezone.now())
    calendar.bring_in(selectors.whole(ivanka, timezone.now()))
    again = calendar.entries(f"{starts[0]:%Y-%m-%d}", 400)
    assert times(again)[0].endswith("13:30") and times(again)[1:] == shown(starts)[1:]
    assert [entry.split(" | ")[-1] for entry in again] == [entry.split(" | ")[-1] for entry in entries]
    assert all("@" in entry.split(" | ")[-1] for entry in entries)


def test_vdirsyncer_brings_the_feed_from_the_running_server_and_every_change_of_it(
    calendar: Calendar, ivanka: Volunteer, live_server: Any
) -> None:
    starts = visits_around_both_changes(ivanka)
    url = f"{live_server.url}/kalendar/{calendars.renew(volunteer=ivanka, now=timezone.now())}.ics"
    calendar.sync(url)
    first = f"{starts[0]:%Y-%m-%d}"
    assert times(calendar.entries(first, 400)) == shown(starts)
    # One is moved, another falls through.
    rows = list(Visit.objects.order_by("start"))
    visit_changes.move(
        visit_id=rows[0].pk, start=rows[0].start + timedelta(hours=2), actor=RESIDENT, now=timezone.now()
    )
    visit_changes.give_back(visit_id=rows[3].pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=timezone.now())
    calendar.sync(url)
    after = calendar.entries(first, 400)
    assert times(after)[0] == f"{starts[0]:%Y-%m-%d} 12:30 > {starts[0]:%Y-%m-%d} 13:30"
    assert times(after)[1:] == shown(starts)[1:]
    # (vdirsyncer names what comes over HTTP by its content; that our names stay is shown with khal alone.)
    assert "CANCELLED" in after[3] and not any("CANCELLED" in entry for entry in after[:3])
    numbers = {re.findall(r"SEQUENCE:(\d+)", text)[0] for text in calendar.texts()}
    assert numbers == {"0", "1", "2"}
    everything = "".join(calendar.texts())
    assert [word for word in PERSONAL if word in everything] == []


def test_a_stopped_link_brings_nothing(calendar: Calendar, ivanka: Volunteer, live_server: Any) -> None:
    url = f"{live_server.url}/kalendar/{calendars.renew(volunteer=ivanka, now=timezone.now())}.ics"
    calendar.sync(url)
    calendars.stop(volunteer=ivanka)
    with pytest.raises(AssertionError, match=r"404|Not Found"):
        calendar.sync(url)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def by_mail(ivanka: Volunteer) -> Volunteer:
    contacts.change_contact(ivanka.contact, phone="", email="ivanka@example.org", language="bg")
    ivanka.contact.channels = ["email"]
    ivanka.contact.save()
    return ivanka


def enclosed(sink: Sink) -> Callable[[], list[str]]:
    def look() -> list[str]:
        found = []
        for letter in sink.letters:
            whole = message_from_bytes(bytes(letter), policy=policy.default)
            for part in whole.iter_attachments():  # type: ignore[attr-defined]
                assert part.get_content_type() == "text/calendar" and part.get_filename() == "poseshtenie.ics"
                assert part.get_param("method") == "PUBLISH" and part.get_content_charset() == "utf-8"
                found.append(part.get_content())
        return found

    return look


def test_the_letter_about_an_accepted_offer_carries_the_visit_and_so_does_the_one_about_its_end(
    calendar: Calendar, by_mail: Volunteer, sink: Sink
) -> None:
    now = timezone.now()
    start = at(next_change(now + timedelta(days=2)).date() + timedelta(days=1), HALF_PAST_TEN)
    visit = make.visit(make.help_request(make.resident(), now=now), by_mail, now=now, start=start)
    sending.send_due(now=now + timedelta(minutes=1))
    (text,) = enclosed(sink)()
    calendar.bring_in(text)
    (entry,) = calendar.entries(f"{start.astimezone(SOFIA):%Y-%m-%d}", 1)
    assert entry.startswith(f"{start.astimezone(SOFIA):%Y-%m-%d} 10:30 >") and "с.\u00a0Извор" in entry
    assert [word for word in PERSONAL if word in text] == []
    visit_changes.move(visit_id=visit.pk, start=start + timedelta(hours=1), actor=RESIDENT, now=now)
    sending.send_due(now=now + timedelta(minutes=2))
    calendar.bring_in(enclosed(sink)()[-1])
    (entry,) = calendar.entries(f"{start.astimezone(SOFIA):%Y-%m-%d}", 1)
    assert " 11:30 >" in entry
