"""The assignment report for programs: the same figures, no name of anybody."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import ProblemSerializer
from core.clock import local_date
from core.errors import Invalid
from reports.filters import Choices, Filters
from reports.indicators import Figures
from reports.selectors import GROUPS, SETTLEMENT, UNKNOWN_SERVICE, WEEK, assignment_report
from reports.show import ordered
from requests.states import Outcome


class FiguresSerializer(serializers.Serializer[Figures]):
    requests = serializers.IntegerField(help_text="Opened in the period")
    answered = serializers.IntegerField(help_text="Of these, visited with the person there")
    offers = serializers.IntegerField(help_text="Made in the period")
    acceptance = serializers.FloatField(allow_null=True, help_text="Accepted among the answered offers, 0 to 1")
    visits = serializers.IntegerField(help_text="Begun in the period and ended, whatever came of them")
    outcomes = serializers.SerializerMethodField(help_text="Visits by outcome code")
    minutes = serializers.IntegerField(help_text="On the spot, once for each visit")
    wait_median = serializers.FloatField(allow_null=True, help_text="Days from opening to the visit")
    wait_nine_of_ten = serializers.FloatField(allow_null=True, help_text="Days nine of ten people do not exceed")

    def get_outcomes(self, figures: Figures) -> dict[str, int]:
        return {code: figures.outcomes[code] for code in Outcome.values}


class RowSerializer(FiguresSerializer):
    key = serializers.SerializerMethodField(help_text="EKATTE, service code, volunteer id or Monday; null: unknown")
    label = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="Place, service, „№ badge“ or Monday"
    )

    def get_key(self, row: Any) -> str | None:
        return None if self.context["keys"][id(row)] is None else str(self.context["keys"][id(row)])

    def get_label(self, row: Any) -> str:
        key = self.context["keys"][id(row)]
        group = self.context["group"]
        return str(key) if group == WEEK else str(self.context["choices"].label(group, key))


class WeekSerializer(serializers.Serializer[Any]):
    week = serializers.DateField(help_text="Its Monday")
    whole = serializers.BooleanField(help_text="False while it runs, or where the period cuts it")
    visits = serializers.IntegerField()
    wait_median = serializers.FloatField(allow_null=True)
    wait_nine_of_ten = serializers.FloatField(allow_null=True)


class DifficultySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    before = serializers.IntegerField(help_text="Visits it stood in the way of before the help")
    after = serializers.IntegerField(help_text="Visits it still stands in the way of")
    solved = serializers.IntegerField(help_text="Visits where it was there before and not after")


class AssignmentReportSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    group = serializers.ChoiceField(choices=GROUPS)
    unverified = serializers.IntegerField(help_text="Asked on the web in the period, not phoned yet")
    total = FiguresSerializer()
    rows = RowSerializer(many=True)
    weeks = WeekSerializer(many=True)
    difficulties = DifficultySerializer(many=True)


PARAMETERS = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="First day, local; seven weeks before this Monday"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, included; today. At most two years in all"),
    OpenApiParameter("settlement", OpenApiTypes.STR, description="EKATTE of where the person lives"),
    OpenApiParameter("service", OpenApiTypes.STR, description=f"Code; `{UNKNOWN_SERVICE}`: not known which"),
    OpenApiParameter("volunteer", OpenApiTypes.UUID),
    OpenApiParameter("group", OpenApiTypes.STR, enum=GROUPS, default=SETTLEMENT),
]


class AssignmentReportView(APIView):
    policy = "report.read"

    @extend_schema(
        operation_id="reports_assignments",
        parameters=PARAMETERS,
        responses={200: AssignmentReportSerializer, 422: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Requests, offers, visits, outcomes, waits in days and minutes, by place, service, volunteer or week."""
        membership = request._request.membership  # type: ignore[attr-defined]
        today = local_date(timezone.now())
        choices = Choices(membership, names=False)
        filters = Filters(request.query_params, membership, choices, today)
        if not filters.is_valid():
            field, messages = next(iter(filters.errors.items()))
            raise Invalid(str(messages[0]), field=field)
        asked = filters.asked()
        report = assignment_report(asked)
        rows = ordered(report, choices)
        body = {
            "first": asked.period.first, "last": asked.period.last, "group": asked.group,
            "unverified": report.unverified, "total": report.total, "rows": [row for _key, row in rows],
            "weeks": [
                {"week": week, "whole": asked.period.whole(week, today), "visits": row.visits,
                 "wait_median": row.wait_median, "wait_nine_of_ten": row.wait_nine_of_ten}
                for week, row in report.weeks.items()
            ],
            "difficulties": report.difficulties,
        }  # fmt: skip
        context = {"keys": {id(row): key for key, row in rows}, "group": asked.group, "choices": choices}
        return Response(AssignmentReportSerializer(body, context=context).data)
