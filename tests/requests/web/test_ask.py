"""The six questions, without a browser: what is stored, what is not, and what the services are given."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from places.models import Municipality
from requests.models import HelpRequest, Resident
from requests.states import AskedBy, Mode, RequestState
from requests.web.answers import Answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("radomir_town")]
# A valid ЕГН and a valid IBAN that belong to nobody.
EGN, IBAN = "7501020018", "BG80BNBG96611020345678"
ANSWERS: dict[str, dict[str, Any]] = {
    "kakvo": {"service": "NAP_HEALTH_STATUS", "note": ""},
    "kak": {"mode": "HOME_VISIT"},
    "kade": {"settlement": "32531", "how_to_find": "до чешмата"},
    "koga": {"days": ["1", "3"], "parts": ["morning"]},
    "koy": {"asked_by": "self", "first_name": "Мария", "last_name": "Петрова", "phone": "0888 123 456"},
    "duma": {"safe_word": "люляк"},
}
Fill = Callable[..., Client]


def address(step: str) -> str:
    return reverse("requests:ask_question", args=[step])


@pytest.fixture
def fill(client: Client) -> Fill:
    """Answer the questions in order; keyword arguments change answers, `until` stops before a question."""

    def answer(until: str = "", **changes: dict[str, Any]) -> Client:
        client.get(reverse("requests:ask"))
        for step, values in ANSWERS.items():
            if step == until:
                break
            page = client.post(address(step), {**values, **changes.get(step, {})})
            assert page.status_code == 302, page.content.decode()
        return client

    return answer


def send(client: Client) -> Any:
    page = client.get(reverse("requests:ask_check"))
    return client.post(reverse("requests:ask_check"), {"token": page.context["token"]})


def stored_anywhere() -> str:
    """Every text this test's database holds in sessions, requests and residents, opened."""
    texts = [json.dumps(row.get_decoded(), ensure_ascii=False) for row in Session.objects.all()]
    texts += [f"{row.note} {row.safe_word}" for row in HelpRequest.objects.all()]
    texts += [f"{row.full_name} {row.address_note}" for row in Resident.objects.all()]
    return "\n".join(texts)


def test_six_answers_become_one_request_that_waits_for_a_phone_call(fill: Fill) -> None:
    client = fill()
    assert send(client).url == reverse("requests:ask_done")
    row = HelpRequest.objects.get()
    assert (row.state, row.mode, row.service_id) == (RequestState.UNVERIFIED, Mode.HOME_VISIT, "NAP_HEALTH_STATUS")
    assert (row.resident.full_name, row.resident.contact.phone) == ("Мария Петрова", "+359888123456")
    assert (row.safe_word, row.resident.address_note) == ("люляк", "до чешмата")
    spans = [(free.weekday, free.start.hour, free.end.hour) for free in row.free_times.all()]
    assert spans == [(1, 9, 12), (3, 9, 12)]
    done = client.get(reverse("requests:ask_done")).content.decode()
    assert str(row.number) in done
    assert f"{row.tracking_code[:4]}\u00a0{row.tracking_code[4:]}" in done


def test_pressing_the_button_twice_makes_one_request_and_shows_the_same_confirmation(fill: Fill) -> None:
    client = fill()
    token = client.get(reverse("requests:ask_check")).context["token"]
    first = client.post(reverse("requests:ask_check"), {"token": token})
    second = client.post(reverse("requests:ask_check"), {"token": token})
    assert first.url == second.url == reverse("requests:ask_done")
    assert HelpRequest.objects.count() == 1


def test_what_was_answered_is_sealed_in_the_session_and_gone_after_sending(fill: Fill) -> None:
    client = fill()
    assert "Петрова" not in stored_anywhere()
    assert "123456" not in stored_anywhere()
    send(client)
    assert "ask" not in client.session


@pytest.mark.parametrize("secret", [EGN, "75 01 02-0018", IBAN])
@pytest.mark.parametrize(
    ("step", "field"),
    [("kakvo", "note"), ("kade", "how_to_find"), ("koy", "first_name"), ("koy", "phone"), ("duma", "safe_word")],
)
def test_a_forbidden_number_is_refused_shown_again_and_kept_nowhere(
    fill: Fill, step: str, field: str, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = fill(until=step)
    caplog.set_level(logging.DEBUG)
    page = client.post(address(step), {**ANSWERS[step], field: secret})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Грешка:" in text
    assert secret in text
    assert secret not in stored_anywhere()
    assert secret.replace(" ", "").replace("-", "") not in stored_anywhere()
    assert secret not in caplog.text
    assert step not in Answers(page.wsgi_request).given
    assert Resident.objects.count() == 0


def test_a_question_cannot_be_jumped_over(client: Client) -> None:
    client.get(reverse("requests:ask"))
    assert client.get(address("duma")).url == address("kakvo")
    assert client.get(reverse("requests:ask_check")).url == address("kakvo")
    assert client.get(address("nyama")).status_code == 404


def test_without_a_conversation_a_question_begins_one(client: Client) -> None:
    assert client.get(address("koga")).url == reverse("requests:ask")


def test_mending_one_answer_leads_back_to_the_check(fill: Fill) -> None:
    client = fill()
    answer = client.post(address("kakvo"), {"service": "unknown"})
    assert answer.url == reverse("requests:ask_check")
    send(client)
    assert HelpRequest.objects.get().service is None


def test_choosing_a_help_point_afterwards_asks_which(fill: Fill) -> None:
    client = fill()
    answer = client.post(address("kak"), {"mode": "HELP_POINT"})
    assert answer.url == address("kade")
    assert client.post(address("kade"), {"settlement": "32531", "help_point": "nearest"}).url == reverse(
        "requests:ask_check"
    )
    send(client)
    row = HelpRequest.objects.get()
    assert row.help_point is not None
    assert row.help_point.name_bg == "Кметството"


def test_i_do_not_know_is_an_answer_to_every_question_where_it_is_true(fill: Fill) -> None:
    client = fill(
        kakvo={"service": "unknown"},
        kak={"mode": "unknown"},
        koga={"days": ["any"], "parts": []},
        duma={"safe_word": "", "no_word": "on"},
    )
    send(client)
    row = HelpRequest.objects.get()
    assert row.service is None
    assert row.free_times.count() == 0
    assert "човекът не знае" in row.note
    assert row.safe_word == ""


def test_a_neighbour_asks_with_name_and_phone_of_their_own(fill: Fill) -> None:
    client = fill(until="koy")
    asked = {**ANSWERS["koy"], "asked_by": "neighbour", "phone": ""}
    page = client.post(address("koy"), asked)
    assert set(page.context["form"].errors) == {"asker_name", "asker_phone"}
    client.post(address("koy"), {**asked, "asker_name": "Гошо Илиев", "asker_phone": "0899 111 222"})
    client.post(address("duma"), ANSWERS["duma"])
    send(client)
    row = HelpRequest.objects.get()
    assert (row.asked_by, row.asker_name, row.asker_phone) == (AskedBy.NEIGHBOUR, "Гошо Илиев", "+359899111222")
    assert row.resident.contact.phone == "+359899111222"


def test_the_same_person_asking_again_is_not_written_down_twice_and_nothing_of_theirs_changes(fill: Fill) -> None:
    send(fill())
    before = Resident.objects.get()
    client = fill(koy={"first_name": "Mariya", "last_name": "ПЕТРОВА"}, kade={"how_to_find": "зад читалището"})
    done = send(client)
    assert done.url == reverse("requests:ask_done")
    after = Resident.objects.get()
    assert (after.first_name, after.address_note) == (before.first_name, "до чешмата")
    newest = HelpRequest.objects.order_by("-number").first()
    assert newest is not None
    assert newest.resident == before
    assert "зад читалището" in newest.note


@pytest.mark.parametrize(
    "other", [{"koy": {"first_name": "Петра"}}, {"koy": {"phone": "0888 123 457"}}, {"kade": {"settlement": "23844"}}]
)
def test_somebody_with_another_name_phone_or_village_is_somebody_else(fill: Fill, other: dict[str, Any]) -> None:
    send(fill())
    send(fill(**other))
    assert Resident.objects.count() == 2


def test_the_own_name_is_no_safe_word(fill: Fill) -> None:
    client = fill(until="duma")
    page = client.post(address("duma"), {"safe_word": "мария"})
    assert "safe_word" in page.context["form"].errors
    assert 'value="мария"' in page.content.decode()


def test_an_english_page_asks_for_help_in_english(client: Client) -> None:
    page = client.get("/en/pomosht/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/en/pomosht/")
    assert '<html lang="en">' in page.content.decode()


def test_with_two_municipalities_the_first_question_is_which(client: Client, radomir_town: Municipality) -> None:
    other = Municipality.objects.create(code="PER32", name_bg="Перник", name_en="Pernik", active=True)
    assert "В коя община живеете?" in client.get("/").content.decode()
    assert client.get(reverse("requests:ask")).url == "/"
    client.post("/", {"town": other.pk})
    page = client.get("/").content.decode()
    assert "Община Перник" in page
    assert "Друга община" in page


def test_before_any_municipality_works_the_front_page_says_so(client: Client, radomir_town: Municipality) -> None:
    Municipality.objects.update(active=False)
    assert "Още не работим тук" in client.get("/").content.decode()
