"""Signing in: a second factor that no address goes around, codes used once, devices that end.

Codes and who is known: `test_sign_in_codes.py`; the question asked again: `test_asked_again.py`.

Each attack has its control: what it would look like if the lock were open.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Device, Membership
from accounts.policy import POLICY
from accounts.roles import STAFF, Role
from accounts.services import factors, invitations, knocks
from tests import factories as make
from tests.accounts.entering import (
    app_code,
    by_code,
    by_password,
    in_earnest,
    is_in,
    with_app,
    with_paper,
    with_password,
)
from tests.proofs.trust.addresses import Opened, everything
from tests.proofs.trust.without_rows import call, leads_to
from tests.sizes import FULL
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
FACTOR = "mfa_authenticate"


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "STAFF_SECOND_FACTOR", "ASK_AGAIN", "SMS_TO_FILES")


# What staff without a factor may open: where they get one.
WHERE_THEY_GET_ONE = {
    "accounts:confirm", "accounts:factors", "accounts:factor-app", "accounts:factor-app-drawing", "accounts:factor-key",
    "accounts:factor-paper", "accounts:factor-remove",
}  # fmt: skip


def share(role: str) -> list[Opened]:
    """Full, every address; reduced, every fifth, so that together the roles of staff knock at each."""
    addresses = everything()
    names = dict.fromkeys(one.name for one in addresses)
    mine = {name for place, name in enumerate(names) if FULL or place % len(STAFF) == STAFF.index(Role(role))}
    return [one for one in addresses if one.name in mine]


def reached(client: Client, addresses: list[Opened]) -> list[str]:
    """Which of the addresses answer somebody with this session otherwise than „first a second factor“."""
    found = []
    for one in addresses:
        if one.action == "public":
            continue
        answer = call(client, one)
        shut = answer.status_code == 403 if one.is_api else leads_to(answer, "accounts:factors")
        if not shut:
            found.append(one.name)
    return found


@pytest.mark.parametrize("role", STAFF)
def test_staff_without_a_factor_reach_nothing_by_any_address(role: str) -> None:
    client = by_password(with_password(make.user(role)))
    assert "_auth_user_id" in client.session
    mine = share(role)
    assert {*reached(client, mine)} == WHERE_THEY_GET_ONE & {one.name for one in mine}


@pytest.mark.parametrize("role", STAFF)
def test_what_is_for_everybody_is_for_them_too(role: str) -> None:
    """Also what a class of the API answers: it shows nothing of the session's owner."""
    client = by_password(with_password(make.user(role)))
    for address in ("/api/v1/messages/speed/", "/api/v1/schema/", "/healthz"):
        assert client.get(address).status_code == 200, address
    assert client.get("/api/v1/settlements/").status_code == 403  # the control


def test_the_walk_sees_what_is_open(settings: Any) -> None:
    """The control: with the lock off, the same walk finds the desk open."""
    settings.STAFF_SECOND_FACTOR = False
    client = by_password(with_password(make.user(Role.CLERK)))
    desk = {"requests:desk", "accounts:me", "requests:mine"}
    assert desk <= {*reached(client, [one for one in everything() if FULL or one.name in desk])}


def test_the_password_alone_is_no_session_where_there_is_a_factor() -> None:
    user = with_app(with_password(make.user(Role.COORDINATOR)))
    client = by_password(user)
    assert "_auth_user_id" not in client.session
    open_without = [one.name for one in everything() if one.action in POLICY and call(client, one).status_code == 200]
    assert open_without == []
    client.post(reverse(FACTOR), {"code": app_code()})
    assert client.get(reverse("planning:today")).status_code == 200


def test_a_new_password_by_letter_passes_no_second_factor() -> None:
    """Whoever reads somebody's mail has half of what it takes."""
    user = with_app(with_password(make.user(Role.COORDINATOR)))
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    knocks.answer_all(now=timezone.now())
    (link,) = re.findall(r"/vhod/parola/nova/\S+", mail.outbox[0].body)
    form = client.get(link).headers["Location"]
    client.post(form, {"password1": "четири сини патладжана"}, follow=True)
    assert not is_in(client)
    client.post(reverse("account_login"), {"login": user.email, "password": "четири сини патладжана"})
    assert not is_in(client)
    client.post(reverse(FACTOR), {"code": app_code()})
    assert is_in(client)


def test_whoever_becomes_staff_signs_in_anew_with_a_factor() -> None:
    """A volunteer's session of ninety days does not become a clerk's."""
    ivanka, ana = make.volunteer(), make.user(Role.ADMINISTRATOR)
    assert ivanka.user is not None
    client = by_code(ivanka.user.email)
    assert is_in(client)
    _invitation, secret = invitations.invite(
        municipality=ivanka.municipality, role=Role.CLERK, email=ivanka.user.email, name="Иванка", invited_by=ana,
        now=timezone.now(),
    )  # fmt: skip
    client.post(reverse("accounts:invitation", args=[secret]))
    assert Membership.objects.filter(user=ivanka.user, role=Role.CLERK, active=True).exists()
    assert not is_in(client)
    assert by_code(ivanka.user.email).session.get("_auth_user_id") is None  # staff have no code


def test_a_membership_that_comes_behind_the_session_s_back_is_seen_where_nothing_is_written_down() -> None:
    """A session from before the version that writes down whose it is."""
    client, user = Client(), make.user(Role.CLERK)
    client.force_login(user)
    assert leads_to(client.get(reverse("requests:desk")), "accounts:factors")


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_a_used_code_is_none(kind: str) -> None:
    user = with_password(make.user(Role.CLERK))
    code = with_paper(user)[3] if kind == "paper" else app_code(now=(with_app(user), timezone.now())[1])
    first = by_password(user)
    first.post(reverse(FACTOR), {"code": code})
    assert is_in(first)
    thief = by_password(user)
    thief.post(reverse(FACTOR), {"code": code})
    assert not is_in(thief)


def test_the_measure_sees_a_code_that_works_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the library's own memory of used codes lost, as with a flushed cache, it is taken again."""
    user = with_app(with_password(make.user(Role.CLERK)))
    row = factors.use_code(user=user, code=app_code(), now=timezone.now())
    assert row is not None
    row.data["step"] = 0
    row.save()
    assert factors.use_code(user=user, code=app_code(), now=timezone.now()) is not None


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


def test_a_stolen_session_dies_with_the_device_it_was_taken_from(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    lost, here = by_code(ivanka.user.email), by_code(ivanka.contact.phone)
    thief = Client()
    thief.cookies = lost.cookies.copy()
    assert is_in(thief)  # the control
    row = Device.objects.get(session_key=lost.session.session_key)
    here.post(reverse("accounts:devices"), {"device": row.pk})
    assert (is_in(thief), is_in(lost), is_in(here)) == (False, False, True)


def test_a_telephone_stays_ninety_days_and_not_a_day_longer(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    client = by_code(ivanka.user.email)
    row = Session.objects.get(session_key=client.session.session_key)
    assert timedelta(days=89, hours=23) < row.expire_date - timezone.now() <= timedelta(days=90)
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now())
    assert not is_in(client)
