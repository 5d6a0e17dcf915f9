"""The national list: whole, or not at all and why."""

import csv
import io
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from places import facts
from places.models import Municipality, Settlement
from places.services.national import BadFile, load_national
from places.services.rows import COLUMNS

NATIONAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "settlements_bg.csv"
IZVOR = {
    "ekatte": "32384",
    "type": "village",
    "name_bg": "Извор",
    "name_en": "Izvor",
    "municipality_code": "PER36",
    "municipality_bg": "Радомир",
    "province_code": "PER",
    "province_bg": "Перник",
    "kmetstvo_code": "PER36-14",
    "has_own_kmetstvo": "1",
    "altitude_band_m": "500 - 699",
    "postal_code": "2415",
    "lat": "42.434906",
    "lon": "22.896253",
    "geo_quality": "inside",
    "population": "488",
    "population_year": "2017",
}
SOFIA = IZVOR | {
    "ekatte": "68134",
    "type": "town",
    "name_bg": "София",
    "name_en": "Sofia",
    "municipality_code": "SOF46",
    "municipality_bg": "Столична",
    "province_code": "SOF",
    "province_bg": "София (столица)",
    "kmetstvo_code": "",
}


def text(*rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return io.StringIO(out.getvalue())


def village(number):
    return IZVOR | {"ekatte": f"{number:05}", "name_bg": "Село", "name_en": "Selo"}


@pytest.mark.django_db
def test_settlements_and_their_municipalities_arrive():
    load_national(text(IZVOR, SOFIA))
    izvor = Settlement.objects.get(pk="32384")
    assert (str(izvor.latitude), str(izvor.longitude)) == ("42.435", "22.896")
    assert (izvor.municipality.name_bg, izvor.municipality.province_en) == ("Радомир", "Pernik")
    assert Municipality.objects.get(pk="SOF46").name_en == "Stolichna"


@pytest.mark.django_db
def test_the_second_time_nothing_is_written():
    load_national(text(IZVOR, SOFIA))
    again = load_national(text(IZVOR, SOFIA))
    assert again.settlements == (0, 0, 2) and again.municipalities == (0, 0, 2)


@pytest.mark.django_db
def test_a_changed_line_changes_one_row_and_the_municipality_keeps_what_it_set():
    load_national(text(IZVOR, SOFIA))
    Municipality.objects.filter(pk="PER36").update(phone="+35977712345", active=True)
    loaded = load_national(text(IZVOR | {"population": "500"}, SOFIA))
    assert loaded.settlements == (0, 1, 1)
    municipality = Municipality.objects.get(pk="PER36")
    assert (municipality.phone, municipality.active) == ("+35977712345", True)


@pytest.mark.django_db
def test_one_municipality_can_be_taken_alone():
    load_national(text(IZVOR, SOFIA), only="PER36")
    assert list(Settlement.objects.values_list("pk", flat=True)) == ["32384"]
    with pytest.raises(BadFile, match="no settlement of municipality PER99"):
        load_national(text(IZVOR, SOFIA), only="PER99")


@pytest.mark.django_db
def test_missing_coordinates_population_and_postal_code_are_allowed():
    bare = {"lat": "", "lon": "", "geo_quality": "missing", "population": "", "population_year": ""}
    load_national(text(IZVOR | bare | {"postal_code": "липсва"}))
    here = Settlement.objects.get()
    assert (here.point, here.population, here.postal_code) == (None, None, "")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"ekatte": "2230"}, "EKATTE is five digits, not '2230'"),
        ({"ekatte": "٠٢٢٣٠"}, "EKATTE is five digits"),
        ({"type": "city"}, "type 'city' is none of"),
        ({"name_bg": "Izvor"}, "name_bg is a name in Bulgarian letters"),
        ({"name_bg": ""}, "name_bg is a name in Bulgarian letters"),
        ({"municipality_code": "Радомир"}, "municipality code is like PER36"),
        ({"municipality_code": "QQQ36", "province_code": "QQQ"}, "no municipality QQQ36 in province 'QQQ'"),
        ({"province_code": "SFO"}, "no municipality PER36 in province 'SFO'"),
        ({"kmetstvo_code": "SFO01-01"}, "kmetstvo code is like PER36-14"),
        ({"has_own_kmetstvo": "да"}, "has_own_kmetstvo is 0 or 1"),
        ({"lat": "51.5", "lon": "-0.1"}, "lie outside Bulgaria"),
        ({"lat": "22.896", "lon": "42.434"}, "lie outside Bulgaria"),
        ({"lat": "NaN"}, "lie outside Bulgaria"),
        ({"lon": ""}, "two decimal numbers or none"),
        ({"lat": "42,43"}, "two decimal numbers or none"),
        ({"geo_quality": "fine"}, "geo_quality 'fine' is unknown"),
        ({"population": "-3"}, "population is a whole number"),
        ({"population": "488.0"}, "population is a whole number"),
        ({"population_year": "17"}, "population_year is a whole number from 1880"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(wrong, reason):
    with pytest.raises(BadFile) as caught:
        load_national(text(SOFIA, IZVOR | wrong))
    assert caught.value.problems[0].startswith("line 3: ")
    assert reason in caught.value.problems[0]


@pytest.mark.django_db
def test_every_bad_line_is_reported_and_nothing_is_loaded():
    with pytest.raises(BadFile) as caught:
        load_national(text(SOFIA, IZVOR | {"ekatte": "x"}, IZVOR, village(7) | {"lat": "99"}, SOFIA))
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["line 3", "line 5", "line 6"]
    assert not Settlement.objects.exists() and not Municipality.objects.exists()


def test_a_code_that_stands_twice_names_both_lines():
    with pytest.raises(BadFile, match="line 3: EKATTE 32384 stands already in line 2"):
        load_national(text(IZVOR, IZVOR))


def test_one_municipality_has_one_name():
    with pytest.raises(BadFile, match="line 3: municipality PER36 is"):
        load_national(text(IZVOR, village(7) | {"municipality_bg": "Земен"}))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (io.StringIO(""), "columns missing"),
        (text(IZVOR, columns=[name for name in COLUMNS if name != "ekatte"]), "columns missing: ekatte"),
        (text(), "the file has no rows"),
        (io.StringIO(",".join(COLUMNS) + "\n32384,village\n"), f"line 2: 2 columns instead of {len(COLUMNS)}"),
        (io.StringIO(",".join(COLUMNS) + '\n"32384,village\n'), "not readable as CSV"),
    ],
)
def test_a_file_of_another_shape_is_refused(lines, reason):
    with pytest.raises(BadFile, match=reason):
        load_national(lines)


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_fails_with_the_lines(tmp_path, capsys):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\ufeff" + text(IZVOR, SOFIA).getvalue(), encoding="utf-8")
    bad.write_text(text(IZVOR | {"ekatte": "?"}).getvalue(), encoding="utf-8")
    call_command("load_places", str(good))
    assert "settlements: 2 new, 0 changed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nothing was loaded, 1 to correct") as caught:
        call_command("load_places", str(bad))
    assert caught.value.returncode == 1
    assert "line 2: EKATTE" in capsys.readouterr().err
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_places", str(tmp_path / "absent.csv"))


@pytest.mark.django_db
def test_a_file_in_another_encoding_is_refused_kindly(tmp_path):
    old = tmp_path / "old.csv"
    old.write_bytes(text(IZVOR).getvalue().encode("cp1251"))
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_places", str(old))


@pytest.mark.django_db
def test_five_thousand_settlements_take_less_than_ten_seconds():
    rows = [village(number) for number in range(5_256)]
    for population in ("1", "2"):
        began = time.monotonic()
        load_national(text(*[row | {"population": population} for row in rows]))
        assert time.monotonic() - began < 10
    assert Settlement.objects.filter(population=2).count() == 5_256


@pytest.mark.django_db
@pytest.mark.skipif(not NATIONAL.exists(), reason="the national list does not lie beside the checkout")
def test_the_real_list_loads_and_agrees_with_our_own_facts():
    facts.load()
    with NATIONAL.open(encoding="utf-8-sig", newline="") as lines:
        loaded = load_national(lines)
    assert loaded.settlements == (5_224, 0, 32)
    assert loaded.municipalities == (264, 0, 1)
    assert Settlement.objects.filter(latitude=None).count() == 8
    assert facts.load()["settlements"].changed == 0
