"""Who gave whom which role or token, changed and took it, stands in the journal of that municipality, in keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import founding, invitations, members, tokens
from core.errors import NotAllowed
from requests.models import JournalEntry
from tests import factories as make
from volunteers.services import applications, status
from volunteers.states import VolunteerStatus

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PASSWORD = "три зелени чушки"


def told(user: User) -> list[tuple[str, str, str, dict[str, object]]]:
    """Where, what, by whom and how."""
    rows = JournalEntry.objects.filter(subject_type="sign_in", subject_id=user.pk).order_by("pk")
    return [(row.municipality_id, row.verb, row.actor, row.facts) for row in rows]


@pytest.fixture
def ana() -> Membership:
    return make.member(Role.ADMINISTRATOR)


def test_a_role_that_is_given_changed_narrowed_and_taken(ana: Membership) -> None:
    town, by = ana.municipality, f"user:{ana.user_id}"
    _row, secret = invitations.invite(
        municipality=town, role=Role.COORDINATOR, email="nova@radomir.bg", name="Нова", invited_by=ana.user, now=NOW
    )
    nova = invitations.accept_invitation(secret=secret, password=PASSWORD, now=NOW)
    clerk = members.change_role(membership=nova, role=Role.CLERK, actor=ana.user, now=NOW)
    izvor = make.village("Извор")
    members.narrow(membership=clerk, settlements=[izvor], actor=ana.user, now=NOW)
    members.remove_member(membership=clerk, actor=ana.user, now=NOW)
    assert told(nova.user) == [
        (town.pk, "role_given", by, {"role": "coordinator"}),
        (town.pk, "role_changed", by, {"role": "clerk", "before": "coordinator"}),
        (town.pk, "role_narrowed", by, {"places": izvor.pk}),
        (town.pk, "role_taken", by, {"role": "clerk"}),
    ]
    assert "nova@radomir.bg" not in str(list(JournalEntry.objects.values()))


def test_the_first_administrator_is_given_by_the_operator() -> None:
    make.municipality()
    founding.found(code="PER36", email="parva@radomir.bg", name="Първа", password=PASSWORD, now=NOW)
    assert told(User.objects.get(email="parva@radomir.bg")) == [
        ("PER36", "role_given", "operator", {"role": "administrator"})
    ]


def test_what_was_so_already_is_not_told_again(ana: Membership) -> None:
    again = members.add_member(
        municipality=ana.municipality, role=ana.role, email=ana.user.email, name="Ана", by=None, now=NOW
    )
    members.change_role(membership=again, role=ana.role, actor=make.member(Role.ADMINISTRATOR).user, now=NOW)
    assert told(ana.user) == []


def test_a_change_that_is_refused_is_not_told(ana: Membership) -> None:
    kamen = make.member(Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        members.remove_member(membership=ana, actor=kamen.user, now=NOW)
    assert told(ana.user) == []


def test_a_volunteer_taken_in_by_the_desk_and_gone_again() -> None:
    desk = make.member(Role.COORDINATOR)
    volunteer = make.volunteer()
    assert volunteer.user is not None
    assert told(volunteer.user) == []  # the test's own volunteer was never an applicant
    volunteer.status, by = VolunteerStatus.APPLIED, f"user:{desk.user_id}"
    volunteer.save()
    Membership.objects.filter(user=volunteer.user).update(active=False)
    applications.approve(volunteer=volunteer, actor=desk.user, now=NOW)
    volunteer.refresh_from_db()
    status.leave(volunteer=volunteer, actor=desk.user, now=NOW)
    assert [(verb, who) for _where, verb, who, _facts in told(volunteer.user)] == [
        ("role_given", by), ("role_taken", by),
    ]  # fmt: skip


def test_a_token_for_a_program_and_its_end_without_the_name_it_was_given(ana: Membership) -> None:
    token, _secret = tokens.create_token(
        membership=ana, label="Таблото на Ана", scopes=["places.read"], expires_at=NOW + timedelta(days=3), now=NOW
    )
    for _twice in range(2):
        tokens.revoke_token(token=token, actor=ana.user, now=NOW)
    facts = {"token": str(token.pk), "scopes": "places.read"}
    by = f"user:{ana.user_id}"
    assert told(ana.user) == [("PER36", "token_made", by, facts), ("PER36", "token_revoked", by, facts)]
    assert "Таблото" not in str(list(JournalEntry.objects.values()))


def test_in_another_municipality_nothing_is_told_of_it(ana: Membership) -> None:
    """Whoever works in two is named only where the role changed."""
    pernik = make.municipality("PER32", "Перник")
    there = make.member(Role.ADMINISTRATOR, of=pernik)
    kamen = make.member(Role.COORDINATOR)
    members.add_member(
        municipality=pernik, role=Role.CLERK, email=kamen.user.email, name="Камен", by=there.user, now=NOW
    )
    assert [where for where, *_rest in told(kamen.user)] == ["PER32"]
