"""Programs: so many calls, one edit at a time, nothing told of what broke, no subscription that outlives its token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import ApiToken
from accounts.services import members
from accounts.services.tokens import revoke_token
from notifications.models import WebhookSubscription
from notifications.services import webhook_sending
from notifications.states import PauseReason
from requests.api.help_requests import HelpRequestViewSet
from requests.services import changes
from requests.services.actors import BEAT
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST, HOOKS = "/api/v1/requests/", "/api/v1/webhooks/"
ALL = ("webhooks.read", "webhooks.manage", "api.visits", "help_request.read", "help_request.change")
HOOK = {"label": "Деловодство", "url": "https://example.org/hook", "events": ["visit.done"]}
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _nobody_called_yet() -> None:
    cache.clear()


def program(*scopes: str, days: int = 1) -> tuple[APIClient, ApiToken]:
    now, member = timezone.now(), make.member("administrator")
    token, secret = services.create_token(
        membership=member, label="деловодство", scopes=scopes or ALL, expires_at=now + timedelta(days=days), now=now
    )
    return bearer(secret), token


def bearer(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_one_token_has_so_many_calls_and_another_its_own(settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 3
    (one, _), (other, _) = program(), program()
    assert [one.get(LIST).status_code for _ in range(3)] == [200] * 3
    refused = one.get(LIST)
    assert (refused.status_code, refused.json()["code"], refused.headers["Content-Type"]) == (429, "throttled", PROBLEM)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert other.get(LIST).status_code == 200


def test_calls_that_are_refused_count_too(settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 3
    reader, _ = program("webhooks.read")
    assert [reader.get(LIST).status_code for _ in range(4)] == [403, 403, 403, 429]


def test_whoever_tries_tokens_is_kept_waiting() -> None:
    answers = [bearer(f"guess-{number}").get(LIST).status_code for number in range(32)]
    assert answers[:30] == [401] * 30 and set(answers[30:]) == {429}


def test_without_redis_the_limit_stands_and_nothing_breaks(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "core.shared_counts.SharedCounts", "LOCATION": "redis://127.0.0.1:9/0"}}
    settings.API_CALLS_A_MINUTE = 3
    one, _ = program()
    assert [one.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_an_edit_names_what_it_read_and_the_slower_one_reads_again() -> None:
    one, _ = program()
    address = one.post(HOOKS, HOOK).headers["Location"]
    tag = one.get(address).headers["ETag"]
    blind = one.patch(address, {"label": "А"})
    assert (blind.status_code, blind.json()["code"]) == (428, "if_match")
    assert one.patch(address, {"label": "А"}, headers={"If-Match": tag}).status_code == 200
    slow = one.patch(address, {"label": "Б"}, headers={"If-Match": tag})
    assert (slow.status_code, slow.json()["code"], slow.headers["Content-Type"]) == (412, "stale", PROBLEM)
    assert one.delete(address, headers={"If-Match": tag}).status_code == 412
    assert one.get(address).json()["label"] == "А"
    assert one.patch(address, {"label": "В"}, headers={"If-Match": f'"x", {one.get(address).headers["ETag"]}'}).json()


def test_a_subscription_is_made_once_and_its_secret_told_once() -> None:
    one, _ = program()
    key = {"Idempotency-Key": "vrazka-1"}
    first, again = (one.post(HOOKS, HOOK, headers=key) for _time in range(2))
    assert first.json()["secret"] and again.json() == {"location": first.headers["Location"]}
    assert again.headers["Idempotent-Replay"] == "true" and WebhookSubscription.objects.count() == 1
    other = one.post(HOOKS, {**HOOK, "label": "Друга"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert one.post(HOOKS, HOOK).status_code == 201  # the control: without a key it is another one


def test_what_is_only_sent_meanwhile_is_no_change() -> None:
    one, _ = program()
    address = one.post(HOOKS, HOOK).headers["Location"]
    tag = one.get(address).headers["ETag"]
    WebhookSubscription.objects.update(last_taken_at=timezone.now(), failures_in_row=3)
    assert one.get(address).headers["ETag"] == tag


def test_a_volunteer_s_week_is_not_overwritten_blindly() -> None:
    client = APIClient()
    client.force_login(make.volunteer().user)
    own, week = "/api/v1/volunteers/me/availability/", [{"weekday": 1, "start": "09:00", "end": "12:00"}]
    tag = client.get(own).headers["ETag"]
    assert client.put(own, {"weekly_hours": week}).status_code == 428
    assert client.put(own, {"weekly_hours": week}, headers={"If-Match": tag}).status_code == 200
    assert client.put(own, {"weekly_hours": []}, headers={"If-Match": tag}).status_code == 412


def test_a_request_is_not_cancelled_by_who_saw_another_one() -> None:
    one, _ = program()
    row = make.help_request()
    tag = one.get(f"{LIST}{row.pk}/").headers["ETag"]
    changes.correct(help_request=row, changes={"note": "кучето лае"}, actor=BEAT, now=timezone.now())
    assert one.post(f"{LIST}{row.pk}/cancel/", headers={"If-Match": tag}).status_code == 412
    row.refresh_from_db()
    assert row.state == "open"
    assert one.post(f"{LIST}{row.pk}/cancel/").status_code == 200


def test_what_breaks_is_an_id_and_no_word_more() -> None:
    one, _ = program()
    one.raise_request_exception = False
    with mock.patch.object(HelpRequestViewSet, "get_queryset", side_effect=RuntimeError("0888123456 Мария")):
        answer = one.get(LIST)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)
    assert set(answer.json()) == {"type", "title", "status", "code", "id"}
    assert answer.json()["id"] == answer.headers["X-Request-ID"]
    assert "0888" not in answer.content.decode() and "Runtime" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v1/requests/not-an-id/", "/api/v1/requests/%00/"])
def test_what_is_not_there_is_told_to_programs_in_their_way(address: str) -> None:
    one, _ = program()
    answer = one.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)


def subscription(client: APIClient) -> WebhookSubscription:
    return WebhookSubscription.objects.get(pk=client.post(HOOKS, HOOK).json()["id"])


def test_a_subscription_ends_with_its_token_however_that_ends() -> None:
    """Revoked, run out, or its owner no longer a member; one that a person made goes on."""
    (first, revoked), (second, ran_out), (third, leaver) = program(), program(), program()
    rows = [subscription(client) for client in (first, second, third)]
    person = APIClient()
    person.force_login(make.user("administrator"))
    own = subscription(person)
    now = timezone.now()
    assert rows[1].ends_at == ran_out.expires_at and own.ends_at is None
    revoke_token(token=revoked, actor=revoked.membership.user, now=now)
    members.remove_member(membership=leaver.membership, actor=ran_out.membership.user, now=now)
    webhook_sending.deliver_due(now=ran_out.expires_at)
    for row in (*rows, own):
        row.refresh_from_db()
    assert [row.pause_reason for row in rows] == [PauseReason.TOKEN_OVER] * 3
    assert own.active


def test_who_resumes_it_takes_it_over_as_far_as_they_may() -> None:
    maker, token = program()
    row = subscription(maker)
    revoke_token(token=token, actor=token.membership.user, now=timezone.now())
    other, new = program("webhooks.manage", "webhooks.read", "api.visits", days=9)
    address, body, star = f"{HOOKS}{row.pk}/", {"active": True}, {"If-Match": "*"}
    less, _ = program("webhooks.manage", "webhooks.read")
    assert less.patch(address, body, headers=star).json()["code"] == "events"
    assert other.patch(address, body, headers=star).json()["active"] is True
    row.refresh_from_db()
    assert (row.token_id, row.ends_at) == (new.pk, new.expires_at)
