"""A volunteer's visits as entries: stable names, a number that grows with each change, no person in it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from requests.models import CalendarFeed, Visit
from requests.selectors import calendars as selectors
from requests.services import calendars, changes, residents, visit_changes, visits
from requests.services.actors import RESIDENT
from tests import factories as make
from tests.factories import NOW
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

pytestmark = pytest.mark.django_db
PERSONAL = ("Мария", "Петрова", "чешмата", "порта", "люляк", "88855", "Иванка", "Делева")


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


@pytest.fixture
def visit(ivanka: Volunteer) -> Visit:
    return make.visit(make.help_request(make.resident(phone="0888 555 555")), ivanka)


def whole(volunteer: Volunteer, after: timedelta = timedelta()) -> str:
    return selectors.whole(volunteer, NOW + after).replace("\r\n ", "")


def said(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}(?:;[^:\r\n]*)?:(.*)\r$", text.partition("END:VTIMEZONE")[2], re.M)


def test_the_service_and_the_village_and_nobody(ivanka: Volunteer, visit: Visit) -> None:
    text = whole(ivanka)
    assert said(text, "SUMMARY") == ["Помощ за отопление\\, с.\u00a0Извор"]
    assert said(text, "DTSTART") == ["20261007T110000"] and said(text, "STATUS") == ["CONFIRMED"]
    assert [word for word in PERSONAL if word in text] == [] and str(visit.help_request_id) not in text


def test_in_the_volunteer_s_language(ivanka: Volunteer, visit: Visit) -> None:
    ivanka.contact.language = "en"
    ivanka.contact.save()
    assert said(whole(ivanka), "SUMMARY")[0].startswith("Heating benefit\\,")


def test_the_name_stays_and_the_number_grows_with_every_change(ivanka: Volunteer, visit: Visit) -> None:
    seen = [(said(whole(ivanka), "UID"), int(said(whole(ivanka), "SEQUENCE")[0]))]

    def look() -> None:
        text = whole(ivanka)
        seen.append((said(text, "UID"), int(said(text, "SEQUENCE")[0])))

    visit_changes.move(visit_id=visit.pk, start=visit.start + timedelta(hours=1), actor=RESIDENT, now=NOW)
    assert said(whole(ivanka), "DTSTART") == ["20261007T120000"]
    look()
    other = make.service("NSSI_PENSION", name_bg="Пенсия")
    changes.correct(help_request=visit.help_request, changes={"service": other}, actor=RESIDENT, now=NOW)
    assert said(whole(ivanka), "SUMMARY")[0].startswith("Пенсия\\,")
    look()
    resident = visit.help_request.resident
    person = residents.Person("Мария", "Петрова", make.village("Дрен"), "0888 555 555")
    residents.correct(resident=resident, person=person, now=NOW)
    assert said(whole(ivanka), "LOCATION") == ["с.\u00a0Дрен"]
    look()
    visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=NOW)
    assert said(whole(ivanka), "STATUS") == ["CANCELLED"]
    look()
    assert len({tuple(names) for names, _number in seen}) == 1
    numbers = [number for _names, number in seen]
    assert numbers == sorted(set(numbers))


def test_a_note_that_calendars_do_not_show_changes_nothing(ivanka: Volunteer, visit: Visit) -> None:
    before = whole(ivanka)
    changes.correct(help_request=visit.help_request, changes={"note": "Кучето"}, actor=RESIDENT, now=NOW)
    assert whole(ivanka) == before


def test_who_gives_back_and_takes_again_has_another_entry(ivanka: Volunteer, visit: Visit) -> None:
    visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=NOW)
    visit.help_request.refresh_from_db()
    make.visit(visit.help_request, ivanka, start=visit.start)
    text = whole(ivanka)
    assert sorted(said(text, "STATUS")) == ["CANCELLED", "CONFIRMED"] and len(set(said(text, "UID"))) == 2


def test_what_fell_through_is_shown_for_some_weeks(ivanka: Volunteer, visit: Visit) -> None:
    changes.withdraw(help_request=visit.help_request, actor=RESIDENT, now=NOW)
    assert said(whole(ivanka, timedelta(weeks=5)), "STATUS") == ["CANCELLED"]
    assert said(whole(ivanka, timedelta(weeks=7)), "STATUS") == []


def test_what_is_long_past_is_left_out(ivanka: Volunteer, visit: Visit) -> None:
    assert said(whole(ivanka, timedelta(days=30)), "UID") and not said(whole(ivanka, timedelta(days=70)), "UID")


def test_a_done_visit_stays(ivanka: Volunteer, visit: Visit) -> None:
    at = visit.start
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(ivanka), now=at)
    visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=9, actor=make.by_volunteer(ivanka), now=at)
    assert said(whole(ivanka), "STATUS") == ["CONFIRMED"]


def test_help_by_phone_names_no_place(ivanka: Volunteer) -> None:
    make.visit(make.help_request(mode="PHONE_HELP"), ivanka)
    text = whole(ivanka)
    assert said(text, "SUMMARY") == ["Помощ за отопление\\, по телефона"] and said(text, "LOCATION") == []


def test_only_one_s_own(ivanka: Volunteer, visit: Visit) -> None:
    assert said(whole(make.volunteer("Пенка", "Ангелова")), "UID") == []


def test_as_many_queries_for_one_visit_as_for_many(ivanka: Volunteer, django_assert_num_queries: Any) -> None:
    for day in range(3, 8):
        make.visit(make.help_request(), ivanka, start=NOW + timedelta(days=day, hours=2))
    fresh = Volunteer.objects.select_related("contact").get(pk=ivanka.pk)
    with django_assert_num_queries(1):
        assert len(said(whole(fresh), "UID")) == 5


def test_only_a_hash_of_the_link_is_kept_and_a_new_one_ends_the_old(ivanka: Volunteer) -> None:
    first = calendars.renew(volunteer=ivanka, now=NOW)
    assert first not in str(CalendarFeed.objects.values().get()) and len(first) >= 43
    assert selectors.feed_by_token(first, NOW)
    second = calendars.renew(volunteer=ivanka, now=NOW)
    assert selectors.feed_by_token(first, NOW) is None and selectors.feed_by_token(second, NOW)
    calendars.stop(volunteer=ivanka)
    assert selectors.feed_by_token(second, NOW) is None and not CalendarFeed.objects.exists()


def test_who_left_has_no_feed_any_more(ivanka: Volunteer) -> None:
    secret = calendars.renew(volunteer=ivanka, now=NOW)
    Volunteer.objects.filter(pk=ivanka.pk).update(status=VolunteerStatus.LEFT)
    assert selectors.feed_by_token(secret, NOW) is None


def test_when_it_was_fetched_is_noted_now_and_then(ivanka: Volunteer) -> None:
    calendars.renew(volunteer=ivanka, now=NOW)
    feed = CalendarFeed.objects.get()
    for minutes, noted in ((0, 0), (5, 0), (30, 30)):
        calendars.fetched(feed, now=NOW + timedelta(minutes=minutes))
        feed.refresh_from_db()
        assert feed.fetched_at == NOW + timedelta(minutes=noted)
