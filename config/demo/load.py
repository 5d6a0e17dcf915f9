"""Load the whole demonstration once: the same people and the same story for everyone."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.db.models import F

from config.demo import history, live, town
from core.clock import local_date
from core.models import InstallationMark
from notifications.models import DeskTask, Message
from notifications.services import desk_tasks, outbox
from notifications.states import Channel, MessageState
from places import services as places
from places.models import Municipality
from planning.services import rounds
from requests.services import sweep
from volunteers.models import Lesson, Volunteer

SEED = 2022
MUNICIPALITY = "PER36"
LOADED = "demo-people"
PAST = 160
WEEKS = 8
UNREAD = timedelta(days=2)
KEPT_NOES = 3


def load(*, now: datetime, plan: bool = True) -> bool:
    """Make the demonstration's people and history, then plan at once. False where it was loaded before.

    Without `plan` the worker plans when it starts.
    """
    if InstallationMark.objects.filter(kind=LOADED).exists():
        return False
    with transaction.atomic():
        _load(now)
        InstallationMark.objects.create(kind=LOADED, note=f"seed {SEED}")
    with connection.cursor() as cursor:
        # So many rows at once: the database counts them now, not when it gets round to it.
        cursor.execute("ANALYZE")
    municipality = Municipality.objects.get(pk=MUNICIPALITY)
    if plan:
        rounds.run(municipality=municipality, now=now)
    # Whoever opens the desk in the first minute finds what the clock has brought.
    sweep.run(now=now)
    return True


def _load(now: datetime) -> None:
    rng = Random(SEED)  # noqa: S311 - invented people, not a secret
    municipality = Municipality.objects.get(pk=MUNICIPALITY)
    municipality.active, municipality.phone = True, municipality.phone or "+35977712345"
    municipality.office_hours_bg = municipality.office_hours_bg or "Всеки делник, 8:30–17:00 ч."
    municipality.office_hours_en = municipality.office_hours_en or "Every weekday, 8:30–17:00"
    municipality.save()
    # The town has worked for weeks: its first steps are taken.
    places.set_rules(municipality=municipality, values={})
    fair = local_date(now) + timedelta(days=90)
    places.add_local_holiday(
        municipality=municipality, date=fair, name_bg="Общински събор (пример)", name_en="Town fair (an example)"
    )
    here = town.build(municipality, rng, now)
    past, ahead = here.residents[3:120], here.residents[120:]
    moments = sorted(_moment(rng, now) for _number in range(PAST))
    # What people were told then is long read, and two thousand rows the first page would wait for.
    with outbox.untold():
        for number, when in enumerate(moments):
            who = past[number % len(past)]
            row = history.ask(here, rng, who, when, web=rng.random() < 0.2)
            history.tell(here, rng, row, when)
    _desk_was_busy(now)
    _noes_were_talked_over(here.cast_volunteer, now)
    live.build(here, rng, now, ahead)
    _messages_were_sent(now)


def _moment(rng: Random, now: datetime) -> datetime:
    """A working moment of the last eight weeks, at least ten days ago, so that its story is over."""
    day = local_date(now) - timedelta(days=rng.randint(12, WEEKS * 7))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return history.at(day, history.time(rng.randint(8, 15), rng.randint(0, 59)))


def _desk_was_busy(now: datetime) -> None:
    """What the eight weeks asked of the desk, the desk has done: nothing from October waits today."""
    for task in DeskTask.objects.open().filter(due_at__lt=now):
        done = min(task.due_at + timedelta(hours=2), now)
        desk_tasks.finish_about(
            subject_type=task.subject_type, subject_id=task.subject_id, kinds=[task.kind], result="done", now=done
        )


def _noes_were_talked_over(cast: Volunteer, now: datetime) -> None:
    """The coordinator has asked about the old noes: a few of them still hold, none of the one who is shown."""
    newest = Lesson.objects.exclude(volunteer=cast).order_by("-learned_at").values_list("pk", flat=True)[:KEPT_NOES]
    Lesson.objects.exclude(pk__in=list(newest)).update(taken_back_at=now - timedelta(days=1))


def _messages_were_sent(now: datetime) -> None:
    """What was told in the past was sent in the past, and read; only what is due from now on waits."""
    old = Message.objects.filter(state=MessageState.QUEUED, due_at__lt=now - timedelta(minutes=30))
    old.update(state=MessageState.SENT, sent_at=F("due_at"), created_at=F("due_at"))
    # Who was told last week has read it; the last days' news wait unread.
    Message.objects.in_app(now).unread().filter(due_at__lt=now - UNREAD).update(read_at=F("due_at"))
    Message.objects.filter(channel=Channel.IN_APP, sent_at__lt=now - timedelta(days=1)).update(read_at=F("sent_at"))
