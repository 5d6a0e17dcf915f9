"""The cast: Алиса works at the desk in Радомир, Камен coordinates, Ана administers; Чарли works in Перник."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role
from places.models import Municipality

PASSWORD = "три зелени чушки"


@pytest.fixture
def radomir(db: None) -> Municipality:
    return Municipality.objects.update_or_create(
        code="PER36", defaults={"name_bg": "Радомир", "name_en": "Radomir", "active": True}
    )[0]


@pytest.fixture
def pernik(db: None) -> Municipality:
    return Municipality.objects.update_or_create(
        code="PER32", defaults={"name_bg": "Перник", "name_en": "Pernik", "active": True}
    )[0]


@pytest.fixture
def make_member(radomir: Municipality) -> Callable[..., Membership]:
    def make(name: str, role: str, municipality: Municipality | None = None) -> Membership:
        email = f"{name}@primer.bg"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, PASSWORD, name=name.capitalize())
        return Membership.objects.create(user=user, municipality=municipality or radomir, role=role)

    return make


@pytest.fixture
def alisa(make_member: Callable[..., Membership]) -> Membership:
    return make_member("alisa", Role.CLERK)


@pytest.fixture
def kamen(make_member: Callable[..., Membership]) -> Membership:
    return make_member("kamen", Role.COORDINATOR)


@pytest.fixture
def ana(make_member: Callable[..., Membership]) -> Membership:
    return make_member("ana", Role.ADMINISTRATOR)


@pytest.fixture
def ivanka(make_member: Callable[..., Membership]) -> Membership:
    return make_member("ivanka", Role.VOLUNTEER)


@pytest.fixture
def charli(make_member: Callable[..., Membership], pernik: Municipality) -> Membership:
    return make_member("charli", Role.ADMINISTRATOR, pernik)


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in
