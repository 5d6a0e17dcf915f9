"""The queue says why each request waits, and planning now is a nudge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.models import PlanPart, PlanRound
from planning.services import rounds
from planning.states import PartState, RoundState
from tests import factories as make
from tests.planning.web.hands import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


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


def running_round(now, **more) -> PlanRound:
    return PlanRound.objects.create(
        municipality=make.municipality(), started_at=now, origin=now, snapshot_hash="x", problem={}, **more
    )


def test_a_round_at_work_shows_how_far_it_is_to_whoever_looks(desk, now) -> None:
    rounds.run(municipality=make.municipality(), now=now - timedelta(minutes=6))
    made = running_round(now)
    assert "Отнема няколко секунди." in page(desk, "/plan/zayavki/"), "nobody asked for it here, and it is seen"
    PlanRound.objects.filter(pk=made.pk).update(
        progress={"served": 41, "requests": 60, "total": 9, "bound": 10, "gap": 0.0234}
    )
    html = page(desk, "/plan/krag/")
    assert "Засега намира човек за 41 от 60." in html and "Най-много 2,3\xa0% под най-добрия план." in html
    assert "hx-get" in html
    PlanRound.objects.filter(pk=made.pk).update(started_at=now - timedelta(minutes=4))
    html = page(desk, "/plan/krag/")
    assert "hx-get" not in html and "Планът намира човек за 0 от 0." in html, "killed: the last plan counts"


def test_a_large_round_shows_its_plan_and_how_many_parts_are_done(desk, now) -> None:
    made = running_round(now, state=RoundState.IN_PARTS, plan={"visits": [{"request": "a"}], "unserved": []})
    for number, state in enumerate([PartState.SOLVED, PartState.WAITING, PartState.LEFT]):
        PlanPart.objects.create(round=made, number=number, state=state)
    html = page(desk, "/plan/krag/")
    assert "Планът намира човек за 1 от 1." in html and "Подобрява се на части: готови са 2 от 3." in html
    assert "hx-get" in html


def test_a_dead_broker_is_told(desk, monkeypatch) -> None:
    from kombu.exceptions import OperationalError

    def dead(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("planning.web.runs.plan_municipality.apply_async", dead)
    make.municipality()
    assert "Планът ще стане сам" in desk.post("/plan/planirai/", follow=True).content.decode()
