"""Every opening of a person's record is written down, and what looks unusual is told to who leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.services import tokens
from requests.models import Opening, UnusualReading
from requests.services import openings
from requests.states import UnusualRule
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def client_of(user: Any) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.77")
    client.force_login(user)
    return client


def read(client: Client, url: str, **more: Any) -> Opening:
    """The one opening this page or call leaves."""
    Opening.objects.all().delete()
    answer = client.get(url, **more)
    assert answer.status_code == 200, url
    return Opening.objects.get()


def test_pages_paper_and_endpoints_write_down_who_when_where_and_why() -> None:
    member, row = make.member(Role.COORDINATOR), make.help_request()
    desk = client_of(member.user)
    doors = {
        "requests:detail": [row.pk], "requests:detail_person": [row.pk], "requests:card_for_staff": [row.pk],
        "requests:paper_card": [row.pk], "help-request-detail": [row.pk],
    }  # fmt: skip
    places = set()
    for door, args in doors.items():
        before = timezone.now()
        found = read(desk, reverse(door, args=args))
        assert (found.reader_id, found.role, found.door) == (member.user_id, Role.COORDINATOR, door)
        assert (found.subject_id, found.person_id) == (row.pk, row.resident_id)
        assert found.settlement_code == row.resident.settlement_id
        assert before <= found.at <= timezone.now()
        places.add(found.place)
    assert len(places) == 1 and "192.0.2" not in places.pop()


def test_the_persons_page_at_the_desk_the_volunteers_record_and_the_volunteers_own_visit() -> None:
    member, person = make.member(Role.CLERK), make.resident()
    found = read(client_of(member.user), reverse("requests:desk") + f"?person={person.pk}")
    assert (found.subject_type, found.person_id) == ("resident", person.pk)
    helper, now = make.volunteer(), timezone.now()
    found = read(client_of(member.user), reverse("volunteers:detail", args=[helper.pk]))
    assert (found.subject_type, found.person_id, found.settlement_code) == ("volunteer", helper.pk, helper.home_id)
    visit = make.visit(make.help_request(person, now=now), helper, now=now, start=now + timedelta(hours=3))
    found = read(client_of(helper.user), reverse("requests:visit", args=[visit.pk]))
    assert (found.reader_id, found.role, found.person_id) == (helper.user_id, Role.VOLUNTEER, person.pk)


def test_a_program_is_written_down_as_whoever_gave_it_its_token() -> None:
    member, row, now = make.member(Role.COORDINATOR), make.help_request(), timezone.now()
    _token, secret = tokens.create_token(
        membership=member, label="справка", scopes=["help_request.read"], expires_at=now + timedelta(days=1), now=now
    )
    headers = {"Authorization": f"Bearer {secret}"}
    found = read(Client(), reverse("help-request-detail", args=[row.pk]), headers=headers)
    assert (found.reader_id, found.door) == (member.user_id, "help-request-detail")


def test_the_days_sheet_of_a_village_is_an_opening_of_everybody_on_it() -> None:
    now = timezone.now()
    visits = [
        make.visit(make.help_request(now=now), make.volunteer(), now=now, start=now + timedelta(days=1))
        for _number in range(2)
    ]
    day = timezone.localtime(visits[0].start).date().isoformat()
    url = reverse("requests:paper_run", args=[visits[0].help_request.resident.settlement_id, day])
    assert client_of(make.member(Role.CLERK).user).get(url).status_code == 200
    assert set(Opening.objects.values_list("subject_id", flat=True)) == {visit.help_request_id for visit in visits}


def test_what_is_refused_or_only_listed_is_no_opening() -> None:
    row = make.help_request()
    other = make.member(Role.COORDINATOR, of=make.municipality("PER32", "Перник"))
    assert client_of(other.user).get(reverse("requests:detail", args=[row.pk])).status_code == 404
    desk = client_of(make.member(Role.COORDINATOR).user)
    for url in (reverse("planning:queue"), reverse("help-request-list")):
        assert desk.get(url).status_code == 200
    assert not Opening.objects.exists()


def opening(reader: Any, at: datetime = DAY, **more: Any) -> None:
    values = {"settlement_code": "00000", "person_id": uuid4(), "role": Role.CLERK, **more}
    Opening.objects.create(
        municipality=make.municipality(), at=at, reader_id=reader.pk, subject_type="resident", subject_id=uuid4(),
        door="requests:detail", place="", **values,
    )  # fmt: skip


def found() -> set[tuple[Any, str, int]]:
    openings.watch(now=DAY + timedelta(hours=12))
    return set(UnusualReading.objects.values_list("reader_id", "rule", "count"))


def test_many_people_in_an_hour_but_not_over_a_day() -> None:
    fast, slow = make.user(Role.CLERK), make.user(Role.CLERK)
    most = openings.THRESHOLDS[UnusualRule.MANY].count
    for number in range(most):
        opening(fast, DAY + timedelta(minutes=number))
        opening(slow, DAY - timedelta(hours=5) + timedelta(minutes=12 * number))
    same = uuid4()
    for number in range(most):
        opening(slow, DAY + timedelta(hours=4, seconds=number), person_id=same)
    assert found() == {(fast.pk, UnusualRule.MANY, most)}
    # The next look finds the same and writes nothing twice.
    assert found() == {(fast.pk, UnusualRule.MANY, most)}


def test_at_night_a_neighbour_and_ones_own_name() -> None:
    clerk = make.user(Role.CLERK, name="Петър Колев")
    night = datetime(2026, 10, 5, 0, 30, tzinfo=UTC)
    for _number in range(openings.THRESHOLDS[UnusualRule.NIGHT].count):
        opening(clerk, night)
    relative = make.resident("Райна", "Колева")
    opening(clerk, person_id=relative.pk)
    helper = make.volunteer("Иво", "Савов", home="Извор")
    opening(helper.user, settlement_code=helper.home_id)
    # To a volunteer's own village they are sent; their own record is theirs.
    opening(helper.user, settlement_code=helper.home_id, role=Role.VOLUNTEER, person_id=helper.pk)
    assert found() == {
        (clerk.pk, UnusualRule.NIGHT, 3), (clerk.pk, UnusualRule.OWN_NAME, 1),
        (helper.user_id, UnusualRule.NEIGHBOUR, 1),
    }  # fmt: skip


def test_the_coordinator_is_shown_it_a_clerk_is_not() -> None:
    clerk = make.user(Role.CLERK, name="Петър Колев")
    opening(clerk, person_id=make.resident("Райна", "Колева").pk)
    found()
    url = reverse("requests:openings")
    text = client_of(make.member(Role.COORDINATOR).user).get(url).content.decode()
    assert "Петър Колев" in text and "същата фамилия" in text
    assert "Райна" not in text
    assert client_of(clerk).get(url).status_code == 403
    other = make.member(Role.COORDINATOR, of=make.municipality("PER32", "Перник"))
    assert "Петър" not in client_of(other.user).get(url).content.decode()
