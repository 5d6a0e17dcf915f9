"""On paper: the appointment in large print, letters, the kmetstvo's day, sheets for the outcome; who may print them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from core.clock import local_date
from notifications.models import DeskTask, Message
from notifications.services import contacts
from notifications.states import Channel, MessageState, TaskKind
from requests.models import Visit
from requests.services import changes
from requests.services.actors import RESIDENT
from tests import factories as make

pytestmark = pytest.mark.django_db


def client_of(role: Role, **more: str) -> Client:
    client = Client()
    client.force_login(make.user(role))
    return client


@pytest.fixture
def clerk() -> Client:
    return client_of(Role.CLERK)


@pytest.fixture
def visit() -> Visit:
    """Мария is visited the day after tomorrow by two; she asked for paper."""
    now = timezone.now()
    who = make.resident(phone="0888 555 555")
    contacts.prefer(who.contact, Channel.PAPER)
    service = make.service()
    service.documents_bg, service.documents_en = ["лична карта", "решение за пенсия"], ["identity card"]
    service.save()
    row = make.help_request(who, now=now, team=2, service=service)
    return make.visit(row, make.volunteer(), make.volunteer("Петър", "Колев"), now=now)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def day_of(visit: Visit) -> str:
    return local_date(visit.start).isoformat()


def run_address(visit: Visit, village: str = "Извор") -> str:
    return reverse("requests:paper_run", args=[make.village(village).pk, day_of(visit)])


HIDDEN = ("люляк", "чешмата", "0888 555 555", "+359888555555")


def test_the_large_card_says_who_comes_when_and_what_to_have_ready(clerk: Client, visit: Visit) -> None:
    text = text_of(clerk, reverse("requests:paper_card", args=[visit.help_request_id]))
    for said in (
        "Мария Петрова, ще дойдем при Вас", "Иванка Делева, значка 1", "Петър Колев, значка 2", "лична карта",
        "решение за пенсия", "Първо те казват тайната Ви дума.", "Не я ли кажат, не отваряйте", "Никога не искаме пари",
        "0777 12 345", "Помощ за отопление",
    ):  # fmt: skip
        assert said in text, said
    assert [word for word in HIDDEN if word in text] == []


def test_the_card_is_in_the_persons_language_and_the_way_back_in_the_readers(clerk: Client, visit: Visit) -> None:
    contact = visit.help_request.resident.contact
    contact.language = "en"
    contact.save()
    text = text_of(clerk, reverse("requests:paper_card", args=[visit.help_request_id]))
    assert '<html lang="en">' in text
    assert "identity card" in text
    assert "Отпечатайте с Ctrl и P" in text
    assert f'href="/zayavki/{visit.help_request_id}/"' in text


def test_without_an_appointment_the_card_says_where_it_stands(clerk: Client) -> None:
    row = make.help_request(now=timezone.now())
    assert "Търсим кой да помогне" in text_of(clerk, reverse("requests:paper_card", args=[row.pk]))


def test_the_kmetstvos_sheet_shows_the_day_and_nothing_that_must_not_be_seen(clerk: Client, visit: Visit) -> None:
    text = text_of(clerk, run_address(visit))
    for said in ("с. Извор", "1 посещение", "Мария П.", "Иванка Делева, значка 1", "Петър Колев, значка 2"):
        assert said in text, said
    unseen = (*HIDDEN, "Петрова", "Помощ за отопление", "лична карта", visit.help_request.tracking_code)
    assert [word for word in unseen if word in text] == []


def test_behind_it_lies_a_sheet_for_every_outcome(clerk: Client, visit: Visit) -> None:
    for address in (run_address(visit), reverse("requests:paper_outcome", args=[visit.help_request_id])):
        text = text_of(clerk, address)
        for said in ("Отчет за посещение по заявка", "липсва документ", "нямаше никого", "Започнах в", "Не пишете ЕГН"):
            assert said in text, said
        assert [word for word in (*HIDDEN, "Петрова", "Помощ за отопление") if word in text] == []


def test_a_meeting_at_a_point_stands_on_the_points_village(clerk: Client) -> None:
    now = timezone.now()
    point = make.help_point("Друган")
    row = make.help_request(now=now, mode="HELP_POINT", help_point=point)
    visit = make.visit(row, make.volunteer(), now=now)
    assert "Кметство Друган, с. Друган" in text_of(clerk, run_address(visit, "Друган"))
    assert "Този ден няма посещения тук." in text_of(clerk, run_address(visit, "Извор"))


def test_the_list_leads_to_every_village_and_day_with_visits(clerk: Client, visit: Visit) -> None:
    text = text_of(clerk, reverse("requests:paper_sheets"))
    assert run_address(visit) in text
    changes.withdraw(help_request=visit.help_request, actor=RESIDENT, now=timezone.now())
    empty = text_of(clerk, reverse("requests:paper_sheets"))
    assert run_address(visit) not in empty
    assert "Нищо за печат." in empty


def test_the_pages_lead_there(clerk: Client, visit: Visit) -> None:
    detail = text_of(clerk, reverse("requests:detail", args=[visit.help_request_id]))
    for name in ("paper_card", "paper_outcome"):
        assert reverse(f"requests:{name}", args=[visit.help_request_id]) in detail
    assert reverse("requests:paper_sheets") in text_of(clerk, reverse("requests:mine"))
    assert reverse("requests:paper_sheets") in text_of(client_of(Role.COORDINATOR), reverse("planning:board"))


def letters() -> dict[str, Message]:
    return {row.kind: row for row in Message.objects.filter(channel=Channel.PAPER)}


def test_a_person_of_paper_becomes_a_task_with_the_letter_and_done_is_the_receipt(clerk: Client, visit: Visit) -> None:
    message = letters()["visit_scheduled"]
    task = DeskTask.objects.get(subject_id=message.pk)
    assert (task.kind, message.state) == (TaskKind.HAND_OVER, MessageState.SENT)
    address = reverse("requests:paper_letter", args=[message.pk])
    page = text_of(clerk, reverse("planning:task", args=[task.pk]))
    assert address in page
    assert "Предадох го или го пуснах по пощата" in page
    assert "Мария Петрова" in page
    letter = text_of(clerk, address)
    assert "Мария Петрова, ще дойдем при Вас" in letter
    assert [word for word in HIDDEN if word in letter] == []
    clerk.post(reverse("planning:task", args=[task.pk]), {"do": "finish", "result": "told"})
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.DELIVERED, "")


def test_a_letter_nobody_could_hand_over_has_failed(clerk: Client, visit: Visit) -> None:
    message = letters()["visit_scheduled"]
    task = DeskTask.objects.get(subject_id=message.pk)
    clerk.post(reverse("planning:task", args=[task.pk]), {"do": "finish", "result": "not_reached"})
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.FAILED, "not_reached")


def test_a_letter_of_something_else_says_its_own_words(clerk: Client, visit: Visit) -> None:
    changes.cancel(help_request=visit.help_request, actor=RESIDENT, now=timezone.now())
    letter = text_of(clerk, reverse("requests:paper_letter", args=[letters()["visit_called_off"].pk]))
    assert "Посещението отпада" in letter
    assert "ще дойдем при Вас" not in letter


def test_the_desk_writes_down_that_somebody_wants_paper(clerk: Client) -> None:
    row = make.help_request(make.resident(phone="0888 555 555"), now=timezone.now())
    address, contact = reverse("requests:detail_person", args=[row.pk]), row.resident.contact
    assert 'value="paper"' in text_of(clerk, address)
    same = {
        "first_name": "Мария", "last_name": "Петрова", "phone": "0888 555 555",
        "settlement": row.resident.settlement_id, "address_note": "до чешмата",
    }  # fmt: skip
    assert clerk.post(address, {**same, "way": "paper"}).status_code == 302
    contact.refresh_from_db()
    assert contact.channels == [Channel.PAPER]
    assert clerk.post(address, {**same, "way": "sms"}).status_code == 302
    contact.refresh_from_db()
    assert contact.channels == [Channel.SMS]
    assert clerk.post(address, {**same, "way": "pigeon"}).status_code != 302


@pytest.fixture
def addresses(visit: Visit) -> list[str]:
    return [
        reverse("requests:paper_card", args=[visit.help_request_id]),
        reverse("requests:paper_outcome", args=[visit.help_request_id]),
        reverse("requests:paper_letter", args=[letters()["visit_scheduled"].pk]),
        run_address(visit),
    ]


def test_another_municipality_prints_nothing_of_ours(addresses: list[str]) -> None:
    elsewhere = Client()
    elsewhere.force_login(make.user(Role.COORDINATOR, of=make.municipality("PER32", "Перник")))
    assert [elsewhere.get(address).status_code for address in addresses] == [404] * 4
    assert run_address(Visit.objects.get()) not in text_of(elsewhere, reverse("requests:paper_sheets"))


def test_a_clerk_of_another_village_prints_nothing_of_this_one(addresses: list[str]) -> None:
    person = make.user(Role.CLERK)
    Membership.objects.get(user=person).settlements.add(make.village("Дрен"))
    narrowed = Client()
    narrowed.force_login(person)
    assert [narrowed.get(address).status_code for address in addresses] == [404] * 4
    Membership.objects.get(user=person).settlements.add(make.village("Извор"))
    assert [narrowed.get(address).status_code for address in addresses] == [200] * 4


def test_a_volunteer_and_a_stranger_print_nothing(addresses: list[str]) -> None:
    volunteer, stranger = client_of(Role.VOLUNTEER), Client()
    every = [*addresses, reverse("requests:paper_sheets")]
    assert [volunteer.get(address).status_code for address in every] == [403] * 5
    assert [stranger.get(address).status_code for address in every] == [302] * 5


@pytest.mark.parametrize("day", ["2026-13-40", "utre", "20261005x"])
def test_a_day_that_is_none_is_not_found(clerk: Client, day: str) -> None:
    assert clerk.get(reverse("requests:paper_run", args=[make.village().pk, day])).status_code == 404


def test_what_is_not_there_is_not_found(clerk: Client) -> None:
    row = make.help_request(now=timezone.now())
    assert clerk.get(reverse("requests:paper_outcome", args=[row.pk])).status_code == 404
    assert clerk.get(reverse("requests:paper_letter", args=[uuid4()])).status_code == 404


def test_a_full_day_asks_as_many_questions_as_an_empty_one(clerk: Client) -> None:
    now = timezone.now()
    start = (now + timedelta(days=2)).replace(hour=7, minute=0, second=0, microsecond=0)

    def questions(count: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            count()
        return len(asked)

    def add(at: datetime) -> Visit:
        return make.visit(make.help_request(now=now), make.volunteer(), now=now, start=at)

    one = add(start)
    sheet, every = run_address(one), reverse("requests:paper_sheets")
    before = [questions(lambda a=address: clerk.get(a)) for address in (sheet, every)]  # type: ignore[misc]
    for number in range(1, 4):
        add(start + timedelta(hours=2 * number))
    after = [questions(lambda a=address: clerk.get(a)) for address in (sheet, every)]  # type: ignore[misc]
    assert after == before
