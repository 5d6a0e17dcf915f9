"""The handbook's pages, for everyone who works or helps here."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role
from handbook.library import modules
from places.models import Municipality

INDEX = "/narachnik/"


@pytest.fixture
def reader(db):
    municipality = Municipality.objects.create(code="PER36", name_bg="Радомир", name_en="Radomir", active=True)

    def client(role: str) -> Client:
        user = User.objects.create_user(f"{role}@primer.bg", name="Радка")
        Membership.objects.create(user=user, municipality=municipality, role=role)
        browser = Client()
        browser.force_login(user)
        return browser

    return client


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(INDEX).status_code == 302
    assert client.get(INDEX + "frauds/").status_code == 302


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_it(role, reader):
    page = reader(role).get(INDEX).content.decode()
    for module in modules():
        assert module.title.bg in page and f'href="{INDEX}{module.code}/"' in page
    assert ('class="tabs"' in page) == (role == Role.VOLUNTEER)


def test_each_module_opens_with_its_answers_folded(reader):
    browser = reader(Role.VOLUNTEER)
    for module in modules():
        page = browser.get(f"{INDEX}{module.code}/").content.decode()
        assert page.count("<details") == len(module.questions) and "<details open" not in page
        assert "style=" not in page


def test_in_english_the_words_are_english(reader):
    page = reader(Role.VOLUNTEER).get("/en/narachnik/frauds/").content.decode()
    assert "A fraudster hurries and frightens" in page and "Измамникът" not in page


def test_a_module_nobody_wrote_is_not_found(reader):
    assert reader(Role.VOLUNTEER).get(INDEX + "nothing/").status_code == 404
