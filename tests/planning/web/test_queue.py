"""The queue says why each request waits, and planning now is a nudge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.services import rounds
from tests import factories as make
from tests.planning.web.hands import page

pytestmark = pytest.mark.django_db


def test_the_queue_says_why_and_narrows(desk, now) -> None:
    make.volunteer(groups=("HEALTH",))
    row = make.help_request(now=now)
    make.help_request(make.resident("Пена", home="Дрен"), service=make.service("OTHER"), now=now)
    rounds.run(municipality=make.municipality(), now=now)
    html = page(desk, "/plan/zayavki/")
    assert "2 заявки в работа" in html and html.count("Никой няма удостоверение за тази услуга.") == 2
    assert "Планът намира човек за 0 от 2." in html
    assert f"/plan/zayavki/{row.pk}/kandidati/" in html
    assert "Пена" not in page(desk, f"/plan/zayavki/?settlement={make.village('Извор').pk}")
    assert "Пена" in page(desk, "/plan/zayavki/?service=OTHER")
    assert "Няма такива заявки." in page(desk, "/plan/zayavki/?state=scheduled")
    assert "2 заявки" in page(desk, "/plan/zayavki/?state=nothing&service=NOTHING&page=99")


def test_planning_now_is_a_nudge_and_its_progress_is_shown(desk, monkeypatch, now) -> None:
    sent = []
    monkeypatch.setattr("planning.web.runs.plan_municipality.apply_async", lambda args, retry: sent.append(args))
    make.municipality()
    answer = desk.post("/plan/planirai/", {"next": "/plan/grafik/"})
    assert sent == [("PER36",)] and answer.url.startswith("/plan/grafik/?asked=")
    assert desk.post("/plan/planirai/", {"next": "https://evil.example/"}).url.startswith("/plan/zayavki/?asked=")
    asked = answer.url.rpartition("=")[2]
    waiting = page(desk, f"/plan/krag/?asked={asked}")
    assert "Планът се смята." in waiting and "hx-get" in waiting
    rounds.run(municipality=make.municipality(), now=now + timedelta(seconds=5))
    done = page(desk, f"/plan/krag/?asked={asked}")
    assert "hx-get" not in done and "Планът намира човек" in done


def test_a_dead_broker_is_told(desk, monkeypatch) -> None:
    from kombu.exceptions import OperationalError

    def dead(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("planning.web.runs.plan_municipality.apply_async", dead)
    make.municipality()
    assert "Планът ще стане сам" in desk.post("/plan/planirai/", follow=True).content.decode()
