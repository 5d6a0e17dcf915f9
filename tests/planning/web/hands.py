"""What the proofs of the coordinator's pages do again and again."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.test import Client

from accounts.roles import Role
from notifications.models import DeskTask
from notifications.services import desk_tasks
from requests.models import Visit
from tests import factories as make


def signed_in(role: Role | str, **more) -> Client:
    client = Client()
    client.force_login(make.user(role, **more), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def ask(row, kind, now, **facts) -> DeskTask:
    kind_of = "visit" if isinstance(row, Visit) else "help_request"
    return desk_tasks.ask(
        municipality=make.municipality(), kind=kind, subject_type=kind_of, subject_id=row.pk,
        due_at=now, now=now, facts=facts,
    )  # fmt: skip


def soon(now):
    return (now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
