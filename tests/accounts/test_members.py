from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import services
from accounts.models import ApiToken, Membership
from accounts.roles import Role, may_grant
from core.errors import Invalid, NotAllowed
from places.models import Municipality

NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
SignIn = Callable[[Membership], Client]


def _stays_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:me")).status_code == 200


def test_whoever_is_removed_is_out_at_the_next_page(
    ana: Membership, kamen: Membership, alisa: Membership, signed_in: SignIn
) -> None:
    hers, his = signed_in(kamen), signed_in(alisa)
    token, _secret = services.create_token(
        membership=kamen, label="табло", scopes=["places.read"], expires_at=NOW + timedelta(days=1), now=NOW
    )
    services.remove_member(membership=kamen, actor=ana.user, now=NOW)
    assert not _stays_signed_in(hers)
    assert _stays_signed_in(his)
    assert not ApiToken.objects.get(pk=token.pk).usable(NOW)
    kamen.refresh_from_db()
    assert not kamen.active


def test_a_new_role_ends_the_sessions_of_the_old(ana: Membership, alisa: Membership, signed_in: SignIn) -> None:
    client = signed_in(alisa)
    new = services.change_role(membership=alisa, role=Role.COORDINATOR, actor=ana.user, now=NOW)
    assert not _stays_signed_in(client)
    active = Membership.objects.active().filter(user=alisa.user)
    assert [(one.pk, one.role) for one in active] == [(new.pk, Role.COORDINATOR)]
    back = services.change_role(membership=new, role=Role.CLERK, actor=ana.user, now=NOW)
    assert back.pk == alisa.pk


def test_nobody_changes_themselves_or_somebody_above_them(ana: Membership, kamen: Membership) -> None:
    with pytest.raises(NotAllowed):
        services.remove_member(membership=ana, actor=ana.user, now=NOW)
    with pytest.raises(NotAllowed):
        services.remove_member(membership=ana, actor=kamen.user, now=NOW)
    with pytest.raises(NotAllowed):
        services.change_role(membership=kamen, role=Role.ADMINISTRATOR, actor=kamen.user, now=NOW)


def test_a_coordinator_makes_no_administrators(kamen: Membership, alisa: Membership) -> None:
    with pytest.raises(NotAllowed):
        services.change_role(membership=alisa, role=Role.ADMINISTRATOR, actor=kamen.user, now=NOW)


def test_an_administrator_elsewhere_changes_nobody_here(charli: Membership, alisa: Membership) -> None:
    with pytest.raises(NotAllowed):
        services.remove_member(membership=alisa, actor=charli.user, now=NOW)


def test_the_last_administrator_stays(
    ana: Membership, make_member: Callable[..., Membership], pernik: Municipality
) -> None:
    second = make_member("vtora", Role.ADMINISTRATOR)
    services.remove_member(membership=second, actor=ana.user, now=NOW)
    third = make_member("treta", Role.ADMINISTRATOR)
    services.remove_member(membership=ana, actor=third.user, now=NOW)
    fourth = make_member("chetvarta", Role.CLERK)
    Membership.objects.create(user=fourth.user, municipality=pernik, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        services.remove_member(membership=third, actor=fourth.user, now=NOW)


def test_removing_twice_says_so(ana: Membership, alisa: Membership) -> None:
    services.remove_member(membership=alisa, actor=ana.user, now=NOW)
    with pytest.raises(Invalid):
        services.remove_member(membership=alisa, actor=ana.user, now=NOW)


def test_adding_somebody_twice_makes_one_member(radomir: Municipality) -> None:
    given = {"municipality": radomir, "role": Role.VOLUNTEER, "name": "Ива", "by": None, "now": NOW}
    first = services.add_member(email="Iva@Primer.bg", **given)
    Membership.objects.filter(pk=first.pk).update(active=False)
    again = services.add_member(email="iva@primer.bg ", **given)
    assert again.pk == first.pk
    assert again.active
    assert not again.user.has_usable_password()


@pytest.mark.parametrize(
    ("giver", "role", "may"),
    [
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, True),
        (Role.COORDINATOR, Role.COORDINATOR, True),
        (Role.COORDINATOR, Role.ADMINISTRATOR, False),
        (Role.CLERK, Role.VOLUNTEER, False),
        (Role.VOLUNTEER, Role.VOLUNTEER, False),
    ],
)
def test_who_may_give_which_role(giver: Role, role: Role, may: bool) -> None:
    assert may_grant(giver, role) is may


def test_the_pages_change_and_stop_an_access(ana: Membership, alisa: Membership, signed_in: SignIn) -> None:
    client = signed_in(ana)
    listed = client.get(reverse("accounts:staff")).content.decode()
    assert reverse("accounts:member", args=[alisa.pk]) in listed
    assert reverse("accounts:member", args=[ana.pk]) not in listed
    client.post(reverse("accounts:member", args=[alisa.pk]), {"role": Role.COORDINATOR})
    now_coordinator = Membership.objects.active().get(user=alisa.user)
    assert now_coordinator.role == Role.COORDINATOR
    address = reverse("accounts:remove", args=[now_coordinator.pk])
    assert "Спирате ли достъпа" in client.get(address).content.decode()
    client.post(address)
    assert not Membership.objects.active().filter(user=alisa.user).exists()


def test_somebody_of_another_municipality_is_not_found_here(
    ana: Membership, charli: Membership, signed_in: SignIn
) -> None:
    for name in ("accounts:member", "accounts:remove"):
        assert signed_in(ana).get(reverse(name, args=[charli.pk])).status_code == 404


def test_the_list_of_staff_asks_as_much_for_thirty_as_for_one(
    ana: Membership,
    make_member: Callable[..., Membership],
    signed_in: SignIn,
) -> None:
    client = signed_in(ana)
    client.get(reverse("accounts:staff"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("accounts:staff")).status_code == 200
        return len(queries)

    before = asked()
    for number in range(29):
        make_member(f"kolega{number}", Role.CLERK)
        services.invite(
            municipality=ana.municipality,
            role=Role.CLERK,
            email=f"pokanen{number}@primer.bg",
            name="Поканен",
            invited_by=ana.user,
            now=datetime.now(UTC),
        )
    assert asked() == before
