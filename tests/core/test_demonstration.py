"""A demonstration never answers for a real installation, nor beyond its own machine."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core import demonstration
from core.models import InstallationMark

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


def test_an_empty_database_is_claimed_and_stays_a_demonstration() -> None:
    assert not demonstration.is_marked()
    assert demonstration.claim()
    get_user_model().objects.create(email="ana@example.org")
    assert demonstration.claim()


def test_a_database_with_people_is_not_claimed() -> None:
    get_user_model().objects.create(email="ana@example.org")
    assert not demonstration.claim()
    assert not InstallationMark.objects.exists()
    with pytest.raises(ImproperlyConfigured, match="not a demonstration"):
        demonstration.DemonstrationMiddleware(page)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("192.168.1.4", 403),
        ("10.0.0.1", 403),
        ("", 403),
    ],
)
def test_only_this_machine_is_served(address: str, status: int) -> None:
    demonstration.claim()
    middleware = demonstration.DemonstrationMiddleware(page)
    assert middleware(RequestFactory().get("/", REMOTE_ADDR=address)).status_code == status
