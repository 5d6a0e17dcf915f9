"""From “declined”, or from time that is over, to the next volunteer being asked: 60 seconds at the most.

Through the real worker and the real schedule, on PostgreSQL and Redis: nobody nudges anything by hand. Somebody in
their quiet hours is asked within a minute of the first moment at which they may be.
"""

from __future__ import annotations

import os
import sys
import time as clock
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.clock import local, local_date
from notifications.models import Contact, Message
from notifications.states import MessageState
from requests.models import HelpRequest, Offer
from requests.services import answers
from requests.states import DeclineReason, OfferState, RequestState, Urgency
from tests import factories
from tests.proofs.spine import main_job
from tests.services.fixtures import Process, test_database_url
from tests.sizes import size

pytestmark = [pytest.mark.worker, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MOST_SECONDS = 60.0
PATIENCE = 240.0
# Long enough that a round is made and holds back while they sleep.
SLEEP_SECONDS = size(20, 100, "seconds the next in line still sleeps")


@pytest.fixture
def worker_and_beat(transactional_db: None, tmp_path: Path, flush_broker: Callable[[], Any]) -> Iterator[None]:
    """As an installation runs them. They end before the rows go: a nudge that waits its seconds in a worker's hands
    would else wake while the database is emptied."""
    env = {**os.environ, "DATABASE_URL": test_database_url(), "PYTHONUNBUFFERED": "1"}
    flush_broker()
    celery = [sys.executable, "-m", "celery", "--skip-checks", "-A", "config"]
    options = ["--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    worker = Process([*celery, "worker", *options], tmp_path / "worker.log", env)
    beat = Process([*celery, "beat", "-s", str(tmp_path / "beat")], tmp_path / "beat.log", env)
    try:
        for one in (worker, beat):
            one.start()
        for one, says in ((worker, " ready."), (beat, "is starting.")):
            one.wait_for(says)
        yield
    finally:
        beat.stop()
        worker.stop()
        flush_broker()
        wait_until_alone()


@pytest.fixture
def house(worker_and_beat: None) -> None:
    """Three who may be asked at any hour."""
    main_job.around_the_clock(first_visit_by_two=False)
    for name in ("Иванка", "Петър", "Стоян"):
        main_job.ready(name, "Колев")


def wait_until_alone() -> None:
    """A worker that was killed at last leaves the database a moment after it is gone itself."""
    deadline = clock.monotonic() + PATIENCE
    while others_here():
        assert clock.monotonic() < deadline, "somebody never left the database"
        clock.sleep(0.05)


def others_here() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])


def asked(row: HelpRequest, besides: set[object]) -> Offer:
    """The next one who is asked and was told so."""
    deadline = clock.monotonic() + PATIENCE
    while clock.monotonic() < deadline:
        for offer in Offer.objects.live().filter(help_request=row).exclude(volunteer__in=besides):
            if told_at(offer) is not None:
                return offer
        clock.sleep(0.1)
    raise AssertionError("nobody else was ever asked")


def told_at(offer: Offer) -> datetime | None:
    gone_out = Message.objects.filter(key=f"offer:{offer.pk}:made:sms", state=MessageState.SENT)
    return gone_out.values_list("sent_at", flat=True).first()


def seconds_until_told(offer: Offer, since: datetime) -> float:
    told = told_at(offer)
    assert told is not None
    return (told - since).total_seconds()


def no(offer: Offer) -> datetime:
    now = timezone.now()
    answers.decline(
        offer_id=offer.pk, actor=factories.by_volunteer(offer.volunteer), now=now, reason=DeclineReason.BUSY
    )
    return now


@pytest.mark.usefixtures("house")
def test_the_next_in_line_is_asked_within_a_minute_of_a_no_and_of_time_that_is_over() -> None:
    row = factories.help_request(now=timezone.now())
    first = asked(row, set())
    since = no(first)
    second = asked(row, {first.volunteer_id})
    after_a_no = seconds_until_told(second, since)
    assert after_a_no <= MOST_SECONDS, f"{after_a_no:.1f} s after the no"
    over = timezone.now()
    Offer.objects.filter(pk=second.pk).update(expires_at=over)
    third = asked(row, {first.volunteer_id, second.volunteer_id})
    after_the_end = seconds_until_told(third, over)
    assert after_the_end <= MOST_SECONDS, f"{after_the_end:.1f} s after its time was over"
    second.refresh_from_db()
    assert second.state == OfferState.EXPIRED
    print(f"asked {after_a_no:.1f} s after a no, {after_the_end:.1f} s after the end of an offer")


@pytest.mark.usefixtures("house")
def test_who_sleeps_is_asked_within_a_minute_of_waking_and_not_before() -> None:
    row = factories.help_request(now=timezone.now())
    first = asked(row, set())
    wakes = timezone.now().replace(microsecond=0) + timedelta(seconds=SLEEP_SECONDS)
    sleepers = Contact.objects.exclude(pk=first.volunteer.contact_id).exclude(volunteer=None)
    asleep = local(wakes - timedelta(hours=2)).time()
    sleepers.update(quiet_from=asleep, quiet_until=local(wakes).time())
    no(first)
    second = asked(row, {first.volunteer_id})
    waited = seconds_until_told(second, wakes)
    assert 0 <= waited <= MOST_SECONDS, f"told {waited:.1f} s after waking"
    assert second.expires_at > wakes


@pytest.mark.usefixtures("house")
def test_urgent_ones_ask_three_and_the_first_yes_ends_it() -> None:
    now = timezone.now()
    with transaction.atomic():
        row = factories.help_request(now=now, urgency=Urgency.TODAY, urgency_reason="no_heat")
        # Late in the evening nothing of today is left to plan in, and this proof holds whenever it runs.
        HelpRequest.objects.filter(pk=row.pk).update(deadline=local_date(now) + timedelta(days=2))
    asked(row, set())
    deadline = clock.monotonic() + PATIENCE
    while (live := Offer.objects.live().filter(help_request=row)).count() < 3:
        assert clock.monotonic() < deadline, "never three at once"
        clock.sleep(0.1)
    winner = live.first()
    assert winner is not None
    answers.accept(offer_id=winner.pk, actor=factories.by_volunteer(winner.volunteer), now=timezone.now())
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED
    assert sorted(Offer.objects.filter(help_request=row).values_list("state", flat=True)) == [
        OfferState.ACCEPTED, OfferState.WITHDRAWN, OfferState.WITHDRAWN,
    ]  # fmt: skip
