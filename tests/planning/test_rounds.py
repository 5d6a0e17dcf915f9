"""Rounds: one at a time, one for a burst, none for nothing new; a failed one leaves the way free."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from planning.models import PlanningDesk, PlanRound
from planning.services import desk, progress, rounds, solver
from planning.states import RoundState
from planning.tasks import plan_due, plan_municipality
from requests.models import HelpRequest, Offer
from tests import factories as make

pytestmark = pytest.mark.django_db
at_hand = pytest.mark.usefixtures("solver_at_hand")


def codes(towns) -> list[str]:
    return [town.pk for town in towns]


@at_hand
def test_an_unchanged_town_is_not_solved_again(plan) -> None:
    make.volunteer()
    make.help_request()
    plan()
    town = make.municipality()
    assert rounds.run(municipality=town, now=make.NOW) is not None, "its own offers are news, once"
    assert rounds.run(municipality=town, now=make.NOW + timedelta(seconds=40)) is None
    assert PlanRound.objects.count() == 2


@at_hand
def test_a_burst_of_changes_makes_one_round_when_it_has_settled() -> None:
    town = make.municipality()
    assert codes(rounds.due(now=make.NOW).now) == ["PER36"], "never planned"
    rounds.run(municipality=town, now=make.NOW)
    assert rounds.due(now=make.NOW + timedelta(seconds=20)) == rounds.Due()
    make.help_request(now=make.NOW)
    first = make.NOW + timedelta(seconds=21)
    assert codes(rounds.due(now=first).soon) == ["PER36"]
    make.help_request(make.resident(), now=make.NOW)
    assert rounds.due(now=first + timedelta(seconds=5)) == rounds.Due()
    assert codes(rounds.due(now=first + timedelta(seconds=9)).now) == ["PER36"]
    rounds.run(municipality=town, now=first + timedelta(seconds=9))
    assert rounds.due(now=first + timedelta(seconds=30)) == rounds.Due()


@at_hand
def test_the_clock_alone_brings_a_round_after_five_minutes() -> None:
    rounds.run(municipality=make.municipality(), now=make.NOW)
    assert codes(rounds.due(now=make.NOW + timedelta(minutes=5)).now) == ["PER36"]


@at_hand
def test_while_one_plans_nobody_else_does() -> None:
    town = make.municipality()
    PlanningDesk.objects.create(municipality=town, lease_until=make.NOW + timedelta(minutes=2))
    assert rounds.run(municipality=town, now=make.NOW) is None
    assert rounds.due(now=make.NOW) == rounds.Due()
    # Whoever held it was killed: the lease runs out and the next one plans.
    assert rounds.run(municipality=town, now=make.NOW + timedelta(minutes=2)) is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@at_hand
def test_two_rounds_at_once_are_one() -> None:
    make.volunteer()
    make.help_request()
    town = make.municipality()
    rounds.due(now=make.NOW)
    made: list[PlanRound | None] = []
    begin = threading.Barrier(4)

    def one() -> None:
        begin.wait()
        try:
            made.append(rounds.run(municipality=town, now=make.NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and sum(row is not None for row in made) == 1
    assert PlanRound.objects.count() == 1 and Offer.objects.count() == 1


@at_hand
def test_a_failed_solver_leaves_the_lease_free_and_the_next_round_works(plan, monkeypatch) -> None:
    make.volunteer()
    make.help_request()

    def fail(*args, **kwargs):
        raise solver.SolverFailed("solve: exit 3: no plan")

    town = make.municipality()
    with monkeypatch.context() as broken:
        broken.setattr(solver, "solve", fail)
        failed = rounds.run(municipality=town, now=make.NOW)
    assert failed is not None and failed.state == RoundState.FAILED and "exit 3" in failed.failure
    assert PlanningDesk.objects.get().lease_until is None and not Offer.objects.exists()
    assert plan(make.NOW + timedelta(minutes=5)).offers_made == 1


def test_what_the_solver_says_stands_on_the_round_until_it_is_solved(monkeypatch) -> None:
    make.volunteer()
    make.help_request()
    monkeypatch.setattr(progress, "EVERY", 0.3)
    said = {"phase": "parts", "served": 1, "requests": 5, "total": 5, "bound": 6, "gap": 0.1, "seconds": 1.0}
    seen, honest = [], solver.solve

    def talking(problem, *, told, **more):
        for served, wait in ((1, 0), (2, 0.4), (3, 0)):
            told({**said, "served": served})
            seen.append(PlanRound.objects.get().progress["served"])
            time.sleep(wait)
        told({**said, "requests": 0})
        return honest(problem, **more)

    monkeypatch.setattr(solver, "solve", talking)
    made = rounds.run(municipality=make.municipality(), now=make.NOW)
    assert seen == [1, 1, 3], "not every time"
    assert PlanRound.objects.get().progress is None and made.state == RoundState.PUBLISHED


def test_a_solver_that_is_no_program_fails_in_one_sentence(monkeypatch) -> None:
    monkeypatch.setattr(solver.sys, "executable", "/nowhere/python")
    with pytest.raises(solver.SolverFailed, match="nowhere"):
        solver.solve({}, seconds=1, seed=1)


def test_a_wrong_problem_fails_with_the_field(plan) -> None:
    with pytest.raises(solver.SolverFailed, match="travel: is missing"):
        solver.solve({"format": "hvsp/9"}, seconds=1, seed=1)


def test_a_solver_without_memory_fails_and_does_not_hang(settings) -> None:
    settings.SOLVER_MEMORY_MB = 40
    with pytest.raises(solver.SolverFailed):
        solver.solve({"format": "hvsp/1"}, seconds=1, seed=1)


@at_hand
def test_an_exception_while_publishing_leaves_the_lease_free(monkeypatch) -> None:
    make.volunteer()
    make.help_request()
    town = make.municipality()

    def burst(*args, **kwargs):
        raise RuntimeError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr("planning.services.publish.publish", burst)
        with pytest.raises(RuntimeError):
            rounds.run(municipality=town, now=make.NOW)
    assert PlanningDesk.objects.get().lease_until is None
    made = rounds.run(municipality=town, now=make.NOW)
    assert made is not None and made.offers_made == 1, "the same snapshot is solved again: it was never published"


def test_a_round_that_took_too_long_leaves_the_next_one_s_lease_alone(monkeypatch) -> None:
    town = make.municipality()
    later = make.NOW + timedelta(minutes=4)

    def slow(*args, **kwargs):
        PlanningDesk.objects.update(lease_until=later + desk.LEASE)
        raise solver.SolverFailed("slow")

    monkeypatch.setattr(solver, "solve", slow)
    rounds.run(municipality=town, now=make.NOW)
    assert PlanningDesk.objects.get().lease_until == later + desk.LEASE


@at_hand
def test_old_rounds_are_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(rounds, "KEEP_ROUNDS", 2)
    make.volunteer()
    for turn in range(4):
        make.help_request(make.resident())
        rounds.run(municipality=make.municipality(), now=make.NOW + timedelta(minutes=turn))
    assert PlanRound.objects.count() == 2


@at_hand
def test_the_problem_of_a_round_holds_no_personal_text(plan) -> None:
    make.volunteer()
    make.help_request(note="тайна бележка")
    text = json.dumps(plan().problem, ensure_ascii=False)
    for secret in ("Мария", "Петрова", "Иванка", "люляк", "бележка", "+359", "чешмата"):
        assert secret not in text


@at_hand
def test_the_tasks_plan_what_is_due(monkeypatch) -> None:
    make.municipality()
    sent: list[tuple] = []
    monkeypatch.setattr(plan_municipality, "delay", lambda code: sent.append(("plan", code)))
    monkeypatch.setattr(plan_due, "apply_async", lambda countdown: sent.append(("again", countdown)))
    plan_due()
    assert sent == [("plan", "PER36")]
    plan_municipality("PER36")
    make.help_request()
    plan_due()
    assert sent[1:] == [("again", 9.0)]


def test_every_change_nudges_planning_after_the_commit(monkeypatch, django_capture_on_commit_callbacks) -> None:
    nudged: list[str] = []
    monkeypatch.setattr("core.nudge.nudge", nudged.append)
    with django_capture_on_commit_callbacks(execute=True):
        make.help_request()
    assert "planning.tasks.plan_due" in nudged


def test_the_command_prints_the_plan_and_a_dry_run_asks_nobody() -> None:
    make.volunteer()
    row, hopeless = make.help_request(make.resident()), make.help_request(make.resident(), language="tr")
    HelpRequest.objects.filter(pk=row.pk).update(number=4821)
    said = StringIO()
    call_command("plan", "--municipality", "PER36", "--dry-run", stdout=said)
    lines = said.getvalue().splitlines()
    assert any("4821" in line and "Извор" in line and "ASP_HEAT" in line and "№ 1" in line for line in lines)
    assert any(str(hopeless.number) in line and "nobody_speaks" in line for line in lines)
    assert lines[-1].startswith("1 visits, 1 unserved") and lines[-1].endswith("0 offers made")
    assert not Offer.objects.exists() and not PlanRound.objects.exists()


@at_hand
def test_the_command_makes_offers_and_says_the_same_again(settings) -> None:
    make.volunteer()
    make.help_request()
    said = StringIO()
    call_command("plan", "--municipality", "PER36", stdout=said)
    assert said.getvalue().rstrip().endswith("1 offers made")
    rounds.run(municipality=make.municipality(), now=timezone.now())
    again = StringIO()
    call_command("plan", "--municipality", "PER36", stdout=again)
    assert "this round was already done" in again.getvalue().splitlines()[-1]
    assert "already done" not in said.getvalue()


def test_the_command_names_what_is_missing() -> None:
    with pytest.raises(CommandError, match="no municipality"):
        call_command("plan", "--municipality", "XXX99")
