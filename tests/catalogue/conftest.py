import pytest

from catalogue import facts
from catalogue.models import Service


@pytest.fixture
def catalogue(db):
    facts.load()
    return Service.objects.all()
