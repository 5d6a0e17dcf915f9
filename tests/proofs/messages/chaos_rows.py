"""The rows of the chaos: what is told while things die, and whether each message has one end. Needs Django set up."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from notifications.models import Message
from notifications.services import watch
from notifications.services.passing import SETTLES_WITHIN
from notifications.states import BY_HAND, MessageState
from places.models import Municipality
from tests.proofs.messages.crowd import each_has_one_end, queue

S = MessageState
PATIENCE_SECONDS = 60.0


def tell(first: int, count: int) -> None:
    """So many more people are told something; whoever tells them tries again while the database is away."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            home, _made = Municipality.objects.get_or_create(
                pk="PER36", defaults={"name_bg": "Радомир", "name_en": "Radomir", "active": True}
            )
            return queue(count, homes=[home], now=timezone.now(), first=first)
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)


def moving() -> int:
    """How many wait to be sent or are being sent; a database that is away knows of one at least."""
    try:
        close_old_connections()
        return Message.objects.filter(state__in=(S.QUEUED, S.CLAIMED)).exclude(channel__in=BY_HAND).count()
    except DatabaseError:
        connection.close()
        return 1


def check(count: int, had: Counter[str]) -> Counter[str]:
    """Ten minutes on: each message was handed over once, or somebody calls."""
    while Message.objects.unsettled().exists():
        watch.run(now=timezone.now() + SETTLES_WITHIN + timedelta(seconds=1))
    number_of = {str(row.pk): int(row.key.split(":")[1]) for row in Message.objects.only("pk", "key")}
    return each_has_one_end(count, Counter({number_of[key]: times for key, times in had.items()}))
