from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from places import services
from places.models import HelpPoint, Settlement
from places.services import Hours


@pytest.fixture
def coordinator(client, radomir):
    user = User.objects.create_user("kamen@primer.bg", "три зелени чушки", name="Камен")
    Membership.objects.create(user=user, municipality=radomir, role="coordinator")
    client.force_login(user)
    return client


def open_points(radomir):
    for village in Settlement.objects.of(radomir):
        services.save_help_point(
            municipality=radomir,
            settlement=village,
            kind="kmetstvo",
            name_bg=f"Кметство {village.name_bg}",
            hours=[Hours(0, time(8, 30), time(12)), Hours(4, time(9), time(10))],
        )


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured), answer.json()


def test_a_stranger_is_not_let_in(client, radomir):
    for address in ("settlements", "help-points", "services"):
        assert client.get(f"/api/v1/{address}/").status_code in (401, 403)


def test_settlements_come_with_what_a_visitor_will_find(coordinator):
    izvor = Settlement.objects.get(name_bg="Извор")
    services.set_coverage(settlement=izvor, signal="weak", checked_on=None, internet_point="в читалището")
    here = coordinator.get("/api/v1/settlements/32384/").json()
    assert (here["name_bg"], here["latitude"], here["population"]) == ("Извор", "42.435", 488)
    assert here["coverage"]["internet_point"] == "в читалището"
    assert coordinator.get("/api/v1/settlements/02230/").json()["coverage"] is None


def test_settlements_are_filtered_by_municipality_and_kind(coordinator):
    assert coordinator.get("/api/v1/settlements/", {"municipality": "PER36"}).json()["count"] == 32
    assert coordinator.get("/api/v1/settlements/", {"kind": "town"}).json()["count"] == 1


def test_nothing_can_be_written(coordinator):
    for address in ("settlements", "help-points"):
        assert coordinator.post(f"/api/v1/{address}/", {}).status_code in (403, 405)


def test_closed_help_points_are_not_listed(coordinator, radomir):
    open_points(radomir)
    point = HelpPoint.objects.first()
    services.close_help_point(municipality=radomir, help_point_id=point.pk)
    assert coordinator.get("/api/v1/help-points/").json()["count"] == 31
    assert coordinator.get(f"/api/v1/help-points/{point.pk}/").status_code == 404


def test_lists_take_the_same_queries_for_one_row_and_for_thirty(coordinator, radomir):
    open_points(radomir)
    for village in Settlement.objects.of(radomir):
        services.set_coverage(settlement=village, signal="good", checked_on=None)
    for address in ("/api/v1/settlements/", "/api/v1/help-points/"):
        many, rows = queries(coordinator, address)
        one, row = queries(coordinator, f"{address}?page_size=1")
        assert len(rows["results"]) == 32 and len(row["results"]) == 1
        assert many == one, address
    assert rows["results"][0]["opening_hours"][0] == {"weekday": 0, "opens": "08:30:00", "closes": "12:00:00"}
