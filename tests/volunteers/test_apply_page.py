"""„Станете доброволец“, as somebody without an account and without JavaScript meets it."""

from __future__ import annotations

import logging

import pytest
from django.urls import reverse

from places.models import Municipality
from volunteers.models import Volunteer
from volunteers.web.public import APPLICATIONS

URL = "/dobrovoltsi/stanete/"


@pytest.fixture
def said(izvor, heating):
    return {
        "first_name": "Иванка",
        "last_name": "Делева",
        "phone": "0888 123 456",
        "email": "ivanka@primer.bg",
        "home": izvor.pk,
        "says_can_help": ["BENEFITS"],
        "note": "Следобед съм свободна.",
    }


def test_the_page_stands_at_its_address_and_offers_the_villages_of_active_municipalities(client, said, elsewhere):
    assert reverse("volunteers:apply") == URL
    page = client.get(URL).content.decode()
    assert "с.\u00a0Извор" in page and "Помощи" in page and "Перник" not in page
    assert "tel:+35977782490" in page


def test_sent_it_is_kept_and_leads_to_the_confirmation(client, said):
    answer = client.post(URL, said, follow=True)
    assert answer.redirect_chain == [("/dobrovoltsi/stanete/prieto/", 302)]
    assert "Благодарим ви" in answer.content.decode()
    volunteer = Volunteer.objects.get()
    assert (volunteer.name, volunteer.home_id, volunteer.says_can_help) == ("Иванка Делева", "32576", ["BENEFITS"])


def test_sent_twice_it_is_told_kindly(client, said):
    client.post(URL, said)
    answer = client.post(URL, said, follow=True)
    assert "Вече ви познаваме" in answer.content.decode()
    assert Volunteer.objects.count() == 1


def test_after_many_from_one_address_there_is_a_pause_and_nothing_typed_is_lost(client, said):
    for number in range(APPLICATIONS.most):
        client.post(URL, said | {"phone": f"0888 100 1{number:02}"})
    answer = client.post(URL, said | {"last_name": "Последна", "phone": "0888 200 200"})
    page = answer.content.decode()
    assert answer.status_code == 429 and "Изпратете своята след час" in page
    assert 'value="Последна"' in page and "Следобед съм свободна." in page
    assert Volunteer.objects.count() == APPLICATIONS.most
    elsewhere = client.post(URL, said | {"last_name": "Последна", "phone": "0888 200 200"}, REMOTE_ADDR="10.1.2.3")
    assert elsewhere.status_code == 302 and Volunteer.objects.count() == APPLICATIONS.most + 1


def test_what_is_wrong_or_only_looked_at_does_not_count(client, said):
    for _number in range(APPLICATIONS.most + 1):
        client.get(URL)
        client.post(URL, said | {"phone": "12"})
    assert client.post(URL, said).status_code == 302


def test_in_english_it_stays_in_english(client, said):
    answer = client.post("/en" + URL, said, follow=True)
    assert answer.redirect_chain == [("/en/dobrovoltsi/stanete/prieto/", 302)]
    assert Volunteer.objects.get().contact.language == "en"


def test_errors_stand_in_a_summary_and_what_was_typed_stays(client, said):
    answer = client.post(URL, said | {"phone": "12", "last_name": ""})
    page = answer.content.decode()
    assert answer.status_code == 200 and "<title>Грешка:" in page
    assert 'role="alert"' in page and 'href="#id_phone"' in page and 'href="#id_last_name"' in page
    assert 'value="Иванка"' in page and 'value="12"' in page and "Следобед съм свободна." in page
    assert f'value="{said["home"]}" selected' in page
    assert not Volunteer.objects.exists()


def test_a_personal_number_in_the_note_is_shown_again_and_neither_stored_nor_logged(client, said, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = client.post(URL, said | {"note": "ЕГН 7523169263"})
    page = answer.content.decode()
    assert "Това прилича на ЕГН" in page and "ЕГН 7523169263" in page
    assert not Volunteer.objects.exists()
    assert "7523169263" not in caplog.text


def test_a_village_of_a_municipality_that_is_not_active_is_refused(client, said, elsewhere):
    answer = client.post(URL, said | {"home": elsewhere.pk})
    assert "Изберете място от списъка." in answer.content.decode()
    assert not Volunteer.objects.exists()


def test_where_two_municipalities_take_part_the_village_decides(client, said, elsewhere):
    Municipality.objects.filter(pk="PER32").update(active=True)
    assert "с.\u00a0Извор, Радомир" in client.get(URL).content.decode()
    client.post(URL, said | {"home": elsewhere.pk})
    assert Volunteer.objects.get().municipality_id == "PER32"


def test_without_any_municipality_there_is_no_such_page(client, db):
    assert client.get(URL).status_code == 404


def test_the_page_is_light_and_carries_nothing_inline(client, said):
    page = client.get(URL)
    body = page.content.decode()
    assert len(page.content) < 14_000
    assert "style=" not in body and "<style" not in body and "onclick" not in body


def test_the_english_page_speaks_english(client, said):
    page = client.get("/en" + URL).content.decode()
    assert "<h1>Become a volunteer</h1>" in page and "Станете" not in page
