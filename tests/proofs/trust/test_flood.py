"""The public pages under a flood: unusual numbers cost something, people still get through, nobody is sent out."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import time as clock
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from core import flood
from notifications.models import DeskTask
from planning.services import snapshot
from requests.models import HelpRequest, Offer
from requests.services import from_web, intake, residents
from tests import factories as make

pytestmark = pytest.mark.django_db
PHONE = "0888 765 432"


@pytest.fixture(autouse=True)
def _calm(settings: Any) -> None:
    """Six together and three from one address are a usual ten minutes here."""
    settings.CALM_FORMS, settings.CALM_FORMS_HERE = 6, 3
    cache.clear()


def send(where: str = "192.0.2.1", **brought: str) -> flood.Work | None:
    return flood.asked(RequestFactory().post("/", brought, REMOTE_ADDR=where))


def solved(work: flood.Work) -> dict[str, str]:
    number = next(n for n in count() if flood.solves(work.task, str(n), work.bits))
    return {"work_task": work.task, "work_answer": str(number)}


def test_on_a_usual_day_nobody_is_asked_for_anything() -> None:
    assert [send() for _ in range(3)] == [None] * 3


def test_one_address_that_sends_much_must_work_and_its_neighbour_need_not() -> None:
    assert [send() is None for _ in range(4)] == [True, True, True, False]
    assert send("192.0.2.2") is None


def test_many_addresses_together_must_work_too() -> None:
    assert [send(f"192.0.2.{number}") is None for number in range(8)] == [True] * 6 + [False] * 2


def test_the_work_is_good_once_and_grows_with_the_flood() -> None:
    asked = [send() for _ in range(60)]
    first, last = asked[3], asked[-1]
    assert first and last and first.bits < last.bits <= flood.MOST_BITS
    brought = solved(first)
    assert send(**brought) is None
    assert send(**brought) is not None
    forged = {"work_task": first.task.replace(f"{first.bits}.", "1.", 1), "work_answer": "1"}
    for wrong in (forged, {"work_task": last.task, "work_answer": "х"}, {"work_task": "", "work_answer": "1"}):
        assert send(**wrong) is not None


def test_who_has_no_javascript_waits_a_minute_and_a_flood_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    works = [work for _ in range(40) if (work := send())]
    assert send(work_task=works[0].task) is not None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + flood.WAIT_SECONDS + 1)
    let_in = [send(work_task=work.task) is None for work in works[:10]]
    assert let_in == [True] * flood.WAITED_HERE.most + [False] * (10 - flood.WAITED_HERE.most)
    assert send("192.0.2.9", work_task=works[20].task, work_answer="1") is None  # nobody waits for another's flood
    send(), send(), send()
    monkeypatch.setattr(time, "time", lambda: now + flood.TASK_SECONDS + 1)
    assert [send(work_task=works[21].task) is None for _ in range(5)][-1] is False  # too old to be any good


def test_without_redis_the_flood_is_still_held(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "core.shared_counts.SharedCounts", "LOCATION": "redis://127.0.0.1:9/0"}}
    assert [send() is None for _ in range(4)] == [True, True, True, False]


def test_the_browser_s_sum_is_the_server_s() -> None:
    """`work.js` counts zeros of SHA-256 over `task:number`; so does this, written a second time."""
    work = flood.Work("12.abc:x:y", 12)
    answer = solved(work)["work_answer"]
    digest = bin(int(hashlib.sha256(f"{work.task}:{answer}".encode()).hexdigest(), 16))[2:].zfill(256)
    assert digest.startswith("0" * 12)


def test_the_page_says_what_to_do_and_keeps_what_was_typed(client: Client, settings: Any) -> None:
    settings.CALM_FORMS_HERE = 1
    row = make.help_request(make.resident(phone=PHONE))
    client.post("/zayavka/", {"code": "00000000", "phone": PHONE})
    page = client.post("/zayavka/", {"code": row.tracking_code, "phone": PHONE})
    text = page.content.decode()
    assert page.status_code == 429 and row.tracking_code in text and "ни звъннете" in text
    task, bits = re.findall(r'data-work="([^"]+)" data-bits="(\d+)"', text)[0]
    brought = solved(flood.Work(task, int(bits)))
    opened = client.post("/zayavka/", {"code": row.tracking_code, "phone": PHONE, **brought})
    assert (opened.status_code, opened.headers["Location"]) == (302, "/zayavka/moyata/")


def test_however_many_come_from_the_web_nobody_is_sent_before_a_person_was_phoned() -> None:
    make.volunteer()
    person = residents.Person(first_name="Мария", last_name="Петрова", settlement=make.village(), phone=PHONE)
    free = [intake.Free(weekday=day, start=clock(9), end=clock(17)) for day in range(5)]
    for number in range(8):
        wanted = intake.Wanted(service=make.service(), safe_word="люляк", free=free)
        from_web.submit_once(
            token=f"t{number}", municipality=make.municipality(), person=person, wanted=wanted, now=make.NOW
        )
    known = make.help_request()  # the control: this one is planned
    taken = snapshot.take(make.municipality(), now=make.NOW)
    assert {row["id"] for row in taken.problem["requests"]} == {str(known.pk)}
    assert set(HelpRequest.objects.exclude(pk=known.pk).values_list("state", flat=True)) == {"unverified"}
    assert not Offer.objects.exists()
    assert DeskTask.objects.open().filter(kind="verify_web").exists()
