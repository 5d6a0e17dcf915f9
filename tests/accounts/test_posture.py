"""Which browsers and systems are still mended, and what somebody of staff with another one is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import posture
from accounts.roles import Role
from tests import factories as make
from tests.accounts.entering import PASSWORD, with_password

MOZILLA = "Mozilla/5.0 "
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) "
WINDOWS, WINDOWS_7 = "(Windows NT 10.0; Win64; x64) ", "(Windows NT 6.1; Win64; x64) "
MENDED = {
    "Chrome on Windows": f"{MOZILLA}{WINDOWS}{CHROMIUM}Chrome/156.0.0.0 Safari/537.36",
    "Edge": f"{MOZILLA}{WINDOWS}{CHROMIUM}Chrome/155.0.0.0 Safari/537.36 Edg/155.0.0.0",
    "Firefox": f"{MOZILLA}(X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0",
    "Firefox with long support": f"{MOZILLA}{WINDOWS[:-2]}; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Safari on a Mac": f"{MOZILLA}(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Safari/605.1.15",
    "Chrome on Android": f"{MOZILLA}(Linux; Android 10; K) {CHROMIUM}Chrome/150.0.0.0 Mobile Safari/537.36",
    "iPhone": f"{MOZILLA}(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1",
    "nothing said": "",
    "a program": "curl/8.5.0",
}
NOT_MENDED = {
    "Chrome of two years ago": f"{MOZILLA}{WINDOWS}{CHROMIUM}Chrome/129.0.0.0 Safari/537.36",
    "Edge of two years ago": f"{MOZILLA}{WINDOWS}{CHROMIUM}Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
    "the last Chrome of Windows 7": f"{MOZILLA}{WINDOWS_7}{CHROMIUM}Chrome/109.0.0.0 Safari/537.36",
    "Windows 8.1, whatever the browser": f"{MOZILLA}(Windows NT 6.3; rv:152.0) Gecko/20100101 Firefox/152.0",
    "Firefox of Windows 7": f"{MOZILLA}(Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0",
    "an old Mac": f"{MOZILLA}(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/15.6.1 Safari/605.1.15",
    "Android 9": f"{MOZILLA}(Linux; Android 9; SM-G960F) {CHROMIUM}Chrome/150.0.0.0 Mobile Safari/537.36",
    "Android 4.4": f"{MOZILLA}(Linux; U; Android 4.4.2) AppleWebKit/534.30 Version/4.0 Mobile Safari/534.30",
    "iPhone of before": f"{MOZILLA}(iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/15.6 Mobile/15E148 Safari/604.1",
    "Internet Explorer": f"{MOZILLA}(Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
}


@pytest.mark.parametrize("agent", MENDED.values(), ids=MENDED)
def test_these_are_mended_or_unknown(agent: str) -> None:
    assert posture.is_mended(agent)


@pytest.mark.parametrize("agent", NOT_MENDED.values(), ids=NOT_MENDED)
def test_these_are_no_longer_mended(agent: str) -> None:
    assert not posture.is_mended(agent)


def test_a_name_of_any_length_and_kind_is_looked_at_quickly() -> None:
    assert posture.is_mended("Safari/" * 100_000) and posture.is_mended("\x00Version/ Safari/" * 9)


def test_somebody_looked_at_the_numbers_within_half_a_year() -> None:
    """Red: see what the makers still mend, put the numbers up in accounts/posture.py and the day beside them."""
    assert timezone.now().date() - posture.LOOKED_ON < timedelta(days=183)


def entered(user: Any, agent: str) -> str:
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client.get(reverse("accounts:start"), follow=True).content.decode()


@pytest.mark.django_db
def test_who_comes_in_with_an_old_one_is_told_and_works_on(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    clerk = with_password(make.user(Role.CLERK))
    assert "не получава поправки" in entered(clerk, NOT_MENDED["the last Chrome of Windows 7"])
    assert "не получава поправки" not in entered(clerk, MENDED["Edge"])


@pytest.mark.django_db
def test_a_volunteer_s_own_telephone_is_not_judged(settings: Any) -> None:
    volunteer = make.volunteer()
    assert volunteer.user is not None
    page = entered(with_password(volunteer.user), NOT_MENDED["Android 9"])
    assert "не получава поправки" not in page
