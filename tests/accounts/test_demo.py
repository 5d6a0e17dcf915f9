from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import signing
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

import config.urls  # noqa: F401  read before any test says DEMO, as an installation does
from accounts import demo
from accounts.models import Membership, User
from accounts.roles import Role
from core.models import InstallationMark
from places.models import Municipality


@pytest.fixture
def cast(radomir: Municipality) -> dict[str, User]:
    people = {}
    for role, email in demo.CAST.items():
        user = User.objects.create_user(email, name=f"Примерен {role.label}")
        Membership.objects.create(user=user, municipality=radomir, role=role)
        people[str(role.value)] = user
    return people


@pytest.fixture
def demonstration(settings: Any, cast: dict[str, User]) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.accounts.demo_addresses"
    InstallationMark.objects.create(kind="demo")


def _printed() -> list[dict[str, str]]:
    out = StringIO()
    call_command("demo_links", stdout=out)
    return list(json.loads(out.getvalue()))


def test_each_of_the_cast_gets_a_link_that_signs_them_in(demonstration: None, cast: dict[str, User]) -> None:
    printed = _printed()
    assert [link["role"] for link in printed] == list(demo.CAST) and set(demo.CAST) == set(Role)
    for link in printed:
        client = Client()
        answer = client.get(link["url_path"])
        assert answer.headers["Location"] == reverse("accounts:start")
        assert client.session["_auth_user_id"] == str(cast[link["role"]].pk)


def test_the_residents_link_is_the_page_they_follow_their_request_on(demonstration: None) -> None:
    demo.remember_resident(name="Мария Георгиева", url_path="/zayavka/ABC/")
    assert _printed()[0] == {"role": "resident", "name": "Мария Георгиева", "url_path": "/zayavka/ABC/"}


def test_the_sign_in_page_shows_the_cast(demonstration: None, client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Примерен гише" in page
    assert reverse("account_request_login_code") not in page


def test_a_forged_link_an_old_link_and_somebody_elses_address_are_not_found(
    demonstration: None, client: Client, make_member: Callable[..., Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = _printed()[0]["url_path"]
    assert client.get(good[:-3] + "x/").status_code == 404
    make_member("stranger", Role.ADMINISTRATOR)
    other = signing.TimestampSigner(salt="accounts.demo").sign("stranger")
    assert client.get(reverse("demo-sign-in", args=[other])).status_code == 404
    monkeypatch.setattr(demo, "_MAX_AGE_SECONDS", -1)
    assert client.get(good).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_database_that_is_not_marked_signs_nobody_in(demonstration: None, client: Client) -> None:
    good = _printed()[0]["url_path"]
    InstallationMark.objects.all().delete()
    assert client.get(good).status_code == 404
    assert _printed() == []


def test_without_demo_the_address_does_not_exist_and_the_command_refuses(cast: dict[str, User]) -> None:
    InstallationMark.objects.create(kind="demo")
    with pytest.raises(NoReverseMatch):
        reverse("demo-sign-in", args=["x"])
    with pytest.raises(CommandError, match="only in the demonstration"):
        call_command("demo_links")


def test_demo_on_a_database_with_real_people_is_an_error(cast: dict[str, User], settings: Any) -> None:
    def found() -> list[str | None]:
        return [one.id for one in run_checks(tags=[Tags.database], databases=["default"])]

    assert "core.E001" not in found()
    settings.DEMO = True
    assert "core.E001" in found()
    InstallationMark.objects.create(kind="demo")
    assert "core.E001" not in found()
