"""The link without a sign-in, the page where it is made and stopped, the file of one visit."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from requests.models import CalendarFeed, Visit
from requests.services import calendars
from requests.web.calendars import FETCHES
from tests import factories as make
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


@pytest.fixture
def visit(ivanka: Volunteer) -> Visit:
    now = timezone.now()
    return make.visit(make.help_request(now=now), ivanka, now=now, start=now + timedelta(days=1))


def signed_in(person: Volunteer) -> Client:
    client = Client()
    client.force_login(person.user)  # type: ignore[arg-type]
    return client


def link(person: Volunteer) -> str:
    return f"/kalendar/{calendars.renew(volunteer=person, now=timezone.now())}.ics"


def test_anybody_with_the_link_reads_it_and_gets_no_cookie(ivanka: Volunteer, visit: Visit) -> None:
    answer = Client().get(link(ivanka))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n") and b"BEGIN:VEVENT" in answer.content
    assert not answer.cookies and "private" in answer.headers["Cache-Control"]
    assert CalendarFeed.objects.get().fetched_at is not None


def test_what_did_not_change_is_not_sent_again(ivanka: Volunteer, visit: Visit) -> None:
    address = link(ivanka)
    tag = Client().get(address).headers["ETag"]
    assert Client().get(address).headers["ETag"] == tag
    same = Client().get(address, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    Visit.objects.filter(pk=visit.pk).update(sequence=4)
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_link_that_opens_nothing(ivanka: Volunteer) -> None:
    old = link(ivanka)
    link(ivanka)
    for address in (old, "/kalendar/abc.ics", "/kalendar/.ics"):
        answer = Client().get(address)
        assert answer.status_code == 404 and "Иванка" not in answer.content.decode()


def test_it_is_only_read(ivanka: Volunteer) -> None:
    address = link(ivanka)
    assert Client().post(address).status_code == 405 and Client().head(address).status_code == 200


def test_too_many_from_one_address_wait(ivanka: Volunteer) -> None:
    address = link(ivanka)
    answers = [Client().get(address).status_code for _time in range(FETCHES.most + 1)]
    assert set(answers[:-1]) == {200} and answers[-1] == 429
    assert Client(REMOTE_ADDR="198.51.100.7").get(address).status_code == 200


def test_the_page_makes_shows_once_and_stops(ivanka: Volunteer) -> None:
    client = signed_in(ivanka)
    assert "Правя връзка" in client.get("/moyat-kalendar/").content.decode()
    made = client.post("/moyat-kalendar/vrazka/")
    found = re.search(r'value="http[^"]+(/kalendar/[\w-]{43}\.ics)"', made.content.decode())
    assert found and "no-store" in made.headers["Cache-Control"]
    assert Client().get(found[1]).status_code == 200
    page = client.get("/moyat-kalendar/").content.decode()
    assert found[1] not in page and "Последно четена" in page
    client.post("/moyat-kalendar/stop/")
    assert Client().get(found[1]).status_code == 404


def test_staff_have_none(ivanka: Volunteer) -> None:
    client = Client()
    client.force_login(make.user("coordinator"))
    assert client.get("/moyat-kalendar/").status_code == 403


def test_a_visit_as_a_file(ivanka: Volunteer, visit: Visit) -> None:
    client = signed_in(ivanka)
    address = f"/poseshtenie/{visit.pk}/kalendar.ics"
    assert address in client.get(f"/poseshtenie/{visit.pk}/").content.decode()
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="poseshtenie.ics"'
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert signed_in(make.volunteer("Пенка", "Ангелова")).get(address).status_code == 404
