"""The one way into a session, whoever opened the door: by password, code, link of the demonstration or invitation.

A volunteer's telephone stays signed in for DEVICE_DAYS. A desk's computer is shared: a session of staff ends with the
browser, when nobody touched it for STAFF_IDLE_HOURS, and after STAFF_LONGEST_HOURS however busy they are.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from accounts import posture, sign_in_log
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import devices
from core.clock import local_date

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STAFF, SEEN, TOUCHED, ENTERED = "staff", "seen", "touched", "entered"
# Whether a second factor must be given before anything opens.
DUE = "factor_due"
# A touch is written down at most this often.
TOUCH_SECONDS = 600


def is_staff(user: User) -> bool:
    return Membership.objects.active().staff().filter(user=user).exists()


def must_have_factor(user: User) -> bool:
    """Staff always, a volunteer where a municipality they help in asks for it."""
    return is_staff(user) or _is_asked_as_volunteer(user)


def _is_asked_as_volunteer(user: User) -> bool:
    asked = Membership.objects.active().filter(
        user=user, role=Role.VOLUNTEER, municipality__rules__volunteers_two_factors=True
    )
    return asked.exists()


def enter(request: HttpRequest, user: User) -> None:
    """Sign in and write the device down."""
    login(request, user, backend=BACKEND)
    sign_in_log.came_in(request, user)
    now = timezone.now()
    session = request.session
    session[STAFF], session[SEEN] = is_staff(user), str(local_date(now))
    session[DUE] = session[STAFF] or _is_asked_as_volunteer(user)
    session[TOUCHED] = session[ENTERED] = int(now.timestamp())
    keep(session, now)
    if session[STAFF]:
        posture.warn(request)
    devices.opened(
        user=user, session_key=str(session.session_key), agent=request.headers.get("User-Agent", ""),
        day=local_date(now),
    )  # fmt: skip


def keep(session: SessionBase, now: datetime) -> None:
    """How long this session lasts, by whose it is."""
    session.set_expiry(0 if session.get(STAFF) else now + timedelta(days=settings.DEVICE_DAYS))


def left_alone(session: SessionBase, now: datetime) -> bool:
    """Whether a session of staff was not touched for too long, or has lasted for longer than any day at a desk."""
    touched = float(session.get(TOUCHED) or 0)
    idle, lasted = now.timestamp() - touched, now.timestamp() - float(session.get(ENTERED) or touched)
    too_long = idle > settings.STAFF_IDLE_HOURS * 3600 or lasted > settings.STAFF_LONGEST_HOURS * 3600
    return bool(session.get(STAFF)) and too_long


def touch(session: SessionBase, now: datetime) -> None:
    """Writes once in ten minutes at most for staff, and once a day for everybody. Else nothing."""
    if session.get(SEEN) is None:
        return
    today: date = local_date(now)
    if session[SEEN] != str(today):
        session[SEEN] = str(today)
        devices.seen(session_key=str(session.session_key), day=today)
    if session.get(STAFF) and now.timestamp() - float(session.get(TOUCHED) or 0) > TOUCH_SECONDS:
        session[TOUCHED] = int(now.timestamp())
