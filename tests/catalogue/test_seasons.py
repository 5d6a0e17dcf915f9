from datetime import date

import pytest

from catalogue.models import Service
from catalogue.selectors import in_season, in_season_first, next_deadline, opens_on, services_for

HEAT = Service(seasons=[["07-01", "10-31", "window"]])
DOCTOR = Service(seasons=[["06-01", "06-30", "window"], ["12-01", "12-31", "window"]])
WINTER = Service(seasons=[["11-15", "02-29", "window"]])
TAX = Service(seasons=[["03-01", "06-30", "deadline"], ["07-01", "10-31", "deadline"]])
PENSION = Service(seasons=[["07-01", "07-31", "peak"]])
MONTHLY = Service(deadline_day_of_month=25)
ALWAYS = Service()


@pytest.mark.parametrize(
    ("service", "today", "open_today", "deadline"),
    [
        (HEAT, "2026-06-30", False, "2026-10-31"),
        (HEAT, "2026-07-01", True, "2026-10-31"),
        (HEAT, "2026-10-31", True, "2026-10-31"),
        (HEAT, "2026-11-01", False, "2027-10-31"),
        (DOCTOR, "2026-06-30", True, "2026-06-30"),
        (DOCTOR, "2026-07-01", False, "2026-12-31"),
        (DOCTOR, "2027-01-01", False, "2027-06-30"),
        (WINTER, "2026-11-14", False, "2027-02-28"),
        (WINTER, "2026-12-31", True, "2027-02-28"),
        (WINTER, "2027-01-01", True, "2027-02-28"),
        (WINTER, "2028-02-29", True, "2028-02-29"),
        (WINTER, "2027-03-01", False, "2028-02-29"),
        (TAX, "2026-02-01", True, "2026-06-30"),
        (TAX, "2026-07-01", True, "2026-10-31"),
        (TAX, "2026-11-01", True, "2027-06-30"),
        (PENSION, "2026-07-10", True, None),
        (MONTHLY, "2026-11-25", True, "2026-11-25"),
        (MONTHLY, "2026-11-26", True, "2026-12-25"),
        (MONTHLY, "2026-12-31", True, "2027-01-25"),
        (MONTHLY, "2027-01-31", True, "2027-02-25"),
        (ALWAYS, "2026-11-22", True, None),
    ],
)
def test_the_season_of_a_service(service, today, open_today, deadline):
    day = date.fromisoformat(today)
    assert in_season(service, day) is open_today
    assert next_deadline(service, day) == (date.fromisoformat(deadline) if deadline else None)


def test_what_is_closed_says_when_it_opens():
    assert opens_on(HEAT, date(2026, 11, 22)) == date(2027, 7, 1)
    assert opens_on(DOCTOR, date(2026, 11, 22)) == date(2026, 12, 1)
    assert opens_on(DOCTOR, date(2027, 1, 1)) == date(2027, 6, 1)
    assert opens_on(HEAT, date(2026, 8, 1)) is None
    assert opens_on(ALWAYS, date(2026, 8, 1)) is None


def test_open_services_with_the_nearest_deadline_come_first(catalogue):
    ordered = [service.pk for service in in_season_first(services_for(), date(2026, 10, 20))]
    assert ordered[:3] == ["NAP_HEALTH_CONTRIB", "ASP_HEAT", "MDT_CHECK_PAY"]
    assert ordered[-1] == "ASP_PUPIL_AID"


def test_a_service_of_one_municipality_is_offered_there_alone(catalogue):
    Service.objects.filter(pk="PARK_CARD").update(municipality_code="PER36")
    assert services_for(municipality="PER36").filter(pk="PARK_CARD").exists()
    assert not services_for(municipality="BGS01").filter(pk="PARK_CARD").exists()
    assert not services_for().filter(pk="PARK_CARD").exists()
