"""Subscriptions for programs: a token gives away no more than its own scopes, the secret comes once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from notifications.models import WebhookSubscription
from notifications.states import DeliveryState
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/api/v1/webhooks/"
BODY = {"label": "Деловодство", "url": "https://example.org/hook", "events": ["visit.done"]}


def program(*scopes: str, role: str = "administrator") -> APIClient:
    now = timezone.now()
    _token, secret = services.create_token(
        membership=make.member(role), label="деловодство", scopes=scopes, expires_at=now + timedelta(days=1), now=now
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def read(client: APIClient, one: str) -> dict[str, str]:
    return {"If-Match": client.get(one).headers["ETag"]}


@pytest.fixture
def client() -> APIClient:
    return program("webhooks.read", "webhooks.manage", "api.visits")


def test_the_secret_comes_with_the_making_and_never_again(client: APIClient) -> None:
    made = client.post(URL, BODY)
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    assert made.headers["Location"] == f"{URL}{made.json()['id']}/"
    read = client.get(made.headers["Location"]).json()
    assert "secret" not in read and read["active"] is True and read["events"] == ["visit.done"]
    assert [one["id"] for one in client.get(URL).json()["results"]] == [read["id"]]


@pytest.mark.parametrize(
    ("more", "code"),
    [({"events": ["request.created"]}, "events"), ({"include_personal": True}, "scopes"),
     ({"url": "https://localhost/"}, "webhook_url"), ({"events": ["visit.dreamt_of"]}, "invalid")],
)  # fmt: skip
def test_what_a_token_may_not_give_away(client: APIClient, more: Any, code: str) -> None:
    answer = client.post(URL, {**BODY, **more})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not WebhookSubscription.objects.exists()


def test_with_the_scope_people_may_be_named() -> None:
    client = program("webhooks.manage", "api.visits", "help_request.read")
    assert client.post(URL, {**BODY, "include_personal": True}).json()["include_personal"] is True


def test_reading_is_not_managing() -> None:
    reader = program("webhooks.read", role="coordinator")
    assert reader.get(URL).status_code == 200
    assert reader.post(URL, BODY).status_code == 403


def test_another_municipality_s_is_not_there(client: APIClient) -> None:
    made = client.post(URL, BODY).json()
    other = APIClient()
    other.force_login(make.user("administrator", of=make.municipality("SOF46", "Друга")))
    assert other.get(f"{URL}{made['id']}/").status_code == 404
    assert other.delete(f"{URL}{made['id']}/").status_code == 404


def test_changing_pausing_testing_resending_removing(client: APIClient) -> None:
    one = f"{URL}{client.post(URL, BODY).json()['id']}/"
    changed = client.patch(one, {"label": "Архив", "active": False}, headers=read(client, one)).json()
    assert (changed["label"], changed["active"], changed["pause_reason"]) == ("Архив", False, "by_hand")
    assert client.patch(one, {"active": True}, headers=read(client, one)).json()["active"] is True
    test = client.post(f"{one}test/")
    assert (test.status_code, test.json()["event"]) == (202, "test")
    row = WebhookSubscription.objects.get()
    row.deliveries.update(state=DeliveryState.FAILED)
    again = client.post(f"{one}deliveries/{test.json()['id']}/resend/")
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    log = client.get(f"{one}deliveries/").json()
    assert [entry["id"] for entry in log["results"]] == [test.json()["id"]] and log["older"] == ""
    secret = client.post(f"{one}exchange-secret/")
    assert secret.json()["secret"].startswith("whsec_") and secret.json()["old_secret_until"]
    assert client.post(f"{one}exchange-secret/").json()["code"] == "exchanging"
    assert client.delete(one).status_code == 204
    assert not WebhookSubscription.objects.exists()
