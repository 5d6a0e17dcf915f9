"""„Справки“ for the coordinator, and its file."""

from __future__ import annotations

import csv
import io
import re

import pytest

from accounts.roles import Role
from places.models import Settlement
from requests.models import HelpRequest
from requests.states import OfferState
from tests import factories
from tests.reports.conftest import moment

PAGE = "/spravki/"
FILE = "/spravki/razpredelyane.csv"
OCTOBER = "?from=2026-10-01&to=2026-10-31"


def text(response) -> str:
    """The words of the page, without marks."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return re.sub(r"[ \n]+", " ", words.replace("\u00a0", " "))


def table(response, delimiter: str = ";") -> list[list[str]]:
    body = b"".join(response.streaming_content).decode()
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.fixture
def ivanka(town):
    return factories.volunteer()


@pytest.fixture
def two(town, ivanka):
    """One request of Мария in Извор, answered after a day and a half; one of Стоян in Друган, declined."""
    first = town.request(factories.resident(), opened=moment(5, "10:00"))
    town.visit(first, ivanka, start=moment(6, "22:00"), minutes=45, before=["NO_DEVICE"])
    second = town.request(factories.resident("Стоян", "Илиев", home="Друган"), opened=moment(12))
    town.offer(second, ivanka, OfferState.DECLINED, made=moment(12, "12:00"))
    return town


@pytest.mark.parametrize("address", [PAGE, FILE, "/en/spravki/"])
def test_only_coordinators_and_administrators_come_in(client, town, address):
    assert client.get(address).status_code == 302
    for role, status in [(Role.VOLUNTEER, 403), (Role.CLERK, 403), (Role.COORDINATOR, 200), (Role.ADMINISTRATOR, 200)]:
        client.force_login(factories.user(role))
        assert client.get(address).status_code == status, role


def test_the_heading_is_the_finding(desk, two):
    page = text(desk.get(PAGE))
    assert "Отговорихме на 1 от 2 заявки" in page
    assert "07.09.2026 г. – 30.10.2026 г." in page
    assert "Половината хора чакат до 1,5 дни; девет от десет – до 1,5." in page
    assert "Няма нови заявки за тези дни" in text(desk.get(PAGE + "?from=2026-01-01&to=2026-01-31"))


def test_the_table_shows_each_row_and_the_whole(desk, two):
    page = text(desk.get(PAGE + OCTOBER))
    assert "Извор 1 1 1 100 % 1,5 1,5 1 1 0 45" in page
    assert "Друган 1 0 1 0 % – – 0 0 0 0" in page
    assert "Общо 2 1 2 50 % 1,5 1,5 1 1 0 45" in page
    assert "Няма устройство 1 0 1" in page


def test_who_asked_on_the_web_is_named_apart(desk, two):
    row = two.request(state="unverified", opened_at=None)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=moment(20))
    page = text(desk.get(PAGE + OCTOBER))
    assert "Отговорихме на 1 от 2 заявки" in page and "още 1 чака обаждане" in page


def test_every_filter_narrows_and_stays_in_the_links(desk, two, ivanka):
    izvor = factories.village("Извор").pk
    body = desk.get(f"{PAGE}{OCTOBER}&settlement={izvor}&group=service").content.decode()
    assert "Отговорихме на 1 от 1 заявка" in body
    for link in (f"settlement={izvor}&amp;group=week", f"settlement={izvor}&amp;group=service"):
        assert link in body
    assert f"{FILE}?from=2026-10-01&amp;to=2026-10-31&amp;settlement={izvor}&amp;group=service" in body
    assert "Отговорихме на 1 от 2 заявки" in text(desk.get(f"{PAGE}{OCTOBER}&volunteer={ivanka.pk}"))
    assert "Няма нови заявки" in text(desk.get(f"{PAGE}{OCTOBER}&service=-"))


def test_a_row_leads_into_itself(desk, two, ivanka):
    def link(group: str) -> str:
        body = desk.get(f"{PAGE}{OCTOBER}&group={group}").content.decode()
        return re.search(r'<th scope="row"><a href="([^"]+)"', body)[1].replace("&amp;", "&")

    for group, inside in [
        ("settlement", "Отговорихме на 1 от 1 заявка"),
        ("service", "Отговорихме на 1 от 2 заявки"),
        ("volunteer", "Отговорихме на 1 от 2 заявки"),
        ("week", "Няма нови заявки"),
    ]:
        assert inside in text(desk.get(PAGE + link(group))), group


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=2026-10-31&to=2026-10-01", "Изберете край, който не е преди началото."),
        ("?from=2020-01-01&to=2026-10-01", "Изберете най-много две години."),
        ("?from=вчера", "Напишете деня като 15.10.2026."),
        ("?settlement=99999", "Изберете от списъка."),
        ("?volunteer=nobody", "Изберете от списъка."),
    ],
)
def test_what_cannot_be_asked_is_explained_and_the_file_leads_to_the_explanation(desk, two, query, sentence):
    page = desk.get(PAGE + query)
    assert "<title>Грешка:" in page.content.decode() and sentence in text(page)
    refused = desk.get(FILE + query)
    assert refused.status_code == 302 and sentence in text(desk.get(refused.url))


def test_another_municipality_s_village_and_volunteer_cannot_be_chosen(desk, two):
    pernik = factories.municipality("PER32", "Перник")
    stranger = factories.volunteer("Петя", "Илиева", of=pernik, home="Перник село")
    there = Settlement.objects.get(municipality=pernik)
    body = desk.get(PAGE).content.decode()
    assert there.pk not in body and "Петя" not in body and "Перник" not in body
    for query in (f"?settlement={there.pk}", f"?volunteer={stranger.pk}"):
        assert "Изберете от списъка." in text(desk.get(PAGE + query))


def test_the_file_has_the_same_figures_with_a_decimal_comma(desk, two):
    response = desk.get(FILE + OCTOBER)
    assert response.streaming and response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "spravka-settlement-2026-10-01-2026-10-31.csv" in response.headers["Content-Disposition"]
    head, *rows = table(response)
    assert head[:6] == ["Ред", "Заявки", "Отговорени", "Покани", "Приети, %", "Посещения"]
    assert {row[0]: row[1:7] + row[-3:] for row in rows} == {
        "Извор": ["1", "1", "1", "100,0", "1", "1", "1,5", "1,5", "45"],
        "Друган": ["1", "0", "1", "0,0", "0", "0", "", "", "0"],
        "Общо": ["2", "1", "2", "50,0", "1", "1", "1,5", "1,5", "45"],
    }


def test_the_english_file_has_commas_between_and_a_decimal_point(desk, two):
    head, *rows = table(desk.get("/en" + FILE + OCTOBER), ",")
    assert head[0] == "Row" and rows[-1][0] == "Total" and rows[-1][4] == "50.0"


def test_a_cell_that_looks_like_a_formula_is_disarmed(desk, two):
    for begin in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx"):
        Settlement.objects.filter(pk=factories.village("Друган").pk).update(name_bg=begin)
        assert [row[0] for row in table(desk.get(FILE + OCTOBER)) if begin in row[0]] == [f"'{begin}"]
        Settlement.objects.filter(name_bg=begin).update(name_bg="Друган")


def test_volunteers_are_named_on_the_page_and_numbered_in_the_file(desk, two, ivanka):
    assert "Иванка Делева 2 1" in text(desk.get(f"{PAGE}{OCTOBER}&group=volunteer"))
    written = table(desk.get(f"{FILE}{OCTOBER}&group=volunteer"))
    assert written[1][0] == f"№\u00a0{ivanka.badge}"
    assert "Делева" not in str(written)


@pytest.mark.parametrize("group", ["settlement", "service", "volunteer", "week"])
def test_nobody_who_was_helped_can_be_read_from_it(desk, two, group):
    seen = desk.get(f"{PAGE}{OCTOBER}&group={group}").content.decode()
    seen += str(table(desk.get(f"{FILE}{OCTOBER}&group={group}")))
    for row in HelpRequest.objects.select_related("resident"):
        words = (row.resident.first_name, row.resident.last_name, row.resident.address_note, str(row.pk), "люляк")
        for word in (*words, str(row.resident.pk), row.tracking_code):
            assert word and word not in seen, word
