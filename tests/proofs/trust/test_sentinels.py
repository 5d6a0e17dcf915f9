"""Values that occur nowhere else go in through every door; then the dump, Redis, the logs and the files are searched.

None stands there in clear. The control opens the database with its keys and finds every one of them, so each did
arrive.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import tokens
from notifications.models import Callback, DeskTask
from requests.models import HelpRequest, Resident, Visit
from requests.services import replies
from tests import factories as make
from tests.proofs.trust.dumps import cached, filed, found, opened_tables, raw_tables
from tests.requests.web import town

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = iter(range(100, 1000))
words: dict[str, str] = {}


def text(name: str) -> str:
    """A Cyrillic word nobody else writes; the same name, the same word."""
    letters = "бвгджзклмнпрстфхцч"
    number = len(words) + 7
    return words.setdefault(name, "Ъщю" + "".join(letters[(number * step) % 18] + "а" for step in (1, 5, 7, 11, 13)))


def phone(name: str) -> str:
    """A number of its own, in the form people write it; searched for without its beginning."""
    if name not in words:
        words[name] = f"7{next(NUMBERS)}{len(words):02d}5"
    return f"088{words[name]}"


def redis_url() -> str:
    """The tests' Redis as Redis' own client names it; Celery's name for a socket is another."""
    return os.environ.get("TEST_REDIS_URL", "").replace("redis+socket://", "unix://")


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Any) -> Iterator[None]:
    words.clear()
    settings.VAR_DIR, settings.MESSAGE_SPOOL = tmp_path, tmp_path / "messages"
    settings.GATEWAY_SECRET = "sezam"
    if redis := redis_url():
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"{redis}?db=15"}}
    yield


def in_redis() -> Iterator[tuple[str, str]]:
    """Every key and value of every database of Redis."""
    if not (url := redis_url()):
        return
    import redis

    for number in range(16):
        client = redis.Redis.from_url(f"{url}?db={number}")
        for key in client.scan_iter():
            yield "redis", f"{key!r} {client.dump(key)!r} {_value(client, key)}"


def _value(client: Any, key: bytes) -> str:
    kind = client.type(key).decode()
    read = {"string": client.get, "list": lambda name: client.lrange(name, 0, -1), "hash": client.hgetall,
            "set": client.smembers, "zset": lambda name: client.zrange(name, 0, -1)}  # fmt: skip
    value = read[kind](key) if kind in read else b""
    parts = value if isinstance(value, list | set) else [value]
    return " ".join(part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in parts)


def ok(answer: Any, *codes: int) -> Any:
    forms = [answer.context.get(name) for name in ("form", "new")] if answer.context else []
    said = [form.errors for form in forms if form is not None] or answer.content.decode()[:2000]
    assert answer.status_code in (codes or (200, 201, 302)), (answer.status_code, said)
    return answer


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.user(role))
    return client


def asked_on_the_web() -> None:
    steps = {
        "kakvo": {"service": "NAP_HEALTH_STATUS", "note": text("web note")}, "kak": {"mode": "HOME_VISIT"},
        "kade": {"settlement": "32531", "how_to_find": text("web address")},
        "koga": {"days": ["1"], "parts": ["morning"]},
        "koy": {
            "asked_by": "self", "first_name": text("web first"), "last_name": text("web last"), "phone": phone("web"),
        },
        "duma": {"safe_word": text("web word")},
    }  # fmt: skip
    client = Client()
    client.get(reverse("requests:ask"))
    for step, said in steps.items():
        ok(client.post(reverse("requests:ask_question", args=[step]), said), 302)
    token = client.get(reverse("requests:ask_check")).context["token"]
    ok(client.post(reverse("requests:ask_check"), {"token": token}), 302)
    # Another visitor goes home after the name: what they answered rests in the session.
    half = Client()
    half.get(reverse("requests:ask"))
    steps["koy"] |= {"first_name": text("half first"), "last_name": text("half last"), "phone": phone("half")}
    for step in list(steps)[:5]:
        ok(half.post(reverse("requests:ask_question", args=[step]), steps[step]), 302)
    # Somebody guesses at a code.
    ok(Client().post(reverse("requests:track"), {"code": "12345678", "phone": phone("guess")}), 200, 422)


def taken_at_the_desk(desk: Client) -> HelpRequest:
    known = {
        "new-first_name": text("desk first"), "new-last_name": text("desk last"), "new-phone": phone("desk"),
        "new-settlement": "32531", "new-address_note": text("desk address"), "service": "NAP_HEALTH_STATUS",
        "mode": "HOME_VISIT", "asked_by": "relative", "asker_name": text("asker"), "asker_phone": phone("asker phone"),
        "urgency": "in_time", "when": "вт, чт преди обед", "safe_word": text("desk word"), "note": text("desk note"),
    }  # fmt: skip
    ok(desk.post(reverse("requests:desk"), known), 302)
    row = HelpRequest.objects.latest("created_at")
    ok(desk.post(reverse("requests:desk_search"), {"q": text("desk last")}))
    ok(desk.post(reverse("requests:detail_relative", args=[row.pk]), {"phone": phone("relative"), "way": "phone"}), 302)
    mandate = {"do": "give", "kind": "mandate", "name": text("speaker"), "phone": phone("speaker phone"), "way": "desk"}
    ok(desk.post(reverse("requests:agreements", args=[row.resident_id]), mandate), 302)
    return row


def called_by_a_program() -> None:
    member, now = make.member(Role.COORDINATOR), timezone.now()
    _token, secret = tokens.create_token(
        membership=member, label="регистър", scopes=["help_request.intake", "help_request.read"],
        expires_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    body = {
        "person": {
            "first_name": text("api first"), "last_name": text("api last"), "settlement": "32531",
            "phone": phone("api"), "address_note": text("api address"),
        },
        "service": "NAP_HEALTH_STATUS", "note": text("api note"), "safe_word": text("api word"),
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "once"}
    ok(Client().post(reverse("help-request-list"), json.dumps(body), content_type="application/json", headers=headers))
    # What is refused is not repeated in a log either.
    wrong = body | {"mode": text("api wrong")}
    ok(Client().post(reverse("help-request-list"), json.dumps(wrong), content_type="application/json",
                     headers=headers | {"Idempotency-Key": "two"}), 422)  # fmt: skip
    words.pop("api wrong")


def written_and_rung() -> None:
    sms = {"from": phone("sms"), "text": text("sms text"), "id": "7"}
    ok(Client().post("/vrata/sms/in/sezam/", json.dumps(sms), content_type="application/json"))
    nameless = {"from": phone("nameless"), "text": text("nameless text")}
    ok(Client().post("/vrata/sms/in/sezam/", json.dumps(nameless), content_type="application/json"))
    rang = {"id": "1", "kind": "voicemail", "from": phone("rang"), "recording": f"https://pbx.example/{phone('rang')}"}
    ok(Client().post("/vrata/telefon/sezam/", json.dumps(rang), content_type="application/json"))
    replies.read_all(now=timezone.now())
    assert Callback.objects.exists()


def applied() -> None:
    said = {
        "first_name": text("volunteer first"), "last_name": text("volunteer last"), "phone": phone("volunteer"),
        "email": f"{words.setdefault('volunteer mail', 'zyxqwv-senti')}@example.org", "home": "32531",
        "note": text("volunteer note"),
    }  # fmt: skip
    ok(Client().post(reverse("volunteers:apply"), said), 302)


def invited(office: Client) -> None:
    said = {"name": text("colleague"), "email": f"{words.setdefault('colleague mail', 'vwqxyz-senti')}@example.org",
            "role": Role.CLERK}  # fmt: skip
    ok(office.post(reverse("accounts:invite"), said), 200, 302)


def visited(row: HelpRequest) -> None:
    """A volunteer is sent, comes, and notes something; the desk notes something on its task."""
    now = timezone.now()
    HelpRequest.objects.filter(pk=row.pk).update(team=1)
    row.refresh_from_db()
    helper = make.volunteer(groups=(str(row.service.group_id),))
    visit = make.visit(row, helper, now=now, start=now + timedelta(minutes=20))
    client = Client()
    client.force_login(helper.user)
    ok(client.get(reverse("requests:visit", args=[visit.pk])))
    ok(client.post(reverse("requests:need_help", args=[visit.pk])), 302)
    ok(client.post(reverse("requests:check_in", args=[visit.pk])), 302)
    done = {"outcome": "submitted", "minutes": "30", "note": text("visit note")}
    ok(client.post(reverse("requests:check_out", args=[visit.pk]), done), 302)
    assert Visit.objects.get(pk=visit.pk).state == "done"


def at_the_desk(lead: Client, row: HelpRequest) -> None:
    helper = make.volunteer("Друг", "Човек")
    rule = {"volunteer": helper.pk, "kind": "blocked", "note": text("rule note")}
    ok(lead.post(reverse("requests:detail_rules", args=[row.pk]), rule), 302)
    callback = {"phone": phone("promised"), "reason": text("promised reason"), "do": "promise"}
    lead.post(reverse("requests:callbacks"), callback)
    task = DeskTask.objects.open().first()
    assert task is not None
    task.note = text("task note")
    task.save()


def test_no_value_of_any_door_stands_anywhere_in_clear(caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    town.small()
    desk, lead = signed_in(Role.CLERK), signed_in(Role.COORDINATOR)
    asked_on_the_web()
    row = taken_at_the_desk(desk)
    called_by_a_program()
    written_and_rung()
    applied()
    invited(signed_in(Role.ADMINISTRATOR))
    visited(row)
    at_the_desk(lead, row)
    assert Resident.objects.count() == 3 and Membership.objects.exists()
    logs = iter([("log", caplog.text)])
    in_clear = found(words, raw_tables(), in_redis(), cached(), filed(), logs)
    assert in_clear == set()
    keys = {name for name in words if name not in ("half first", "half last", "half", "guess", "promised",
                                                   "promised reason")}  # fmt: skip
    arrived = {name for name, _where in found(words, opened_tables())}
    assert keys - arrived == set(), "these never arrived, so not finding them proves nothing"
    assert mail.outbox is not None


def test_what_stands_in_clear_is_found(settings: Any) -> None:
    """The search itself: a text in a table that is not sealed, a cached value and a file are seen."""
    from django.core.cache import cache

    where = make.municipality()
    where.office_hours_bg = text("in a table")
    where.save()
    cache.set("k", text("in the cache"), 60)
    settings.VAR_DIR.joinpath("file.txt").write_text(text("in a file"))
    hits = {name for name, _where in found(words, raw_tables(), in_redis(), cached(), filed())}
    cache.delete("k")
    assert {"in a table", "in a file"} <= hits
    # Redis holds it pickled, in UTF-8 that a search for the letters finds as well.
    assert "in the cache" in hits
