"""Applying and being taken in."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts import finding
from accounts.models import Membership, User
from accounts.roles import Role
from core.errors import IllegalMove, Invalid
from notifications.models import Contact, DeskTask, Message
from notifications.states import Channel, TaskKind
from places.models import Municipality, MunicipalityRules
from tests.sizes import size
from volunteers.models import Volunteer
from volunteers.services import applications, status
from volunteers.states import VolunteerStatus


def test_an_application_makes_a_volunteer_a_contact_a_task_and_a_message(radomir, izvor, heating, apply, now):
    volunteer = apply(phone="0888 123 456", email="Ivanka@Primer.bg", says_can_help=[heating], note="Следобед.")
    kept = Volunteer.objects.get(pk=volunteer.pk)
    assert (kept.name, kept.note, kept.status) == ("Иванка Делева", "Следобед.", VolunteerStatus.APPLIED)
    assert (kept.contact.phone, kept.contact.email) == ("+359888123456", "ivanka@primer.bg")
    assert kept.says_can_help == ["BENEFITS"]
    task = DeskTask.objects.get()
    assert (task.kind, task.subject_id, task.done_at) == (TaskKind.APPLICATION, volunteer.pk, None)
    assert "Делева" not in str(task.facts)
    assert [row.channel for row in Message.objects.all()] == [Channel.SMS]


def test_names_and_notes_stand_sealed_in_the_database(apply):
    volunteer = apply(note="Имам кола")
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name, note FROM volunteers_volunteer")
        (name, note), *_ = cursor.fetchall()
    assert "Иванка" not in name and "кола" not in note
    assert volunteer.note == "Имам кола"


def test_the_municipality_s_rules_give_the_first_limits(radomir, apply):
    MunicipalityRules.objects.create(municipality=radomir, default_visits_per_week=2, default_max_leg=35)
    volunteer = apply()
    assert (volunteer.weekly_limit, volunteer.longest_leg) == (2, 35)


def test_badges_count_up_within_each_municipality(radomir, elsewhere, apply):
    assert [apply().badge, apply().badge, apply().badge] == [101, 102, 103]
    assert apply(home=elsewhere).badge == 101


def test_the_same_telephone_twice_stays_one_application(radomir, izvor, now):
    said = {"municipality": radomir, "first_name": "Иванка", "last_name": "Делева", "home": izvor}
    first = applications.apply(phone="0888 123 456", now=now, **said)
    second = applications.apply(phone="+359 888 123456", now=now + timedelta(hours=1), **said)
    assert first.new and not second.new
    assert second.volunteer == first.volunteer
    assert Volunteer.objects.count() == Contact.objects.count() == DeskTask.objects.count() == 1


@pytest.mark.parametrize("taken_in", [True, False])
def test_a_couple_may_share_a_telephone_whether_or_not_the_first_is_taken_in(apply, kamen, now, taken_in):
    first = apply(phone="0888 123 456")
    if taken_in:
        applications.approve(volunteer=first, actor=kamen.user, now=now)
    second = apply("Борис", "Делев", phone="0888 123 456")
    assert second.pk != first.pk
    assert DeskTask.objects.open().count() == (1 if taken_in else 2)
    assert apply("БОРИС", "делев", phone="0888 123 456").pk == second.pk


def test_who_left_and_waits_again_is_found_waiting(apply, kamen, now):
    first = apply(phone="0888 123 456")
    status.leave(volunteer=first, actor=kamen.user, now=now)
    apply(phone="0888 123 456")
    assert Volunteer.objects.get().status == VolunteerStatus.APPLIED
    assert apply(phone="0888 123 456").pk == first.pk and DeskTask.objects.open().count() == 1


def test_who_left_and_comes_back_keeps_the_badge(apply, kamen, drugan, now):
    first = apply(phone="0888 123 456")
    status.leave(volunteer=first, actor=kamen.user, now=now)
    back = apply(phone="0888 123 456", home=drugan, note="Пак съм тук.", now=now + timedelta(days=90))
    assert (back.pk, back.badge, back.status) == (first.pk, first.badge, VolunteerStatus.APPLIED)
    assert Volunteer.objects.get().note == "Пак съм тук."
    assert DeskTask.objects.open().count() == 1


def test_somebody_else_on_the_telephone_of_one_who_left_is_a_new_person(apply, kamen, now):
    first = apply(phone="0888 123 456")
    status.leave(volunteer=first, actor=kamen.user, now=now)
    assert apply("Гергана", "Делева", phone="0888 123 456").pk != first.pk


@pytest.mark.parametrize("field", ["first_name", "last_name", "note"])
def test_a_personal_number_is_refused_and_neither_stored_nor_logged(field, radomir, izvor, now, caplog):
    said = {"first_name": "Иванка", "last_name": "Делева", "note": ""} | {field: "аз съм 75 2316 926-3"}
    with caplog.at_level(logging.DEBUG), pytest.raises(Invalid) as refused:
        applications.apply(municipality=radomir, phone="0888123456", home=izvor, now=now, **said)
    assert (refused.value.field, refused.value.code) == (field, "forbidden_egn")
    assert "6926" not in caplog.text.replace(" ", "") and "75 2316" not in caplog.text
    assert not Volunteer.objects.exists() and not Contact.objects.exists()


def test_a_home_in_another_municipality_is_refused(radomir, elsewhere, now):
    with pytest.raises(Invalid) as refused:
        applications.apply(
            municipality=radomir, first_name="И", last_name="Д", phone="0888123456", home=elsewhere, now=now
        )
    assert refused.value.field == "home"


def test_taking_in_makes_a_way_to_sign_in_and_ends_the_task(apply, kamen, now):
    volunteer = apply(email="ivanka@primer.bg")
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    kept = Volunteer.objects.get(pk=volunteer.pk)
    assert kept.status == VolunteerStatus.TRAINING
    assert kept.user is not None and kept.user.name == "Иванка Делева" and not kept.user.has_usable_password()
    membership = Membership.objects.get(user=kept.user)
    assert (membership.role, membership.municipality_id, membership.active) == (Role.VOLUNTEER, "PER36", True)
    task = DeskTask.objects.get()
    assert (task.result, task.done_by) == ("approved", kamen.user)
    assert Channel.IN_APP in kept.contact.channels
    welcome = Message.objects.get(kind="volunteer_approved", channel=Channel.IN_APP)
    assert str(volunteer.badge) in welcome.body


def test_without_an_email_a_mobile_is_the_way_in(apply, kamen, now):
    volunteer = apply()
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    user = Volunteer.objects.get().user
    assert user is not None and user.mail == "" and not user.has_usable_password()
    (reached,) = finding.who(volunteer.contact.phone, now=now)
    assert (reached.user, reached.contact) == (user, volunteer.contact)
    assert Message.objects.filter(kind="volunteer_approved", channel=Channel.SMS).exists()


def test_a_first_email_takes_the_place_of_none(apply, kamen, now):
    volunteer = apply()
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    before = Volunteer.objects.get().user
    applications.set_contact(
        volunteer=Volunteer.objects.get(), phone="0888123456", email="ivanka@primer.bg", by=kamen.user, now=now
    )
    after = Volunteer.objects.get().user
    assert after == before and after is not None and after.mail == "ivanka@primer.bg"


def test_a_first_email_that_is_somebody_elses_is_told(apply, kamen, now):
    volunteer = apply()
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    with pytest.raises(Invalid) as refused:
        applications.set_contact(
            volunteer=Volunteer.objects.get(), phone="0888123456", email=kamen.user.email, by=kamen.user, now=now
        )
    assert refused.value.field == "email" and Volunteer.objects.get().contact.email == ""


def test_with_a_landline_alone_there_is_no_user_and_the_telephone_stays(apply, kamen, now):
    volunteer = apply(phone="077712345")
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    assert Volunteer.objects.get().user is None
    assert not Membership.objects.filter(role=Role.VOLUNTEER).exists()


def test_a_first_email_later_opens_the_way_in(apply, kamen, now):
    volunteer = apply(phone="077712345")
    applications.approve(volunteer=volunteer, actor=kamen.user, now=now)
    applications.set_contact(volunteer=volunteer, phone="0888123999", email="ivanka@primer.bg", by=kamen.user, now=now)
    kept = Volunteer.objects.get()
    assert kept.user is not None and kept.contact.phone == "+359888123999"


def test_an_email_of_an_applicant_opens_nothing_yet(apply, kamen, now):
    volunteer = apply()
    applications.set_contact(volunteer=volunteer, phone="0888123999", email="ivanka@primer.bg", by=kamen.user, now=now)
    assert list(User.objects.all()) == [kamen.user]


def test_two_volunteers_cannot_sign_in_with_one_email(apply, kamen, now):
    first, second = apply(email="doma@primer.bg"), apply("Борис", "Делев", email="doma@primer.bg")
    applications.approve(volunteer=first, actor=kamen.user, now=now)
    with pytest.raises(Invalid) as refused:
        applications.approve(volunteer=second, actor=kamen.user, now=now)
    assert refused.value.field == "email"
    assert Volunteer.objects.get(pk=second.pk).status == VolunteerStatus.APPLIED


def test_approving_twice_is_told_and_changes_nothing(apply, kamen, now):
    volunteer = apply(email="ivanka@primer.bg")
    same = Volunteer.objects.get(pk=volunteer.pk)
    applications.approve(volunteer=volunteer, actor=kamen.user, to=VolunteerStatus.ACTIVE, now=now)
    with pytest.raises(IllegalMove):
        applications.approve(volunteer=same, actor=kamen.user, now=now)
    assert Volunteer.objects.get().status == VolunteerStatus.ACTIVE


def _together(count: int, work) -> list:
    """`work(number)` in `count` threads that start at the same moment, each with a connection of its own."""
    barrier = Barrier(count)

    def one(number: int):
        try:
            barrier.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_applications_at_the_same_moment_get_different_badges(radomir, izvor, now):
    people = size(8, 32)

    def work(number: int) -> int:
        return applications.apply(
            municipality=radomir, first_name="И", last_name="Д", phone=f"08881234{number:02}", home=izvor, now=now
        ).volunteer.badge

    badges = _together(people, work)
    assert sorted(badges) == list(range(101, 101 + people))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_many_times_at_once_stays_one_application(radomir, izvor, now):
    def work(number: int) -> bool:
        return applications.apply(
            municipality=radomir, first_name="И", last_name="Д", phone="0888123456", home=izvor, now=now
        ).new

    assert sum(_together(8, work)) == 1
    assert Volunteer.objects.count() == DeskTask.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_holding_the_municipality_badges_do_meet(radomir, izvor, now, monkeypatch):
    """The control: the lock is what keeps the numbers apart, and the database would refuse the rest."""
    from django.db import IntegrityError, models

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    meet = Barrier(4)
    numbered = applications._next_badge

    def slow(municipality: Municipality) -> int:
        badge = numbered(municipality)
        meet.wait(timeout=20)
        return badge

    monkeypatch.setattr(applications, "_next_badge", slow)

    def work(number: int) -> bool:
        try:
            applications.apply(
                municipality=radomir, first_name="И", last_name="Д", phone=f"088812345{number}", home=izvor, now=now
            )
        except IntegrityError:
            return False
        return True

    assert sorted(_together(4, work)) == [False, False, False, True]
