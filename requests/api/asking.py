"""What every view of this room needs: who calls, what was asked for, and how it may be refused."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from accounts.models import Membership
from core.api import ProblemSerializer, RepeatedSerializer
from core.errors import Invalid
from requests.services.actors import Actor, staff
from volunteers.models import Volunteer
from volunteers.selectors import own_volunteer

REFUSED = {403: ProblemSerializer, 404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="A repeat with the same key makes nothing new",
)


def made_or_repeated(made: type[Serializer[Any]]) -> PolymorphicProxySerializer:
    """What a create answers: the row, or only where it stands when the key was used before."""
    name = made.__name__.removesuffix("Serializer") + "OrRepeated"
    return PolymorphicProxySerializer(
        component_name=name, serializers=[made, RepeatedSerializer], resource_type_field_name=None
    )


def member(request: Request) -> Membership:
    found: Membership = request._request.membership  # type: ignore[attr-defined]
    return found


def actor(request: Request) -> Actor:
    return staff(member(request).user)


def asked(request: Request, name: str, known: list[str]) -> str:
    value = request.query_params.get(name, "")
    if value and value not in known:
        raise Invalid(_("Изберете от списъка."), code="invalid", field=name)
    return value


def as_me(request: Request) -> Volunteer:
    return own_volunteer(member(request))
