import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from places import facts
from places.models import Holiday, Municipality, Settlement
from places.selectors import neighbour_pairs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
beside = pytest.mark.skipif(not SHARED.exists(), reason="the sourced facts do not lie beside the checkout")


def test_radomir_has_one_town_and_31_villages(radomir):
    kinds = list(radomir.settlements.values_list("kind", flat=True))
    assert (kinds.count("town"), kinds.count("village")) == (1, 31)
    assert sum(radomir.settlements.values_list("population", flat=True)) == 18_614
    assert radomir.seat.prefixed_name == "гр.\u00a0Радомир"


def test_a_code_that_begins_with_a_zero_keeps_it(radomir):
    assert Settlement.objects.get(name_bg="Байкалско").ekatte == "02230"


def test_coordinates_have_three_decimals_and_lie_near_the_town(radomir):
    for settlement in radomir.settlements.all():
        assert settlement.latitude.as_tuple().exponent == -3
        assert abs(settlement.latitude - Decimal("42.48")) < Decimal("0.12")
        assert abs(settlement.longitude - Decimal("22.99")) < Decimal("0.20")


def test_neighbours_know_each_other_and_nobody_is_alone(radomir):
    pairs = neighbour_pairs(radomir)
    assert len(pairs) == 69
    assert {code for pair in pairs for code in pair} == set(radomir.settlements.values_list("pk", flat=True))
    izvor, klenovik = Settlement.objects.get(name_bg="Извор"), Settlement.objects.get(name_bg="Кленовик")
    assert klenovik in izvor.neighbours.all() and izvor in klenovik.neighbours.all()


def test_loading_again_changes_nothing(radomir):
    before = list(Settlement.objects.order_by("pk").values()), list(Holiday.objects.values())
    with CaptureQueriesContext(connection) as queries:
        again = facts.load()
    assert all(written.new == written.changed == 0 for written in again.values())
    assert not [q["sql"] for q in queries if q["sql"].startswith("INSERT")]
    assert before == (list(Settlement.objects.order_by("pk").values()), list(Holiday.objects.values()))


def test_what_was_changed_by_hand_is_put_right_and_the_desk_keeps_its_telephone(radomir):
    Municipality.objects.update(phone="+35977712345", active=True)
    Settlement.objects.filter(name_bg="Извор").update(population=1)
    Holiday.objects.create(date=date(2026, 7, 13), name_bg="Измислен празник")
    assert facts.load()["settlements"].changed == 1
    assert Settlement.objects.get(name_bg="Извор").population == 488
    assert not Holiday.objects.filter(date=date(2026, 7, 13)).exists()
    radomir.refresh_from_db()
    assert (radomir.phone, radomir.active) == ("+35977712345", True)


def test_holidays_have_short_names_in_both_languages(radomir):
    easter = Holiday.objects.get(date=date(2026, 4, 12))
    assert (easter.name_bg, easter.name_en) == ("Великден", "Easter")
    assert Holiday.objects.get(date=date(2026, 5, 6)).name_bg == "Гергьовден"
    assert not Holiday.objects.filter(name_bg__contains=",").exists()


@pytest.mark.django_db
def test_one_command_loads_the_facts_of_every_room(capsys):
    call_command("load_facts")
    said = capsys.readouterr().out
    assert "settlements: 32 new" in said and "services: 29 new" in said


@beside
def test_holidays_are_those_of_the_sourced_list(radomir):
    with (SHARED / "holidays_bg.csv").open(encoding="utf-8-sig") as lines:
        expected = {date.fromisoformat(row["date"]) for row in csv.DictReader(lines)}
    assert set(Holiday.objects.values_list("date", flat=True)) == expected


@beside
def test_settlements_are_those_of_the_sourced_table(radomir):
    with (SHARED / "radomir_settlements.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        here = Settlement.objects.get(pk=row["ekatte"])
        assert (here.name_bg, here.name_en) == (row["name_bg"], row["name_en"])
        assert here.has_own_kmetstvo == (row["has_own_kmetstvo"] == "1")
        assert abs(float(here.latitude) - float(row["lat"])) <= 0.0005
        assert abs(float(here.longitude) - float(row["lon"])) <= 0.0005
        neighbours = set(here.neighbours.values_list("name_bg", flat=True))
        assert neighbours == set(row["neighbours_same_municipality"].split("|"))
