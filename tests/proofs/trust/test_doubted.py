"""Whose reading looks like a stranger's in an open session is asked who they are; who answers goes on reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services import tokens
from requests.models import HelpRequest, Opening
from requests.services import openings
from requests.states import UnusualRule
from tests import factories as make
from tests.accounts.entering import PASSWORD, by_password, shown, with_password

pytestmark = pytest.mark.django_db
MOST = openings.THRESHOLDS[UnusualRule.MANY].count
LONG_AGO = 3 * 24 * 3600


def noon() -> datetime:
    """The last one: at night other rules count, and whatever this says of lies behind us."""
    today = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today < timezone.now() else today - timedelta(days=1)


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any) -> None:
    settings.ASK_AGAIN = True
    cache.clear()


@pytest.fixture
def row() -> HelpRequest:
    return make.help_request()


@pytest.fixture
def clerk() -> User:
    return with_password(make.user(Role.CLERK))


@pytest.fixture
def session(clerk: User) -> Client:
    """Signed in long ago."""
    return shown(by_password(clerk), clerk, ago=LONG_AGO)


def reads(reader: User, count: int, *, at: datetime | None = None, **more: Any) -> None:
    """Opens so many different people; then the watch looks."""
    now = at or noon()
    values = {"settlement_code": "00000", "role": Role.CLERK, "door": "requests:detail", "place": "", **more}
    Opening.objects.bulk_create(
        Opening(
            municipality=make.municipality(), at=now - timedelta(seconds=number), reader_id=reader.pk,
            subject_type="resident", subject_id=uuid4(), person_id=uuid4(), **values,
        )
        for number in range(count)
    )  # fmt: skip
    openings.watch(now=now)


def asked(answer: Any) -> str:
    """The page one comes back to after the question; empty where nothing is asked."""
    where = urlsplit(answer.headers.get("Location", answer.headers.get("HX-Redirect", "")))
    return parse_qs(where.query)["next"][0] if where.path == reverse("accounts:confirm") else ""


def test_a_session_that_reads_many_is_asked_and_goes_on_for_who_answers(
    session: Client, clerk: User, row: HelpRequest
) -> None:
    page = reverse("requests:detail", args=[row.pk])
    reads(clerk, MOST - 1)
    assert session.get(page).status_code == 200  # the control: one less is an ordinary day
    reads(clerk, MOST)
    answer = session.get(page)
    assert asked(answer) == page
    assert "Отворени са много хора" in session.get(answer.headers["Location"]).content.decode()
    # Whoever holds the session and does not know the password reads nothing more.
    session.post(answer.headers["Location"], {"password": "не я знам, но опитвам"})
    assert asked(session.get(page)) == page
    back = session.post(answer.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == page
    assert session.get(page).status_code == 200


def test_it_is_asked_once_a_day_and_not_at_each_look(session: Client, clerk: User, row: HelpRequest) -> None:
    page = reverse("requests:detail", args=[row.pk])
    now = noon()
    reads(clerk, MOST, at=now)
    clerk.refresh_from_db()
    first = clerk.doubted_at
    reads(clerk, MOST, at=now + timedelta(minutes=10))
    clerk.refresh_from_db()
    assert first == now and clerk.doubted_at == first
    shown(session, clerk)
    assert session.get(page).status_code == 200


def test_every_session_of_that_person_is_asked_and_nobody_elses(session: Client, clerk: User, row: HelpRequest) -> None:
    there = shown(by_password(clerk), clerk, ago=LONG_AGO)
    other = with_password(make.user(Role.CLERK))
    elsewhere = shown(by_password(other), other, ago=LONG_AGO)
    reads(clerk, MOST)
    page = reverse("requests:detail", args=[row.pk])
    assert [bool(asked(one.get(page))) for one in (session, there, elsewhere)] == [True, True, False]


def test_at_night_three_are_enough(session: Client, clerk: User, row: HelpRequest) -> None:
    night = timezone.localtime().replace(hour=2, minute=0)
    reads(clerk, openings.THRESHOLDS[UnusualRule.NIGHT].count, at=night)
    clerk.refresh_from_db()
    assert clerk.doubted_at == night


def test_a_neighbour_is_told_of_but_nobody_is_asked(clerk: User) -> None:
    helper = make.volunteer(home="Извор")
    assert helper.user is not None
    reads(helper.user, 1, settlement_code=helper.home_id)
    helper.user.refresh_from_db()
    assert helper.user.doubted_at is None


def test_what_was_typed_is_not_lost_to_the_question(session: Client, clerk: User) -> None:
    reads(clerk, MOST)
    answer = session.post(reverse("accounts:switch"), {"membership": str(uuid4())})
    assert answer.status_code == 404 and not asked(answer)


def test_a_part_of_a_page_leads_the_whole_page_to_the_question(session: Client, clerk: User) -> None:
    reads(clerk, MOST)
    desk = reverse("requests:desk")
    came = {"HX-Request": "true", "Referer": f"http://testserver{desk}?q=Колев", "Host": "testserver"}
    answer = session.get(desk + "?q=Колева", headers=came)
    assert answer.status_code == 200 and not answer.content
    assert asked(answer) == f"{desk}?q=Колев"


def test_the_browsers_calls_are_refused_and_a_program_with_its_token_is_not(session: Client, clerk: User) -> None:
    member, now = make.member(Role.COORDINATOR), timezone.now()
    _token, secret = tokens.create_token(
        membership=member, label="справка", scopes=["help_request.read"], expires_at=now + timedelta(days=1), now=now
    )
    where = reverse("help-request-list")
    assert session.get(where).status_code == 200
    reads(clerk, MOST)
    reads(member.user, MOST)
    assert session.get(where).status_code == 403
    assert Client().get(where, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
