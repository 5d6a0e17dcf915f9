"""What a person at the desk must do: asked once, held by one, finished with a result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import Gone
from notifications.models import DeskTask
from places.models import Municipality

LEASE = timedelta(minutes=15)
ASK_AGAIN = 5


@transaction.atomic
def ask(
    *,
    municipality: Municipality,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    due_at: datetime,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> DeskTask:
    """The one open task of this kind about this subject: made now, or the standing one.

    A standing task comes forward when `due_at` is earlier, and takes the newer facts.
    """
    about = {"kind": kind, "subject_type": subject_type, "subject_id": subject_id}
    for _attempt in range(ASK_AGAIN):
        task = DeskTask(municipality=municipality, due_at=max(due_at, now), facts=facts or {}, **about)
        DeskTask.objects.bulk_create([task], ignore_conflicts=True)
        # None when the task that was in the way has been finished in the meantime.
        standing = DeskTask.objects.open().select_for_update().filter(**about).first()
        if standing is None:
            continue
        if standing.pk != task.pk:
            _bring_forward(standing, due_at=max(due_at, now), facts=facts)
        return standing
    raise Gone()


def _bring_forward(task: DeskTask, *, due_at: datetime, facts: dict[str, Any] | None) -> None:
    changed = []
    if due_at < task.due_at:
        task.due_at = due_at
        changed.append("due_at")
    if facts is not None and facts != task.facts:
        task.facts = facts
        changed.append("facts")
    if changed:
        task.save(update_fields=[*changed, "updated_at"])


def take(task: DeskTask, *, holder: AbstractBaseUser, now: datetime) -> DeskTask:
    """Hold the task for 15 minutes; again, to hold it longer. Raises Gone when it is another's, or done."""
    free = Q(holder=None) | Q(holder=holder.pk) | Q(lease_until__lte=now)
    _change_or_gone(task, free, holder=holder.pk, lease_until=now + LEASE)
    return task


def release(task: DeskTask, *, holder: AbstractBaseUser) -> DeskTask:
    """Put the task back. Nothing happens when it is not this person's any more."""
    DeskTask.objects.open().filter(pk=task.pk, holder=holder.pk).update(holder=None, lease_until=None)
    task.refresh_from_db()
    return task


@transaction.atomic
def finish(task: DeskTask, *, by: AbstractBaseUser | None, result: str, now: datetime, note: str = "") -> DeskTask:
    """Close the task with a result code. Raises Gone when it is done, or somebody else holds it now."""
    mine = Q(holder=None) | Q(lease_until__lte=now)
    if by is not None:
        mine |= Q(holder=by.pk)
    _change_or_gone(task, mine, **_done(now, result, by))
    if note:
        task.note = note
        task.save(update_fields=["note", "updated_at"])
    return task


def finish_about(
    *,
    subject_type: str,
    subject_id: UUID,
    result: str,
    now: datetime,
    kinds: Collection[str] | None = None,
    by: AbstractBaseUser | None = None,
) -> int:
    """Close the open tasks about this subject, whoever holds them: their cause is gone. Answers how many."""
    tasks = DeskTask.objects.open().filter(subject_type=subject_type, subject_id=subject_id)
    if kinds is not None:
        tasks = tasks.filter(kind__in=kinds)
    return tasks.update(**_done(now, result, by))


@transaction.atomic
def put_off(*, subject_type: str, subject_id: UUID, kinds: Collection[str], until: datetime) -> int:
    """Open tasks of these kinds about this subject are due again at `until`, and free for anybody. Answers how many."""
    tasks = DeskTask.objects.open().filter(subject_type=subject_type, subject_id=subject_id, kind__in=kinds)
    return tasks.update(due_at=until, holder=None, lease_until=None)


def _done(now: datetime, result: str, by: AbstractBaseUser | None) -> dict[str, Any]:
    return {
        "done_at": now,
        "done_by": by.pk if by is not None else None,
        "result": result,
        "holder": None,
        "lease_until": None,
    }


def _change_or_gone(task: DeskTask, allowed: Q, **changes: Any) -> None:
    changed = DeskTask.objects.open().filter(allowed, pk=task.pk).update(**changes)
    task.refresh_from_db()
    if changed:
        return
    if task.done_at is not None:
        raise Gone(_("Тази задача вече е свършена."), code="task_done")
    raise Gone(_("С тази задача вече се занимава друг колега."), code="task_taken")
