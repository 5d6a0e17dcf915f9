from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Invitation, Membership, User, digest
from accounts.roles import Role
from core.errors import Gone, Invalid, NotAllowed
from places.models import Municipality
from tests.accounts.conftest import PASSWORD

NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
SignIn = Callable[[Membership], Client]


def _invite(by: Membership | None, role: str = Role.CLERK, email: str = "Nov@Primer.bg", **more: Any) -> str:
    given = {"municipality": by.municipality, "invited_by": by.user} if by else {"invited_by": None}
    return services.invite(role=role, email=email, name="Нов Човек", now=NOW, **{**given, **more})[1]


def test_an_invitation_makes_a_member_who_can_sign_in(ana: Membership) -> None:
    secret = _invite(ana)
    member = services.accept_invitation(secret=secret, password=PASSWORD, now=NOW)
    assert (member.role, member.municipality_id, member.active) == (Role.CLERK, "PER36", True)
    assert member.user.email == "nov@primer.bg"
    assert member.user.get_full_name() == "Нов Човек"
    assert member.user.check_password(PASSWORD)


def test_the_secret_is_kept_nowhere(ana: Membership) -> None:
    secret = _invite(ana)
    row = Invitation.objects.values().get()
    assert secret not in str(row)
    assert "primer.bg" not in str(row)


def test_an_invitation_works_once(ana: Membership) -> None:
    secret = _invite(ana)
    services.accept_invitation(secret=secret, password=PASSWORD, now=NOW)
    with pytest.raises(Gone):
        services.accept_invitation(secret=secret, password="друга парола съвсем", now=NOW)
    assert User.objects.get(email="nov@primer.bg").check_password(PASSWORD)


def test_an_invitation_that_is_old_withdrawn_or_replaced_does_not_work(ana: Membership) -> None:
    old, replaced = _invite(ana), _invite(ana, email="a@primer.bg")
    withdrawn = _invite(ana, email="b@primer.bg")
    _invite(ana, email="a@primer.bg")
    row = Invitation.objects.get(secret_hash=digest(withdrawn))
    services.withdraw(invitation=row, actor=ana.user, now=NOW)
    for secret, when in [(old, NOW + timedelta(days=7)), (replaced, NOW), (withdrawn, NOW), ("измислена", NOW)]:
        with pytest.raises(Gone):
            services.accept_invitation(secret=secret, password=PASSWORD, now=when)


def test_a_weak_password_leaves_the_invitation_open(ana: Membership) -> None:
    secret = _invite(ana)
    with pytest.raises(Invalid):
        services.accept_invitation(secret=secret, password="къса", now=NOW)
    assert not User.objects.filter(email="nov@primer.bg").exists()
    services.accept_invitation(secret=secret, password=PASSWORD, now=NOW)


def test_somebody_who_has_an_account_keeps_their_password(ana: Membership, charli: Membership) -> None:
    secret = _invite(ana, email="charli@primer.bg")
    member = services.accept_invitation(secret=secret, password="чужда нова парола", now=NOW)
    assert member.user == charli.user
    charli.user.refresh_from_db()
    assert charli.user.check_password(PASSWORD)


def test_nobody_gives_more_than_they_have(kamen: Membership, alisa: Membership, charli: Membership) -> None:
    _invite(kamen, Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        _invite(kamen, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        _invite(alisa, Role.CLERK)
    with pytest.raises(NotAllowed):
        _invite(charli, Role.CLERK, municipality=alisa.municipality)


@pytest.mark.parametrize("given", [{"email": "не е имейл"}, {"role": "цар"}, {"email": "alisa@primer.bg"}])
def test_an_invitation_that_makes_no_sense_is_refused(
    given: dict[str, str], alisa: Membership, radomir: Municipality
) -> None:
    with pytest.raises(Invalid):
        _invite(None, municipality=radomir, **given)
    assert not Invitation.objects.exists()


def test_the_page_shows_the_link_once_and_sends_it(ana: Membership, signed_in: SignIn) -> None:
    client = signed_in(ana)
    form = {"name": "Нов Човек", "email": "nov@primer.bg", "role": Role.CLERK}
    page = client.post(reverse("accounts:invite"), form).content.decode()
    link = re.search(r'value="http://[^/]+(/dostap/[^"]+)"', page)
    assert link
    assert link[1] in mail.outbox[0].body
    assert mail.outbox[0].to == ["nov@primer.bg"]
    listed = client.get(reverse("accounts:staff")).content.decode()
    assert "Нов Човек" in listed
    assert link[1] not in listed


def test_a_letter_that_does_not_go_out_is_said_and_the_link_still_stands(
    ana: Membership, signed_in: SignIn, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    form = {"name": "Нов Човек", "email": "nov@primer.bg", "role": Role.CLERK}
    page = signed_in(ana).post(reverse("accounts:invite"), form).content.decode()
    assert "Писмото не тръгна" in page
    assert "/dostap/" in page


def test_the_invited_person_looks_and_accepts(ana: Membership, client: Client) -> None:
    _invitation, secret = services.invite(
        municipality=ana.municipality,
        role=Role.CLERK,
        email="nov@primer.bg",
        name="Нов Човек",
        invited_by=ana.user,
        now=timezone.now(),
    )
    address = reverse("accounts:invitation", args=[secret])
    for _ in range(2):
        assert "Здравейте, Нов Човек" in client.get(address).content.decode()
    short = client.post(address, {"password1": "къса"}).content.decode()
    assert "Паролата е къса" in short
    answer = client.post(address, {"password1": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts:start")
    assert client.session["_auth_user_id"] == str(User.objects.get(email="nov@primer.bg").pk)
    assert Client().get(address).status_code == 410


def test_accepting_for_somebody_who_has_an_account_signs_nobody_in(
    ana: Membership, charli: Membership, client: Client
) -> None:
    _invitation, secret = services.invite(
        municipality=ana.municipality,
        role=Role.CLERK,
        email="charli@primer.bg",
        name="Чарли",
        invited_by=ana.user,
        now=timezone.now(),
    )
    answer = client.post(reverse("accounts:invitation", args=[secret]))
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    assert Membership.objects.filter(user=charli.user, municipality=ana.municipality, role=Role.CLERK).exists()
