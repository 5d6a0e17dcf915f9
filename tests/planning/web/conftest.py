"""The coordinator at the desk, now."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from tests.planning.web.hands import signed_in


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk() -> Client:
    return signed_in(Role.COORDINATOR)
