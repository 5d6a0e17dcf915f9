"""One person walks through the six questions in a browser, as a phone or a desk shows them."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

NEXT = "main form button.btn"
# EKATTE
IZVOR = "32384"


def walk(page: Page, language: str = "") -> Iterator[str]:
    """Stops at every page of the way, from the front page to the confirmation; `language` is "" or "/en"."""
    page.goto(f"{language}/")
    yield "home"
    page.click("main a.btn")
    yield "question 1"
    page.click(NEXT)
    yield "question 1 with an error"
    page.check("input[value=unknown]")
    page.fill("[name=note]", "Писмо от НОИ")
    page.click(NEXT)
    yield "question 2"
    page.check("input[value=HELP_POINT]")
    page.click(NEXT)
    yield "question 3"
    page.select_option("[name=settlement]", IZVOR)
    page.check("input[value=nearest]")
    page.click(NEXT)
    yield "question 4"
    page.check("input[name=days][value='1']")
    page.check("input[name=parts][value=morning]")
    page.click(NEXT)
    yield "question 5"
    page.check("input[value=self]")
    page.fill("[name=first_name]", "Мария")
    page.fill("[name=last_name]", "7501020018")
    page.fill("[name=phone]", "0888 123 456")
    page.click(NEXT)
    yield "question 5 with a forbidden number"
    page.fill("[name=last_name]", "Петрова")
    page.click(NEXT)
    yield "question 6"
    page.fill("[name=safe_word]", "люляк")
    page.click(NEXT)
    yield "check"
    page.click(NEXT)
    yield "confirmation"
