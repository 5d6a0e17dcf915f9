"""Every page anybody can open, in both languages, read without a browser: structure, titles, languages, forms sent
empty, and no time that runs out under the reader's hands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.proofs.trust import reading
from tests.proofs.trust.every_page import Shown, every_page
from tests.proofs.trust.town import build
from tests.services.templates import ROOT

pytestmark = pytest.mark.django_db
WRONG = {"bg": "Грешка:", "en": "Error:"}
# Names of the invented people and places, and words a page quotes in the language they are written in.
NAMES = (ROOT / "tests" / "factories.py").read_text(encoding="utf-8") + (
    ROOT / "tests" / "proofs" / "trust" / "town.py"
).read_text(encoding="utf-8")
DAY = 24 * 60 * 60
# The same sheet, from the request and from the task that asks to hand it over.
LETTERS = {"requests:paper_card", "requests:paper_letter"}


@pytest.fixture(scope="module")
def shown(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Shown]]:
    with django_db_blocker.unblock(), transaction.atomic():
        # The walk from page to page is in Bulgarian, whoever was the last to ask in this thread.
        with override("bg"):
            found = list(every_page(build("PER36", "Радомир", 1)))
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def bulgarian(shown: list[Shown]) -> list[tuple[Shown, reading.Node]]:
    """Each page as it was found."""
    return [(one, reading.read(one.first.content.decode())) for one in shown]


def in_english(shown: list[Shown]) -> Iterator[tuple[Shown, reading.Node]]:
    for one in shown:
        answer = one.get("en")
        assert answer.status_code == 200, f"{one.name}: {answer.status_code}"
        yield one, reading.read(answer.content.decode())


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_page_says_what_it_is_in_the_language_it_says(
    shown: list[Shown], bulgarian: list[tuple[Shown, reading.Node]], language: str
) -> None:
    found: list[str] = []
    # Nobody meets two pages of one title; those of a role that cannot open the other's may share it.
    titles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one, root in bulgarian if language == "bg" else in_english(shown):
        # A letter is in the language of the person it goes to.
        faults = reading.structure(root, "bg" if one.name in LETTERS else language)
        faults += reading.in_another_language(root, NAMES)
        found += [f"{one.name}: {fault}" for fault in faults]
        titles[one.who, next(root.all("title")).text].add(one.name)
    twice = [names for names in titles.values() if len(names) > 1 and names != LETTERS]
    found += [f"one title for {sorted(names)}" for names in twice]
    assert not found, "\n".join(found)
    assert len(shown) > 70


def forms_of(root: reading.Node) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of the page is sent, and what it says when nothing was filled in."""
    for form in root.all("form"):
        # An empty search finds nobody; nothing is wrong with it.
        if form.attrs.get("method", "").lower() != "post" or form.attrs.get("role") == "search":
            continue
        sent = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")
                if node.attrs.get("type") == "hidden" and "name" in node.attrs}  # fmt: skip
        asks = any(node.attrs.get("type") != "hidden" for node in form.all("input", "select", "textarea"))
        button = next((node for node in form.all("button") if node.attrs.get("type", "submit") == "submit"), None)
        if button is not None and button.attrs.get("name"):
            sent[button.attrs["name"]] = button.attrs.get("value", "")
        if asks:
            yield form.attrs.get("action", ""), sent


def test_every_form_sent_empty_says_what_is_missing_and_leads_there(
    bulgarian: list[tuple[Shown, reading.Node]],
) -> None:
    found, came_back = [], set()
    for one, root in bulgarian:
        for action, sent in forms_of(root):
            cookies = one.client.cookies.copy()
            with transaction.atomic():
                answer = one.client.post(action or one.url(), sent)
                transaction.set_rollback(True)
            one.client.cookies = cookies
            cache.clear()
            if answer.status_code in (200, 422) and answer["Content-Type"].startswith("text/html"):
                came_back.add(one.name)
                faults = reading.summary(reading.read(answer.content.decode()), WRONG["bg"])
                found += [f"{one.name}, {sent.get('do', 'sent')}: {fault}" for fault in faults]
    assert not found, "\n".join(found)
    assert len(came_back) > 15


def test_nobody_is_hurried(shown: list[Shown]) -> None:
    """A session lasts longer than the twenty hours of 2.2.1; no script counts down; a code can be asked for anew."""
    assert settings.SESSION_COOKIE_AGE >= 20 * DAY / 24
    scripts = [path for path in ROOT.glob("*/static/**/*.js") if path.parts[len(ROOT.parts)] != "tests"]
    assert scripts
    hurried = [path.name for path in scripts if re.search(r"setTimeout|setInterval|location\.reload", path.read_text())]
    assert hurried == []


@pytest.mark.usefixtures("shown")
def test_a_page_that_stood_open_too_long_says_so_and_loses_no_answer() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("requests:ask"))
    first = reverse("requests:ask_question", args=["kakvo"])
    page = reading.read(client.get(first).content.decode())
    token = next(node.attrs["value"] for node in page.all("input") if node.attrs.get("name") == "csrfmiddlewaretoken")
    said = {"service": "unknown", "csrfmiddlewaretoken": token}
    after = client.post(first, said)
    assert after.status_code == 302
    stale = client.post(after["Location"], {**said, "csrfmiddlewaretoken": "a" * 64})
    assert stale.status_code == 403
    assert "стояла отворена дълго" in stale.content.decode()
    again = reading.read(client.get(first).content.decode())
    chosen = [node.attrs["value"] for node in again.all("input") if "checked" in node.attrs]
    assert chosen == ["unknown"]


# The controls.
GOOD = '<!doctype html><html lang="bg"><title>Заявка · Дом</title><main><h1>Заявка</h1>{}</main></html>'


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (GOOD.format("").replace('lang="bg"', ""), "the language is"),
        (GOOD.format("").replace("Заявка ·", "·"), "no title"),
        (GOOD.format("<h1>Още</h1>"), "2 first headings"),
        (GOOD.format("<h3>Още</h3>"), "h1 is followed by h3"),
        (GOOD.format('<p id="a"></p><p id="a"></p>'), "stands twice"),
        (GOOD.format('<meta http-equiv="refresh" content="5">'), "leaves by itself"),
        (GOOD.format("</main><main>"), "not one main part"),
    ],
)
def test_a_page_that_says_less_is_found(html: str, fault: str) -> None:
    assert reading.structure(reading.read(GOOD.format("")), "bg") == []
    assert fault in "\n".join(reading.structure(reading.read(html), "bg"))


def test_words_in_another_language_than_said_are_found() -> None:
    english = '<html lang="en"><p>Hello</p><p>{}</p></html>'
    assert reading.in_another_language(reading.read(english.format('<b lang="bg">Здравей</b> Мария')), "Мария") == []
    assert reading.in_another_language(reading.read(english.format("Здравей")), "Мария")
    assert reading.in_another_language(reading.read('<html lang="bg"><p>this is not translated</p></html>'), "")


SENT_BACK = """<html lang="bg"><title>Грешка: Заявка</title><main>
<div class="errors" role="alert" tabindex="-1" data-focus><ul><li><a href="#id_name">Напишете името.</a></li></ul></div>
<p id="id_name_error">Напишете името.</p><input id="id_name" aria-invalid="true" aria-describedby="id_name_error">
</main></html>"""


@pytest.mark.parametrize(
    ("take_away", "fault"),
    [
        ("Грешка: ", "the title does not say so"), (' aria-invalid="true"', "is not said to be wrong"),
        (' id="id_name"', "leads nowhere"), (' aria-describedby="id_name_error"', "is not tied to it"),
        (" data-focus", "takes no focus"), ('class="errors"', "without a summary"),
    ],
)  # fmt: skip
def test_a_summary_that_does_not_help_is_found(take_away: str, fault: str) -> None:
    assert reading.summary(reading.read(SENT_BACK), WRONG["bg"]) == []
    assert fault in "\n".join(reading.summary(reading.read(SENT_BACK.replace(take_away, "")), WRONG["bg"]))
