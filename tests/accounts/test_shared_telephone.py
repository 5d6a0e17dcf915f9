"""Several volunteers with one telephone: the code belongs to the number, and whoever has it says who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Device, Knock, Membership, User
from accounts.roles import Role
from accounts.services import knocks, members
from accounts.states import KnockKind
from notifications.models import Message
from tests import factories as make
from tests.accounts.entering import (
    ASK,
    CONFIRM,
    app_code,
    by_code,
    in_earnest,
    is_in,
    sent_code,
    with_app,
    with_password,
)
from tests.proofs.spine.hands import race
from volunteers.models import Volunteer
from volunteers.services import status

pytestmark = pytest.mark.django_db
CHOOSE = "account_choose_person"


@pytest.fixture(autouse=True)
def _telephones(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "SMS_TO_FILES")


def with_the_telephone_of(other: Volunteer, volunteer: Volunteer, *, mail: bool = True) -> Volunteer:
    contact = volunteer.contact
    contact.phone, contact.phone_hash = other.contact.phone, other.contact.phone_hash
    contact.save()
    if not mail and volunteer.user:
        User.objects.filter(pk=volunteer.user.pk).update(email=members.name_without_mail(volunteer.pk))
        volunteer.user.refresh_from_db()
    return volunteer


@pytest.fixture
def petar() -> Volunteer:
    return make.volunteer("Петър", "Стоянов")


@pytest.fixture
def mara(petar: Volunteer) -> Volunteer:
    """Of the same house: no e-mail."""
    return with_the_telephone_of(petar, make.volunteer("Мара", "Стоянова"), mail=False)


def who(volunteer: Volunteer) -> str:
    return str(volunteer.user_id)


def at_the_choice(typed: str) -> Client:
    """Somebody who typed the right code."""
    client = by_code(typed)
    assert not is_in(client)
    return client


def choice(client: Client, person: str, **more: str) -> Client:
    client.post(reverse(CHOOSE), {"person": person, **more})
    return client


def test_each_of_two_comes_in_as_themselves_also_who_has_no_e_mail(petar: Volunteer, mara: Volunteer) -> None:
    for one in (mara, petar):
        client = choice(at_the_choice(petar.contact.phone), who(one))
        assert is_in(client) and client.session["_auth_user_id"] == who(one)
        assert client.get(reverse("requests:my_today")).status_code == 200
    assert Device.objects.filter(user=mara.user).count() == Device.objects.filter(user=petar.user).count() == 1


def test_the_page_names_those_of_the_telephone_by_first_name_and_badge_and_nobody_else(
    petar: Volunteer, mara: Volunteer
) -> None:
    make.volunteer("Друг", "Човек")
    page = at_the_choice(petar.contact.phone).get(reverse(CHOOSE)).content.decode()
    assert (
        f"Петър С., Радомир №\N{NO-BREAK SPACE}{petar.badge}" in page
        and f"Мара С., Радомир №\N{NO-BREAK SPACE}{mara.badge}" in page
    )
    assert petar.user is not None
    for unsaid in ("Друг", "Стоянов", petar.contact.phone, petar.user.email):
        assert unsaid not in page, unsaid


def test_before_the_right_code_nothing_is_told(petar: Volunteer, mara: Volunteer) -> None:
    client = Client()
    client.post(reverse(ASK), {"typed": petar.contact.phone})
    code = sent_code()
    for said in ({}, {"code": f"{(int(code) + 1) % 10**6:06d}"}):
        page = client.post(reverse(CONFIRM), said).content.decode()
        assert "Петър" not in page and "Мара" not in page
    assert client.get(reverse(CHOOSE)).headers["Location"] == reverse(ASK)
    choice(client, who(mara))
    assert not is_in(client)
    row = Knock.objects.get()
    assert knocks.to_choose(pk=row.pk, now=timezone.now()) == []
    assert knocks.choose(pk=row.pk, who=who(mara), now=timezone.now()) is None


@pytest.mark.parametrize("stranger", ["another volunteer", "a clerk", "who works at a desk", "who left", "nobody"])
def test_nobody_is_chosen_whose_telephone_it_is_not(petar: Volunteer, mara: Volunteer, stranger: str) -> None:
    third = with_the_telephone_of(petar, make.volunteer("Дора"))
    if stranger == "who left":
        status.leave(volunteer=third, actor=make.user(Role.COORDINATOR), now=timezone.now())
    if stranger == "who works at a desk":
        Membership.objects.create(user=third.user, municipality=third.municipality, role=Role.CLERK)
    keys = {
        "another volunteer": str(make.volunteer("Друг").user_id), "a clerk": str(make.user(Role.CLERK).pk),
        "nobody": "\x00'] or 1", "who left": who(third), "who works at a desk": who(third),
    }  # fmt: skip
    client = choice(at_the_choice(petar.contact.phone), keys[stranger])
    assert not is_in(client)
    assert is_in(choice(client, who(mara)))  # the control


def test_one_code_brings_one_person_in(petar: Volunteer, mara: Volunteer) -> None:
    client = at_the_choice(petar.contact.phone)
    other = Client()
    other.cookies = client.cookies.copy()
    assert is_in(choice(client, who(mara)))
    assert not is_in(choice(other, who(petar)))
    row = Knock.objects.get()
    assert (row.user_id, row.phone_hash) == (mara.user_id, "")
    assert knocks.choose(pk=row.pk, who=who(petar), now=timezone.now()) is None


def test_whoever_planted_the_name_of_the_session_does_not_choose(petar: Volunteer, mara: Volunteer) -> None:
    client = Client()
    client.post(reverse(ASK), {"typed": petar.contact.phone})
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post(reverse(CONFIRM), {"code": sent_code()})
    assert thief.get(reverse(CHOOSE)).headers["Location"] == reverse(ASK)
    assert not is_in(choice(thief, who(mara))) and is_in(choice(client, who(mara)))


def test_after_ten_minutes_nobody_is_chosen(petar: Volunteer, mara: Volunteer) -> None:
    client, row = at_the_choice(petar.contact.phone), Knock.objects.get()
    late = row.expires_at + timedelta(seconds=1)
    assert knocks.choose(pk=row.pk, who=who(mara), now=late) is None
    knocks.answer_all(now=late)
    row.refresh_from_db()
    assert (row.phone_hash, row.code_hash, row.user_id) == ("", "", None)
    assert client.get(reverse(CHOOSE)).headers["Location"] == reverse(ASK)


def test_the_code_goes_to_the_number_and_to_nobody_s_e_mail(petar: Volunteer, mara: Volunteer, settings: Any) -> None:
    client = at_the_choice(petar.contact.phone)
    (row,) = Message.objects.filter(kind="sign_in_code")
    assert (row.channel, row.recipient) == ("sms", petar.contact.phone)
    assert Knock.objects.get().user_id is None and client.get(reverse(CHOOSE)).status_code == 200
    # Where no SMS leaves the house a letter to one of them would be a key to the other.
    Message.objects.all().delete()
    settings.SMS_TO_FILES = False
    Client().post(reverse(ASK), {"typed": petar.contact.phone})
    assert sent_code() == "" and not Message.objects.filter(kind="sign_in_code").exists()


def test_a_shared_number_gets_eight_codes_an_hour_and_one_s_e_mail_its_own(petar: Volunteer, mara: Volunteer) -> None:
    assert petar.user is not None
    for _number in range(12):
        knocks.knock(kind=KnockKind.CODE, typed=petar.contact.phone, language="bg", now=timezone.now())
    sent_code()
    assert Message.objects.filter(kind="sign_in_code").count() == knocks.OF_ACCOUNT.most
    assert is_in(by_code(petar.user.email))


def test_somebody_with_two_towns_is_one_person(petar: Volunteer) -> None:
    """The same account helps in two municipalities, under the same number: there is nobody to choose from."""
    there = make.municipality("PER32", "Перник")
    again = with_the_telephone_of(petar, make.volunteer("Петър", "Стоянов", of=there, home="Перник", signs_in=False))
    Membership.objects.create(user=petar.user, municipality=there, role=Role.VOLUNTEER)
    Volunteer.objects.filter(pk=again.pk).update(user=petar.user)
    assert by_code(petar.contact.phone).session["_auth_user_id"] == who(petar)


def test_an_e_mail_is_one_s_own_and_asks_nothing(petar: Volunteer, mara: Volunteer) -> None:
    assert petar.user is not None
    client = by_code(petar.user.email)
    assert is_in(client) and client.session["_auth_user_id"] == who(petar)


def test_a_second_factor_keeps_the_other_out(petar: Volunteer, mara: Volunteer) -> None:
    assert petar.user is not None
    with_app(with_password(petar.user))
    client = choice(at_the_choice(petar.contact.phone), who(petar))
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert is_in(client)


def test_the_devices_of_one_end_without_the_other_s(petar: Volunteer, mara: Volunteer) -> None:
    his, hers = (choice(at_the_choice(petar.contact.phone), who(one)) for one in (petar, mara))
    assert mara.user is not None
    members.end_sessions(user=mara.user)
    assert (is_in(his), is_in(hers)) == (True, False)


def test_who_remains_alone_on_the_telephone_is_not_asked(petar: Volunteer, mara: Volunteer) -> None:
    """Also when the other left after the code was sent."""
    client = Client()
    client.post(reverse(ASK), {"typed": petar.contact.phone})
    code = sent_code()
    status.leave(volunteer=petar, actor=make.user(Role.COORDINATOR), now=timezone.now())
    client.post(reverse(CONFIRM), {"code": code})
    assert client.session["_auth_user_id"] == who(mara)
    assert by_code(mara.contact.phone).session["_auth_user_id"] == who(mara)


def test_whoever_was_on_the_way_somewhere_arrives_there(petar: Volunteer, mara: Volunteer) -> None:
    client, there = Client(), reverse("requests:my_week")
    asked = client.post(reverse(ASK), {"typed": petar.contact.phone, "next": there})
    chosen = client.post(asked.headers["Location"], {"code": sent_code(), "next": there})
    assert f'name="next" value="{there}"' in client.get(chosen.headers["Location"]).content.decode()
    answer = client.post(chosen.headers["Location"], {"person": who(mara), "next": there})
    assert answer.headers["Location"] == there


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_choices_at_the_same_moment_bring_one_in(petar: Volunteer, mara: Volunteer) -> None:
    at_the_choice(petar.contact.phone)
    row, now = Knock.objects.get(), timezone.now()
    answers = race([lambda one=one: knocks.choose(pk=row.pk, who=who(one), now=now) for one in (petar, mara)])
    assert [answer is None for answer in answers].count(True) == 1
    assert Knock.objects.get().user in answers
