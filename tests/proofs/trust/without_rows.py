"""An address called by somebody, without a row behind it: what is asked here comes before any row is looked at."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.proofs.trust.addresses import Opened
from tests.proofs.trust.town import unknown


def call(client: Client, one: Opened) -> Any:
    url = one.url(unknown() | {"ekatte": "00001", "help_point": 1, "holiday": 1})
    more: dict[str, Any] = {"content_type": "application/json", "data": "{}"} if one.is_api else {}
    with transaction.atomic():
        answer = getattr(client, one.method)(url, **(more if one.method != "get" else {}))
        transaction.set_rollback(True)
    return answer


def leads_to(answer: Any, name: str) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse(name))
