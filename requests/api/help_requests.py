"""Help requests for programs: the same services as the pages, through the same doors."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import UUID_PATTERN, ProblemSerializer, once
from core.errors import Invalid
from core.etags import IF_MATCH_MAY, etag, need_match
from requests.api import serializers as shapes
from requests.api.asking import KEY, REFUSED, actor, asked, made_or_repeated, member
from requests.models import HelpRequest
from requests.selectors import access
from requests.services import changes, intake, residents
from requests.states import RequestState

# What moves a request is guarded by where it stands; `If-Match` also guards against any other change.
MOVED = extend_schema(
    request=None, parameters=[IF_MATCH_MAY],
    responses={200: shapes.HelpRequestDetailSerializer, **REFUSED, 412: ProblemSerializer},
)  # fmt: skip


class HelpRequestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[HelpRequest]):
    """Requests of the caller's municipality."""

    queryset = HelpRequest.objects.none()
    serializer_class = shapes.HelpRequestSerializer
    lookup_value_converter = "uuid"
    lookup_value_regex = UUID_PATTERN
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
        rows = access.visible_requests(member(self.request)).order_by("-number")
        state = asked(self.request, "state", RequestState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=RequestState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; no names, no telephones."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.HelpRequestDetailSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One request with its person."""
        return self._whole(access.access_help_request(member(request), pk))

    @extend_schema(
        request=shapes.NewHelpRequestSerializer,
        parameters=[KEY],
        responses={201: made_or_repeated(shapes.HelpRequestDetailSerializer), **REFUSED},
    )
    def create(self, request: Request) -> Response:
        """Take a request. It is OPEN at once. With `Idempotency-Key` a repeat makes nothing new."""
        new = shapes.NewHelpRequestSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        return once(request, lambda: self._take(request, new.validated_data))

    def _take(self, request: Request, said: dict[str, Any]) -> Response:
        clerk, now = member(request), timezone.now()
        if (said["resident"] is None) == (said["person"] is None):
            raise Invalid(_("Посочете познат човек или нов, едно от двете."), code="one_person", field="resident")
        if said["person"] is not None:
            person = residents.Person(**said["person"])
            if not access.settlements_for(clerk).filter(pk=person.settlement.pk).exists():
                raise Invalid(_("Изберете село от общината."), code="settlement", field="person.settlement")
            who = residents.register(municipality=clerk.municipality, person=person, now=now)
        else:
            who = access.access_resident(clerk, said["resident"])
        follows = access.access_help_request(clerk, said["follows"]) if said["follows"] else None
        free = [intake.Free(**span) for span in said["free_times"]]
        fields = {
            key: said[key] for key in said if key not in {"resident", "person", "source", "free_times", "follows"}
        }
        made = intake.take(
            resident=who, wanted=intake.Wanted(**fields, free=free, follows=follows), source=said["source"],
            taken_by=clerk.user, actor=actor(request), now=now,
        )  # fmt: skip
        response = self._whole(made, status=201)
        response["Location"] = reverse("help-request-detail", args=[made.pk])
        return response

    @MOVED
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: UUID) -> Response:
        """The person was reached by phone: the search begins."""
        return self._change(request, pk, intake.verify)

    @MOVED
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """The person no longer needs it."""
        return self._change(request, pk, changes.withdraw)

    @MOVED
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """The office cancels it."""
        return self._change(request, pk, changes.cancel)

    @MOVED
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """An ended request is taken up again as the next attempt."""
        return self._change(request, pk, changes.reopen)

    def _change(self, request: Request, pk: UUID, change: Any) -> Response:
        row = access.access_help_request(member(request), pk)
        need_match(request, etag(shapes.HelpRequestDetailSerializer(row).data), required=False)
        change(help_request=row, actor=actor(request), now=timezone.now())
        return self._whole(access.access_help_request(member(request), pk))

    def _whole(self, row: HelpRequest, status: int = 200) -> Response:
        shown = shapes.HelpRequestDetailSerializer(row).data
        return Response(shown, status=status, headers={"ETag": etag(shown)})
