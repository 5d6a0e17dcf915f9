"""WCAG 2.2 AA on the pages as they stand: by keyboard alone, at 400 %, spaced wide, with forced colours, less motion.

Reduced, one page of every template family and the main pages of every role; full, every page anybody can open. Each
check has its control: a page made badly on purpose, which it must find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.proofs.trust import looking
from tests.proofs.trust.every_page import Shown, every_page
from tests.proofs.trust.town import build
from tests.requests.web.measuring import axe_faults
from tests.services.browser import shows_errors
from tests.services.templates import ROOT
from tests.sizes import FULL

pytestmark = pytest.mark.browser
MAIN = {
    *("requests:home", "requests:ask_question", "requests:track", "requests:tracking", "requests:card"),
    *("requests:speed", "requests:accessibility", "requests:privacy", "account_login", "volunteers:apply"),
    *("requests:my_today", "requests:offer", "requests:visit", "volunteers:me", "requests:desk", "requests:detail"),
    *("requests:detail_correct", "planning:today", "planning:board", "reports:assignments", "accounts:rules"),
    *("requests:paper_outcome", "requests:safeguarding", "requests:journal"),
}
EXTENDED = {"core/base.html", "core/desk.html", "core/pocket.html", "core/public.html", "core/resident.html"}
EXTENDED |= {"core/print.html", "account/base.html", "accounts/settings/page.html", "requests/paper/sheet.html"}
EXTENDED |= {"requests/detail/act.html", "core/error.html"}


def look(page: Page, url: str, number: int) -> list[str]:
    """Everything that is measured of one page. Reduced, the walk by keyboard takes one of the two windows in turn."""
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url)
    # First, while nothing fades yet; the rest is looked at without motion.
    found = looking.moving(page) + axe_faults(page) + looking.small_targets(page)
    found += looking.alike_in_forced_colours(page)
    found += looking.spaced(page)
    if FULL or number % 2:
        found += looking.keyboard(page)
    found += [f"at 400 %: {one}" for one in looking.fits(page, **looking.ZOOMED)]
    if FULL or not number % 2:
        # The hardest case: the smallest window, with colours forced.
        page.emulate_media(forced_colors="active")
        found += [f"at 400 %: {one}" for one in looking.keyboard(page)]
        page.emulate_media(forced_colors="none")
    found += looking.past_the_header(page)
    page.set_viewport_size({"width": 360, "height": 740})
    return found + looking.spaced(page)


@pytest.mark.django_db(transaction=True)
def test_every_page_can_be_used_without_a_mouse_enlarged_and_in_other_colours(new_page: Callable[..., Page]) -> None:
    chosen = list(every_page(build("PER36", "Радомир", 1), only=None if FULL else MAIN))
    assert not MAIN - {one.name for one in chosen}
    windows: dict[str, Page] = {}
    found: list[str] = []
    for number, one in enumerate(chosen):
        page = windows.get(one.who) or windows.setdefault(one.who, new_page(bypass_csp=True))
        _as(page, one)
        found += [f"{one.name}: {fault}" for fault in look(page, one.url(), number)]
    lost = windows[""]
    found += [f"not found: {fault}" for fault in look(lost, "/nyama-takava/", 0)]
    assert not found, "\n".join(found)


def _as(page: Page, one: Shown) -> None:
    """The session of the test's client in this window."""
    page.context.add_cookies(
        [
            {"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}
            for cookie in one.client.cookies.values()
        ]
    )


@pytest.mark.django_db
def test_the_main_pages_are_of_every_template_family() -> None:
    """What pages extend is found in the templates: a new family is looked at too."""
    sources = (path.read_text(encoding="utf-8") for path in ROOT.glob("*/templates/**/*.html"))
    families = {line.split('"')[1] for text in sources for line in text.splitlines()[:1] if "{% extends" in line}
    assert families == EXTENDED
    used = {"core/error.html"}
    for one in every_page(build("PER36", "Радомир", 1), only=MAIN):
        used |= {template.name for template in one.first.templates} & families
    assert used == families


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/zayavka/", "/dobrovoltsi/stanete/", "/vhod/"])
def test_a_form_sent_empty_leads_to_its_fields_by_keyboard(address: str, new_page: Callable[..., Page]) -> None:
    build("PER36", "Радомир", 1)
    page = new_page(360, 740)
    page.goto(address)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    shows_errors(page)
    page.keyboard.press("Tab")
    wanted = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_function("id => document.activeElement && '#' + document.activeElement.id === id", arg=wanted)
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


# The controls: made badly on purpose.
STYLE = "<!doctype html><html lang='bg'><style>{css}</style><body>{body}</body></html>"
SKIP = "<a class='skip' href='#main'>Към съдържанието</a>"
BUTTONS = "<main id='main'><button class='btn'>едно</button><button class='btn'>две</button></main>"
RING = "*:focus{outline:3px solid #000;outline-offset:3px}"
TRAP = (
    "<main id=main><button>едно</button><input id=trap><button>две</button></main><script>"
    "trap.addEventListener('keydown', e => e.key === 'Tab' && e.preventDefault())</script>"
)


@pytest.fixture
def show(chromium: Browser) -> Iterator[Callable[..., Page]]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def set_up(body: str, css: str = RING) -> Page:
        page.set_content(STYLE.format(css=css, body=body))
        return page

    yield set_up
    context.close()


def test_a_page_that_keeps_its_promises_is_left_in_peace(show: Callable[..., Page]) -> None:
    page = show(SKIP + BUTTONS, f"{RING} .btn{{min-width:3rem;min-height:3rem;border:1px solid}}")
    for check in (looking.keyboard, looking.past_the_header, looking.fits, looking.spaced, looking.small_targets):
        assert check(page) == [], check.__name__
    assert looking.moving(page) == looking.alike_in_forced_colours(page) == []


@pytest.mark.parametrize(
    ("body", "css", "said"),
    [
        (BUTTONS, RING, "the way past the header is not the first stop"),
        (SKIP + BUTTONS, "*:focus{outline:0}", "the focus is not drawn"),
        (SKIP + BUTTONS, "*:focus{outline:3px solid #fefefe}", "the focus is not drawn"),
        (SKIP + BUTTONS, f"{RING} main::after{{content:'';position:fixed;inset:0}}", "the focus is covered"),
        (SKIP + TRAP, RING, "the keyboard does not come out"),
        (SKIP + "<main id=main><a href='#' tabindex=2>две</a><a href='#' tabindex=1>едно</a></main>", RING,
         "no key reaches|backwards to"),
        (SKIP + "<main id=main><a href='#' onfocus='next.focus()'>едно</a><button id=next>две</button></main>",
         RING, "no key reaches"),
    ],
)  # fmt: skip
def test_what_the_keyboard_cannot_do_is_found(show: Callable[..., Page], body: str, css: str, said: str) -> None:
    found = "\n".join(looking.keyboard(show(body, css)))
    assert any(part in found for part in said.split("|")), found


@pytest.mark.parametrize(
    ("check", "body", "css", "said"),
    [
        (looking.past_the_header, SKIP + "<nav><a href='#'>меню</a></nav><main><a href='#'>едно</a></main>",
         RING, "leads nowhere"),
        (looking.fits, "<p style='width:2000px'>текст</p>", "", "px sideways"),
        (looking.fits, "<p class=cut>дълъг текст на един ред</p>",
         ".cut{width:40px;white-space:nowrap;overflow:hidden}", "cut: p.cut"),
        (looking.fits, "<div class=row><p>дълъг текст на един ред</p></div>",
         ".row{width:40px;overflow-x:auto}p{white-space:nowrap}", "scrolls sideways by itself"),
        (looking.spaced, "<p class=tight>Тук редът се отрязва</p>",
         ".tight{height:1.2em;line-height:1;overflow:hidden}", "spaced: cut"),
        (looking.small_targets, "<button>x</button>", "button{width:20px;height:20px;padding:0}", "20 × 20 px"),
        (looking.moving, "<p>мига</p>", "p{animation:a 1s infinite}@keyframes a{to{opacity:0}}", "runs: a"),
        (looking.moving, "<a href='#'>бавно</a>", "a{transition:color .3s}", "fades: A"),
        (looking.alike_in_forced_colours, "<nav><a href='#' aria-current=page>тук</a><a href='#'>там</a></nav>",
         "a{border:0}[aria-current]{background:#def}", "nav [aria-current] looks like"),
        (looking.alike_in_forced_colours, "<button class=btn>натисни</button>", "button{appearance:none;border:0}",
         "no edge"),
        (axe_faults, "<img src='data:,'>", "", "image-alt"),
    ],
)  # fmt: skip
def test_what_the_eye_and_the_hand_cannot_do_is_found(
    show: Callable[..., Page], check: Callable[[Page], list[str]], body: str, css: str, said: str
) -> None:
    assert said in "\n".join(check(show(body, css)))
