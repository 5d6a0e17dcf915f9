from datetime import date, time, timedelta

import pytest

from core.errors import Invalid
from places import services
from places.models import MunicipalityRules
from places.selectors import free_days, is_free_day, rules_of, visiting_days

CHRISTMAS = date(2026, 12, 25)  # a Friday
SUNDAY = date(2026, 11, 29)


def test_a_new_municipality_works_by_the_defaults_and_reading_writes_nothing(radomir):
    rules = rules_of(radomir)
    assert (rules.planning_horizon_days, rules.offer_horizon_days, rules.ladder_rungs) == (14, 7, 3)
    assert rules.first_visit_by_two and not rules.visits_on_sunday
    assert (rules.visiting_from, rules.visiting_to) == (time(9), time(18))
    assert rules_of("PER36").max_travel_per_shift == 150
    assert not MunicipalityRules.objects.exists()


def test_a_rule_that_is_set_is_kept_and_the_others_stay(radomir):
    services.set_rules(municipality=radomir, values={"offer_hours": 12})
    services.set_rules(municipality=radomir, values={"visits_on_sunday": True})
    assert (rules_of(radomir).offer_hours, rules_of(radomir).visits_on_sunday) == (12, True)
    assert rules_of(radomir).ladder_rungs == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"offer_hours": 0}, "offer_hours"),
        ({"ladder_rungs": 99}, "ladder_rungs"),
        ({"visiting_from": time(19)}, ""),
        ({"offer_horizon_days": 20}, ""),
    ],
)
def test_a_rule_that_cannot_work_is_refused(radomir, values, field):
    with pytest.raises(Invalid) as caught:
        services.set_rules(municipality=radomir, values=values)
    assert caught.value.field == field
    assert not MunicipalityRules.objects.exists()


def test_a_rule_nobody_knows_is_a_programming_error(radomir):
    with pytest.raises(TypeError, match="no rule 'municipality'"):
        services.set_rules(municipality=radomir, values={"municipality": "BGS01"})


def test_public_holidays_are_free_everywhere_and_local_ones_at_home(radomir):
    services.add_local_holiday(municipality=radomir, date=date(2026, 11, 26), name_bg="Празник на Радомир")
    assert is_free_day(radomir, CHRISTMAS) and is_free_day("BGS01", CHRISTMAS)
    assert is_free_day(radomir, date(2026, 11, 26)) and not is_free_day("BGS01", date(2026, 11, 26))
    assert not is_free_day(radomir, SUNDAY)


def test_a_local_holiday_is_added_once_and_can_be_taken_back(radomir):
    holiday = services.add_local_holiday(municipality=radomir, date=date(2026, 11, 26), name_bg="Празник")
    with pytest.raises(Invalid, match="вече е свободен"):
        services.add_local_holiday(municipality=radomir, date=date(2026, 11, 26), name_bg="Друг празник")
    services.remove_local_holiday(municipality=radomir, holiday_id=holiday.pk)
    assert not is_free_day(radomir, date(2026, 11, 26))


def test_nobody_is_sent_on_sundays_and_holidays_unless_the_municipality_wishes(radomir):
    fortnight = [date(2026, 12, 20) + timedelta(days=n) for n in range(14)]
    days = visiting_days(radomir, fortnight)
    closed = sorted(set(fortnight) - set(days))
    assert [day.isoformat()[5:] for day in closed] == (["12-20", "12-24", "12-25", "12-26", "12-27", "12-28", "01-01"])
    services.set_rules(municipality=radomir, values={"visits_on_sunday": True, "visits_on_holidays": True})
    assert visiting_days(radomir, fortnight) == fortnight
    assert visiting_days(radomir, []) == []


def test_free_days_of_a_span_take_two_queries(radomir, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(free_days(radomir, date(2026, 1, 1), date(2026, 12, 31))) == 18
