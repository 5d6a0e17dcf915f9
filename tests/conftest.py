"""What holds for every test."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _every_test_begins_in_bulgarian() -> Iterator[None]:
    """A page fetched under /en/ leaves English on in this thread; the next test must not find it."""
    translation.activate("bg")
    yield
