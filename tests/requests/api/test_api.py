"""The spine for programs: the same services, the same doors, problem+json with stable codes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from core.models import IdempotencyRecord
from requests.models import HelpRequest, Offer, Resident, Visit
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/api/v1/requests/"


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def clerk() -> APIClient:
    return signed_in(make.user("clerk"))


def body(**more: Any) -> dict[str, Any]:
    make.service()
    return {
        "person": {
            "first_name": "Мария", "last_name": "Петрова", "settlement": make.village("Извор").pk,
            "phone": "0888 123 456", "address_note": "до чешмата",
        },
        "service": "ASP_HEAT", "safe_word": "люляк", **more,
    }  # fmt: skip


def test_a_program_of_the_desk_takes_a_request(clerk: APIClient) -> None:
    answer = clerk.post(URL, body(free_times=[{"weekday": 1, "start": "09:00", "end": "12:00"}]))
    assert answer.status_code == 201, answer.json()
    row = HelpRequest.objects.get()
    assert answer.headers["Location"] == f"{URL}{row.pk}/"
    assert answer.json()["state"] == "open" and answer.json()["person"]["phone"] == "+359888123456"
    assert row.free_times.get().weekday == 1


def test_the_same_key_makes_one_request_and_another_body_is_refused(clerk: APIClient) -> None:
    first = clerk.post(URL, body(), headers={"Idempotency-Key": "a1"})
    again = clerk.post(URL, body(), headers={"Idempotency-Key": "a1"})
    other = clerk.post(URL, body(note="друго"), headers={"Idempotency-Key": "a1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Location"] == first.headers["Location"] and again.headers["Idempotent-Replay"] == "true"
    assert HelpRequest.objects.count() == Resident.objects.count() == IdempotencyRecord.objects.count() == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_a_refused_create_leaves_the_key_free(clerk: APIClient) -> None:
    wrong = body(urgency="today")
    assert clerk.post(URL, wrong, headers={"Idempotency-Key": "b"}).json()["code"] == "urgency_reason"
    assert not IdempotencyRecord.objects.exists() and not Resident.objects.exists()
    assert clerk.post(URL, body(), headers={"Idempotency-Key": "b"}).status_code == 201


@pytest.mark.parametrize("field", ["note", "safe_word"])
def test_a_personal_number_is_refused_and_not_repeated(clerk: APIClient, field: str) -> None:
    answer = clerk.post(URL, body(**{field: "7523169263"}))
    assert answer.status_code == 422 and answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid" and field in answer.json()["errors"]
    assert "7523169263" not in answer.content.decode() and not HelpRequest.objects.exists()


def test_a_person_or_a_resident_but_not_both(clerk: APIClient) -> None:
    known = make.resident()
    assert clerk.post(URL, body(resident=str(known.pk))).json()["code"] == "one_person"
    answer = clerk.post(URL, {**body(resident=str(known.pk)), "person": None})
    assert answer.status_code == 201 and answer.json()["resident"] == str(known.pk)


def test_lists_name_nobody(clerk: APIClient) -> None:
    make.help_request()
    text = clerk.get(URL).content.decode()
    assert "Петрова" not in text and "+359" not in text and "чешмата" not in text


def test_another_municipality_does_not_exist() -> None:
    row = make.help_request()
    visit = make.visit(row)
    stranger = signed_in(make.user("clerk", of=make.municipality("PER32", "Перник")))
    for address in (f"{URL}{row.pk}/", f"/api/v1/visits/{visit.pk}/", f"/api/v1/offers/{Offer.objects.get().pk}/"):
        assert stranger.get(address).status_code == 404
    assert stranger.get(URL).json()["count"] == 0
    assert stranger.post(f"{URL}{row.pk}/withdraw/").status_code == 404


def test_a_volunteer_reads_no_requests_and_only_own_offers_and_visits() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    make.visit(make.help_request(), ivanka)
    hers, his = signed_in(ivanka.user), signed_in(petar.user)
    assert hers.get(URL).status_code == 403
    assert [hers.get(f"/api/v1/{name}/").json()["count"] for name in ("offers", "visits")] == [1, 1]
    assert [his.get(f"/api/v1/{name}/").json()["count"] for name in ("offers", "visits")] == [0, 0]


def test_the_way_of_a_volunteer_through_the_api() -> None:
    ivanka = make.volunteer()
    now = timezone.now()
    row = make.help_request(now=now)
    make.difficulty()
    (offer,) = make.offer(row, ivanka, now=now, start=now + timedelta(hours=1))
    client = signed_in(ivanka.user)
    accepted = client.post(f"/api/v1/offers/{offer.pk}/accept/")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    (visit,) = client.get("/api/v1/visits/").json()["results"]
    assert client.post(f"/api/v1/visits/{visit['id']}/check-in/").json()["state"] == "checked_in"
    wrong = client.post(f"/api/v1/visits/{visit['id']}/check-out/", {"outcome": "submitted", "before": ["NONE_SUCH"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "difficulty")
    told = {"outcome": "submitted", "minutes": 40, "before": ["NO_DEVICE"]}
    assert client.post(f"/api/v1/visits/{visit['id']}/check-out/", told).json()["state"] == "done"
    assert HelpRequest.objects.get(pk=row.pk).outcome == "submitted"
    assert Visit.objects.get().difficulties.count() == 1


def test_a_late_answer_is_told_with_a_stable_code() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    now = timezone.now()
    first, second = make.offer(make.help_request(now=now), ivanka, petar, now=now, start=now + timedelta(hours=30))
    assert signed_in(ivanka.user).post(f"/api/v1/offers/{first.pk}/accept/").status_code == 200
    late = signed_in(petar.user).post(f"/api/v1/offers/{second.pk}/accept/")
    assert (late.status_code, late.json()["code"]) == (409, "withdrawn")


def test_an_unknown_filter_is_named(clerk: APIClient) -> None:
    answer = clerk.get(URL, {"state": "nowhere"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["state"])
