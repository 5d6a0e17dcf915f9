"""The travel rule of the format page, in the solver's tables and in the judge's own roads."""

from __future__ import annotations

import math
import random

from matching.check.measure import Roads
from matching.format import Mode, Problem, Travel, TravelRule, Volunteer, Weights
from matching.travel import great_circle, minutes_by, tables

MODES = {"car": Mode(45, 3), "bus": Mode(22, 10), "foot": Mode(5, 0)}


def land(points: list[tuple[float, float]], flat: bool, rule: TravelRule | None = None) -> Problem:
    people = tuple(Volunteer(m, 0, m, frozenset(), frozenset(), 1, ()) for m in MODES)
    travel = Travel(rule=rule or TravelRule(1.3, 5, MODES))
    corners = tuple(points)
    return Problem(travel, Weights(), people, (), (), corners if flat else None, None if flat else corners)


def test_the_example_of_the_page_is_nine_minutes() -> None:
    table = tables(land([(0.0, 0.0), (3.2, 1.1)], flat=True))
    assert table["car"][0][1] == math.ceil(math.sqrt(3.2**2 + 1.1**2) * 1.3 / 45 * 60 + 3) == 9


def test_whole_minutes_are_not_rounded_up() -> None:
    rule = TravelRule(1, 5, {"car": Mode(60, 0), "bus": Mode(60, 0.5), "foot": Mode(60, 0)})
    table = tables(land([(0.0, 0.0), (7.0, 0.0)], flat=True, rule=rule))
    assert table["car"][0][1] == 7
    assert table["bus"][0][1] == 8


def test_the_same_index_is_no_way_and_equal_coordinates_a_short_one() -> None:
    table = tables(land([(1.0, 1.0), (1.0, 1.0)], flat=True))["foot"]
    assert [list(row) for row in table] == [[0, 5], [5, 0]]


def test_a_quarter_of_the_equator_is_as_long_as_it_is() -> None:
    assert math.isclose(great_circle((0.0, 0.0), (0.0, 90.0)), 6371.0088 * math.pi / 2)
    assert math.isclose(great_circle((0.0, 0.0), (0.0, 180.0)), 6371.0088 * math.pi)


def test_radomir_to_izvor_takes_about_half_an_hour_by_car() -> None:
    table = tables(land([(42.544, 22.962), (42.435, 22.896)], flat=False))["car"]
    km = great_circle((42.544, 22.962), (42.435, 22.896))
    assert 13 < km < 14
    assert table[0][1] == minutes_by(TravelRule(1.3, 5, MODES), "car", km) == 27


def test_the_tables_and_the_judge_agree_everywhere() -> None:
    rng = random.Random(11)
    for flat in (True, False):
        points = [(round(rng.uniform(42, 43), 3), round(rng.uniform(22, 24), 3)) for _ in range(120)]
        points[7] = points[90]
        given = land(points, flat)
        table, roads = tables(given), Roads(given)
        for mode in MODES:
            for a in range(120):
                assert list(table[mode][a]) == [roads.leg(mode, a, b) for b in range(120)]


def test_many_places_are_held_in_compact_rows_with_the_same_numbers() -> None:
    points = [(float(x % 40), float(x // 40)) for x in range(1001)]
    given = land(points, flat=True)
    table, roads = tables(given), Roads(given)
    assert all(table["car"][3][b] == roads.leg("car", 3, b) for b in range(1001))


def test_a_matrix_is_taken_as_it_is() -> None:
    matrix = {"car": ((0, 7), (3, 0))}
    someone = Volunteer("v", 0, "car", frozenset(), frozenset(), 1, ())
    given = Problem(Travel(matrix=matrix), Weights(), (someone,), ())
    assert tables(given)["car"][1][0] == Roads(given).leg("car", 1, 0) == 3
