"""The ten main pages as people see them: nothing wider than the screen, nothing that axe or the console complains of.

With SCREENSHOTS=1 the pictures replace those in docs/screenshots/; the invented people and the morning are always
the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from accounts.demo import CLERK_EMAIL, COORDINATOR_EMAIL, VOLUNTEER_EMAIL
from accounts.models import User
from config.demo import load
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.states import RequestState
from tests.factories import NOW
from tests.proofs.spine.small_png import with_palette
from tests.requests.web.measuring import axe_faults
from tests.requests.web.walking import NEXT
from tests.sizes import looks
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEEP = os.environ.get("SCREENSHOTS") == "1"
FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
LARGEST_BYTES = 100_000
PHONE, DESK = (360, 740), (1280, 900)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Shot:
    """One page; `way` goes there from a fresh window of `who` (nobody: the resident)."""

    name: str
    way: Callable[[Page], None]
    who: str = ""
    size: tuple[int, int] = PHONE
    scheme: str = "light"


def _to(name: str) -> Callable[[Page], None]:
    return lambda page: _go(page, reverse(name))


def _go(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path


def _question(page: Page) -> None:
    _go(page, reverse("requests:home"))
    page.click("main a.btn")
    page.check("input[name=service] >> nth=0")


def _tracking(page: Page) -> None:
    maria = next(row for row in Resident.objects.all() if row.name == "Мария Петрова")
    row = HelpRequest.objects.get(resident=maria)
    _go(page, reverse("requests:track"))
    page.fill("[name=code]", row.tracking_code)
    page.fill("[name=phone]", maria.contact.phone)
    page.click(NEXT)
    page.wait_for_url(f"**{reverse('requests:tracking')}")


def _desk(page: Page) -> None:
    ended = HelpRequest.objects.filter(state=RequestState.CLOSED, team=2).order_by("number")
    _go(page, f"{reverse('requests:desk')}?person={ended[0].resident_id}")
    page.select_option("[name=service]", "ASP_HEAT")
    page.fill("[name=when]", "вт, чт преди обед")


def _offer(page: Page) -> None:
    offer = Offer.objects.live().filter(volunteer__user__email=VOLUNTEER_EMAIL)
    _go(page, reverse("requests:offer", args=[offer.order_by("made_at")[0].pk]))


def _visit(page: Page) -> None:
    ivanka = Volunteer.objects.get(user__email=VOLUNTEER_EMAIL)
    visits = Visit.objects.live().filter(seats__volunteer=ivanka, seats__live=True, start__gt=timezone.now())
    _go(page, reverse("requests:visit", args=[visits.order_by("start")[0].pk]))


SHOTS = [
    Shot("home", _to("requests:home")),
    Shot("question", _question),
    Shot("tracking", _tracking),
    Shot("desk", _desk, CLERK_EMAIL, DESK),
    Shot("my-today", _to("requests:my_today"), VOLUNTEER_EMAIL),
    Shot("offer", _offer, VOLUNTEER_EMAIL),
    Shot("visit", _visit, VOLUNTEER_EMAIL),
    Shot("today", _to("planning:today"), COORDINATOR_EMAIL, DESK),
    Shot("queue", _to("planning:queue"), COORDINATOR_EMAIL, DESK),
    Shot("report", _to("reports:assignments"), COORDINATOR_EMAIL, DESK),
    Shot("my-today-dark", _to("requests:my_today"), VOLUNTEER_EMAIL, PHONE, "dark"),
    Shot("today-dark", _to("planning:today"), COORDINATOR_EMAIL, DESK, "dark"),
]


def _note(found: list[str], name: str, said: ConsoleMessage) -> None:
    found.append(f"{name}: {said.type} {said.text}")


@pytest.fixture
def radomir(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, request: Any) -> datetime:
    """The demonstration as it stands now; for pictures to keep, on a Monday morning in October with a stopped clock."""
    settings.ROOT_URLCONF = "tests.proofs.spine.demo_addresses"
    if not KEEP:
        request.getfixturevalue("demonstration_told")
        return timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    call_command("load_facts", stdout=StringIO())
    assert load.load(now=NOW - timedelta(minutes=20))
    return NOW


def test_the_main_pages_are_pictured_and_sound(
    radomir: datetime, new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], tmp_path: Path
) -> None:
    folder = FOLDER if KEEP else tmp_path
    folder.mkdir(exist_ok=True)
    found: list[str] = []
    for shot in SHOTS if KEEP else looks(SHOTS[1::2], SHOTS):
        # The site's own policy would refuse the inspector.
        page = new_page(*shot.size, color_scheme=shot.scheme, bypass_csp=True, reduced_motion="reduce")
        page.on("console", partial(_note, found, shot.name))
        if shot.who:
            sign_in(page, User.objects.get(email=shot.who))
        shot.way(page)
        picture = folder / f"{shot.name}.png"
        taken = page.screenshot(animations="disabled", caret="hide")
        picture.write_bytes(with_palette(taken) if KEEP else taken)
        size = picture.stat().st_size
        if size < 4_000 or (KEEP and size > LARGEST_BYTES):
            found.append(f"{shot.name}: a picture of {size} bytes")
        if (over := page.evaluate(SIDEWAYS)) > 0:
            found.append(f"{shot.name}: scrolls {over} px sideways")
        found += [f"{shot.name}: {fault}" for fault in axe_faults(page)]
        page.close()
    assert found == [], "\n".join(found)
    assert len({shot.name for shot in SHOTS}) == 12
