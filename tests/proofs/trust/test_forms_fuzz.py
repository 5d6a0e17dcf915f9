"""Every form of every page, as whoever may open it, with nasty words in every field: no page breaks or takes long,
nothing of it runs, becomes a header or a letter's second address, and what was typed is shown again.

The pages come from the resolver, the forms from the pages. Everything is undone after each call.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core import mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, resolve

from accounts.policy import public
from accounts.roles import Role
from core.limits import LONGEST_QUERY
from requests.models import HelpRequest
from tests.proofs.spine import demo_addresses
from tests.proofs.trust.forms import CSRF, SHOWN_AGAIN, Alive, Form, Forms
from tests.proofs.trust.nasty import HOW_MANY, LARGE, PRODUCT, SUM, inputs, some
from tests.proofs.trust.sending import Sender, answer_questions, forms_of, opened
from tests.proofs.trust.town import HERE, both
from tests.sizes import FULL, size

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NASTY = size(2, HOW_MANY, "nasty inputs a form")
# Bytes and seconds of processor: what somebody typed never makes a page that the rest of the town waits for.
LARGEST, LONGEST = 900_000, 3.0
# A sign of what was typed, shown again once: „&“ is five bytes on the page.
A_SIGN = 5
SENT_BACK = (200, 400, 409, 422, 429)


@pytest.fixture(scope="module", autouse=True)
def _as_the_demonstration() -> Iterator[None]:
    # What is refused is a line each with its request, which would all be kept until the end: a gigabyte.
    logging.disable(logging.CRITICAL)
    with override_settings(ROOT_URLCONF="tests.proofs.spine.demo_addresses"):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def senders(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Sender]]:
    """One of each role in one town, a resident with their code, and a stranger half way through the questions."""
    with django_db_blocker.unblock(), transaction.atomic():
        town, _other = both()
        found = [Sender(town, role) for role in (None, "resident", *list(Role)[::-1])]
        answer_questions(found[0].client, str(town.rows[HERE]["ekatte"]))
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def forms(senders: list[Sender]) -> list[tuple[Sender, str, Form]]:
    return forms_of(senders)


def filled(form: Form, value: str, turn: int) -> dict[str, str]:
    """Turn by turn: what one types; every field, also those that one only chooses; each field with another's left."""
    if turn % 2 and form.names:
        return {**form.fields, **dict.fromkeys(form.names, value)}
    return {**form.fields, **dict.fromkeys(form.typed or form.names, value)}


def wrong(answer: Any, value: str, signs: int = 0) -> list[str]:
    """What became of it that must not: empty where it is harmless. `signs`: of all that was typed."""
    told = []
    if answer.status_code >= 500:
        told.append(f"failed with {answer.status_code}")
    if (
        "nasty" in str(answer.cookies)
        or "X-Nasty" in answer.headers
        or any("\n" in one for one in answer.headers.values())
    ):
        told.append("became a header")
    where = answer.headers.get("Location", "/")
    if any(urlsplit(where)[:2]) or where.startswith(("//", "/\\", "\\")):
        told.append(f"led to {where[:40]}")
    if any(
        {"all@example.org"} & set(letter.recipients()) or "\n" in letter.subject
        for letter in getattr(mail, "outbox", [])
    ):
        told.append("became an address")
    if len(answer.content) > max(LARGEST, A_SIGN * signs):
        told.append(f"made {len(answer.content)} bytes")
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return told
    page = answer.content.decode()
    # What ends in & begins like &amp;.
    if len(value) > 3 and set(value.rstrip("&")) & set("<>\"'&") and value in page:
        told.append("stands there as it was typed")
    told += Alive(page).found
    if SUM in value and PRODUCT in page:
        told.append("was computed")
    return told


def lost(answer: Any, form: Form, sent: dict[str, str]) -> list[str]:
    """Fields one typed in that come back, with errors, without what was typed."""
    if form.method != "post" or answer.status_code not in SENT_BACK or b'class="errors' not in answer.content:
        return []
    shown = next((one for one in Forms(answer.content.decode()).found if one.names == form.names), None)
    if shown is None:
        return []
    names = [name for name in form.typed if form.kinds[name] in SHOWN_AGAIN and name in sent]
    return [name for name in names if _plain(shown.fields[name]) != _plain(sent[name])]


def _plain(text: str) -> str:
    """A browser reads every end of a line alike, and drops the first of a large field."""
    return unescape(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def tried(sender: Sender, where: str, form: Form, value: str, turn: int) -> list[str]:
    sent = filled(form, value, turn)
    started, method = time.process_time(), "get" if form.method == "get" and value not in LARGE else "post"
    answer = sender.send(method, where, sent)
    took = time.process_time() - started
    told = wrong(answer, value, sum(map(len, sent.values())))
    if took > LONGEST:
        told.append(f"took {took:.1f} s")
    told += [f"lost {name}" for name in lost(answer, form, sent)]
    mail.outbox = []
    return [f"{form.method} {where} as {sender.role}, {value[:50]!r}: {one}" for one in told]


@pytest.mark.timeout(2400 if FULL else 300)
def test_every_form_takes_every_nasty_word(forms: list[tuple[Sender, str, Form]]) -> None:
    # As many as it takes that together they see every word, also when each sees two.
    assert len(forms) >= HOW_MANY // 2, [where for _sender, where, _form in forms]
    told = []
    for turn, (sender, where, form) in enumerate(forms):
        for number, value in enumerate(some(NASTY, turn)):
            told += tried(sender, where, form, value, turn + number)
    assert not told, f"{len(told)}\n" + "\n".join(told[:60])


def test_together_the_forms_see_every_word() -> None:
    assert len(inputs()) == HOW_MANY
    assert {value for form in range(HOW_MANY // 2) for value in some(2, form)} == set(inputs())


def test_every_kind_of_person_has_forms_and_no_form_takes_a_file(forms: list[tuple[Sender, str, Form]]) -> None:
    """The walk itself: nothing is proved of a page that is not reached. There is no door for files."""
    roles = {sender.role for sender, _where, _form in forms}
    assert {None, "resident", "volunteer", "safeguarding", "administrator"} <= roles
    names = {resolve(where.partition("?")[0]).view_name for _sender, where, _form in forms}
    asked = {"requests:ask_question", "requests:ask_check", "requests:desk", "requests:webhook_new", "accounts:invite"}
    assert asked | {"requests:tracking_correct", "account_login", "requests:word", "volunteers:apply"} <= names
    kinds = {kind for _sender, _where, form in forms for kind in form.kinds.values()}
    assert "file" not in kinds and not any("multipart" in form.encoding for _sender, _where, form in forms)
    assert all(CSRF in form.kinds for _sender, _where, form in forms if form.method == "post")


@pytest.mark.timeout(1200 if FULL else 300)
def test_every_page_takes_nasty_words_after_the_question_mark(senders: list[Sender]) -> None:
    """What pages read from the address: the numbers of pages, filters, what is looked for, where one came from."""
    words = (
        "q page from to next asked za ot do sled t s person by people start group settlement service volunteer state"
    )
    words += " status kind until format municipality role verb number first last town membership id reason way"
    told = []
    names = words.split()
    for turn, (sender, page) in enumerate(opened(senders)):
        for number, value in enumerate(some(max(1, NASTY // 32), turn)):
            # Reduced, every name at once on one page and a name of its own on the next.
            both_ways = (names, [names[(turn + number) % len(names)]])
            for asked in both_ways if FULL else both_ways[turn % 2 :][:1]:
                query = fitting(asked, value)
                answer = sender.send("get", page, query)
                assert answer.status_code != 414
                told += [f"{page} as {sender.role}, {value[:50]!r}: {one}" for one in wrong(answer, query[asked[0]])]
    assert not told, f"{len(told)}\n" + "\n".join(told[:60])


def fitting(names: list[str], value: str) -> dict[str, str]:
    """As much of it for each name as an address may hold; a sign takes a byte at least."""
    value = value[: LONGEST_QUERY // len(names)]
    while len(urlencode(dict.fromkeys(names, value))) > LONGEST_QUERY:
        value = value[: len(value) * 2 // 3]
    return dict.fromkeys(names, value)


@public
def _careless(request: HttpRequest) -> HttpResponse:
    """Everything the proof is for, in one page."""
    typed = request.POST.get("typed", "")
    if "\x00" in typed:
        raise ValueError(typed)
    answer = HttpResponse(f'<div class="errors"></div><form method="post"><input name="typed">{typed}</form>')
    answer.set_cookie("seen", "nasty" if "nasty" in typed else "")
    return answer


urlpatterns = [*demo_addresses.urlpatterns, path("nebrezhno/", _careless, name="careless")]


def test_the_proof_sees_a_careless_page(senders: list[Sender]) -> None:
    """The control."""
    with override_settings(ROOT_URLCONF=__name__):
        (form,) = Forms(senders[0].send("get", "/nebrezhno/", {}).content.decode()).found
        told = " ".join(line for value in inputs() for line in tried(senders[0], "/nebrezhno/", form, value, 0))
    for seen in ("failed with 500", "became a header", "stands there", "became a tag", "became a script", "lost typed"):
        assert seen in told, seen
    assert HelpRequest.objects.exists()
