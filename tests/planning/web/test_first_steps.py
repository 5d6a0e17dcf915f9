"""A new municipality is told where to begin, and only while something is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import resolve

from accounts.roles import Role
from accounts.services import invite
from core.clock import local_date
from places import services as places
from planning import first_words
from planning.selectors.first_steps import STEPS, missing
from tests import factories as make
from tests.planning.web.hands import page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
TODAY = "/plan/"


def test_every_step_leads_to_a_page_the_coordinator_may_open(desk) -> None:
    make.municipality()
    for step in first_words.steps(STEPS):
        assert resolve(step.url) and desk.get(step.url).status_code == 200, step


def test_a_step_that_is_taken_is_not_shown_and_at_last_there_is_no_list(desk, now) -> None:
    here = make.municipality()
    here.phone = ""
    here.save()
    member = make.member(Role.COORDINATOR)
    left = [step for step in STEPS if step != "staff"]
    assert missing(member, now) == left and "Първи стъпки" in page(desk, TODAY)

    def takes(step: str) -> None:
        left.remove(step)
        assert missing(member, now) == left

    places.open_municipality(code=here.pk, phone="+35977712345")
    takes("desk")
    places.set_rules(municipality=here, values={})
    takes("rules")
    make.help_point()
    takes("help_points")
    places.add_local_holiday(municipality=here, date=local_date(now) + timedelta(days=30), name_bg="Събор")
    takes("holidays")
    person = make.volunteer(groups=())
    takes("volunteers")
    over = make.certify(person, until=local_date(now) + timedelta(days=1))
    over.revoked_at = now
    over.save()
    assert missing(member, now) == left == ["certifications"]
    make.certify(person, until=local_date(now) + timedelta(days=90))
    takes("certifications")
    assert "Първи стъпки" not in page(desk, TODAY)


def test_a_colleague_or_an_invitation_is_enough(now) -> None:
    alone = make.member(Role.ADMINISTRATOR)
    assert "staff" in missing(alone, now)
    make.volunteer()
    make.member(Role.CLERK, of=make.municipality("PER32", "Перник"))
    assert "staff" in missing(alone, now)
    invite(
        municipality=alone.municipality, invited_by=alone.user, now=now, email="k@primer.bg", name="Камен",
        role=Role.CLERK,
    )  # fmt: skip
    assert "staff" not in missing(alone, now)


def test_it_is_not_the_clerks_to_set_up() -> None:
    make.municipality()
    assert "Първи стъпки" not in page(signed_in(Role.CLERK), TODAY)


def test_it_costs_one_query(desk, now, django_assert_num_queries) -> None:
    member = make.member(Role.COORDINATOR)
    with django_assert_num_queries(1):
        missing(member, now)
