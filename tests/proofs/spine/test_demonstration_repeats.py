"""The demonstration is the same for everyone: the seed and the moment decide everything but ids and secrets."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from config.demo import load
from planning.services import rounds
from tests.proofs.spine.story import told
from tests.sizes import size

ALIKE_REQUESTS = size(10, 160, "past requests in each of two loads that are compared")


def loaded(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> dict[str, Any]:
    """The story of one load; nothing of it stays. The plan is left out: its solver works against the clock."""
    monkeypatch.setattr(load, "PAST", ALIKE_REQUESTS)
    monkeypatch.setattr(rounds, "run", lambda **_given: None)
    with transaction.atomic():
        call_command("load_facts", stdout=StringIO())
        assert load.load(now=moment)
        story = told()
        transaction.set_rollback(True)
    return story


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.proofs.spine.demo_addresses")
def test_two_loads_at_the_same_moment_tell_the_same_story(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.now()
    first, second = loaded(monkeypatch, moment), loaded(monkeypatch, moment)
    assert first["requests"] and first["visits"] and first["offers"]
    for part, rows in first.items():
        assert rows == second[part], part
