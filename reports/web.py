"""The coordinator's page „Справки“ and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.policy import requires
from core.clock import local_date
from reports import export, show
from reports.filters import GROUP_NAMES, ROW_NAMES, Choices, Filters
from reports.indicators import DEFINITIONS
from reports.selectors import assignment_report


@requires("report.read")
def assignments(request: HttpRequest) -> HttpResponse:
    today = local_date(timezone.now())
    membership = request.membership  # type: ignore[attr-defined]
    choices = Choices(membership, names=True)
    filters = Filters(request.GET, membership, choices, today)
    asked = filters.asked()
    report = assignment_report(asked)
    context = {
        "form": filters,
        "report": report,
        "total": report.total,
        "title": show.finding(report),
        "about": show.narrowed(asked, choices),
        "group_name": GROUP_NAMES[asked.group],
        "row_name": ROW_NAMES[asked.group],
        "rows": show.rows(report, choices),
        "visits_chart": show.visits_chart(report, today),
        "waits_chart": show.waits_chart(report),
        "waits_words": show.waits_words(report),
        "incomplete": [week for week in report.weeks if not asked.period.whole(week, today)],
        "outcomes": show.outcomes(report),
        "difficulties": show.difficulties(report),
        "definitions": DEFINITIONS,
        "file_url": reverse("reports:assignments_file") + show.query(asked),
        **show.switches(asked, GROUP_NAMES, today),
    }
    return render(request, "reports/assignments.html", context)


@requires("report.read")
def assignments_file(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV. What the filters refuse is explained on the page."""
    membership = request.membership  # type: ignore[attr-defined]
    choices = Choices(membership, names=False)
    filters = Filters(request.GET, membership, choices, local_date(timezone.now()))
    if not filters.is_valid():
        return redirect(f"{reverse('reports:assignments')}?{request.GET.urlencode()}")
    asked = filters.asked()
    lines = export.lines(assignment_report(asked), choices, get_language() or "bg")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"spravka-{asked.group}-{asked.period.first}-{asked.period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]
