import csv
import re
from pathlib import Path

import pytest

from catalogue import facts
from catalogue.models import DifficultyType, Service
from catalogue.states import IdMeans, Mode, SeasonKind
from core import plain_language

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
beside = pytest.mark.skipif(not SHARED.exists(), reason="the sourced facts do not lie beside the checkout")
PLAIN = ("plain", "offline", "season_note")


def test_every_entry_keeps_the_rules_of_its_own_table(catalogue):
    for row in (*catalogue, *DifficultyType.objects.all()):
        row.full_clean()


def test_every_service_speaks_both_languages_and_names_its_source(catalogue):
    for service in catalogue:
        assert service.source and service.checked_on
        assert service.modes and set(service.modes) <= set(Mode.values)
        assert service.id_means and set(service.id_means) <= set(IdMeans.values)
        assert len(service.documents_bg) == len(service.documents_en)
        assert all(kind in SeasonKind.values for _begins, _ends, kind in service.seasons)
        for name in (*PLAIN, "name", "short", "fee"):
            assert bool(getattr(service, f"{name}_bg")) == bool(getattr(service, f"{name}_en")), name
        for name in ("plain_bg", "name_bg", "offline_bg"):
            assert re.search("[а-я]", getattr(service, name))
        for name in ("plain_en", "name_en", "offline_en"):
            assert not re.search("[а-я]", getattr(service, name))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_sentences_are_short_enough_to_be_heard_once(catalogue, language):
    texts = [getattr(s, f"{name}_{language}") for s in catalogue for name in PLAIN]
    assert not [fault for text in texts for fault in plain_language.faults(text)]
    assert plain_language.mean(texts) <= plain_language.MOST_MEAN


def test_a_resident_chooses_from_a_few_frequent_services(catalogue):
    frequent = list(catalogue.frequent())
    assert 4 <= len(frequent) <= 6
    assert frequent[0].pk == "ASP_HEAT"
    assert all(len(service.short_bg.split()) <= 5 for service in catalogue)


def test_what_the_visitor_may_never_hold_is_never_asked_for(catalogue):
    for service in catalogue:
        for document in service.documents_bg:
            assert not re.search("ПИК|парола|ПИН", document)
            assert "ЕГН" not in document or "Вие" in document or service.pk == "E_PRESCRIPTION"


def test_loading_again_changes_nothing_and_a_slip_is_put_right(catalogue):
    assert all(written.new == written.changed == 0 for written in facts.load().values())
    Service.objects.filter(pk="ASP_HEAT").update(typical_minutes=5)
    assert facts.load()["services"].changed == 1
    assert Service.objects.get(pk="ASP_HEAT").typical_minutes == 60


@beside
def test_every_verified_service_of_the_sourced_list_is_here(catalogue):
    with (SHARED / "eservices.csv").open(encoding="utf-8-sig") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    verified = {code for code, row in rows.items() if row["verification"] == "verified"}
    assert len(verified) == 24
    assert verified == set(catalogue.filter(verification="verified").values_list("pk", flat=True))
    for service in catalogue:
        row = rows[service.pk]
        assert set(service.id_means) == set(row["id_means"].split("|"))
        assert set(service.modes) == set(row["recommended_modes"].split("|")) & set(Mode.values)
        assert service.typical_minutes == int(row["volunteer_minutes_estimate"])
        assert service.verification == row["verification"]
        if row["season_start"]:
            assert service.seasons[0][:2] == [row["season_start"], row["season_end"]]


@beside
def test_every_difficulty_of_the_sourced_list_is_here(catalogue):
    with (SHARED / "difficulties.csv").open(encoding="utf-8-sig") as lines:
        codes = {row["code"] for row in csv.DictReader(lines)}
    assert codes == set(DifficultyType.objects.values_list("pk", flat=True))
