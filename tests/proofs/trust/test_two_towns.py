"""One person in two municipalities: they choose who they are, and of their day only bare intervals cross."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from core.errors import Gone
from places.models import Municipality
from planning.selectors.rows import change_token
from planning.services import snapshot
from requests.models import Visit
from requests.services import answers, visit_changes
from requests.services.actors import BEAT
from tests import factories as make
from tests.factories import NOW
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
# Wednesday, 11:00 to 12:00 in Sofia
START = NOW + timedelta(days=2, hours=2)
HERE_ALSO = NOW + timedelta(days=2, hours=2, minutes=30)


@pytest.fixture
def pernik() -> Municipality:
    return make.municipality("PER32", "Перник")


@pytest.fixture
def ivanka(pernik: Municipality) -> tuple[Volunteer, Volunteer]:
    """Her row in Радомир and her row in Перник, one user."""
    here = make.volunteer(hours=((2, 9, 18),))
    there = make.volunteer(of=pernik, home="Перник село", signs_in=False)
    there.user = here.user
    there.save(update_fields=["user"])
    assert here.user is not None
    Membership.objects.create(user=here.user, municipality=pernik, role=Role.VOLUNTEER)
    return here, there


def booked(there: Volunteer) -> Visit:
    who = make.resident("Пена", "Илиева", home="Перник село", of=there.municipality)
    return make.visit(make.help_request(who), there, start=START)


def shifts_of(person: Volunteer) -> list[tuple[int, int]]:
    """Her free minutes of that Wednesday, counted from its midnight."""
    problem = snapshot.take(person.municipality, now=NOW).problem
    rows = next(row["shifts"] for row in problem["volunteers"] if row["id"] == str(person.pk))
    day = 2 * 24 * 60
    return [(row["start"] - day, row["end"] - day) for row in rows if row["day"] == 2]


def test_the_plan_leaves_out_the_hours_in_which_she_is_booked_elsewhere(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    assert shifts_of(here) == [(9 * 60, 18 * 60)]
    visit = booked(there)
    assert shifts_of(here) == [(9 * 60, 11 * 60), (12 * 60, 18 * 60)]
    visit_changes.missed(visit_id=visit.pk, actor=BEAT, now=visit.end)
    assert shifts_of(here) == [(9 * 60, 18 * 60)]


def test_nothing_else_crosses(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    visit = booked(there)
    told = json.dumps(snapshot.take(here.municipality, now=NOW).problem)
    people = (visit.pk, visit.help_request_id, visit.help_request.resident_id, there.pk, there.contact_id)
    assert [key for key in people if str(key) in told] == []
    assert "PER32" not in told


def test_a_booking_elsewhere_makes_the_last_plan_old(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    before = change_token(here.municipality)
    booked(there)
    assert change_token(here.municipality) != before


def test_who_helps_in_one_municipality_only_is_not_disturbed_by_others(pernik: Municipality) -> None:
    """The control: somebody else's visit at that hour in the other municipality takes nobody's time here."""
    here = make.volunteer(hours=((2, 9, 18),))
    booked(make.volunteer(of=pernik, home="Перник село"))
    assert shifts_of(here) == [(9 * 60, 18 * 60)]


def test_a_yes_here_is_refused_while_she_is_there(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    (offer,) = make.offer(make.help_request(), here, start=HERE_ALSO)
    booked(there)
    with pytest.raises(Gone) as told:
        answers.accept(offer_id=offer.pk, actor=make.by_volunteer(here), now=NOW)
    assert told.value.code == "clash"
    assert "Перник" not in str(told.value)


def test_she_is_not_even_asked_for_that_hour(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    booked(there)
    assert make.offer(make.help_request(), here, start=HERE_ALSO) == []


def test_her_pages_show_the_municipality_she_has_chosen(ivanka: tuple[Volunteer, Volunteer]) -> None:
    here, there = ivanka
    visit = booked(there)
    assert here.user is not None
    client, memberships = Client(), {row.municipality_id: row for row in here.user.memberships.all()}
    client.force_login(here.user)
    week = reverse("requests:my_week") + f"?ot={NOW:%Y-%m-%d}"
    address = reverse("requests:visit", args=[visit.pk])
    for code, seen in (("PER36", False), ("PER32", True), ("PER36", False)):
        client.post(reverse("accounts:switch"), {"membership": str(memberships[code].pk)})
        assert ("Перник село" in client.get(week).content.decode()) == seen
        assert (client.get(address).status_code == 200) == seen


def test_a_coordinator_of_two_municipalities_sees_one_at_a_time(pernik: Municipality) -> None:
    kamen = make.user(Role.COORDINATOR)
    Membership.objects.create(user=kamen, municipality=pernik, role=Role.COORDINATOR)
    here, there = make.help_request(), make.help_request(make.resident(home="Перник село", of=pernik))
    client = Client()
    client.force_login(kamen)
    for chosen, other in ((here, there), (there, here)):
        member = kamen.memberships.get(municipality=chosen.municipality)
        client.post(reverse("accounts:switch"), {"membership": str(member.pk)})
        assert client.get(reverse("requests:detail", args=[chosen.pk])).status_code == 200
        assert client.get(reverse("requests:detail", args=[other.pk])).status_code == 404
