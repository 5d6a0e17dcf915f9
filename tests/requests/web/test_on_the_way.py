"""Setting out, whom we tell, and how it went: what the volunteer, the person and the desk do about a visit's day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.clock import local_date
from notifications.models import Contact, Message
from requests.models import JournalEntry, Offer, Visit
from requests.services import visits
from requests.services.actors import BEAT
from requests.states import DeclineReason, Mode, Outcome
from tests import factories as make
from tests.requests.web.test_detail import client_of as desk_client
from tests.requests.web.test_my import client_of
from volunteers.models import Lesson, Volunteer

pytestmark = pytest.mark.django_db
PHONE = "0888 555 555"


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


def arranged(ivanka: Volunteer, hours: float = 2, **wanted: object) -> Visit:
    now = timezone.now()
    row = make.help_request(make.resident(phone=PHONE), now=now, **wanted)
    return make.visit(row, ivanka, now=now, start=now + timedelta(hours=hours))


def page(client: Client, visit: Visit) -> str:
    return client.get(reverse("requests:visit", args=[visit.pk])).content.decode()


def person(visit: Visit) -> Client:
    client = Client()
    client.post(reverse("requests:track"), {"code": visit.help_request.tracking_code, "phone": PHONE})
    return client


def over(visit: Visit, outcome: str = Outcome.SUBMITTED) -> Visit:
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=timezone.now())
    return visits.check_out(visit_id=visit.pk, outcome=outcome, minutes=40, actor=BEAT, now=timezone.now())


class TestOnTheWay:
    def test_one_tap_tells_the_person_who_comes_and_how_soon(self, ivanka: Volunteer) -> None:
        visit = arranged(ivanka)
        client = client_of(ivanka)
        assert "Тръгвам" in page(client, visit)
        for _twice in range(2):
            client.post(reverse("requests:set_out", args=[visit.pk]))
        told = Message.objects.get(kind="on_my_way")
        assert "Иванка" in told.body and "около 20 минути" in told.body
        assert JournalEntry.objects.filter(subject_id=visit.pk, verb="set_out").count() == 1
        again = page(client, visit)
        assert "казахме, че тръгвате" in again and "tragvam" not in again

    def test_without_a_known_way_no_minutes_are_named(self, ivanka: Volunteer) -> None:
        visit = arranged(ivanka)
        Offer.objects.update(travel_minutes=0)
        client_of(ivanka).post(reverse("requests:set_out", args=[visit.pk]))
        assert "минути" not in Message.objects.get(kind="on_my_way").body

    def test_long_before_and_to_a_telephone_nobody_sets_out(self, ivanka: Volunteer) -> None:
        assert "Тръгвам" not in page(client_of(ivanka), arranged(ivanka, hours=6))
        assert "Тръгвам" not in page(client_of(ivanka), arranged(ivanka, hours=2, mode=Mode.PHONE_HELP))

    def test_nobody_sets_out_to_a_visit_of_somebody_else_s(self, ivanka: Volunteer) -> None:
        visit = arranged(ivanka)
        address = reverse("requests:set_out", args=[visit.pk])
        assert client_of(make.volunteer("Петър")).post(address).status_code == 404
        assert not Message.objects.filter(kind="on_my_way").exists()


class TestARelative:
    def test_the_desk_writes_down_whom_we_tell_and_takes_it_back(self, ivanka: Volunteer) -> None:
        visit = arranged(ivanka)
        clerk = desk_client(make.user(Role.CLERK))
        address = reverse("requests:detail_relative", args=[visit.help_request_id])
        assert "На кой близък" in clerk.get(address).content.decode()
        assert clerk.post(address, {"phone": "не знам"}).status_code == 422
        unsaid = clerk.post(address, {"phone": "0899 111 222"})
        assert unsaid.status_code == 422 and "Изберете как го каза човекът." in unsaid.content.decode()
        said = {"phone": "0899 111 222", "way": "phone"}
        detail = clerk.post(address, said, follow=True).content.decode()
        assert "+359899111222" in detail and "казваме кога посещението започва" in detail
        first = Contact.objects.get(relative_of=visit.help_request.resident_id)
        clerk.post(address, {"phone": "", "way": "desk"})
        first.refresh_from_db()
        visit.help_request.resident.refresh_from_db()
        assert visit.help_request.resident.relative is None and first.stopped_at is not None

    def test_the_person_does_it_on_their_own_page_which_never_shows_the_number(self, ivanka: Volunteer) -> None:
        visit = arranged(ivanka)
        client, address = person(visit), reverse("requests:tracking_relative")
        assert "Да кажем ли на близък?" in client.get(reverse("requests:tracking")).content.decode()
        told = client.post(address, {"phone": "0899 111 222"}, follow=True).content.decode()
        assert "Казваме на Ваш близък" in told and "899111222" not in told
        assert "899111222" not in client.get(address).content.decode().replace(" ", "")
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=timezone.now())
        assert Message.objects.get(kind="relative_began").contact.phone == "+359899111222"


class TestHowItWent:
    def test_the_person_answers_the_one_question_and_the_desk_reads_it(self, ivanka: Volunteer) -> None:
        visit = over(arranged(ivanka))
        client, address = person(visit), reverse("requests:tracking_answer")
        assert "Кажете ни как мина" in client.get(reverse("requests:tracking")).content.decode()
        assert "Грешка:" in client.post(address, {"words": "благодаря"}).content.decode()
        client.post(address, {"helped": "yes", "words": "много мило момиче"})
        visit.refresh_from_db()
        assert (visit.helped, visit.said) == ("yes", "много мило момиче")
        assert "Променете отговора си" in client.get(reverse("requests:tracking")).content.decode()
        detail = reverse("requests:detail", args=[visit.help_request_id])
        read = desk_client(make.user(Role.COORDINATOR)).get(detail).content.decode()
        assert "да, помогнахме" in read and "много мило момиче" in read

    def test_a_personal_number_in_it_is_refused(self, ivanka: Volunteer) -> None:
        visit = over(arranged(ivanka))
        said = {"helped": "no", "words": "ЕГН 75 23 16 92 63"}
        answer = person(visit).post(reverse("requests:tracking_answer"), said)
        visit.refresh_from_db()
        assert answer.status_code == 200 and not visit.helped and not visit.said

    def test_where_nobody_was_at_home_nothing_is_asked(self, ivanka: Volunteer) -> None:
        client = person(over(arranged(ivanka), Outcome.NOBODY_HOME))
        assert "как мина</a>" not in client.get(reverse("requests:tracking")).content.decode()
        assert client.get(reverse("requests:tracking_answer")).status_code == 302


def test_a_no_says_what_was_learned_and_where_to_take_it_back(ivanka: Volunteer) -> None:
    now = timezone.now()
    (offer,) = make.offer(make.help_request(now=now), ivanka, now=now, start=now + timedelta(days=2))
    client, address = client_of(ivanka), reverse("requests:decline", args=[offer.pk])
    assert "Спираме да питаме за такива услуги." in client.get(address).content.decode()
    told = client.post(address, {"reason": DeclineReason.NOT_THIS_KIND}, follow=True).content.decode()
    assert "не питаме за тези услуги" in told
    own = reverse("volunteers:me")
    assert "не питаме за тези услуги" in client.get(own).content.decode()
    client.post(own, {"do": "unlearn", "lesson": Lesson.objects.get().pk})
    assert not Lesson.objects.live(local_date(now)).exists()
    assert "не питаме за тези услуги" not in client.get(own).content.decode().partition('id="otkazi"')[2]
