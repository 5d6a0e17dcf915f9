"""The one writer of a volunteer's status."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import members
from core.errors import IllegalMove
from notifications.services import desk_tasks
from notifications.states import TaskKind
from volunteers.models import Volunteer
from volunteers.states import VOLUNTEER_MOVES, VolunteerStatus


def move(*, volunteer: Volunteer, to: VolunteerStatus, now: datetime) -> Volunteer:
    """One step of the transition table, checked in the UPDATE itself. Raises IllegalMove."""
    changed = Volunteer.objects.filter(pk=volunteer.pk, status__in=VOLUNTEER_MOVES[to]).update(
        status=to, status_since=now, updated_at=now
    )
    if not changed:
        raise IllegalMove()
    volunteer.status, volunteer.status_since, volunteer.updated_at = to, now, now
    return volunteer


@transaction.atomic
def pause(*, volunteer: Volunteer, now: datetime) -> Volunteer:
    """A rest: no offers until `resume`. Raises IllegalMove."""
    return move(volunteer=volunteer, to=VolunteerStatus.PAUSED, now=now)


@transaction.atomic
def resume(*, volunteer: Volunteer, now: datetime) -> Volunteer:
    """Back to helping; who never held a certification goes back to learning. Raises IllegalMove."""
    ready = volunteer.certifications.filter(revoked_at=None).exists()
    return move(volunteer=volunteer, to=VolunteerStatus.ACTIVE if ready else VolunteerStatus.TRAINING, now=now)


@transaction.atomic
def activate(*, volunteer: Volunteer, now: datetime) -> Volunteer:
    """Training is over: offers may come. Raises IllegalMove."""
    return move(volunteer=volunteer, to=VolunteerStatus.ACTIVE, now=now)


@transaction.atomic
def leave(*, volunteer: Volunteer, actor: User, now: datetime) -> Volunteer:
    """The end, also of an application that is not taken up; the way in is closed.

    Raises IllegalMove, NotAllowed (one's own way in is closed by a colleague).
    """
    move(volunteer=volunteer, to=VolunteerStatus.LEFT, now=now)
    own = Membership.objects.filter(
        user__volunteers=volunteer, municipality_id=volunteer.municipality_id, role=Role.VOLUNTEER, active=True
    )
    for membership in own:
        members.remove_member(membership=membership, actor=actor, now=now)
    desk_tasks.finish_about(
        kinds=[TaskKind.APPLICATION],
        subject_type="volunteer",
        subject_id=volunteer.pk,
        now=now,
        by=actor,
        result="left",
    )
    return volunteer
