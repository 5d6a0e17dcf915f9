import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue import web
from catalogue.models import Service


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def november(monkeypatch):
    monkeypatch.setattr("catalogue.web.timezone.localdate", lambda: date(2026, 11, 22))


def test_the_list_names_every_service_under_its_group(client, catalogue):
    page = client.get(reverse("catalogue:services")).content.decode()
    assert page.count("<h2>") == 8
    for service in catalogue:
        assert reverse("catalogue:service", args=[service.pk]) in page


def test_the_list_can_be_ordered_by_institution(client, catalogue):
    page = words(client.get(reverse("catalogue:services"), {"by": "institution"}).content.decode())
    assert page.index("Агенция за социално подпомагане") < page.index("Национална агенция за приходите")


def test_a_service_says_what_it_is_what_to_prepare_and_how_we_know(client, catalogue, november):
    page = words(client.get(reverse("catalogue:service", args=["ASP_HEAT"])).content.decode())
    for expected in (
        "Държавата дава пари за ток, дърва или парно през зимата.",
        "Сега не се подава.",
        "Започва: четвъртък, 1 юли 2027 г.",
        "ПИК на НОИ",
        "клиентски номер за ток или парно",
        "около 60 мин.",
        "посещение вкъщи",
        "„Социално подпомагане“",
        "Не искаме пари, ПИН или парола. Никога.",
        "vesti.bg, 10.10.2025",
        "10.10.2025 г.",
        "проверено",
    ):
        assert expected in page.replace("\u00a0", " "), expected


def test_an_open_season_names_its_last_day(client, catalogue, november):
    page = words(client.get(reverse("catalogue:service", args=["NAP_HEALTH_CONTRIB"])).content.decode())
    assert "Може и днес." in page and "Краен срок: сряда, 25 ноември" in page.replace("\u00a0", " ")


def test_the_page_speaks_english(client, catalogue):
    page = client.get("/en" + reverse("catalogue:service", args=["ASP_HEAT"])).content.decode()
    assert '<html lang="en"' in page
    assert "The state pays towards electricity" in page


def test_an_unknown_or_withdrawn_service_is_not_found(client, catalogue):
    assert client.get(reverse("catalogue:service", args=["NOTHING"])).status_code == 404
    Service.objects.filter(pk="ASP_HEAT").update(active=False)
    assert client.get(reverse("catalogue:service", args=["ASP_HEAT"])).status_code == 404


def test_the_list_takes_the_same_queries_for_one_service_and_for_all(client, catalogue):
    counts = []
    for keep in (None, ["ASP_HEAT"]):
        if keep:
            Service.objects.exclude(pk__in=keep).delete()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("catalogue:services"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pages_need_no_sign_in_and_say_so(catalogue):
    assert web.services.policy == web.service.policy == "public"
