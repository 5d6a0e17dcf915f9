"""Who asks over HTTP, and the row they may see: the doors of the selectors, opened with the membership."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from requests.models import HelpRequest
from requests.selectors.access import access_help_request
from requests.services.actors import Actor, staff
from volunteers.models import Volunteer
from volunteers.selectors import own_volunteer


def actor(request: HttpRequest) -> Actor:
    return staff(request.user)  # type: ignore[arg-type]


def me(request: HttpRequest) -> Volunteer:
    """The volunteer who is signed in. Raises Http404 for everybody else."""
    return own_volunteer(request.membership)  # type: ignore[attr-defined]


def row_of(request: HttpRequest, pk: UUID) -> HelpRequest:
    """A help request of the membership's municipality. Raises Http404."""
    return access_help_request(request.membership, pk)  # type: ignore[attr-defined]
