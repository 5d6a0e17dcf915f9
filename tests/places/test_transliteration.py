import csv
from pathlib import Path

import pytest

from places.transliteration import latin

NATIONAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "settlements_bg.csv"


@pytest.mark.parametrize(
    ("bulgarian", "expected"),
    [
        ("Горна Диканя", "Gorna Dikanya"),
        ("Поцърненци", "Potsarnentsi"),
        ("Углярци", "Uglyartsi"),
        ("Жедна", "Zhedna"),
        ("Царевец-Щит", "Tsarevets-Shtit"),
        ("София", "Sofia"),
    ],
)
def test_names_follow_the_law_of_2009(bulgarian, expected):
    assert latin(bulgarian) == expected


@pytest.mark.skipif(not NATIONAL.exists(), reason="the national list does not lie beside the checkout")
def test_nearly_every_settlement_is_written_as_the_national_list_writes_it():
    with NATIONAL.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    wrong = [(row["name_bg"], row["name_en"]) for row in rows if latin(row["name_bg"]) != row["name_en"]]
    assert len(wrong) < len(rows) * 0.01, wrong[:20]
