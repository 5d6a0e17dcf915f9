"""The cast in Радомир: Камен coordinates, Алиса sits at the desk, Иванка and Борис help. Чарли works in Перник."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role
from catalogue.models import ServiceGroup
from places.models import Municipality, Settlement
from volunteers.models import Volunteer
from volunteers.services import applications
from volunteers.states import VolunteerStatus

NOW = datetime(2026, 10, 14, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_has_applied_from_here() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def radomir(db: None) -> Municipality:
    return Municipality.objects.create(
        code="PER36", name_bg="Радомир", name_en="Radomir", phone="+35977782490", active=True
    )


@pytest.fixture
def pernik(db: None) -> Municipality:
    return Municipality.objects.create(code="PER32", name_bg="Перник", name_en="Pernik")


@pytest.fixture
def izvor(radomir: Municipality) -> Settlement:
    return Settlement.objects.create(
        ekatte="32576", kind="village", municipality=radomir, name_bg="Извор", name_en="Izvor"
    )


@pytest.fixture
def drugan(radomir: Municipality) -> Settlement:
    return Settlement.objects.create(
        ekatte="23550", kind="village", municipality=radomir, name_bg="Друган", name_en="Drugan"
    )


@pytest.fixture
def elsewhere(pernik: Municipality) -> Settlement:
    return Settlement.objects.create(
        ekatte="55871", kind="town", municipality=pernik, name_bg="Перник", name_en="Pernik"
    )


@pytest.fixture
def heating(db: None) -> ServiceGroup:
    return ServiceGroup.objects.create(code="BENEFITS", name_bg="Помощи", name_en="Benefits", order=1)


@pytest.fixture
def health(db: None) -> ServiceGroup:
    return ServiceGroup.objects.create(code="HEALTH", name_bg="Здраве", name_en="Health", order=2)


@pytest.fixture
def make_member(db: None) -> Callable[[str, str, Municipality], Membership]:
    def make(name: str, role: str, municipality: Municipality) -> Membership:
        user = User.objects.create_user(f"{name}@primer.bg", name=name.capitalize())
        return Membership.objects.create(user=user, municipality=municipality, role=role)

    return make


@pytest.fixture
def kamen(make_member: Callable[..., Membership], radomir: Municipality) -> Membership:
    return make_member("kamen", Role.COORDINATOR, radomir)


@pytest.fixture
def alisa(make_member: Callable[..., Membership], radomir: Municipality) -> Membership:
    return make_member("alisa", Role.CLERK, radomir)


@pytest.fixture
def charli(make_member: Callable[..., Membership], pernik: Municipality) -> Membership:
    return make_member("charli", Role.COORDINATOR, pernik)


@pytest.fixture
def apply(izvor: Settlement) -> Callable[..., Volunteer]:
    """Somebody applies; every one with a telephone of their own."""
    numbers = count(100)

    def make(first_name: str = "Иванка", last_name: str = "Делева", **given: object) -> Volunteer:
        given.setdefault("phone", f"0888 123 {next(numbers)}")
        given.setdefault("home", izvor)
        given.setdefault("now", NOW)
        home = given["home"]
        assert isinstance(home, Settlement)
        told = applications.apply(
            municipality=home.municipality,
            first_name=first_name,
            last_name=last_name,
            **given,  # type: ignore[arg-type]
        )
        return told.volunteer

    return make


@pytest.fixture
def ivanka(apply: Callable[..., Volunteer], kamen: Membership) -> Volunteer:
    """Helps already, signs in."""
    volunteer = apply(email="ivanka@primer.bg")
    return applications.approve(volunteer=volunteer, actor=kamen.user, to=VolunteerStatus.ACTIVE, now=NOW)


@pytest.fixture
def boris(apply: Callable[..., Volunteer], kamen: Membership) -> Volunteer:
    """Helps already, signs in."""
    volunteer = apply("Борис", "Радев", email="boris@primer.bg")
    return applications.approve(volunteer=volunteer, actor=kamen.user, to=VolunteerStatus.ACTIVE, now=NOW)


@pytest.fixture
def signed_in() -> Callable[[User | None], Client]:
    def sign_in(user: User | None) -> Client:
        assert user is not None
        client = Client()
        client.force_login(user)
        return client

    return sign_in
