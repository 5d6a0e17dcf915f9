"""A clerk of one kmetstvo sees its people only; an administrator says which places those are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Membership
from accounts.roles import Role
from core.errors import Invalid, NotAllowed
from places.models import Municipality, Settlement

SignIn = Callable[[Membership], Client]


@pytest.fixture
def places(radomir: Municipality) -> list[Settlement]:
    return [
        Settlement.objects.create(ekatte=code, name_bg=name, kind="village", municipality=radomir)
        for code, name in (("32531", "Извор"), ("23573", "Дрен"))
    ]


def test_an_administrator_narrows_a_clerk_and_opens_it_again(
    ana: Membership, alisa: Membership, places: list[Settlement], signed_in: SignIn
) -> None:
    client, url = signed_in(ana), reverse("accounts:narrow", args=[alisa.pk])
    assert url in client.get(reverse("accounts:member", args=[alisa.pk])).content.decode()
    assert "с.\u00a0Извор" in client.get(url).content.decode()
    client.post(url, {"settlements": [places[0].pk]})
    assert list(alisa.settlements.all()) == [places[0]]
    assert "с.\u00a0Извор" in client.get(reverse("accounts:staff")).content.decode()
    assert "checked" in client.get(url).content.decode()
    client.post(url, {})
    assert not alisa.settlements.exists()


def test_another_municipalitys_place_is_refused(
    ana: Membership, alisa: Membership, places: list[Settlement], pernik: Municipality, signed_in: SignIn
) -> None:
    theirs = Settlement.objects.create(ekatte="55871", name_bg="Перник", kind="town", municipality=pernik)
    answer = signed_in(ana).post(reverse("accounts:narrow", args=[alisa.pk]), {"settlements": [theirs.pk]})
    assert "Изберете места от общината." in answer.content.decode()
    with pytest.raises(Invalid):
        services.narrow(membership=alisa, settlements=[theirs], actor=ana.user, now=timezone.now())
    assert not alisa.settlements.exists()


def test_only_an_administrator_and_only_for_a_clerk(
    ana: Membership, kamen: Membership, alisa: Membership, places: list[Settlement], signed_in: SignIn
) -> None:
    url = reverse("accounts:narrow", args=[alisa.pk])
    for other in (kamen, alisa):
        assert signed_in(other).post(url, {"settlements": [places[0].pk]}).status_code == 403
    assert url not in signed_in(kamen).get(reverse("accounts:member", args=[alisa.pk])).content.decode()
    with pytest.raises(NotAllowed):
        services.narrow(membership=alisa, settlements=places, actor=kamen.user, now=timezone.now())
    with pytest.raises(Invalid):
        services.narrow(membership=kamen, settlements=places, actor=ana.user, now=timezone.now())
    assert signed_in(ana).get(reverse("accounts:narrow", args=[kamen.pk])).status_code == 302
    assert not alisa.settlements.exists() and not kamen.settlements.exists()


def test_whoever_becomes_a_coordinator_sees_the_whole_municipality(
    ana: Membership, alisa: Membership, places: list[Settlement]
) -> None:
    services.narrow(membership=alisa, settlements=places[:1], actor=ana.user, now=timezone.now())
    again = services.change_role(membership=alisa, role=Role.COORDINATOR, actor=ana.user, now=timezone.now())
    assert again.role == Role.COORDINATOR and not again.settlements.exists()
