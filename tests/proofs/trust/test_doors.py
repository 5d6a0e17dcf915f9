"""Small doors that are easily left open: methods, origins, proxies, redirects, caches, forms of other sites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken
from accounts.services import tokens
from core import flood
from core.tries import address
from notifications import stop_links
from tests import factories as make
from tests.proofs.spine.addresses import patterns
from tests.proofs.trust.test_headers import ANSWERS

pytestmark = pytest.mark.django_db
PASSWORD = "три зелени чушки"
SECURE: dict[str, Any] = {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
# Who sends these has no page of ours open: a browser's report, a gateway, a mail program, a browser's service worker.
FROM_OUTSIDE = {
    "", "kannel-reply", "telephone-event", "gateway-report", "gateway-reply", "requests:stop", "push-shown",
    "push-changed",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_came_yet() -> None:
    cache.clear()
    make.municipality()


def signed_in(role: str = "coordinator") -> Client:
    client = Client()
    client.force_login(make.user(role))
    return client


def program(**headers: str) -> APIClient:
    now = timezone.now()
    _token, secret = tokens.create_token(
        membership=make.member("administrator"), label="табло", scopes=["help_request.read", "webhooks.manage"],
        now=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", **headers)
    return client


@pytest.mark.parametrize("where", ANSWERS)
def test_no_other_site_reads_an_answer_and_every_text_says_its_letters(where: str) -> None:
    answer = Client().get(where, headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    kind = answer.headers["Content-Type"]
    assert not kind.startswith("text/") or "charset=utf-8" in kind or "static" in where, kind


@pytest.mark.parametrize("where", ["/", "/gishe/", "/api/v1/requests/", "/healthz"])
def test_nobody_hears_the_echo_of_what_a_browser_sent(where: str) -> None:
    answer = signed_in().generic("TRACE", where, headers={"X-Echo": "a-secret"})
    assert b"a-secret" not in answer.content and (answer.status_code == 405 or where == "/healthz")


@pytest.mark.parametrize("where", ["/static/", "/static/core/", "/.git/config", "/static/../manage.py", "/.env"])
def test_no_folder_is_listed_and_nothing_of_the_workshop_is_served(where: str) -> None:
    assert Client().get(where).status_code == 404


def test_what_looks_like_a_file_beside_somebodys_page_is_not_that_page() -> None:
    """A cache that keeps files by their ending finds nothing of a person under one."""
    row = make.help_request()
    client = signed_in()
    for page in (f"/zayavki/{row.pk}/", "/gishe/", "/az/"):
        assert client.get(page).status_code == 200
        for disguised in ("x.css", "x.js/", ";x.css", "%2fx.png", "?x.css/"):
            answer = client.get(f"{page}{disguised}")
            assert answer.status_code in (302, 404) or "no-store" in answer.headers["Cache-Control"], disguised


def test_what_somebody_signed_in_or_a_program_sees_is_kept_by_no_browser() -> None:
    row = make.help_request()
    client = signed_in()
    for page in (f"/zayavki/{row.pk}/", "/plan/", "/dobrovoltsi/", "/gishe/", "/spravki/", "/uslugi/"):
        assert "no-store" in client.get(page).headers["Cache-Control"], page
    for page in (f"/api/v1/requests/{row.pk}/", "/api/v1/requests/"):
        assert "no-store" in program().get(page).headers["Cache-Control"], page
    assert "no-store" not in Client().get("/uslugi/").headers.get("Cache-Control", "")  # the control


@override_settings(**SECURE)
def test_people_are_led_to_https_and_programs_are_refused() -> None:
    assert Client().get("/uslugi/").status_code == 301
    for where in ("/api/v1/requests/", "/kalendar/a-secret.ics", "/vrata/sms/in/a-secret/"):
        refused = Client().get(where)
        assert (refused.status_code, refused.json()["code"]) == (403, "https")
    assert program().get("/api/v1/requests/").status_code == 403
    assert program(HTTP_X_FORWARDED_PROTO="https").get("/api/v1/requests/").status_code == 200


def test_a_stranger_does_not_choose_where_they_come_from() -> None:
    """Without a proxy of ours nobody's word counts; behind one the last word, which is the proxy's."""
    forged = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.5"}
    )
    assert address(forged) == "192.0.2.1"
    with override_settings(**SECURE):
        assert address(forged) == "203.0.113.5"


def test_what_other_sites_may_send_is_a_list() -> None:
    """Every other form needs the token of its page; a new exception has to be thought about here."""
    from django.urls import get_resolver

    free = {":".join(names) for _path, names, one in patterns(get_resolver(), "/", ())
            if getattr(one.callback, "csrf_exempt", False) and not _path.startswith("/api/")}  # fmt: skip
    assert free <= FROM_OUTSIDE, free - FROM_OUTSIDE
    assert len(free) >= 5


def test_a_session_does_not_let_another_site_use_the_api() -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make.user("administrator"))
    assert client.get("/api/v1/webhooks/").status_code == 200
    refused = client.post("/api/v1/webhooks/", {"label": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    plain = client.post("/api/v1/webhooks/", "label=x", content_type="text/plain")
    assert plain.status_code in (403, 415)


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(there: str) -> None:
    user = make.user("coordinator")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.get(reverse("account_login"), {"next": there})
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": there})
    assert "evil" not in answer.headers.get("Location", "") and "javascript" not in answer.headers.get("Location", "")
    planned = signed_in().post(reverse("planning:plan_now"), {"next": there})
    assert "evil" not in planned.headers.get("Location", "") and "javascript" not in planned.headers.get("Location", "")


def test_what_is_told_twice_or_elsewhere_counts_once() -> None:
    """A filter is read from the address alone, and what is made from the body alone; of two the last one counts."""
    make.help_request()
    reader = program()
    assert reader.get("/api/v1/requests/?state=nonsense&state=open").status_code == 200
    assert reader.get("/api/v1/requests/?state=open&state=nonsense").status_code == 422
    made = reader.post("/api/v1/webhooks/?url=https://evil.example/", {"label": "x", "events": ["visit.done"]})
    assert made.status_code == 422 and "url" in made.json()["errors"]


def test_a_signed_word_is_good_for_its_own_purpose() -> None:
    contact = make.contact()
    stop = stop_links.token(contact, "sms")
    request = RequestFactory().post("/", {"work_task": stop, "work_answer": "1"})
    assert flood._brought(request) is False
    assert stop_links.read(signing.TimestampSigner(salt="core.flood").sign(stop.rpartition(":")[0])) is None
    assert stop_links.read(stop) is not None  # the control


def test_a_token_is_told_once_kept_as_a_hash_and_its_use_noted() -> None:
    reader = program()
    (row,) = ApiToken.objects.all()
    assert row.last_used_at is None
    reader.get("/api/v1/requests/")
    row.refresh_from_db()
    assert row.last_used_at is not None and len(row.secret_hash) == 64
    assert row.secret_hash not in str(reader._credentials)


@pytest.mark.parametrize("role", ["volunteer", "clerk", "coordinator", "safeguarding", "auditor", "administrator"])
def test_everybody_finds_the_way_out_on_their_own_page(role: str) -> None:
    user = make.volunteer().user if role == "volunteer" else make.user(role)
    client = Client()
    assert user is not None
    client.force_login(user)
    assert f'action="{reverse("account_logout")}"' in client.get(reverse("accounts:me")).content.decode()
    start = client.get(reverse("accounts:start"), follow=True).content.decode()
    assert reverse("accounts:me") in start
