"""Finding a person: by phone, by a name in either script, with one slip of the finger."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Invalid
from requests import names
from requests.models import Resident, ResidentNameKey
from requests.selectors.people import find
from requests.services import residents
from requests.states import RuleKind
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


def found(typed: str, role: str = "clerk") -> list[str]:
    return [row.name for row in find(make.member(role), typed)]


@pytest.fixture
def town() -> dict[str, Resident]:
    people = ["Мария Петрова", "Живка Върбанова", "Цветан Щерев", "Юлия Йорданова", "Ана Илиева"]
    return {name.split()[0]: make.resident(*name.split()) for name in people}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Мария Петрова", "Мария Петрова"),
        ("петрова мария", "Мария Петрова"),
        ("Мар", "Мария Петрова"),
        ("Maria Petrova", "Мария Петрова"),
        ("Mariya", "Мария Петрова"),
        # one slip: a letter too few, too many, another one, two swapped
        ("Мрия", "Мария Петрова"),
        ("Марния", "Мария Петрова"),
        ("Мадия", "Мария Петрова"),
        ("Мраия", "Мария Петрова"),
        ("Petrpva", "Мария Петрова"),
        # ж = zh/j
        ("Zhivka", "Живка Върбанова"),
        ("Jivka", "Живка Върбанова"),
        # ъ = a/u
        ("Varbanova", "Живка Върбанова"),
        ("Vurbanova", "Живка Върбанова"),
        ("Варбанова", "Живка Върбанова"),
        ("Vurbanva", "Живка Върбанова"),
        # ц = ts/c
        ("Tsvetan", "Цветан Щерев"),
        ("Cvetan", "Цветан Щерев"),
        ("Shterev", "Цветан Щерев"),
        ("Cvetan Shtrev", "Цветан Щерев"),
        ("Yulia", "Юлия Йорданова"),
        ("Iordanova", "Юлия Йорданова"),
    ],
)
def test_by_name(typed: str, name: str, town: dict[str, Resident]) -> None:
    assert found(typed)[0] == name


@pytest.mark.parametrize("typed", ["", "М", "Драган", "Мария Илиева", "Мрея Петрова", "Ена"])
def test_not_by_what_does_not_fit(typed: str, town: dict[str, Resident]) -> None:
    assert found(typed) == []


def test_the_exact_name_stands_first(town: dict[str, Resident]) -> None:
    make.resident("Марица", "Петрова"), make.resident("Марин", "Петров")
    assert found("Мари")[0].startswith("Мар") and found("Мария")[0] == "Мария Петрова"
    assert found("Марин")[0] == "Марин Петров"


@pytest.mark.parametrize("typed", ["0888 765 432", "+359888765432", "0888-765-432", "00359 888 765 432"])
def test_by_phone_however_it_is_typed(typed: str) -> None:
    make.resident(phone="0888 765 432")
    assert found(typed) == ["Мария Петрова"]


def test_everybody_who_shares_a_phone_is_shown_with_their_requests() -> None:
    maria = make.resident(phone="0888 765 432")
    make.resident("Стоян", phone="0888 765 432")
    make.help_request(maria), make.help_request(maria, service=None)
    rows = find(make.member("clerk"), "0888765432")
    assert sorted((row.first_name, row.request_count) for row in rows) == [("Мария", 2), ("Стоян", 0)]


def test_by_the_phone_of_who_asked_and_every_request_counts() -> None:
    maria = make.resident()
    make.help_request(maria, asked_by="relative", asker_name="Донка", asker_phone="0899 123 456")
    make.help_request(maria, service=None)
    (row,) = find(make.member("clerk"), "0899 123 456")
    assert (row.pk, row.request_count) == (maria.pk, 2)


def test_nobody_of_another_municipality(town: dict[str, Resident]) -> None:
    elsewhere = make.municipality("PER32", "Перник")
    make.resident("Мария", "Чужда", of=elsewhere, phone="0888 765 432")
    assert found("Мария") == ["Мария Петрова"] and found("0888765432") == []


def test_who_is_narrowed_to_a_village_finds_its_people_only(town: dict[str, Resident]) -> None:
    make.resident("Мария", "Друганска", home="Друган")
    member = make.member("clerk")
    member.settlements.add(make.village("Друган"))
    assert [row.name for row in find(member, "Мария")] == ["Мария Друганска"]


def test_at_most_eight_are_shown() -> None:
    for number in range(12):
        make.resident("Мария", f"Петрова{'абвгдежзийкл'[number]}")
    assert len(found("Мария")) == 8


def test_a_corrected_name_is_found_by_the_new_and_not_by_the_old(town: dict[str, Resident]) -> None:
    person = residents.Person(
        first_name="Гергана", last_name="Колева", settlement=make.village(), phone="0888 111 222", needs=["large_print"]
    )
    residents.correct(resident=town["Мария"], person=person, now=make.NOW)
    assert found("Гергана") == ["Гергана Колева"] and found("Мария") == [] and found("0888111222") == ["Гергана Колева"]


def test_the_keys_say_nothing_and_differ_between_municipalities() -> None:
    make.resident(), make.resident(of=make.municipality("PER32", "Перник"))
    keys = [set(map(bytes, row.name_keys.values_list("key", flat=True))) for row in Resident.objects.all()]
    assert keys[0] and not keys[0] & keys[1]
    assert {len(key) for key in keys[0]} == {8}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first_name": " "}, "name"),
        ({"last_name": ""}, "name"),
        ({"phone": "няма"}, "phone"),
        ({"needs": ["diagnosis"]}, "needs"),
    ],
)
def test_a_person_is_registered_whole_or_not_at_all(given, code: str) -> None:
    words = {"first_name": "Мария", "last_name": "Петрова", "settlement": make.village(), "phone": "0888 123 456"}
    person = residents.Person(**{**words, **given})
    with pytest.raises(Invalid) as told:
        residents.register(municipality=make.municipality(), person=person, now=make.NOW)
    assert told.value.code == code and not Resident.objects.exists() and not ResidentNameKey.objects.exists()


def test_a_person_of_another_municipality_is_refused() -> None:
    elsewhere = make.municipality("PER32", "Перник")
    person = residents.Person(first_name="Мария", last_name="Петрова", settlement=make.village(), phone="0888 123 456")
    with pytest.raises(Invalid) as told:
        residents.register(municipality=elsewhere, person=person, now=make.NOW)
    assert told.value.code == "settlement"


def test_a_rule_between_two_people_is_one_and_stays_within_the_municipality() -> None:
    maria, ivanka = make.resident(), make.volunteer()
    for kind in (RuleKind.PREFERRED, RuleKind.BLOCKED):
        residents.set_rule(resident=maria, volunteer=ivanka, kind=kind, now=make.NOW)
    rule = maria.rules.get()
    assert rule.kind == RuleKind.BLOCKED
    residents.drop_rule(rule=rule, now=make.NOW)
    assert not maria.rules.exists()
    stranger = make.volunteer(of=make.municipality("PER32", "Перник"), home="Перник село")
    with pytest.raises(Invalid):
        residents.set_rule(resident=maria, volunteer=stranger, kind=RuleKind.BLOCKED, now=make.NOW)


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [("мара", "мара", True), ("мара", "мар", True), ("мара", "амра", True), ("мара", "дара", True),
     ("мара", "доре", False), ("мара", "марата", False), ("мара", "рмаа", False)],
)  # fmt: skip
def test_one_slip_is_one_slip(left: str, right: str, near: bool) -> None:
    assert names.distance_at_most_one(left, right) is near
    assert names.distance_at_most_one(right, left) is near


@pytest.mark.parametrize("typed", ["я" * 120_000, "Мария " * 20_000, "1 " * 100_000])
def test_more_than_a_name_can_have_asks_nothing(typed: str, django_assert_num_queries: Any) -> None:
    """A word of a hundred thousand letters has as many forms, each as long: it would eat all memory."""
    member = make.member("clerk")
    with django_assert_num_queries(0):
        assert find(member, typed) == []


def test_the_longest_name_is_found(town: dict[str, Resident]) -> None:
    longest = make.resident("А" + "бв" * 29 + "г", "Д" + "еж" * 29 + "з")
    assert found(longest.name) == [longest.name]
