"""A visit's own messages: reminders in time, on the way; and to a relative nothing but that it began and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from notifications.models import Contact, Message
from notifications.services import contacts, sending
from notifications.states import MessageState
from requests.models import Visit
from requests.services import changes, visit_changes, visits
from requests.services.actors import BEAT
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NOW = make.NOW


@pytest.fixture
def visit() -> Visit:
    return make.visit(start=NOW + timedelta(days=3, hours=4))


def queued(visit: Visit, kind: str) -> list[Message]:
    rows = Message.objects.filter(contact=visit.help_request.resident.contact, kind=kind)
    return list(rows.filter(state=MessageState.QUEUED))


def test_two_reminders_wait_for_their_hours(visit: Visit) -> None:
    (tomorrow,), (soon,) = queued(visit, "visit_tomorrow"), queued(visit, "visit_soon")
    assert tomorrow.due_at == visit.start - timedelta(days=1)
    assert soon.due_at == visit.start - timedelta(hours=2)
    assert tomorrow.expires_at == soon.expires_at == visit.start
    mine = Message.objects.filter(contact=visit.seats.get().volunteer.contact, kind="visitor_tomorrow")
    assert mine.get().due_at == visit.start - timedelta(days=1)


def test_the_reminder_says_what_to_have_ready(visit: Visit) -> None:
    service = visit.help_request.service
    assert service is not None
    service.documents_bg = ["лична карта", "решение за пенсия"]
    service.save()
    visit_changes.move(visit_id=visit.pk, start=visit.start + timedelta(days=1), actor=BEAT, now=NOW)
    assert "Пригответе: лична карта, решение за пенсия." in queued(visit, "visit_tomorrow")[0].body


def test_a_moved_visit_is_reminded_of_at_its_new_time_only(visit: Visit) -> None:
    later = visit.start + timedelta(days=2)
    visit_changes.move(visit_id=visit.pk, start=later, actor=BEAT, now=NOW)
    assert [row.due_at for row in queued(visit, "visit_tomorrow")] == [later - timedelta(days=1)]
    assert [row.due_at for row in queued(visit, "visit_soon")] == [later - timedelta(hours=2)]


def test_a_visit_that_is_called_off_reminds_nobody(visit: Visit) -> None:
    changes.withdraw(help_request=visit.help_request, actor=BEAT, now=NOW)
    assert queued(visit, "visit_tomorrow") == queued(visit, "visit_soon") == []


def test_a_visit_within_a_day_gets_only_the_short_reminder() -> None:
    visit = make.visit(start=NOW + timedelta(hours=6))
    assert queued(visit, "visit_tomorrow") == []
    assert len(queued(visit, "visit_soon")) == 1


def test_who_is_asleep_is_reminded_the_evening_before() -> None:
    row = make.help_request()
    contact = row.resident.contact
    contact.quiet_until, contact.on_free_days = datetime(2026, 1, 1, 8).time(), False
    contact.save()
    visit = make.visit(row, start=datetime(2026, 10, 15, 6, 30, tzinfo=NOW.tzinfo))
    (soon,) = queued(visit, "visit_soon")
    assert soon.due_at == datetime(2026, 10, 14, 16, 59, tzinfo=NOW.tzinfo)


def test_on_the_way_is_told_once(visit: Visit) -> None:
    at = visit.start - timedelta(minutes=40)
    for _time in range(2):
        visits.set_out(visit_id=visit.pk, minutes=25, actor=BEAT, now=at)
    told = Message.objects.get(contact=visit.help_request.resident.contact, kind="on_my_way")
    assert "25 минути" in told.body
    assert told.expires_at == visit.start + timedelta(hours=1)


class TestRelative:
    @pytest.fixture
    def relative(self, visit: Visit) -> Contact:
        resident = visit.help_request.resident
        resident.relative = contacts.make_contact(municipality=resident.municipality, phone="+359887111222")
        resident.save()
        return resident.relative

    def test_is_told_that_it_began_and_nothing_of_what_it_is_about(self, visit: Visit, relative: Contact) -> None:
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
        told = Message.objects.get(contact=relative)
        assert told.kind == "relative_began"
        service = visit.help_request.service
        assert service is not None and service.name not in told.body + told.short + told.subject

    def test_nobody_is_told_where_the_person_does_not_wish_it(self, visit: Visit) -> None:
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
        assert not Message.objects.filter(kind="relative_began").exists()


def test_every_reminder_goes_before_its_visit(visit: Visit) -> None:
    moment = NOW
    while moment < visit.start + timedelta(hours=1):
        sending.send_due(now=moment)
        moment += timedelta(minutes=30)
    rows = Message.objects.filter(kind__in=["visit_tomorrow", "visit_soon"])
    assert {row.state for row in rows} == {MessageState.SENT}
    assert all(row.sent_at and row.sent_at < visit.start for row in rows)
