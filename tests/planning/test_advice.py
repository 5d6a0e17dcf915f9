"""Advice in rows: made by the worker from the last plan, once, and again when it is old or somebody asks."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site

from core.clock import local
from planning import tasks
from planning.models import PlanAdvice
from planning.services import advice, solver
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


def codes(now) -> list[str]:
    return [town.pk for town in advice.due(now=now)]


def kinds(row: PlanAdvice) -> dict[str, dict]:
    return {entry["kind"]: entry for entry in row.found}


@pytest.fixture
def short_of_health(plan) -> tuple:
    """Three people of Извор need what nobody is certified for; Иванка lives there and has time."""
    ivanka = make.volunteer(home="Извор")
    service = make.service("PENSION", group_code="HEALTH", minutes=45)
    rows = [make.help_request(make.resident(name), service=service) for name in ("Мария", "Пена", "Вяра")]
    plan()
    return ivanka, rows


def test_the_advice_of_the_last_plan_is_made_by_the_worker(short_of_health) -> None:
    ivanka, rows = short_of_health
    assert codes(make.NOW) == ["PER36"]
    tasks.advise_municipality("PER36")
    row = PlanAdvice.objects.get()
    training = kinds(row)["training"]
    assert training["volunteer"] == str(ivanka.pk) and training["skills"] == ["HEALTH"]
    assert training["more_served"] == 3 and set(training["requests"]) == {str(one.pk) for one in rows}
    assert (training["start"], training["near"]) == (None, None)
    newcomer = kinds(row)["new_volunteer"]
    assert newcomer["near"] == make.village("Извор").pk and newcomer["skills"] == ["HEALTH"]
    start, end = (datetime.fromisoformat(newcomer[key]) for key in ("start", "end"))
    assert make.NOW < start < end and local(start).date() == local(end).date()
    assert row.lease_until is None and str(row.until) == "2026-10-18" and not row.waits


def test_it_holds_no_personal_text(short_of_health) -> None:
    tasks.advise_municipality("PER36")
    text = json.dumps(PlanAdvice.objects.get().found, ensure_ascii=False)
    for secret in ("Мария", "Пена", "Иванка", "Делева", "Извор", "+359"):
        assert secret not in text


def test_it_is_not_made_again_before_it_is_old_and_the_plan_is_new(short_of_health, plan) -> None:
    made = advice.make(municipality=make.municipality(), now=make.NOW)
    assert made is not None and codes(make.NOW + timedelta(minutes=1)) == []
    assert advice.make(municipality=make.municipality(), now=make.NOW + timedelta(minutes=1)) is None
    later = make.NOW + advice.EVERY
    assert codes(later) == [], "the plan is the same"
    make.help_request(make.resident("Нова"), now=later)
    plan(later)
    assert codes(later) == ["PER36"] and codes(later - timedelta(minutes=1)) == []


def test_whoever_asks_has_it_made_at_once_and_only_once(short_of_health) -> None:
    town = make.municipality()
    advice.make(municipality=town, now=make.NOW)
    asked = make.NOW + timedelta(minutes=2)
    advice.ask(municipality=town, now=asked)
    assert codes(asked) == ["PER36"] and PlanAdvice.objects.get().waits
    assert advice.make(municipality=town, now=asked + timedelta(seconds=1)) is not None
    assert codes(asked + timedelta(seconds=2)) == [] and not PlanAdvice.objects.get().waits
    assert advice.make(municipality=town, now=asked + timedelta(seconds=2)) is None


def test_while_one_makes_it_nobody_else_does_and_a_killed_one_is_followed(short_of_health) -> None:
    town = make.municipality()
    PlanAdvice.objects.create(municipality=town, lease_until=make.NOW + timedelta(minutes=2))
    assert codes(make.NOW) == [] and advice.make(municipality=town, now=make.NOW) is None
    over = make.NOW + timedelta(minutes=2)
    assert codes(over) == ["PER36"] and advice.make(municipality=town, now=over) is not None


def test_without_a_plan_there_is_nothing_to_make() -> None:
    town = make.municipality()
    assert codes(make.NOW) == []
    advice.ask(municipality=town, now=make.NOW)
    assert advice.make(municipality=town, now=make.NOW) is None
    assert not PlanAdvice.objects.get().waits and codes(make.NOW) == []


def test_where_all_are_served_no_process_is_started(plan, monkeypatch) -> None:
    make.volunteer()
    make.help_request()
    plan()
    monkeypatch.setattr(solver, "advise", None)
    made = advice.make(municipality=make.municipality(), now=make.NOW)
    assert made is not None and made.found == []


def test_a_solver_that_fails_leaves_what_there_is_and_is_not_asked_at_once(short_of_health, monkeypatch) -> None:
    town = make.municipality()
    advice.make(municipality=town, now=make.NOW)
    before = PlanAdvice.objects.get().found

    def fail(*args, **kwargs):
        raise solver.SolverFailed("advise: exit 2")

    monkeypatch.setattr(solver, "advise", fail)
    asked = make.NOW + timedelta(minutes=1)
    advice.ask(municipality=town, now=asked)
    made = advice.make(municipality=town, now=asked)
    assert made is not None and made.found == before and made.lease_until is None
    assert codes(asked + timedelta(minutes=1)) == []


def test_a_crash_leaves_the_lease_free_and_the_work_due(short_of_health, monkeypatch) -> None:
    def burst(*args, **kwargs):
        raise RuntimeError("the machine went away")

    with monkeypatch.context() as broken:
        broken.setattr(solver, "advise", burst)
        with pytest.raises(RuntimeError):
            advice.make(municipality=make.municipality(), now=make.NOW)
    assert PlanAdvice.objects.get().lease_until is None and codes(make.NOW) == ["PER36"]


def test_the_task_sends_what_is_due(short_of_health, monkeypatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks.advise_municipality, "delay", sent.append)
    tasks.advise_due()
    assert sent == ["PER36"]


def test_the_web_loads_no_optimiser() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, planning.tasks, planning.web.advice; "
        "bad = {'numba', 'highspy', 'matching'} & set(sys.modules); assert not bad, bad"
    )
    environment = {"BUILDING": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""}
    subprocess.run([sys.executable, "-c", code], cwd=site.BASE_DIR, env=environment, check=True)


def test_an_hour_that_is_counted_from_the_first_midnight_comes_out_right(short_of_health, monkeypatch) -> None:
    told = {"kind": "more_hours", "skills": [], "languages": [], "volunteer": "x", "more_served": 1, "requests": []}
    monkeypatch.setattr(solver, "advise", lambda *a, **k: [told | {"start": 1500, "end": 1560, "place": None}])
    (entry,) = advice.make(municipality=make.municipality(), now=make.NOW).found
    assert datetime.fromisoformat(entry["start"]) == datetime(2026, 10, 5, 22, 0, tzinfo=UTC)
