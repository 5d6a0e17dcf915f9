"""The coordinator's pages in a real Chromium: nothing wider than the window, every control large enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.roles import Role
from core.clock import local
from notifications.models import DeskTask
from notifications.services import desk_tasks
from notifications.states import TaskKind
from planning.models import PlanAdvice
from requests.models import Offer
from tests import factories as make
from tests.sizes import looks, turn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = """() => [...document.querySelectorAll(
    'main a, main button, main input, main select, main textarea, main summary, nav a')]
  .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.classList.contains('skip'))
  .map(e => (e.matches('[type=radio],[type=checkbox]') ? e.closest('label') : e))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def town():
    """A task, an open request, a promised visit and an offer, two days from now at eleven."""
    now = timezone.now()
    start = local(now + timedelta(days=2)).replace(hour=11, minute=0, second=0, microsecond=0)
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    make.visit(make.help_request(make.resident(home="Друган"), now=now), petar, now=now, start=start)
    make.offer(make.help_request(make.resident(home="Дрен"), now=now), petar, now=now, start=start + timedelta(hours=3))
    row = make.help_request(now=now)
    desk_tasks.ask(
        municipality=row.municipality, kind=TaskKind.NO_VOLUNTEER, subject_type="help_request",
        subject_id=row.pk, due_at=now, now=now,
    )  # fmt: skip
    advised = {"more_served": 1, "requests": [str(row.pk)], "skills": ["SOCIAL"], "start": None, "end": None}
    PlanAdvice.objects.create(
        municipality=row.municipality, made_at=now, until=now.date(), found=[
            advised | {"kind": "training", "languages": [], "volunteer": str(petar.pk), "near": None},
            advised | {"kind": "new_volunteer", "languages": ["bg", "tr"], "volunteer": None,
                       "near": row.resident.settlement_id, "start": start.isoformat(), "end": start.isoformat()},
        ],
    )  # fmt: skip
    return row, ivanka


def paths(row, ivanka) -> list[str]:
    task = DeskTask.objects.get()
    return [
        "/plan/", "/plan/zayavki/", "/plan/grafik/", f"/plan/zadachi/{task.pk}/",
        f"/plan/zayavki/{row.pk}/kandidati/", f"/plan/zayavki/{row.pk}/izbor/?people={ivanka.pk}",
        "/en/plan/", "/en/plan/zayavki/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "width, height, scheme",
    looks(
        [(360, 740, "dark"), (1280, 900, "light")],
        [(*size, scheme) for size in ((360, 740), (1280, 900)) for scheme in ("light", "dark")],
    ),
)
def test_the_pages_fit_and_every_control_can_be_touched(width, height, scheme, new_page, sign_in, town) -> None:
    page = new_page(width, height, color_scheme=scheme, bypass_csp=True)
    sign_in(page, make.user(Role.COORDINATOR))
    for number, path in enumerate(paths(*town)):
        page.goto(path)
        if path == "/plan/":
            page.get_by_role("heading", name="Какво би помогнало").wait_for()
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(WIDE) <= 0, path
        assert page.evaluate(SMALL) == [], path
        if turn(number, window=width == 360):
            found = Axe().run(page, options={"runOnly": RULES})
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_from_the_task_to_a_question_with_the_keyboard_alone(desk_page, sign_in, town) -> None:
    row, _ivanka = town
    sign_in(desk_page, make.user(Role.COORDINATOR))
    desk_page.goto("/plan/")
    desk_page.get_by_role("link", name="Виж кандидати").focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_role("heading", name="Кой да отиде при Мария Петрова?").wait_for()
    desk_page.get_by_role("link", name="Избирам").first.focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_role("button", name="Питам с покана").focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Попитахме.").wait_for()
    assert Offer.objects.live().filter(help_request=row).count() == 1
