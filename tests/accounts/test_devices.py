"""Where somebody is signed in: how long, on what, and how it is ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.entering import ENTERED, SEEN, TOUCHED
from accounts.models import Device, User
from accounts.roles import Role
from accounts.services import devices
from requests.services import keeping
from tests import factories as make
from tests.accounts.entering import by_code, by_password, is_in, shown, with_password
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145R) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.fixture(autouse=True)
def _no_tries_from_before() -> None:
    cache.clear()


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


def signed_in(who: Volunteer, agent: str = PHONE) -> Client:
    assert who.user is not None
    return by_code(who.user.email, HTTP_USER_AGENT=agent)


def test_a_volunteer_s_telephone_stays_for_ninety_days(ivanka: Volunteer) -> None:
    client = signed_in(ivanka)
    left = client.session.get_expiry_date() - timezone.now()
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)
    cookie = client.cookies["sessionid"]
    assert 89 * 86400 < int(cookie["max-age"]) <= 90 * 86400 and cookie["httponly"]
    assert not client.session.get_expire_at_browser_close()


def test_ninety_days_are_counted_from_the_sign_in_and_do_not_begin_again(ivanka: Volunteer) -> None:
    client = signed_in(ivanka)
    ends = client.session.get_expiry_date()
    session = client.session
    session[SEEN] = "2026-01-01"
    session.save()
    client.get(reverse("accounts:me"))
    assert client.session[SEEN] != "2026-01-01"
    assert client.session.get_expiry_date() == ends


def test_a_volunteer_with_a_password_stays_too_and_staff_until_the_browser_closes(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    assert not by_password(with_password(ivanka.user)).session.get_expire_at_browser_close()
    assert by_password(with_password(make.user(Role.CLERK))).session.get_expire_at_browser_close()


def test_a_desk_left_alone_asks_for_the_sign_in_again(settings: Any) -> None:
    client = by_password(with_password(make.user(Role.CLERK)))
    for hours, stays in ((3.9, True), (4.1, False)):
        session = client.session
        session[TOUCHED] = int(timezone.now().timestamp() - hours * 3600)
        session.save()
        answer = client.get(reverse("requests:desk"))
        assert (answer.status_code == 200) == stays, hours
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not is_in(client)


def test_a_desk_that_never_rests_asks_for_it_after_twelve_hours() -> None:
    client = by_password(with_password(make.user(Role.CLERK)))
    for hours, stays in ((11.9, True), (12.1, False)):
        session = client.session
        session[TOUCHED], session[ENTERED] = (int(timezone.now().timestamp() - ago) for ago in (60, hours * 3600))
        session.save()
        assert (client.get(reverse("requests:desk")).status_code == 200) == stays, hours
    assert not is_in(client)


def test_the_page_names_each_device_and_which_is_this_one(ivanka: Volunteer) -> None:
    here, other = signed_in(ivanka), signed_in(ivanka, DESK)
    page = here.get(reverse("accounts:devices")).content.decode()
    assert "Chrome, Android" in page and "Edge, Windows" in page
    assert page.count("това устройство") == 1 and page.count(">Спирам<") == 1
    assert is_in(other)


def test_one_is_stopped_or_all_the_others(ivanka: Volunteer) -> None:
    here, second, third = (signed_in(ivanka) for _one in range(3))
    page = reverse("accounts:devices")
    row = Device.objects.get(session_key=second.session.session_key)
    here.post(page, {"device": row.pk})
    assert (is_in(here), is_in(second), is_in(third)) == (True, False, True)
    here.post(page, {"device": "others"})
    assert (is_in(here), is_in(third)) == (True, False)
    assert Device.objects.count() == 1


def test_a_session_found_open_stops_no_other(ivanka: Volunteer, settings: Any) -> None:
    settings.ASK_AGAIN = True
    assert ivanka.user is not None
    here, other = signed_in(ivanka), signed_in(ivanka)
    shown(here, ivanka.user, ago=3600.0, method="code")
    page = reverse("accounts:devices")
    assert here.get(page).status_code == 200
    assert here.post(page, {"device": "others"}).headers["Location"].startswith(reverse("accounts:confirm"))
    assert is_in(other)
    shown(here, ivanka.user, ago=60.0, method="code")
    here.post(page, {"device": "others"})
    assert not is_in(other)


def test_nobody_stops_the_device_of_another(ivanka: Volunteer) -> None:
    theirs, mine = signed_in(ivanka), signed_in(make.volunteer("Петър"))
    for wanted in (Device.objects.get(session_key=theirs.session.session_key).pk, "others", "", "какво"):
        mine.post(reverse("accounts:devices"), {"device": wanted})
    assert is_in(theirs) and is_in(mine)


def test_a_page_that_is_open_while_it_is_stopped_does_not_bring_the_session_back(ivanka: Volunteer) -> None:
    client = signed_in(ivanka)
    session = client.session
    assert session[SEEN]  # read, as at the beginning of a page
    key = session.session_key
    devices.end_all(User.objects.get(pk=ivanka.user_id))
    session["anything"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.filter(session_key=key).exists() and not is_in(client)


def queries(client: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(name))
    return len(asked)


def test_no_page_asks_the_database_more_for_it_but_once_a_day(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    bare = Client()
    bare.force_login(ivanka.user)
    client = signed_in(ivanka)
    usual = queries(bare, "requests:my_week")
    assert queries(client, "requests:my_week") == usual
    session = client.session
    session[SEEN] = "2026-01-01"
    session.save()
    assert queries(client, "requests:my_week") > usual
    assert queries(client, "requests:my_week") == usual


def test_a_desk_writes_that_it_was_touched_once_in_ten_minutes() -> None:
    user = with_password(make.user(Role.CLERK))
    bare, client = Client(), by_password(user)
    bare.force_login(user)
    assert queries(client, "requests:desk") == queries(bare, "requests:desk")


def test_signing_out_and_running_out_leave_no_device(ivanka: Volunteer) -> None:
    client, old = signed_in(ivanka), signed_in(ivanka)
    client.post(reverse("account_logout"))
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=timezone.now())
    assert "Няма записани" in signed_page(ivanka)
    keeping.run(now=timezone.now())
    assert not Device.objects.exists()


def signed_page(who: Volunteer) -> str:
    client = Client()
    assert who.user is not None
    client.force_login(who.user)
    return client.get(reverse("accounts:devices")).content.decode()


@pytest.mark.parametrize(
    ("agent", "what"),
    [
        (PHONE, "Chrome, Android"), (DESK, "Edge, Windows"), ("", ""), ("curl/8", ""),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux"),
        ("<script>Firefox</script>" * 50, "Firefox"),
    ],
)  # fmt: skip
def test_how_a_browser_is_called(agent: str, what: str) -> None:
    assert devices.named(agent) == what


def test_there_is_one_way_into_a_session() -> None:
    """Who signs somebody in past it leaves no device to revoke."""
    root = Path(__file__).resolve().parents[2]
    rooms = [path.parent for path in root.glob("*/apps.py")]
    past = [
        path.relative_to(root).as_posix()
        for room in rooms
        for path in room.rglob("*.py")
        if "contrib.auth import login" in (text := path.read_text()) or "import authenticate, login" in text
    ]
    assert past == ["accounts/entering.py"]
