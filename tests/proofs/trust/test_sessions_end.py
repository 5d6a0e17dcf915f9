"""Whoever loses or changes a role is out at once: every open session on every device, and every token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import members, tokens
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Loss = Callable[[Membership, User], object]


def changed(member: Membership, by: User) -> object:
    return members.change_role(membership=member, role=Role.AUDITOR, actor=by, now=NOW)


def removed(member: Membership, by: User) -> object:
    return members.remove_member(membership=member, actor=by, now=NOW)


def devices(user: User, number: int = 2) -> list[Client]:
    found = [Client() for _one in range(number)]
    for client in found:
        client.force_login(user)
        assert client.get(reverse("accounts:me")).status_code == 200
    return found


def is_out(client: Client) -> bool:
    answer = client.get(reverse("accounts:me"))
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("loss", [changed, removed])
def test_every_device_is_signed_out_and_nobody_elses(loss: Loss) -> None:
    ana, kamen, alisa = make.user(Role.ADMINISTRATOR), make.member(Role.COORDINATOR), make.user(Role.CLERK)
    theirs, others = devices(kamen.user), devices(alisa) + devices(ana)
    loss(kamen, ana)
    assert [is_out(client) for client in theirs] == [True, True]
    assert [is_out(client) for client in others] == [False] * 4


@pytest.mark.parametrize("loss", [changed, removed])
def test_their_tokens_open_nothing_more(loss: Loss, client: Client) -> None:
    ana, kamen = make.user(Role.ADMINISTRATOR), make.member(Role.COORDINATOR)
    _token, secret = tokens.create_token(
        membership=kamen, label="Табло", scopes=["help_request.read"], now=NOW, expires_at=NOW + timedelta(days=300)
    )
    bearer = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert client.get("/api/v1/requests/", **bearer).status_code == 200  # type: ignore[arg-type]
    loss(kamen, ana)
    assert client.get("/api/v1/requests/", **bearer).status_code == 401  # type: ignore[arg-type]


def test_signed_in_anew_they_have_the_new_role_and_not_the_old() -> None:
    ana, kamen = make.user(Role.ADMINISTRATOR), make.member(Role.COORDINATOR)
    changed(kamen, ana)
    (client,) = devices(User.objects.get(pk=kamen.user_id), 1)
    assert client.get(reverse("requests:journal")).status_code == 200
    assert client.get(reverse("planning:board")).status_code == 403


def test_a_stolen_session_dies_with_the_role() -> None:
    """The cookie copied to another browser is the same session: it ends as well."""
    ana, kamen = make.user(Role.ADMINISTRATOR), make.member(Role.COORDINATOR)
    (client,) = devices(kamen.user, 1)
    thief = Client()
    thief.cookies = client.cookies.copy()
    assert not is_out(thief)
    removed(kamen, ana)
    assert is_out(thief)


def test_the_measure_sees_a_session_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a service that forgets to end the sessions leaves them open."""
    monkeypatch.setattr(members, "end_sessions", lambda **_more: None)
    ana, kamen = make.user(Role.ADMINISTRATOR), make.member(Role.COORDINATOR)
    theirs = devices(kamen.user)
    removed(kamen, ana)
    assert [is_out(client) for client in theirs] == [False, False]
