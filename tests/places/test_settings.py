from datetime import date, time

import pytest
from django.utils import translation

from core.errors import Invalid
from places import services
from places.forms import CoverageForm, DeskForm, HelpPointForm, LocalHolidayForm, RulesForm
from places.models import Coverage, HelpPoint, Municipality, Settlement
from places.selectors import coverage_of, help_points_of, open_on, rules_of
from places.services import Hours

MORNING, AFTERNOON = Hours(0, time(8, 30), time(12)), Hours(0, time(13), time(17))


@pytest.fixture
def izvor(radomir):
    return Settlement.objects.get(name_bg="Извор")


def kmetstvo(radomir, izvor, **changes):
    values = {"kind": "kmetstvo", "name_bg": "Кметство Извор", "hours": [AFTERNOON, MORNING]} | changes
    return services.save_help_point(municipality=radomir, settlement=izvor, **values)


def test_a_help_point_opens_with_its_hours(radomir, izvor):
    point = kmetstvo(radomir, izvor)
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert open_on(point, monday) == [(time(8, 30), time(12)), (time(13), time(17))]
    assert open_on(point, tuesday) == []


def test_changing_a_help_point_replaces_its_hours(radomir, izvor):
    point = kmetstvo(radomir, izvor)
    kmetstvo(radomir, izvor, help_point_id=point.pk, hours=[Hours(4, time(9), time(10))])
    assert list(point.opening_hours.values_list("weekday", flat=True)) == [4]


@pytest.mark.parametrize("hours", [[Hours(0, time(12), time(9))], [MORNING, Hours(0, time(11, 59), time(14))]])
def test_hours_that_overlap_or_run_backwards_are_refused(radomir, izvor, hours):
    with pytest.raises(Invalid):
        kmetstvo(radomir, izvor, hours=hours)
    assert not HelpPoint.objects.exists()


def test_the_same_point_stands_once_in_a_village_until_it_is_closed(radomir, izvor):
    first = kmetstvo(radomir, izvor)
    with pytest.raises(Invalid, match="вече има"):
        kmetstvo(radomir, izvor)
    services.close_help_point(municipality=radomir, help_point_id=first.pk)
    second = kmetstvo(radomir, izvor)
    assert list(help_points_of(radomir)) == [second]


def test_another_municipality_reaches_neither_our_points_nor_our_villages(radomir, izvor):
    other = Municipality.objects.create(code="PER32", name_bg="Перник")
    point = kmetstvo(radomir, izvor)
    with pytest.raises(HelpPoint.DoesNotExist):
        services.close_help_point(municipality=other, help_point_id=point.pk)
    with pytest.raises(HelpPoint.DoesNotExist):
        village = Settlement.objects.create(ekatte="55871", name_bg="Перник", kind="town", municipality=other)
        kmetstvo(other, village, help_point_id=point.pk)
    with pytest.raises(Invalid, match="вашата община"):
        kmetstvo(other, izvor)


def test_help_points_take_the_same_queries_for_one_and_for_many(radomir, django_assert_num_queries):
    for number, village in enumerate(Settlement.objects.of(radomir)):
        kmetstvo(radomir, village)
        if number in (0, 31):
            with django_assert_num_queries(2):
                assert [(p.settlement.name, len(p.opening_hours.all())) for p in help_points_of(radomir)]


def test_a_coverage_note_is_written_and_written_over(radomir, izvor):
    assert coverage_of(izvor).signal == "unknown"
    services.set_coverage(settlement=izvor, signal="weak", checked_on=date(2026, 11, 1), landline=True)
    services.set_coverage(settlement=izvor, signal="good", checked_on=date(2026, 11, 2))
    note = Coverage.objects.get()
    assert (note.signal, note.landline, note.municipality) == ("good", None, radomir)


def test_a_personal_number_in_a_note_is_refused(radomir, izvor):
    with pytest.raises(Invalid, match="ЕГН"):
        services.set_coverage(settlement=izvor, signal="good", checked_on=None, note="ключът е у 6101057509")
    assert not Coverage.objects.exists()


def test_a_municipality_is_opened_with_its_desk(db):
    with pytest.raises(Invalid, match="име"):
        services.open_municipality(code="PER36")
    services.open_municipality(code="PER36", name_bg="Радомир", phone="+35977712345")
    services.open_municipality(code="PER36", office_hours_bg="Всеки делник")
    municipality = Municipality.objects.active().get()
    assert (municipality.name_en, municipality.phone) == ("Radomir", "+35977712345")


def test_names_follow_the_language_of_the_page(izvor):
    assert (izvor.name, izvor.prefixed_name) == ("Извор", "с.\u00a0Извор")
    assert Settlement(name_bg="Рилски манастир", kind="monastery").prefixed_name == "Рилски манастир"
    with translation.override("en"):
        assert izvor.name == "Izvor"


def test_the_help_point_form_reads_hours_as_people_write_them(radomir, izvor):
    typed = {
        "kind": "library",
        "settlement": izvor.pk,
        "name_bg": "Библиотека",
        "hours_0": "13-17; 8:30 – 12:00",
    }
    form = HelpPointForm(typed, municipality=radomir)
    assert form.is_valid(), form.errors
    point = form.save()
    assert open_on(point, date(2026, 11, 23)) == [(time(8, 30), time(12)), (time(13), time(17))]
    again = HelpPointForm(instance=point, municipality=radomir)
    assert again["hours_0"].value() == "8:30–12:00, 13:00–17:00"
    assert 'value="8:30–12:00, 13:00–17:00"' in str(again["hours_0"])


@pytest.mark.parametrize("hours", ["от осем", "25:00–26:00", "12:00–9:00", "9–25", "8:00–12:00, 11:00–13:00"])
def test_hours_that_cannot_be_read_are_shown_an_example(radomir, izvor, hours):
    typed = {"kind": "library", "settlement": izvor.pk, "name_bg": "Библиотека", "hours_2": hours}
    form = HelpPointForm(typed, municipality=radomir)
    assert list(form.errors) == ["hours_2"]


def test_the_form_offers_only_the_villages_of_its_own_municipality(radomir):
    other = Municipality.objects.create(code="PER32", name_bg="Перник")
    Settlement.objects.create(ekatte="55871", name_bg="Перник", kind="town", municipality=other)
    assert HelpPointForm(municipality=radomir).fields["settlement"].queryset.count() == 32


def test_the_form_names_a_point_that_stands_there_already(radomir, izvor):
    kmetstvo(radomir, izvor)
    typed = {"kind": "kmetstvo", "settlement": izvor.pk, "name_bg": "Кметство Извор"}
    assert not HelpPointForm(typed, municipality=radomir).is_valid()


def test_the_other_forms_write_through_the_services(radomir, izvor):
    rules = RulesForm(municipality=radomir)
    typed = {name: rules[name].value() for name in rules.fields} | {"offer_hours": 6}
    form = RulesForm({k: v for k, v in typed.items() if v is not False}, municipality=radomir)
    assert form.is_valid(), form.errors
    form.save()
    assert rules_of(radomir).offer_hours == 6 and rules_of(radomir).first_visit_by_two

    desk = DeskForm({"phone": "0777 12 345", "office_hours_bg": "Всеки делник"}, instance=radomir)
    assert desk.is_valid(), desk.errors
    assert desk.save().phone == "+35977712345"

    day = LocalHolidayForm({"date": "2026-11-26", "name_bg": "Празник"}, municipality=radomir)
    assert day.is_valid() and day.save().municipality == radomir
    assert not LocalHolidayForm({"date": "2026-11-26", "name_bg": "Празник"}, municipality=radomir).is_valid()

    note = CoverageForm({"signal": "weak", "landline": "true"}, settlement=izvor)
    assert note.is_valid(), note.errors
    assert note.save().landline is True
