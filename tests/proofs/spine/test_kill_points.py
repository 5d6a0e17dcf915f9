"""`kill -9` at every named point and a flushed Redis: afterwards every request reaches its next step.

A real Celery worker dies at the point (`KILL_AT`), Redis is emptied, and another starts without it. What
beat would send is then sent until everything is settled. Two things are written instead of waited for: the three
minutes of the planning lease and the minute after which a dead sender's claim is taken back lie in the past.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.utils import timezone

from core import killpoints, nudge
from notifications.models import DeskTask, Message
from notifications.states import Channel, MessageState
from planning.models import PlanningDesk, PlanRound
from requests.models import HelpRequest, JournalEntry, Offer, Visit, VisitSeat
from requests.states import LIVE, NextStep, OfferState, RequestState, VisitState
from tests import factories as make
from tests.notifications.smtp_sink import Sink
from tests.proofs.spine.invariants import check
from tests.proofs.spine.working_day import Town
from tests.services.fixtures import Process, test_database_url
from tests.sizes import FULL, size

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
SITE = "https://dobrovolci.example"
# What beat sends, in one round.
BEAT_SENDS = (
    "requests.tasks.sweep",
    "planning.tasks.plan_due",
    "notifications.tasks.watch_messages",
    "notifications.tasks.send_due",
)
Start = Callable[..., Process]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server that keeps every letter."""
    nudge.forget()
    with Sink() as server:
        yield server
    nudge.forget()


@pytest.fixture
def around(sink: Sink, tmp_path: Path, settings: Any) -> Callable[..., dict[str, str]]:
    """The environment of a worker: this mail server, a folder of its own, a point to die at."""
    settings.VAR_DIR = tmp_path
    settings.MESSAGE_SPOOL = tmp_path / "messages"

    def environment(kill_at: str = "") -> dict[str, str]:
        more = {"KILL_AT": kill_at} if kill_at else {}
        return {
            "DATABASE_URL": test_database_url(), "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port),
            "SITE_URL": SITE, "VAR_DIR": str(tmp_path), "SOLVER_SECONDS": "0.3", **more,
        }  # fmt: skip

    return environment


def until(holds: Callable[[], bool], what: str, seconds: float = 45.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def beat() -> None:
    for task in BEAT_SENDS:
        current_app.send_task(task)


def time_passes(alive: timedelta = timedelta(0)) -> None:
    """What time would do: the lease of a dead planner and the claim of a dead sender are old, a plan is due.

    A claim younger than `alive` may be that of the living worker: it would be taken from it again and again.
    """
    now = timezone.now()
    long_ago = now - timedelta(minutes=5)
    PlanningDesk.objects.filter(lease_until__isnull=False).update(lease_until=long_ago)
    Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lte=now - alive).update(claimed_at=long_ago)
    PlanningDesk.objects.update(planned_at=long_ago - timedelta(minutes=1))


def settled() -> bool:
    """Everything due was looked at, planned and sent."""
    now = timezone.now()
    return not (
        HelpRequest.objects.due(now).exists()
        or Offer.objects.overdue(now).exists()
        or Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.CLAIMED], due_at__lte=now).exists()
        or HelpRequest.objects.filter(state=RequestState.OPEN, unserved_reason="", next_step=NextStep.PLAN).exists()
        or PlanningDesk.objects.filter(lease_until__isnull=False).exists()
    )


def settle() -> None:
    deadline = time.monotonic() + 60
    while True:
        time_passes(alive=timedelta(seconds=5))
        beat()
        pause = time.monotonic() + 4
        while time.monotonic() < pause:
            time.sleep(0.2)
            if settled():
                return
        assert time.monotonic() < deadline, unsettled()


def unsettled() -> str:
    rows = HelpRequest.objects.filter(state__in=LIVE).values_list("number", "state", "next_step", "unserved_reason")
    waiting = Message.objects.exclude(state=MessageState.SENT).values_list("key", "state", "failure")
    return f"never settled: {list(rows)} {list(waiting)} {list(PlanningDesk.objects.values())}"


def nothing_was_lost_or_doubled(town: Town, sink: Sink, deaths: int) -> None:
    check()
    now = timezone.now()
    for row in HelpRequest.objects.filter(state__in=LIVE):
        assert row.next_step and row.next_step_at is not None and row.next_step_at > now, f"{row} is stuck"
    # asked: what could be planned; ended or at the desk: what was overdue
    for row in town.to_plan:
        row.refresh_from_db()
        made = list(Offer.objects.filter(help_request=row, state=OfferState.MADE))
        assert row.state == RequestState.OFFERED, f"{row} was never offered: {row.state} {row.unserved_reason}"
        assert sorted(offer.seat for offer in made) == list(range(1, row.team + 1)), "a seat was asked for twice"
        assert len({offer.volunteer_id for offer in made}) == row.team
        assert JournalEntry.objects.filter(subject_id=row.pk, verb="offered").count() == 1
    steps = JournalEntry.objects.filter(verb__in=["expired", "half_staffed"])
    told = Counter(steps.values_list("verb", "subject_id", "to_state", "from_state"))
    assert set(told.values()) == {1}, "a step was taken twice"
    assert Offer.objects.get(help_request=town.unanswered, state=OfferState.EXPIRED)
    assert Offer.objects.filter(help_request=town.half, state=OfferState.RELEASED).count() == 1
    assert Visit.objects.get(help_request=town.scheduled).state == VisitState.SCHEDULED
    assert VisitSeat.objects.filter(visit__help_request=town.scheduled, live=True).count() == 1
    asked = Counter(DeskTask.objects.open().values_list("kind", flat=True))
    assert (asked["half_staffed"], asked["no_show"], asked["no_volunteer"]) == (1, 1, 1), asked
    letters_arrived(sink, deaths)


def letters_arrived(sink: Sink, deaths: int) -> None:
    """Every offer was told in the app once and by e-mail at least once, always under the same Message-ID."""
    for offer in Offer.objects.all():
        rows = Message.objects.filter(key__startswith=f"offer:{offer.pk}:made:")
        assert Counter(rows.values_list("channel", flat=True)) == {Channel.IN_APP: 1, Channel.EMAIL: 1}
    ids = Counter(str(letter["Message-ID"]) for letter in sink.letters)
    mails = Message.objects.filter(channel=Channel.EMAIL, state=MessageState.SENT)
    assert set(ids) == {f"<{message.pk}@dobrovolci.example>" for message in mails}
    assert max(ids.values()) <= deaths + 1, "a letter came again though nobody died with it in hand"
    assert not Message.objects.filter(state=MessageState.FAILED).exists()


ROOMS = {
    "planning": [
        "claim.before@rounds",
        "claim.after@rounds",
        "solve.before@rounds",
        "solve.after@rounds",
        "offer.before@offers",
        "offer.after@offers",
    ],
    "requests": ["claim.before@sweep", "claim.after@sweep"],
    "notifications": [
        "claim.before@sending",
        "claim.after@sending",
        "send.before@sending",
        "send.after@sending",
        "commit.before@sending",
        "commit.after@sending",
    ],
}
# In full every point has a town of its own, also at the second passing. Reduced, the points of a room share one: the
# worker's process dies at each in turn and Redis is emptied; at the last the whole worker dies, as it does in full.
ALONE = [point for points in ROOMS.values() for point in points] + ["offer.after@offers:2", "claim.after@sweep:2"]
DEATHS = {point: [point] for point in ALONE} if FULL else ROOMS


@pytest.mark.parametrize("points", DEATHS.values(), ids=DEATHS.keys())
def test_killed_here_and_redis_flushed_nothing_is_lost(
    points: list[str],
    sink: Sink,
    around: Callable[..., dict[str, str]],
    start_worker: Start,
    flush_broker: Callable[[], Any],
) -> None:
    town = Town(timezone.now(), size(2, 8, "requests to plan"))
    marks = [killpoints.marker(point.partition("@")[0]) for point in points]
    assert not [mark for mark in marks if mark.exists()]
    assert {mark.parent for mark in marks} == {Path(django_settings.VAR_DIR)}
    worker = start_worker(env=around(" ".join(points)))
    for point, mark in zip(points, marks, strict=True):
        time_passes()
        beat()
        until(mark.exists, f"never came to {point}:\n{worker.log()[-3000:]}")
        if point == points[-1]:
            worker.kill()
        flush_broker()
        assert not settled(), f"it died at {point} when there was nothing left to do"
    start_worker(env=around())
    settle()
    nothing_was_lost_or_doubled(town, sink, deaths=len(points))


ACCEPT = """
from uuid import UUID
import django; django.setup()
from django.utils import timezone
from requests.services import answers
from requests.services.actors import BEAT
answers.accept(offer_id=UUID("{offer}"), actor=BEAT, now=timezone.now())
"""


def test_a_web_process_killed_before_an_acceptance_is_committed_left_nothing_half_done(
    around: Callable[..., dict[str, str]], start_process: Start
) -> None:
    now = timezone.now()
    row, ivanka = make.help_request(now=now), make.volunteer()
    (offer,) = make.offer(row, ivanka, now=now)
    before = JournalEntry.objects.count()
    command = [sys.executable, "-c", ACCEPT.format(offer=offer.pk)]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", **around("commit.before@answers")}
    dying = start_process("web", command, environment)
    until(lambda: not dying.alive(), "it lives")
    assert dying._popen is not None and dying._popen.returncode == -signal.SIGKILL, dying.log()
    offer.refresh_from_db()
    assert (offer.state, JournalEntry.objects.count()) == (OfferState.MADE, before)
    check()
    again = start_process("web", command, environment | {"KILL_AT": ""})
    until(lambda: not again.alive(), "it hangs")
    assert again._popen is not None and again._popen.returncode == 0, again.log()
    assert VisitSeat.objects.get(live=True).volunteer_id == ivanka.pk
    assert Message.objects.filter(key__startswith=f"offer:{offer.pk}:accepted").count() == 1
    assert PlanRound.objects.count() == 0
    check()
