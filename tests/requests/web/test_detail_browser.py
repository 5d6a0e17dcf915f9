"""The desk's request pages in a real Chromium: nothing wider than the window, every control large enough, axe quiet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from requests.models import HelpRequest
from requests.services import answers, changes, intake, residents
from requests.services.actors import staff
from tests import factories as make
from tests.planning.test_in_the_browser import RULES, SMALL, WIDE
from tests.requests.web.test_detail_acts import began
from tests.sizes import turn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paths() -> list[str]:
    """A web request nobody answered for, one with a no and a waiting offer, a visit in its hour, all their acts."""
    now, clerk = timezone.now(), make.user(Role.CLERK, name="Цвета Гишева")
    make.difficulty()
    web = intake.submit_from_web(resident=make.resident(), wanted=intake.Wanted(service=None), now=now)
    changes.not_reached(help_request=web, actor=staff(clerk), now=now)
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев", home="Дрен")
    asked = make.help_request(now=now, note="втори вход", by=clerk)
    first, waiting = make.offer(asked, petar, ivanka, now=now)
    answers.decline(offer_id=first.pk, actor=make.by_volunteer(petar), now=now, reason="too_far")
    residents.set_rule(resident=asked.resident, volunteer=petar, kind="blocked", note="далече е", now=now)
    make.help_request(asked.resident, now=now)
    visit = make.visit(make.help_request(make.resident(home="Дрен"), now=now), petar, now=now)
    began(visit, now, timedelta(minutes=30))

    def of(row: HelpRequest, act: str, *more: Any) -> str:
        return reverse(f"requests:detail{act}", args=[row.pk, *more])

    # Pages of the same template are not repeated.
    return [
        "/obazhdaniya/", of(web, ""), of(asked, ""), of(visit.help_request, ""), of(asked, "_correct"),
        of(asked, "_person"), of(asked, "_stop"), of(asked, "_answer", waiting.pk), of(asked, "_rules"),
        of(visit.help_request, "_told"), "/moite-zayavki/", f"/en{of(asked, '')}",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "height", "scheme"), [(360, 740, "dark"), (1280, 900, "light")])
def test_the_pages_fit_and_every_control_can_be_touched(
    width: int, height: int, scheme: str, new_page: Callable[..., Any], sign_in: Callable[..., None], paths: list[str]
) -> None:
    page = new_page(width, height, color_scheme=scheme, bypass_csp=True)
    sign_in(page, make.user(Role.COORDINATOR))
    for number, path in enumerate(paths):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(WIDE) <= 0, path
        assert page.evaluate(SMALL) == [], path
        if turn(number, window=width == 360):
            found = Axe().run(page, options={"runOnly": RULES})
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
