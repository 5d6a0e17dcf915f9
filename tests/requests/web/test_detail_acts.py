"""What the desk does to a request from its page: kept when wrong, asked once more when something is given up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from core.clock import local
from requests.models import HelpRequest, Offer, PersonRule, Resident, Visit
from requests.services import intake, offers
from requests.states import RequestState, VisitState
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def clerk() -> Client:
    return client_of(make.user(Role.CLERK))


@pytest.fixture
def coordinator() -> Client:
    return client_of(make.user(Role.COORDINATOR))


def address(row: HelpRequest, act: str, *more: Any) -> str:
    return reverse(f"requests:detail_{act}", args=[row.pk, *more])


def written(row: HelpRequest) -> dict[str, Any]:
    return {
        "service": row.service_id or "unknown", "urgency": row.urgency, "minutes": row.minutes,
        "safe_word": row.safe_word, "note": row.note,
    }  # fmt: skip


def body(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_request_is_put_right(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    assert "люляк" in body(clerk.get(address(row, "correct")))
    soon = date.today() + timedelta(days=5)
    said = written(row) | {
        "service": "unknown", "urgency": "today", "urgency_reason": "no_heat", "deadline": soon.isoformat(),
        "minutes": 45, "safe_word": "калина", "note": "втори вход",
    }  # fmt: skip
    text = body(clerk.post(address(row, "correct"), said, follow=True))
    row = HelpRequest.objects.get()
    assert (row.service, row.urgency, row.urgency_reason, row.deadline) == (None, "today", "no_heat", soon)
    assert (row.minutes, row.safe_word, row.note) == (45, "калина", "втори вход")
    assert "Записаното е поправено" in text and "остава без отопление или ток" in text


def test_what_was_typed_stays_when_something_is_wrong(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    said = written(row) | {"urgency": "today", "minutes": "час и нещо", "note": "ЕГН 75 23 16 92 63"}
    answer = clerk.post(address(row, "correct"), said)
    assert answer.status_code == 422
    text = body(answer)
    assert "<title>Грешка:" in text and "час и нещо" in text and "75 23 16 92 63" in text
    assert "Изберете защо е спешно." in text and "не го пазим" in text
    row = HelpRequest.objects.get()
    assert row.urgency == "in_time" and row.note == ""


def test_a_rule_of_the_house_stands_at_its_field(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    yesterday = (local(now).date() - timedelta(days=1)).isoformat()
    answer = clerk.post(address(row, "correct"), written(row) | {"deadline": yesterday})
    assert answer.status_code == 422 and "Срокът е минал." in body(answer) and yesterday in body(answer)


def test_the_safe_word_of_a_home_visit_is_not_emptied(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    answer = clerk.post(address(row, "correct"), written(row) | {"safe_word": ""})
    assert answer.status_code == 422 and HelpRequest.objects.get().safe_word == "люляк"


def test_the_person_is_put_right_and_an_address_of_mail_stays(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    row.resident.contact.email = "maria@example.org"
    row.resident.contact.save()
    said = {
        "first_name": "Мария", "middle_name": "Иванова", "last_name": "Петрова", "phone": "0888 777 777",
        "settlement": make.village("Друган").pk, "address_note": "над читалището", "needs": ["speak_slowly"],
    }  # fmt: skip
    text = body(clerk.post(address(row, "person"), said, follow=True))
    who = Resident.objects.get()
    assert (who.middle_name, who.contact.phone, who.contact.email) == (
        "Иванова", "+359888777777", "maria@example.org"
    )  # fmt: skip
    assert "бавен говор" in text and "над читалището" in text
    wrong = clerk.post(address(row, "person"), said | {"phone": "12", "address_note": "до моста"})
    assert wrong.status_code == 422 and "до моста" in body(wrong)


def test_a_clerk_of_one_kmetstvo_keeps_the_person_there(now: datetime) -> None:
    user = make.user(Role.CLERK)
    Membership.objects.get(user=user).settlements.add(make.village("Извор"))
    row = make.help_request(now=now)
    text = body(client_of(user).get(address(row, "person")))
    assert "Извор" in text and "Друган" not in text


def test_another_time_is_taken_as_it_is_said(clerk: Client, now: datetime) -> None:
    visit = make.visit(make.help_request(now=now), now=now)
    row = visit.help_request
    assert "Уговореното отпада" in body(clerk.get(address(row, "time")))
    wrong = clerk.post(address(row, "time"), {"when": "на кукуво лято"})
    assert wrong.status_code == 422 and "на кукуво лято" in body(wrong)
    text = body(clerk.post(address(row, "time"), {"when": "вторник преди обед"}, follow=True))
    row.refresh_from_db()
    assert row.state == RequestState.OPEN and row.free_times.get().weekday == 1
    assert "вторник" in text and Visit.objects.get().state == VisitState.CANCELLED


def test_a_visit_moves_to_another_hour(clerk: Client, now: datetime) -> None:
    visit = make.visit(make.help_request(now=now), now=now)
    row = visit.help_request
    there = (local(now) + timedelta(days=4)).replace(hour=10, minute=30, second=0, microsecond=0)
    past = f"{local(now) - timedelta(days=1):%Y-%m-%dT%H:%M}"
    wrong = clerk.post(address(row, "move"), {"start": past})
    assert wrong.status_code == 422 and "който още не е минал" in body(wrong) and past in body(wrong)
    clerk.post(address(row, "move"), {"start": f"{there:%Y-%m-%dT%H:%M}"})
    visit.refresh_from_db()
    assert visit.start == there


def test_the_person_confirms_by_phone(clerk: Client, now: datetime) -> None:
    visit = make.visit(make.help_request(now=now), now=now)
    text = body(clerk.post(address(visit.help_request, "confirm"), follow=True))
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED and "Човекът потвърди" in text


@pytest.mark.parametrize(("why", "state"), [("withdraw", "withdrawn"), ("cancel", "cancelled")])
def test_stopping_is_asked_once_more_and_says_whose_wish_it_is(
    clerk: Client, now: datetime, why: str, state: str
) -> None:
    row = make.help_request(now=now)
    assert clerk.get(address(row, "stop")).status_code == 200
    assert clerk.post(address(row, "stop")).status_code == 422
    row.refresh_from_db()
    assert row.state == RequestState.OPEN
    clerk.post(address(row, "stop"), {"why": why})
    row.refresh_from_db()
    assert row.state == state
    again = body(clerk.post(address(row, "stop"), {"why": why}, follow=True))
    assert "Междувременно нещо се промени" in again
    clerk.post(address(row, "reopen"))
    row.refresh_from_db()
    assert (row.state, row.attempt) == (RequestState.OPEN, 2)


def test_begun_again_before_anybody_phoned_the_desk_is_told_to_phone(clerk: Client, now: datetime) -> None:
    wanted = intake.Wanted(service=make.service())
    row = intake.submit_from_web(resident=make.resident(), wanted=wanted, now=now)
    clerk.post(address(row, "stop"), {"why": "cancel"})
    row.refresh_from_db()
    assert row.state == RequestState.CANCELLED
    assert "Първо се обадете на човека." in body(clerk.post(address(row, "reopen"), follow=True))
    row.refresh_from_db()
    assert (row.state, row.next_step) == (RequestState.UNVERIFIED, "phone_person")


def test_searching_again_counts_as_the_next_attempt(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    assert "Търсим отначало" in body(clerk.post(address(row, "search"), follow=True))
    row.refresh_from_db()
    assert row.attempt == 2


def test_what_cannot_be_done_now_is_said_kindly(clerk: Client, now: datetime) -> None:
    row = make.help_request(now=now)
    for act in ("move", "missed", "told", "confirm"):
        text = body(clerk.post(address(row, act), follow=True))
        assert "Междувременно нещо се промени" in text, act
    assert "Тази заявка още тече." in body(clerk.post(address(row, "reopen"), follow=True))


def began(visit: Visit, now: datetime, ago: timedelta = timedelta(hours=1)) -> None:
    """The clock moves on past the visit's start."""
    length = visit.end - visit.start
    visit.seats.update(start=now - ago, end=now - ago + length)
    Visit.objects.filter(pk=visit.pk).update(start=now - ago, end=now - ago + length)


def test_nobody_came_is_asked_once_more(clerk: Client, now: datetime) -> None:
    visit = make.visit(make.help_request(now=now), now=now)
    row = visit.help_request
    began(visit, now)
    assert "търсим друг" in body(clerk.get(address(row, "missed")))
    visit.refresh_from_db()
    assert visit.state == VisitState.SCHEDULED
    clerk.post(address(row, "missed"))
    visit.refresh_from_db()
    row.refresh_from_db()
    assert (visit.state, row.state) == (VisitState.NO_SHOW, RequestState.OPEN)


def test_a_visit_told_by_phone_is_written_down_whole(clerk: Client, now: datetime) -> None:
    make.difficulty()
    visit = make.visit(make.help_request(now=now), now=now)
    row = visit.help_request
    began(visit, now)
    wrong = clerk.post(address(row, "told"), {"outcome": "submitted", "note": "остана бележка"})
    assert wrong.status_code == 422 and "остана бележка" in body(wrong) and "число от 1 до 600" in body(wrong)
    visit.refresh_from_db()
    assert visit.state == VisitState.SCHEDULED
    said = {"outcome": "submitted", "minutes": "50", "before": ["NO_DEVICE"], "note": "без сигнал там"}
    text = body(clerk.post(address(row, "told"), said, follow=True))
    visit.refresh_from_db()
    assert (visit.state, visit.minutes, visit.outcome) == (VisitState.DONE, 50, "submitted")
    assert visit.difficulties.get().difficulty_id == "NO_DEVICE"
    assert "разказано по телефона" in text and "без сигнал там" in text


def test_a_visit_of_tomorrow_is_not_told_today(clerk: Client, now: datetime) -> None:
    visit = make.visit(make.help_request(now=now), now=now, start=now + timedelta(days=1))
    text = body(clerk.post(address(visit.help_request, "told"), {"outcome": "submitted", "minutes": 5}, follow=True))
    visit.refresh_from_db()
    assert "Междувременно" in text and visit.state == VisitState.SCHEDULED


def test_a_yes_by_phone_is_written_with_who_and_when(clerk: Client, now: datetime) -> None:
    row, ivanka = make.help_request(now=now), make.volunteer()
    offer = make.offer(row, ivanka, now=now)[0]
    page = address(row, "answer", offer.pk)
    assert "Иванка Делева" in body(clerk.get(page))
    at = f"{local(now) - timedelta(minutes=10):%Y-%m-%dT%H:%M}"
    text = body(clerk.post(page, {"answer": "yes", "said_by": "съпругът ѝ", "said_at": at}, follow=True))
    offer.refresh_from_db()
    assert (offer.state, offer.answer_channel, offer.said_by) == ("accepted", "phone", "съпругът ѝ")
    assert offer.said_at and f"{local(offer.said_at):%Y-%m-%dT%H:%M}" == at and offer.recorded_by is not None
    assert "каза го съпругът ѝ" in text and offer.recorded_by.name in text


def test_a_no_by_phone_needs_a_reason_and_a_time_that_has_come(clerk: Client, now: datetime) -> None:
    row, ivanka = make.help_request(now=now), make.volunteer()
    offer = make.offer(row, ivanka, now=now)[0]
    page = address(row, "answer", offer.pk)
    later = f"{local(now) + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    wrong = clerk.post(page, {"answer": "no", "said_by": "Иванка", "said_at": later})
    assert wrong.status_code == 422 and "още не е дошъл" in body(wrong) and "Изберете защо" in body(wrong)
    at = f"{local(now):%Y-%m-%dT%H:%M}"
    clerk.post(page, {"answer": "no", "reason": "busy", "said_by": "Иванка", "said_at": at})
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == ("declined", "busy")
    assert "Междувременно" in body(clerk.get(page, follow=True))


def test_too_late_by_phone_is_told_kindly_and_keeps_what_was_typed(clerk: Client, now: datetime) -> None:
    row, ivanka = make.help_request(now=now), make.volunteer()
    offer = make.offer(row, ivanka, now=now)[0]
    Offer.objects.filter(pk=offer.pk).update(expires_at=now - timedelta(minutes=1))
    at = f"{local(now):%Y-%m-%dT%H:%M}"
    answer = clerk.post(address(row, "answer", offer.pk), {"answer": "yes", "said_by": "Иванка Д.", "said_at": at})
    assert answer.status_code == 422 and "Времето за отговор изтече" in body(answer) and "Иванка Д." in body(answer)


def test_an_offer_of_another_request_does_not_exist_here(clerk: Client, now: datetime) -> None:
    offer = make.offer(make.help_request(now=now), make.volunteer(), now=now)[0]
    assert clerk.get(address(make.help_request(now=now), "answer", offer.pk)).status_code == 404


def test_whom_one_should_not_meet_is_set_and_taken_back(coordinator: Client, now: datetime) -> None:
    row, ivanka = make.help_request(now=now), make.volunteer()
    elsewhere = make.volunteer("Друг", "Човек", of=make.municipality("PER01", "Перник"), home="Перник село", groups=())
    page = address(row, "rules")
    assert "Друг Човек" not in body(coordinator.get(page))
    assert coordinator.post(page, {"volunteer": elsewhere.pk, "kind": "blocked"}).status_code == 422
    text = body(coordinator.post(page, {"volunteer": ivanka.pk, "kind": "blocked", "note": "скараха се"}, follow=True))
    assert "не заедно" in text and "скараха се" in text
    rule = PersonRule.objects.get()
    assert offers.make(
        help_request_id=row.pk, attempt=1, start=now + timedelta(days=1), end=now + timedelta(days=1, hours=1),
        seats_for=[offers.SeatProposal(seat=1, volunteer_id=ivanka.pk)], now=now,
    ) == []  # fmt: skip
    drop = address(row, "drop_rule", rule.pk)
    assert coordinator.get(drop).status_code == 200 and PersonRule.objects.exists()
    coordinator.post(drop)
    assert not PersonRule.objects.exists()
