"""Two whole municipalities, made once for all proofs of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.proofs.trust.town import Town, both


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Town]]:
    """Never committed: gone after the last proof of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield both()
        transaction.set_rollback(True)
