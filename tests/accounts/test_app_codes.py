"""An app's code lives half a minute. The clock stands in these tests, at the second a test says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services import app_codes, factors
from core.errors import Invalid
from tests import factories as make
from tests.accounts.entering import SECRET, app_code, by_password, is_in, shown, with_app, with_password

pytestmark = pytest.mark.django_db
FACTOR = "mfa_authenticate"
# A half minute begins.
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
LATE, AHEAD, OLD, WRONG = "току-що изтече", "часовникът на телефона избързва", "Този код е стар", "Кодът е друг"
Clock = Callable[[float], datetime]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """So many seconds after noon it is now."""

    def moved(seconds: float) -> datetime:
        now = NOON + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return moved


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, at: Clock) -> None:
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = True
    cache.clear()
    at(0)


@pytest.fixture
def clerk() -> User:
    return with_app(with_password(make.user(Role.CLERK)))


def answer(client: Client, code: str) -> str:
    return client.post(reverse(FACTOR), {"code": code}, follow=True).content.decode()


@pytest.mark.parametrize(("seconds", "taken"), [(-0.001, False), (0, True), (29.999, True), (30, False)])
def test_a_code_is_good_for_its_half_minute_and_not_an_instant_longer(
    clerk: User, at: Clock, seconds: float, taken: bool
) -> None:
    code, now = app_code(now=NOON), at(seconds)
    assert bool(factors.use_code(user=clerk, code=code, now=now)) == taken


def test_no_second_of_another_half_minute_takes_it(clerk: User) -> None:
    """Over the twenty minutes around: thirty seconds, all in one piece."""
    code = app_code(now=NOON)
    good = [
        second for second in range(-600, 600)
        if app_codes.step_of(SECRET, code, NOON + timedelta(seconds=second)) is not None
    ]  # fmt: skip
    assert good == list(range(30))


@pytest.mark.parametrize(
    ("steps", "says"),
    [(-1, LATE), (-2, OLD), (-20, OLD), (1, AHEAD), (-21, WRONG), (2, WRONG), (20, WRONG)],
)
def test_whoever_types_a_code_of_another_time_is_told_what_to_do(clerk: User, steps: int, says: str) -> None:
    """Of codes further ahead nothing is told: it would name a guesser the code to come back with."""
    client = by_password(clerk)
    told = answer(client, app_code(steps=steps, now=NOON))
    assert [one for one in (LATE, AHEAD, OLD, WRONG) if one.casefold() in told.casefold()] == [says]
    assert not is_in(client)
    answer(client, app_code(now=NOON))
    assert is_in(client)


def test_it_is_a_try_like_any_other(clerk: User) -> None:
    client = by_password(clerk)
    for _try in range(5):
        assert LATE in answer(client, app_code(steps=-1, now=NOON))
    assert "Опитите станаха много" in answer(client, app_code(now=NOON)) and not is_in(client)


def test_a_code_that_was_used_is_none_within_its_half_minute_either(clerk: User, at: Clock) -> None:
    first, thief = by_password(clerk), by_password(clerk)
    answer(first, app_code(now=NOON))
    at(12)
    assert is_in(first) and WRONG in answer(thief, app_code(now=NOON)) and not is_in(thief)
    at(31)
    answer(thief, app_code(steps=1, now=NOON))
    assert is_in(thief)  # the control: the next one opens


def test_pages_that_ask_for_it_say_how_long_it_is_good(clerk: User) -> None:
    said = "Кодът от приложението важи 30 секунди."
    client = by_password(clerk)
    assert said in client.get(reverse(FACTOR)).content.decode()
    answer(client, app_code(now=NOON))
    for name in ("accounts:confirm", "accounts:factor-app"):
        assert said in client.get(reverse(name)).content.decode(), name
    alone = make.user(Role.COORDINATOR)
    client = Client()
    client.force_login(alone)
    assert said not in shown(client, alone).get(reverse("accounts:confirm")).content.decode()


@pytest.mark.parametrize(("steps", "says"), [(-1, LATE), (1, AHEAD), (7, WRONG)])
def test_setting_up_says_the_same(clerk: User, steps: int, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        factors.set_app(user=clerk, secret=SECRET, code=app_code(steps=steps, now=NOON), now=NOON)
    assert says.casefold() in str(refused.value.message).casefold()
