from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from places import selectors
from places.models import HelpPoint, LocalHoliday, Municipality, Settlement

SignIn = Callable[[Membership], Client]


@pytest.fixture
def izvor(radomir: Municipality) -> Settlement:
    return Settlement.objects.create(ekatte="32591", kind="village", name_bg="Извор", municipality=radomir)


@pytest.fixture
def elsewhere(pernik: Municipality) -> Settlement:
    return Settlement.objects.create(ekatte="55871", kind="town", name_bg="Перник", municipality=pernik)


@pytest.fixture
def client(kamen: Membership, signed_in: SignIn) -> Client:
    return signed_in(kamen)


def _point(izvor: Settlement, **more: str) -> dict[str, str]:
    return {"kind": "chitalishte", "settlement": izvor.pk, "name_bg": "Светлина", "hours_0": "8:30–12:00", **more}


def test_the_desks_telephone_and_hours_stand_on_residents_pages(client: Client, radomir: Municipality) -> None:
    client.post(reverse("accounts:desk"), {"phone": "0777 12 345", "office_hours_bg": "Всеки делник, 8:30–17:00 ч."})
    radomir.refresh_from_db()
    assert radomir.phone == "+35977712345"
    page = Client().get(reverse("account_inactive")).content.decode()
    assert "tel:+35977712345" in page
    assert "Всеки делник" in page


def test_first_visits_are_by_two_until_somebody_decides_otherwise(client: Client, radomir: Municipality) -> None:
    page = client.get(reverse("accounts:rules"))
    form = page.context["form"]
    assert form["first_visit_by_two"].value() is True
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (False, None)}
    values["visiting_from"], values["visiting_to"] = "09:00", "18:00"
    del values["first_visit_by_two"]
    values["offer_hours"] = 12
    answer = client.post(reverse("accounts:rules"), values)
    assert answer.status_code == 302, answer.context["form"].errors
    rules = selectors.rules_of(radomir)
    assert (rules.first_visit_by_two, rules.offer_hours) == (False, 12)


@pytest.mark.parametrize(
    ("name", "least"), [("offer_hours", 1), ("ladder_rungs", 1), ("default_max_leg", 5), ("max_travel_per_shift", 10)]
)
def test_less_than_the_least_is_answered_with_the_least(client: Client, name: str, least: int) -> None:
    form = client.get(reverse("accounts:rules")).context["form"]
    assert f'min="{least}"' in str(form[name])
    values = {key: form[key].value() for key in form.fields if form[key].value() not in (False, None)}
    answer = client.post(reverse("accounts:rules"), values | {name: -4})
    (said,) = answer.context["form"].errors[name]
    assert str(least) in said and "0" not in said.replace("10", "")


def test_a_rule_that_cannot_be_is_refused_and_shown_again(client: Client, radomir: Municipality) -> None:
    form = client.get(reverse("accounts:rules")).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (False, None)}
    values.update(visiting_from="09:00", visiting_to="18:00", planning_horizon_days=3, offer_horizon_days=7)
    answer = client.post(reverse("accounts:rules"), values)
    assert answer.status_code == 200
    assert "<title>Грешка:" in answer.content.decode()
    assert selectors.rules_of(radomir).planning_horizon_days == 14


def test_a_help_point_is_opened_changed_and_closed(client: Client, izvor: Settlement) -> None:
    assert client.post(reverse("accounts:help-point-new"), _point(izvor)).status_code == 302
    point = HelpPoint.objects.get()
    assert "Светлина" in client.get(reverse("accounts:help-points")).content.decode()
    address = reverse("accounts:help-point", args=[point.pk])
    assert client.get(address).context["form"]["hours_0"].value() == "8:30–12:00"
    client.post(address, _point(izvor, hours_0="9:00–12:00, 13:00–17:00"))
    assert len(selectors.open_on(point, date(2026, 10, 12))) == 2
    close = reverse("accounts:help-point-close", args=[point.pk])
    assert "Затваряте ли" in client.get(close).content.decode()
    client.post(close)
    assert not HelpPoint.objects.active().exists()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("typed", ["сутрин", "12:00–8:00", "8:00–12:00, 11:00–13:00"])
def test_hours_that_make_no_sense_are_refused(client: Client, izvor: Settlement, typed: str) -> None:
    answer = client.post(reverse("accounts:help-point-new"), _point(izvor, hours_0=typed))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not HelpPoint.objects.exists()


def test_nobody_opens_or_changes_a_point_of_another_municipality(
    client: Client, pernik: Municipality, elsewhere: Settlement
) -> None:
    client.post(reverse("accounts:help-point-new"), _point(elsewhere))
    assert not HelpPoint.objects.exists()
    theirs = HelpPoint.objects.create(municipality=pernik, settlement=elsewhere, kind="library", name_bg="Пенчо")
    for name in ("accounts:help-point", "accounts:help-point-close"):
        assert client.post(reverse(name, args=[theirs.pk]), _point(elsewhere)).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name_bg, theirs.active) == ("Пенчо", True)


def test_a_free_day_is_added_and_taken_back(client: Client, radomir: Municipality) -> None:
    day = date.today() + timedelta(days=40)
    form = {"date": day.isoformat(), "name_bg": "Празник на Радомир"}
    client.post(reverse("accounts:holidays"), form)
    assert selectors.is_free_day(radomir, day)
    again = client.post(reverse("accounts:holidays"), form)
    assert again.status_code == 200
    assert again.context["form"].errors
    client.post(reverse("accounts:holiday-remove", args=[LocalHoliday.objects.get().pk]))
    assert not selectors.is_free_day(radomir, day)


def test_a_day_gone_by_cannot_become_free(client: Client, radomir: Municipality) -> None:
    day = date.today() - timedelta(days=2)
    answer = client.post(reverse("accounts:holidays"), {"date": day.isoformat(), "name_bg": "Празник на Радомир"})
    assert "още не е минал" in answer.content.decode()
    assert not LocalHoliday.objects.exists()


def test_a_note_on_coverage_is_for_places_and_not_for_people(client: Client, izvor: Settlement) -> None:
    address = reverse("accounts:coverage-note", args=[izvor.pk])
    refused = client.post(address, {"signal": "weak", "landline": "true", "note": "ЕГН 7501020018"})
    assert "Това прилича на ЕГН" in refused.content.decode()
    client.post(address, {"signal": "weak", "landline": "true", "internet_point": "в читалището"})
    note = selectors.coverage_of(izvor)
    assert (note.signal, note.internet_point) == ("weak", "в читалището")
    assert "в читалището" in client.get(reverse("accounts:coverage")).content.decode()


def test_a_village_of_another_municipality_has_no_note_here(client: Client, elsewhere: Settlement) -> None:
    assert client.get(reverse("accounts:coverage-note", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("name", ["accounts:help-points", "accounts:coverage", "accounts:holidays"])
def test_lists_ask_as_much_for_thirty_as_for_one(
    name: str, client: Client, izvor: Settlement, radomir: Municipality
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    def more(number: int) -> None:
        village = Settlement.objects.create(
            ekatte=f"{number:05}", kind="village", name_bg=f"Село {number}", municipality=radomir
        )
        point = HelpPoint.objects.create(
            municipality=radomir, settlement=village, kind="kmetstvo", name_bg=f"Кметство {number}"
        )
        point.opening_hours.create(weekday=0, opens="08:00", closes="12:00")
        day = date(2027, 1, 1) + timedelta(days=number)
        LocalHoliday.objects.create(municipality=radomir, date=day, name_bg=f"Ден {number}")

    more(1)
    asked()
    before = asked()
    for number in range(2, 31):
        more(number)
    assert asked() == before
