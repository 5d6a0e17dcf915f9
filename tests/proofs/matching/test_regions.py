"""A large round in parts through a real Celery worker: killed at every step and Redis emptied, it comes to its end.

The worker dies at a named point (`KILL_AT`), Redis is flushed, and another starts without it; only what the schedule
sends goes on. A lease that a dead worker held is written into the past instead of waited for.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from core import killpoints
from core.clock import local_date
from matching.check import check
from matching.format import parse_plan, parse_problem
from places.models import MunicipalityRules
from planning.models import PlanningDesk, PlanPart, PlanRound
from planning.states import PartState, RoundState
from requests.models import HelpRequest, Offer
from requests.states import RequestState
from tests import factories as make
from tests.proofs.spine import invariants
from tests.services.fixtures import Process, test_database_url
from tests.sizes import FULL, size

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Start = Callable[..., Process]
HOMES = ["Радомир", "Извор", "Друган", "Дрен", "Стефаново", "Кленовик"]
LARGE = 10
# In this order each point is reached once: the round is divided, parts are solved, one joins them and publishes.
POINTS = [
    "commit.before@regions",
    "commit.after@regions",
    "claim.before@parts",
    "claim.after@parts",
    "solve.after@parts",
    "commit.after@parts",
    "claim.before@joins",
    "claim.after@joins",
    "offer.after@offers",
    "commit.before@joins",
]
REDUCED = [POINTS[1], POINTS[3], POINTS[4], POINTS[7], POINTS[8], POINTS[9]]


class Region:
    """Requests for these days, which are offered at once, and more for next week, which are only planned."""

    def __init__(self, now: datetime, later: int) -> None:
        for number in range(max(6, later // 2)):
            make.volunteer(
                f"Човек{number}", home=HOMES[number % len(HOMES)], hours=tuple((day, 8, 19) for day in range(7))
            )
        MunicipalityRules.objects.update_or_create(
            municipality=make.municipality(),
            defaults={"visits_on_holidays": True, "visits_on_sunday": True, "offer_horizon_days": 3},
        )
        week = local_date(now) + timedelta(days=8)
        for number in range(4 + later):
            who = make.resident(home=HOMES[number % len(HOMES)])
            make.help_request(who, now=now, not_before=week if number >= 4 else None)

    def offer_everything(self) -> None:
        """A week goes by: what was planned may be offered now."""
        MunicipalityRules.objects.update(offer_horizon_days=14)


def around(folder: Path, kill_at: str = "") -> dict[str, str]:
    """The environment of a worker: ten requests are many, and it may die at a point."""
    more = {"KILL_AT": kill_at} if kill_at else {}
    return {
        "DATABASE_URL": test_database_url(), "VAR_DIR": str(folder), "SOLVER_SECONDS": "0.5",
        "SOLVER_PART_REQUESTS": str(LARGE), "SOLVER_PART_SECONDS": "5", "SITE_URL": "https://dobrovolci.example",
        "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "9", **more,
    }  # fmt: skip


def until(holds: Callable[[], bool], what: Callable[[], str], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


def time_passes() -> None:
    """What time would do: leases of the dead are old. The desk is the round's own as long as it has parts."""
    long_ago = timezone.now() - timedelta(minutes=5)
    PlanningDesk.objects.filter(lease_until__isnull=False, parts_of=None).update(lease_until=long_ago)
    PlanPart.objects.filter(lease_until__isnull=False).update(lease_until=long_ago)
    PlanRound.objects.filter(join_lease_until__isnull=False).update(join_lease_until=long_ago)


def schedule() -> None:
    """What beat sends of planning."""
    current_app.send_task("planning.tasks.plan_due")


def in_parts() -> PlanRound:
    return PlanRound.objects.get(state=RoundState.IN_PARTS)


def settled() -> bool:
    newest = PlanRound.objects.order_by("-started_at").first()
    free = PlanningDesk.objects.filter(lease_until=None).exists()
    return newest is not None and newest.state == RoundState.PUBLISHED and newest.parts.exists() and free


def settle() -> None:
    deadline = time.monotonic() + 90
    while not settled():
        assert time.monotonic() < deadline, standing()
        time_passes()
        schedule()
        pause = time.monotonic() + 8
        while time.monotonic() < pause and not settled():
            time.sleep(0.2)


def standing() -> str:
    rounds = PlanRound.objects.values_list("state", "join_tries", "join_lease_until", "failure")
    return f"{list(rounds)} {list(PlanPart.objects.values_list('number', 'state', 'tries', 'lease_until'))}"


def everything_was_asked_once(later: int) -> None:
    invariants.check()
    made = PlanRound.objects.order_by("-started_at").first()
    assert made is not None and check(parse_problem(made.problem), parse_plan(made.plan)).legal
    assert {visit["request"] for visit in made.plan["visits"]} == {str(row.pk) for row in HelpRequest.objects.all()}
    assert set(HelpRequest.objects.values_list("state", flat=True)) == {RequestState.OFFERED}
    assert set(Counter(Offer.objects.values_list("help_request_id", flat=True)).values()) == {1}
    offers = list(Offer.objects.order_by("volunteer_id", "start"))
    assert len(offers) == 4 + later
    for one, next_one in pairwise(offers):
        assert one.volunteer_id != next_one.volunteer_id or one.end <= next_one.start, "asked for two visits at once"
    assert set(made.parts.values_list("state", "problem")) == {(PartState.SOLVED, None)}, standing()
    assert made.offers_made == Offer.objects.filter(round_id=made.pk).count()


def test_killed_at_every_step_and_redis_flushed_the_parts_are_joined_and_everybody_is_asked_once(
    tmp_path: Path, start_worker: Start, flush_broker: Callable[[], Any], settings: Any
) -> None:
    settings.VAR_DIR = tmp_path
    later = size(12, 40, "requests to plan in parts")
    region = Region(timezone.now(), later)
    for point in POINTS if FULL else REDUCED:
        mark = killpoints.marker(point.partition("@")[0])
        mark.unlink(missing_ok=True)
        worker = start_worker(env=around(tmp_path, point))
        time_passes()
        schedule()
        until(mark.exists, lambda point=point, worker=worker: f"never came to {point}:\n{worker.log()[-3000:]}")
        worker.kill()
        flush_broker()
        assert not settled(), f"it died at {point} when there was nothing left to do"
        if point == "commit.after@regions":
            assert Offer.objects.count() == 4, "the first plan is published before its parts are solved"
            assert 2 <= in_parts().parts.count() == PlanPart.objects.filter(tries=0).count()
            region.offer_everything()
    start_worker(env=around(tmp_path))
    settle()
    everything_was_asked_once(later)


def test_without_the_schedule_a_flushed_broker_would_lose_the_parts(
    tmp_path: Path, start_worker: Start, flush_broker: Callable[[], Any], settings: Any
) -> None:
    """The control: the rows alone do nothing, so the proof above would see a part that nobody sends again."""
    settings.VAR_DIR = tmp_path
    Region(timezone.now(), later=8)
    worker = start_worker(env=around(tmp_path, "claim.after@parts"))
    schedule()
    until(killpoints.marker("claim.after").exists, lambda: worker.log()[-3000:])
    worker.kill()
    flush_broker()
    start_worker(env=around(tmp_path))
    time_passes()
    time.sleep(3)
    parts = in_parts().parts
    assert set(parts.values_list("state", flat=True)) == {PartState.WAITING}
    schedule()
    until(lambda: not parts.filter(state=PartState.WAITING).exists(), standing)


def test_two_workers_share_the_parts_and_one_of_them_joins(tmp_path: Path, start_worker: Start, settings: Any) -> None:
    settings.VAR_DIR = tmp_path
    region = Region(timezone.now(), later=12)
    region.offer_everything()
    first, second = (start_worker(env=around(tmp_path)) for _worker in range(2))
    schedule()
    until(settled, standing, 120)
    assert PlanRound.objects.filter(join_tries__gt=0).count() == 1
    assert list(PlanRound.objects.filter(join_tries__gt=0).values_list("join_tries", flat=True)) == [1]
    assert set(PlanPart.objects.values_list("tries", flat=True)) == {1}, "no part was solved twice"
    for worker in (first, second):
        assert "Traceback" not in worker.log()
    invariants.check()
    assert set(HelpRequest.objects.values_list("state", flat=True)) == {RequestState.OFFERED}
