"""What holds for every test."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

# Here, and not in the early plugin they stand in: there pytest-django, which comes later, would have the last word.
from tests.services.templates import django_db_keepdb, django_db_modify_db_settings

__all__ = ["django_db_keepdb", "django_db_modify_db_settings"]

# How fast examples are found says something about the machine, and nothing about the code.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")


@pytest.fixture(autouse=True)
def _every_test_begins_in_bulgarian() -> Iterator[None]:
    """A page fetched under /en/ leaves English on in this thread; the next test must not find it."""
    translation.activate("bg")
    yield
