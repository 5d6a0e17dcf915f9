"""The coordinator's pages about people."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.phones import display
from tests.accounts.entering import PASSWORD, by_code, is_in, shown, with_password
from volunteers.models import Certification, Volunteer
from volunteers.services import applications, availability, certifications, profile, status
from volunteers.states import VolunteerStatus

LIST = "/dobrovoltsi/"


@pytest.fixture
def desk(kamen, signed_in):
    return signed_in(kamen.user)


def url(volunteer: Volunteer, rest: str = "") -> str:
    return f"{LIST}{volunteer.pk}/{rest}"


@pytest.mark.parametrize("rest", ["", "chasove/", "vhod/", "kray/"])
def test_a_volunteer_of_another_municipality_is_not_found(rest, ivanka, charli, signed_in):
    assert signed_in(charli.user).get(url(ivanka, rest)).status_code == 404


def test_other_municipalities_see_an_empty_list(ivanka, charli, signed_in):
    assert "Делева" not in signed_in(charli.user).get(LIST).content.decode()


def test_volunteers_and_strangers_do_not_see_the_people(client, ivanka, boris, signed_in):
    assert client.get(LIST).status_code == 302
    volunteer = signed_in(boris.user)
    assert volunteer.get(LIST).status_code == 403
    assert volunteer.get(url(ivanka)).status_code == 403


def test_a_clerk_reads_and_does_not_manage(ivanka, alisa, heating, signed_in):
    clerk = signed_in(alisa.user)
    page = clerk.get(url(ivanka)).content.decode()
    assert "Иванка Делева" in page and "<button" not in page.partition("<main")[2]
    grant = {"do": "grant", "service_group": "BENEFITS", "valid_until": "2030-01-01"}
    assert clerk.post(url(ivanka), grant).status_code == 403
    assert clerk.get(url(ivanka, "chasove/")).status_code == 403
    assert clerk.post(url(ivanka, "kray/"), {"do": "leave"}).status_code == 403
    assert not Certification.objects.exists()


def test_the_list_narrows_by_status_group_and_place(desk, ivanka, apply, drugan, heating, kamen, now):
    apply("Нов", "Кандидатов", home=drugan)
    certifications.grant(
        volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=date(2029, 1, 1), now=now
    )

    def names(query: str) -> tuple[bool, bool]:
        page = desk.get(LIST + query).content.decode()
        return "Иванка Делева" in page, "Нов Кандидатов" in page

    assert names("") == (True, True)
    assert names("?status=applied") == (False, True)
    assert names("?settlement=23550") == (False, True)
    assert names("?group=BENEFITS") == (True, False)
    assert names("?status=nothing&group=NOTHING") == (True, True)
    assert "Никой не отговаря" in desk.get(LIST + "?status=paused").content.decode()


def test_an_applicant_is_taken_in(desk, apply):
    volunteer = apply(email="nova@primer.bg", note="Имам кола.")
    page = desk.get(url(volunteer)).content.decode()
    assert "Имам кола." in page and "Приемам за обучение" in page
    answer = desk.post(url(volunteer), {"do": "to_training"}, follow=True)
    assert "Прието. Следва обучение." in answer.content.decode()
    desk.post(url(volunteer), {"do": "activate"})
    assert Volunteer.objects.get(pk=volunteer.pk).status == VolunteerStatus.ACTIVE


def test_taking_in_with_an_email_of_another_volunteer_says_what_to_do(desk, ivanka, apply):
    volunteer = apply("Друг", "Човек", email="ivanka@primer.bg")
    page = desk.post(url(volunteer), {"do": "take_in"}).content.decode()
    assert "С този имейл влиза друг доброволец." in page
    assert Volunteer.objects.get(pk=volunteer.pk).status == VolunteerStatus.APPLIED


def test_a_certification_is_granted_renewed_and_revoked(desk, ivanka, heating):
    grant = {"do": "grant", "service_group": "BENEFITS", "valid_until": "2027-06-30"}
    page = desk.post(url(ivanka), grant, follow=True).content.decode()
    assert "Удостоверихме." in page and "30.06.2027\u00a0г." in page and "Kamen" in page
    row = Certification.objects.get()
    desk.post(url(ivanka), {"do": "renew", "certification": row.pk, "valid_until": "2028-06-30"})
    row = Certification.objects.get(revoked_at=None)
    assert row.valid_until == date(2028, 6, 30)
    desk.post(url(ivanka), {"do": "revoke", "certification": row.pk})
    assert not Certification.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("until", ["", "2020-01-01", "2090-01-01", "утре"])
def test_a_certification_with_a_wrong_end_is_explained(until, desk, ivanka, heating):
    page = desk.post(url(ivanka), {"do": "grant", "service_group": "BENEFITS", "valid_until": until}).content.decode()
    assert "<title>Грешка:" in page and 'href="#grant-valid_until"' in page
    assert f'value="{until}"' in page or not until
    assert not Certification.objects.exists()


def test_renewing_without_a_day_says_so_beside_the_row(desk, ivanka, heating, kamen, now):
    row = certifications.grant(
        volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=date(2027, 1, 1), now=now
    )
    page = desk.post(url(ivanka), {"do": "renew", "certification": row.pk, "valid_until": ""}).content.decode()
    assert f'href="#until-{row.pk}"' in page and f'id="until-{row.pk}"' in page


def test_a_certification_of_somebody_else_is_not_found_here(desk, ivanka, boris, heating, kamen, now):
    row = certifications.grant(
        volunteer=boris, service_group=heating, granted_by=kamen.user, valid_until=date(2029, 1, 1), now=now
    )
    assert desk.post(url(ivanka), {"do": "revoke", "certification": row.pk}).status_code == 404
    assert Certification.objects.get().revoked_at is None


def test_the_end_is_confirmed_first(desk, ivanka):
    page = desk.get(url(ivanka, "kray/")).content.decode()
    assert "Приключва ли Иванка Делева?" in page
    assert Volunteer.objects.get(pk=ivanka.pk).status == VolunteerStatus.ACTIVE
    page = desk.post(url(ivanka, "kray/"), {"do": "leave"}, follow=True).content.decode()
    assert Volunteer.objects.get(pk=ivanka.pk).status == VolunteerStatus.LEFT
    assert "За ново участие се кандидатства отново." in page


def test_hours_said_on_the_phone_are_shown_to_the_desk(desk, ivanka):
    hours = {"do": "hours", "weekdays": ["4"], "start": "10:00", "end": "13:00"}
    page = desk.post(url(ivanka, "chasove/"), hours, follow=True).content.decode()
    assert "петък, <strong>10:00–13:00\u00a0ч.</strong>" in page
    assert "10:00–13:00\u00a0ч." in desk.get(url(ivanka)).content.decode()


def test_partners_are_preferred_and_forgotten(desk, ivanka, boris, apply, elsewhere):
    stranger = apply("Чужд", "Човек", home=elsewhere)
    assert "Чужд" not in desk.get(url(ivanka)).content.decode()
    desk.post(url(ivanka), {"do": "prefer", "partner": stranger.pk})
    assert not ivanka.preferred_partners.exists()
    desk.post(url(ivanka), {"do": "prefer", "partner": boris.pk})
    assert list(ivanka.preferred_partners.all()) == [boris]
    desk.post(url(ivanka), {"do": "forget", "partner": boris.pk})
    assert not ivanka.preferred_partners.exists()


def test_a_shared_telephone_is_pointed_out(desk, ivanka, apply):
    other = apply("Борис", "Делев", phone=ivanka.contact.phone)
    page = desk.get(url(other)).content.decode()
    assert "Същият телефон" in page and "Иванка Делева, №\u00a0101" in page.replace("&nbsp;", "\u00a0")


def test_the_desk_sees_who_else_comes_in_by_this_telephone(desk, ivanka, apply, kamen, now):
    page = desk.get(url(ivanka, "vhod/")).content.decode()
    assert "Телефонът е общ" not in page
    other = apply("Борис", "Делев", phone=ivanka.contact.phone)
    assert "Телефонът е общ" not in desk.get(url(ivanka, "vhod/")).content.decode()  # nobody has taken him in yet
    applications.approve(volunteer=other, actor=kamen.user, now=now)
    page = desk.get(url(ivanka, "vhod/")).content.decode()
    assert "Телефонът е общ" in page and f'href="{url(other)}">Борис Делев</a>' in page
    status.leave(volunteer=other, actor=kamen.user, now=now)
    assert "Телефонът е общ" not in desk.get(url(ivanka, "vhod/")).content.decode()


def test_telephone_and_email_are_changed(desk, apply, kamen, now):
    volunteer = applications.approve(volunteer=apply(), actor=kamen.user, now=now)
    page = desk.post(url(volunteer, "vhod/"), {"do": "contact", "phone": "нямам", "email": ""}).content.decode()
    assert 'value="нямам"' in page and "<title>Грешка:" in page
    desk.post(url(volunteer, "vhod/"), {"do": "contact", "phone": "0777 82 490", "email": "Nova@primer.bg"})
    kept = Volunteer.objects.get(pk=volunteer.pk)
    assert (kept.contact.phone, kept.contact.email) == ("+35977782490", "nova@primer.bg")
    assert kept.user is not None
    as_written = display(kept.contact.phone)
    assert as_written.startswith("0") and f'value="{as_written}"' in desk.get(url(volunteer, "vhod/")).content.decode()
    desk.post(url(volunteer, "vhod/"), {"do": "contact", "phone": as_written, "email": "nova@primer.bg"})
    assert Volunteer.objects.get(pk=volunteer.pk).contact.phone == "+35977782490"


def test_one_volunteer_s_page_takes_as_many_queries_with_much_as_with_little(
    desk, ivanka, boris, apply, heating, health, kamen, now
):
    def shown() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url(ivanka)).status_code == 200
        return len(queries)

    certifications.grant(
        volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=date(2029, 1, 1), now=now
    )
    profile.prefer_partner(volunteer=ivanka, partner=boris, now=now)
    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(10))], now=now)
    shown()
    before = shown()
    certifications.grant(
        volunteer=ivanka, service_group=health, granted_by=kamen.user, valid_until=date(2029, 1, 1), now=now
    )
    for number in range(5):
        another = applications.approve(volunteer=apply(f"Име{number}", "Ново"), actor=kamen.user, now=now)
        profile.prefer_partner(volunteer=ivanka, partner=another, now=now)
    spans = [(day, time(hour), time(hour + 1)) for day in range(7) for hour in (8, 10, 12)]
    availability.set_weekly_hours(volunteer=ivanka, spans=spans, now=now)
    assert shown() == before


def test_a_new_email_of_one_who_signs_in_is_for_messages_and_moves_no_way_in(desk, ivanka):
    desk.post(url(ivanka, "vhod/"), {"do": "contact", "phone": "0888123456", "email": "nova@primer.bg"})
    kept = Volunteer.objects.get(pk=ivanka.pk)
    assert kept.contact.email == "nova@primer.bg"
    assert kept.user is not None and kept.user.email == "ivanka@primer.bg"
    assert "влиза с ivanka@primer.bg" in desk.get(url(ivanka)).content.decode()
    assert "Входът остава с ivanka@primer.bg." in desk.get(url(ivanka, "vhod/")).content.decode()


def test_a_lost_telephone_is_signed_out_by_the_desk(desk, ivanka):
    telephone, page = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/128.0"), url(ivanka, "vhod/")
    assert "Сега никъде не е в системата." in desk.get(page).content.decode()
    by_code(ivanka.contact.phone, telephone)
    assert is_in(telephone)
    assert "Chrome, Android" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "sign_out"})["Location"] == url(ivanka)
    assert not is_in(telephone) and desk.get(url(ivanka)).status_code == 200
    assert is_in(by_code(ivanka.contact.phone))


def test_how_somebody_signs_in_is_not_changed_by_whoever_finds_the_desk_open(desk, kamen, ivanka, settings):
    settings.ASK_AGAIN = True
    cache.clear()
    with_password(kamen.user)
    desk.force_login(kamen.user)
    shown(desk, kamen.user, ago=3600)
    page, before = url(ivanka, "vhod/"), ivanka.contact.phone
    for said in ({"do": "contact", "phone": "0888999888", "email": ""}, {"do": "sign_out"}):
        assert desk.post(page, said)["Location"].startswith(reverse("accounts:confirm"))
    assert Volunteer.objects.get(pk=ivanka.pk).contact.phone == before
    answer = desk.get(page)["Location"]
    assert desk.post(answer, {"password": PASSWORD})["Location"] == page
    assert desk.get(page).status_code == 200
