"""Volunteers over the API: the desk reads, a volunteer keeps their own hours."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services import create_token
from core.clock import local_date
from volunteers.models import Volunteer
from volunteers.services import availability, certifications, status

LIST = "/api/v1/volunteers/"
OWN = "/api/v1/volunteers/me/availability/"


@pytest.fixture
def as_user():
    def client(user) -> APIClient:
        api = APIClient()
        api.force_login(user)
        return api

    return client


def test_the_desk_reads_the_list_and_one(as_user, ivanka, alisa, heating, kamen, now):
    until = date(2029, 1, 1)
    certifications.grant(volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=until, now=now)
    api = as_user(alisa.user)
    body = api.get(LIST).json()
    (row,) = body["results"]
    assert (row["name"], row["badge"], row["status"], row["home"]) == ("Иванка Делева", 101, "active", "32576")
    assert api.get(f"{LIST}{ivanka.pk}/").json() == row
    assert "phone" not in row and "email" not in row and "note" not in row


def test_the_list_narrows_and_refuses_a_status_that_is_none(as_user, ivanka, boris, alisa, now):
    status.pause(volunteer=boris, now=now)
    api = as_user(alisa.user)
    assert [row["badge"] for row in api.get(LIST, {"status": "paused"}).json()["results"]] == [boris.badge]
    answer = api.get(LIST, {"status": "asleep"})
    assert answer.status_code == 422 and answer.json()["errors"].keys() == {"status"}


def test_others_get_nothing(as_user, ivanka, boris, charli):
    assert APIClient().get(LIST).status_code == 401
    assert as_user(boris.user).get(LIST).status_code == 403
    foreign = as_user(charli.user)
    assert foreign.get(LIST).json()["results"] == []
    answer = foreign.get(f"{LIST}{ivanka.pk}/")
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"


def test_a_token_without_the_scope_reads_nothing(ivanka, kamen, now):
    api = APIClient()
    later = timezone.now() + timedelta(days=1)
    for scopes, expected in ((["places.read"], 403), (["volunteer.read"], 200)):
        _token, secret = create_token(
            membership=kamen, label="Програма", scopes=scopes, expires_at=later, now=timezone.now()
        )
        assert api.get(LIST, headers={"Authorization": f"Bearer {secret}"}).status_code == expected


def test_a_volunteer_reads_and_replaces_their_own_week(as_user, ivanka):
    api = as_user(ivanka.user)
    today = local_date(timezone.now())
    availability.add_exception(volunteer=ivanka, day=today, start=None, end=None, now=timezone.now())
    week = [{"weekday": 1, "start": "09:00:00", "end": "12:00:00"}, {"weekday": 1, "start": "11:00", "end": "13:00"}]
    answer = api.put(OWN, {"weekly_hours": week}, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 200
    assert answer.json() == {
        "weekly_hours": [{"weekday": 1, "start": "09:00:00", "end": "13:00:00"}],
        "exceptions": [{"day": str(today), "start": None, "end": None}],
    }
    assert api.get(OWN).json() == answer.json()


@pytest.mark.parametrize(
    "week",
    [
        [{"weekday": 7, "start": "09:00", "end": "12:00"}],
        [{"weekday": 1, "start": "12:00", "end": "09:00"}],
        [{"weekday": 1}],
        "monday",
    ],
)
def test_a_wrong_week_is_a_problem_and_the_old_one_stays(week, as_user, ivanka, now):
    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(10))], now=now)
    answer = as_user(ivanka.user).put(OWN, {"weekly_hours": week}, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 422 and answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] in {"invalid", "hours"}
    assert ivanka.weekly_hours.count() == 1


def test_the_desk_has_no_week_of_its_own(as_user, kamen, ivanka):
    assert as_user(kamen.user).get(OWN).status_code == 403


def test_one_who_left_is_not_in_the_list_but_found(as_user, ivanka, kamen, alisa, now):
    status.leave(volunteer=ivanka, actor=kamen.user, now=now)
    api = as_user(alisa.user)
    assert api.get(LIST).json()["results"] == []
    assert api.get(f"{LIST}{ivanka.pk}/").json()["status"] == "left"
    assert Volunteer.objects.count() == 1
