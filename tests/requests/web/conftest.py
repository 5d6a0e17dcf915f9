from __future__ import annotations

import pytest

from places.models import Municipality
from tests.requests.web import town


@pytest.fixture
def radomir_town(db: None) -> Municipality:
    return town.small()
