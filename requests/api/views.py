"""Requests, offers and visits for programs: the same services as the pages, through the same doors."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from accounts.roles import Role
from core.api import ProblemSerializer, once
from core.errors import Invalid
from requests.api import serializers as shapes
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.selectors import access
from requests.services import answers, changes, intake, residents, visit_changes, visits
from requests.services.actors import Actor, staff
from requests.states import OfferState, RequestState, VisitState
from volunteers.models import Volunteer

REFUSED = {403: ProblemSerializer, 404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="A repeat with the same key makes nothing new",
)


def _member(request: Request) -> Membership:
    member: Membership = request._request.membership  # type: ignore[attr-defined]
    return member


def _actor(request: Request) -> Actor:
    return staff(_member(request).user)


def _asked(request: Request, name: str, known: list[str]) -> str:
    value = request.query_params.get(name, "")
    if value and value not in known:
        raise Invalid(_("Изберете от списъка."), code="invalid", field=name)
    return value


def _as_me(request: Request) -> Volunteer:
    return access.volunteer_of(_member(request))


class HelpRequestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[HelpRequest]):
    """Requests of the caller's municipality."""

    queryset = HelpRequest.objects.none()
    serializer_class = shapes.HelpRequestSerializer
    lookup_value_converter = "uuid"
    filter_backends = ()
    policy = "help_request.read"
    policies: ClassVar = {
        "create": "help_request.intake",
        "verify": "help_request.change",
        "withdraw": "help_request.change",
        "cancel": "help_request.change",
        "reopen": "help_request.change",
    }

    def get_queryset(self) -> QuerySet[HelpRequest]:
        rows = access.visible_requests(_member(self.request)).order_by("-number")
        state = _asked(self.request, "state", RequestState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=RequestState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; no names, no telephones."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.HelpRequestDetailSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One request with its person."""
        return self._whole(access.access_help_request(_member(request), pk))

    @extend_schema(
        request=shapes.NewHelpRequestSerializer,
        parameters=[KEY],
        responses={201: shapes.HelpRequestDetailSerializer, **REFUSED},
    )
    def create(self, request: Request) -> Response:
        """Take a request. It is OPEN at once. With `Idempotency-Key` a repeat makes nothing new."""
        asked = shapes.NewHelpRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda: self._take(request, asked.validated_data))

    def _take(self, request: Request, said: dict[str, Any]) -> Response:
        member, now = _member(request), timezone.now()
        if (said["resident"] is None) == (said["person"] is None):
            raise Invalid(_("Посочете познат човек или нов, едно от двете."), code="one_person", field="resident")
        if said["person"] is not None:
            person = residents.Person(**said["person"])
            who = residents.register(municipality=member.municipality, person=person, now=now)
        else:
            who = access.access_resident(member, said["resident"])
        follows = access.access_help_request(member, said["follows"]) if said["follows"] else None
        free = [intake.Free(**span) for span in said["free_times"]]
        fields = {
            key: said[key] for key in said if key not in {"resident", "person", "source", "free_times", "follows"}
        }
        made = intake.take(
            resident=who, wanted=intake.Wanted(**fields, free=free, follows=follows), source=said["source"],
            taken_by=member.user, actor=_actor(request), now=now,
        )  # fmt: skip
        response = self._whole(made, status=201)
        response["Location"] = reverse("help-request-detail", args=[made.pk])
        return response

    @extend_schema(request=None, responses={200: shapes.HelpRequestDetailSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: UUID) -> Response:
        """The person was reached by phone: the search begins."""
        row = access.access_help_request(_member(request), pk)
        intake.verify(help_request=row, actor=_actor(request), now=timezone.now())
        return self._whole(access.access_help_request(_member(request), pk))

    @extend_schema(request=None, responses={200: shapes.HelpRequestDetailSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """The person no longer needs it."""
        return self._change(request, pk, changes.withdraw)

    @extend_schema(request=None, responses={200: shapes.HelpRequestDetailSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """The office cancels it."""
        return self._change(request, pk, changes.cancel)

    @extend_schema(request=None, responses={200: shapes.HelpRequestDetailSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """An ended request is taken up again as the next attempt."""
        return self._change(request, pk, changes.reopen)

    def _change(self, request: Request, pk: UUID, change: Any) -> Response:
        row = access.access_help_request(_member(request), pk)
        change(help_request=row, actor=_actor(request), now=timezone.now())
        return self._whole(access.access_help_request(_member(request), pk))

    def _whole(self, row: HelpRequest, status: int = 200) -> Response:
        return Response(shapes.HelpRequestDetailSerializer(row).data, status=status)


class OfferViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Offer]):
    """Offers: a volunteer's own; for the desk those of its municipality."""

    queryset = Offer.objects.none()
    serializer_class = shapes.OfferSerializer
    lookup_value_converter = "uuid"
    filter_backends = ()
    policies: ClassVar = {
        "list": "api.offers", "retrieve": "api.offers", "accept": "offer.answer", "decline": "offer.answer",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Offer]:
        member = _member(self.request)
        rows = Offer.objects.select_related("help_request__resident", "help_request__service").order_by(
            "-made_at", "pk"
        )
        if member.role == Role.VOLUNTEER:
            rows = rows.filter(volunteer=_as_me(self.request))
        else:
            rows = rows.filter(help_request__in=access.visible_requests(member).values("pk"))
        state = _asked(self.request, "state", OfferState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=OfferState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.OfferSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    @extend_schema(request=None, responses={200: shapes.OfferSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: UUID) -> Response:
        """Take the seat; exactly one wins. Twice gives the same answer."""
        found = access.access_own_offer(_as_me(request), pk)
        answers.accept(offer_id=found.pk, actor=_actor(request), now=timezone.now())
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    @extend_schema(request=shapes.DeclineSerializer, responses={200: shapes.OfferSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: UUID) -> Response:
        """Say no; the next in line is asked."""
        found = access.access_own_offer(_as_me(request), pk)
        said = shapes.DeclineSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        reason = said.validated_data["reason"]
        answers.decline(offer_id=found.pk, actor=_actor(request), now=timezone.now(), reason=reason)
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    def _one(self, request: Request, pk: UUID) -> Offer:
        member = _member(request)
        if member.role == Role.VOLUNTEER:
            return access.access_own_offer(_as_me(request), pk)
        return access.access_offer_for_staff(member, pk)


class VisitViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Visit]):
    """Visits: a volunteer's own; for the desk those of its municipality."""

    queryset = Visit.objects.none()
    serializer_class = shapes.VisitSerializer
    lookup_value_converter = "uuid"
    filter_backends = ()
    policies: ClassVar = {
        "list": "api.visits", "retrieve": "api.visits", "check_in": "visit.own", "check_out": "visit.own",
        "give_back": "visit.own",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Visit]:
        member = _member(self.request)
        live = Prefetch("seats", queryset=VisitSeat.objects.filter(live=True), to_attr="live_seats")
        rows = Visit.objects.select_related("help_request__resident").prefetch_related(live).order_by("-start", "pk")
        if member.role == Role.VOLUNTEER:
            rows = rows.filter(seats__volunteer=_as_me(self.request), seats__live=True)
        else:
            rows = rows.filter(help_request__in=access.visible_requests(member).values("pk"))
        state = _asked(self.request, "state", VisitState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=VisitState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The latest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.VisitSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self._shown(request, pk)

    @extend_schema(request=None, responses={200: shapes.VisitSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: UUID) -> Response:
        """At the door, the safe word said, let in. Twice changes nothing."""
        found = access.access_own_visit(_as_me(request), pk)
        visits.check_in(visit_id=found.pk, actor=_actor(request), now=timezone.now())
        return self._shown(request, pk)

    @extend_schema(request=shapes.CheckOutSerializer, responses={200: shapes.VisitSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: Request, pk: UUID) -> Response:
        """How it ended. Twice changes nothing."""
        found = access.access_own_visit(_as_me(request), pk)
        said = shapes.CheckOutSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        visits.check_out(visit_id=found.pk, **said.validated_data, actor=_actor(request), now=timezone.now())
        return self._shown(request, pk)

    @extend_schema(request=None, responses={204: None, **REFUSED})
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: UUID) -> Response:
        """The volunteer cannot come: the search begins again."""
        me = _as_me(request)
        found = access.access_own_visit(me, pk)
        visit_changes.give_back(visit_id=found.pk, volunteer=me, actor=_actor(request), now=timezone.now())
        return Response(status=204)

    def _shown(self, request: Request, pk: UUID) -> Response:
        member = _member(request)
        if member.role == Role.VOLUNTEER:
            row: Any = access.access_own_visit(_as_me(request), pk)
        else:
            row = access.access_visit_for_staff(member, pk)
        row.live_seats = list(row.seats.filter(live=True))
        return Response(shapes.VisitSerializer(row).data)
