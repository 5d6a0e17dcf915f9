import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.format import parse_problem
from matching.travel import tables
from places import travel
from places.geo import air_km
from places.models import Settlement
from places.travel import TravelMode, minutes

RADOMIR, IZVOR = (42.544, 22.962), (42.435, 22.896)
points = st.tuples(st.floats(41.3, 44.2).map(lambda x: round(x, 3)), st.floats(22.4, 28.6).map(lambda x: round(x, 3)))


def test_the_distance_is_the_one_on_the_map():
    assert air_km((42.6977, 23.3219), (42.1354, 24.7453)) == pytest.approx(132.5, abs=1.0)  # Sofia, Plovdiv
    assert air_km(RADOMIR, IZVOR) == pytest.approx(13.3, abs=0.1)


def test_from_radomir_to_izvor_by_car_by_bus_and_on_foot():
    assert [minutes(RADOMIR, IZVOR, mode) for mode in ("car", "bus", "foot")] == [27, 58, 208]


def test_two_addresses_in_one_village_are_five_minutes_apart():
    assert {minutes(IZVOR, IZVOR, mode) for mode in TravelMode} == {5}


def test_an_unknown_way_of_travelling_is_refused():
    with pytest.raises(ValueError, match="helicopter"):
        minutes(RADOMIR, IZVOR, "helicopter")


@given(points, points, st.sampled_from(TravelMode))
def test_the_way_back_takes_as_long(a, b, mode):
    assert minutes(a, b, mode) == minutes(b, a, mode)


@given(points, points, points, st.sampled_from(TravelMode))
def test_farther_never_takes_less(a, b, c, mode):
    near, far = sorted((b, c), key=lambda point: air_km(a, point))
    if near != a:
        assert minutes(a, near, mode) <= minutes(a, far, mode)


def test_the_matrix_has_a_zero_diagonal_and_every_pair():
    table = travel.matrix([RADOMIR, IZVOR, IZVOR], "car")
    assert table == [[0, 27, 27], [27, 0, 5], [27, 5, 0]]


def test_the_planner_counts_the_same_minutes_between_all_settlements(radomir):
    here = [settlement.point for settlement in Settlement.objects.of(radomir)]
    problem = parse_problem(_problem(here))
    planned = tables(problem)
    for mode, (i, j) in itertools.product(TravelMode, itertools.product(range(len(here)), repeat=2)):
        expected = 0 if i == j else minutes(here[i], here[j], mode)
        assert planned[mode][i][j] == expected, (mode, here[i], here[j])


def _problem(here):
    shift = {"start": 540, "end": 1080, "week": 0, "day": 0}
    return {
        "format": "hvsp/1",
        "places": {"lat_lon": here},
        "travel": {"rule": travel.ASSUMED.as_rule()},
        "weights": {"priority": {"1": 300, "2": 500, "3": 800, "4": 1600}, "travel": 1},
        "volunteers": [
            {
                "id": mode.value,
                "home": 0,
                "mode": mode.value,
                "skills": [],
                "languages": ["bg"],
                "max_visits_per_week": 4,
                "shifts": [{"id": f"{mode.value}-1", **shift}],
            }
            for mode in TravelMode
        ],
        "requests": [],
    }
