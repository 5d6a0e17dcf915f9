"""The report for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken, digest
from accounts.roles import Role
from accounts.scopes import scopes_of
from tests import factories
from tests.reports.conftest import moment

URL = "/api/v1/reports/assignments/"
OCTOBER = f"{URL}?from=2026-10-01&to=2026-10-31"


@pytest.fixture
def one(town):
    who = factories.volunteer()
    town.visit(town.request(opened=moment(5)), who, start=moment(6, "22:00"), minutes=45, before=["NO_DEVICE"])
    return who


def test_the_figures_of_the_page_as_json(desk, one):
    body = desk.get(OCTOBER).json()
    figures = {
        "requests": 1, "answered": 1, "offers": 1, "acceptance": 1.0, "visits": 1, "minutes": 45,
        "wait_median": 1.5, "wait_nine_of_ten": 1.5,
    }  # fmt: skip
    assert {name: body["total"][name] for name in figures} == figures
    assert body["total"]["outcomes"]["submitted"] == 1 and sum(body["total"]["outcomes"].values()) == 1
    izvor = factories.village("Извор").pk
    assert [(row["key"], row["label"], row["visits"]) for row in body["rows"]] == [(izvor, "Извор", 1)]
    assert [(week["week"], week["visits"], week["whole"]) for week in body["weeks"]] == [
        ("2026-09-28", 0, False), ("2026-10-05", 1, True), ("2026-10-12", 0, True),
        ("2026-10-19", 0, True), ("2026-10-26", 0, False),
    ]  # fmt: skip
    assert body["difficulties"] == [{"code": "NO_DEVICE", "before": 1, "after": 0, "solved": 1}]
    assert (body["first"], body["last"], body["group"], body["unverified"]) == (
        "2026-10-01", "2026-10-31", "settlement", 0,
    )  # fmt: skip


def test_volunteers_have_numbers_and_no_names(desk, one):
    response = desk.get(f"{OCTOBER}&group=volunteer")
    assert [(row["key"], row["label"]) for row in response.json()["rows"]] == [(str(one.pk), f"№\u00a0{one.badge}")]
    assert "Делева" not in response.content.decode()


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.CLERK])
def test_other_roles_are_refused(client, town, role):
    assert client.get(URL).status_code == 401
    client.force_login(factories.user(role))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize(("scopes", "status"), [(["report.read"], 200), (["places.read"], 403)])
def test_a_token_needs_the_scope(client, coordinator, scopes, status):
    ApiToken(
        membership=coordinator, label="таблица", secret_hash=digest("secret"), scopes=scopes,
        expires_at=timezone.now() + timedelta(days=1),
    ).save()  # fmt: skip
    assert client.get(URL, headers={"Authorization": "Bearer secret"}).status_code == status


def test_the_scope_can_be_given_by_a_coordinator_and_not_by_a_clerk():
    assert "report.read" in scopes_of(Role.COORDINATOR) and "report.read" not in scopes_of(Role.CLERK)


@pytest.mark.parametrize(
    ("query", "field"),
    [("?from=2026-10-31&to=2026-10-01", "to"), ("?group=colour", "group"), ("?service=X", "service")],
)
def test_what_cannot_be_asked_is_a_problem_with_its_field(desk, query, field):
    response = desk.get(URL + query)
    assert response.status_code == 422 and response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "invalid" and list(response.json()["errors"]) == [field]
