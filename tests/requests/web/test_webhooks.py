"""Pages of links with other systems: an administrator makes them, a coordinator watches, nobody else knows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.services import webhooks
from notifications.states import DeliveryState
from requests.webhook_events import EVENTS
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST, NEW = "/nastroyki/vrazki/", "/nastroyki/vrazki/nova/"
SAID = {"label": "Деловодство", "url": "https://example.org/hook", "events": ["visit.done", "request.created"]}


def client_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def admin() -> Client:
    return client_of(make.member("administrator"))


def words(answer: Any) -> str:
    return str(answer.content.decode())


def make_one(client: Client, **more: Any) -> tuple[WebhookSubscription, str]:
    answer = client.post(NEW, {**SAID, **more})
    assert answer.status_code == 200, words(answer)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", words(answer))
    assert found
    return WebhookSubscription.objects.latest("created_at"), found[0]


def test_the_secret_is_shown_once(admin: Client) -> None:
    row, secret = make_one(admin)
    assert row.secret == secret and row.events == ["request.created", "visit.done"] and not row.include_personal
    page = words(admin.get(reverse("requests:webhook", args=[row.pk])))
    assert "Деловодство" in page and "https://example.org/hook" in page and "whsec_" not in page
    assert "whsec_" not in words(admin.get(LIST))


def test_the_answer_with_the_secret_is_not_kept_by_browsers(admin: Client) -> None:
    assert "no-store" in admin.post(NEW, SAID).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"url": "http://example.org/"}, "Адресът започва с https://."),
     ({"url": "https://192.168.0.1/"}, "Адресът е вътрешен."), ({"events": []}, "Изберете поне едно събитие."),
     ({"label": ""}, "Напишете коя система е.")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(admin: Client, wrong: Any, said: str) -> None:
    answer = admin.post(NEW, {**SAID, **wrong})
    assert answer.status_code == 422 and said in words(answer)
    assert not WebhookSubscription.objects.exists()


def test_a_coordinator_watches_and_changes_nothing(admin: Client) -> None:
    row, _secret = make_one(admin)
    coordinator = client_of(make.member("coordinator"))
    page = words(coordinator.get(reverse("requests:webhook", args=[row.pk])))
    assert "Изпращам проба" not in page and "Деловодство" in page
    assert "Правя връзка" not in words(coordinator.get(LIST))
    assert coordinator.get(NEW).status_code == 403
    for name in ("test", "pause", "resume", "exchange", "resend_failed", "remove"):
        assert coordinator.post(reverse(f"requests:webhook_{name}", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "volunteer"])
def test_others_do_not_see_it(role: str, admin: Client) -> None:
    assert client_of(make.member(role)).get(LIST).status_code == 403


def test_another_municipality_s_link_is_not_there(admin: Client) -> None:
    row, _secret = make_one(admin)
    other = client_of(make.member("administrator", of=make.municipality("SOF46", "Друга")))
    assert other.get(reverse("requests:webhook", args=[row.pk])).status_code == 404
    assert other.post(reverse("requests:webhook_test", args=[row.pk])).status_code == 404
    assert not WebhookDelivery.objects.exists()


def test_a_test_stands_in_the_log(admin: Client) -> None:
    row, _secret = make_one(admin)
    answer = admin.post(reverse("requests:webhook_test", args=[row.pk]), follow=True)
    assert row.deliveries.get().event == "test" and "test" in words(answer)


def test_a_pause_and_its_end(admin: Client) -> None:
    row, _secret = make_one(admin)
    page = words(admin.post(reverse("requests:webhook_pause", args=[row.pk]), follow=True))
    assert "Връзката не работи" in page and "спряна от човек" in page
    page = words(admin.post(reverse("requests:webhook_resume", args=[row.pk]), follow=True))
    row.refresh_from_db()
    assert row.active and "Връзката не работи" not in page


def test_a_new_secret_is_shown_once_and_not_twice_a_day(admin: Client) -> None:
    row, old = make_one(admin)
    page = words(admin.post(reverse("requests:webhook_exchange", args=[row.pk])))
    row.refresh_from_db()
    assert row.secret in page and row.secret != old and row.old_secret == old
    again = admin.post(reverse("requests:webhook_exchange", args=[row.pk]), follow=True)
    assert "Старата тайна още важи" in words(again) and "whsec_" not in words(again)


def test_one_that_failed_is_sent_again(admin: Client) -> None:
    row, _secret = make_one(admin)
    delivery = webhooks.send_test(row, now=timezone.now())
    WebhookDelivery.objects.update(state=DeliveryState.FAILED, failure="ReadTimeout", last_milliseconds=15000)
    page = words(admin.get(reverse("requests:webhook", args=[row.pk])))
    assert "ReadTimeout" in page and "не е прието" in page
    admin.post(reverse("requests:webhook_resend", args=[row.pk, delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED


def test_the_log_goes_on_page_by_page_without_counting(admin: Client, django_assert_max_num_queries: Any) -> None:
    row, _secret = make_one(admin)
    now = timezone.now()
    for number in range(60):
        WebhookDelivery.objects.create(
            subscription=row, key=f"k{number}", event="visit.done", happened_at=now, due_at=now
        )
    address, seen = reverse("requests:webhook", args=[row.pk]), []
    query = ""
    for _page in range(3):
        with django_assert_max_num_queries(14) as ran:
            answer = admin.get(address + query)
        assert not any("COUNT(" in one["sql"] for one in ran.captured_queries)
        log = answer.context["log"]
        seen += [one.pk for one in log.rows]
        query = f"?sled={log.older}"
    assert len(seen) == len(set(seen)) == 60 and not log.older


def test_changing_and_removing(admin: Client) -> None:
    row, _secret = make_one(admin)
    change = reverse("requests:webhook_change", args=[row.pk])
    assert 'value="https://example.org/hook"' in words(admin.get(change))
    admin.post(change, {**SAID, "label": "Архив", "events": ["visit.done"], "include_personal": "on"})
    row.refresh_from_db()
    assert (row.label, row.events, row.include_personal) == ("Архив", ["visit.done"], True)
    remove = reverse("requests:webhook_remove", args=[row.pk])
    assert "Махате ли връзката" in words(admin.get(remove)) and WebhookSubscription.objects.exists()
    admin.post(remove)
    assert not WebhookSubscription.objects.exists()


def test_events_are_chosen_and_said_in_words(admin: Client) -> None:
    form = words(admin.get(NEW))
    assert all(str(event.words) in form for event in EVENTS.values())
    some, _secret = make_one(admin, events=list(EVENTS)[1:])
    page = words(admin.get(reverse("requests:webhook", args=[some.pk])))
    assert all(str(event.words).lower() in page for event in list(EVENTS.values())[1:])
    every, _secret = make_one(admin, events=list(EVENTS))
    assert "<dd>всички</dd>" in words(admin.get(reverse("requests:webhook", args=[every.pk])))


def test_the_settings_page_leads_there(admin: Client) -> None:
    assert LIST in words(admin.get("/nastroyki/"))
