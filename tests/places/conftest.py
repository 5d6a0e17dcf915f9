import pytest

from places import facts
from places.models import Municipality


@pytest.fixture
def radomir(db) -> Municipality:
    """The municipality with its 32 settlements and the public holidays."""
    facts.load()
    return Municipality.objects.get(pk="PER36")
