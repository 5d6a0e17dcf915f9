"""„Днес“: what needs a person, and three figures of the week."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.policy import allows, requires
from notifications.selectors import held_by_another
from planning import advice_words, first_words, task_words
from planning.selectors import advice, figures, first_steps, tasks
from planning.web import charts


@require_safe
@requires("desk_task.read")
def today(request: HttpRequest) -> HttpResponse:
    membership, now = request.membership, timezone.now()  # type: ignore[attr-defined]
    groups: dict[str, list[tuple[task_words.Row, bool]]] = {"now": [], "today": [], "week": []}
    may_assign = allows(membership.role, "help_request.assign")
    for about in tasks.waiting(membership):
        row = task_words.row(about, may_assign=may_assign)
        taken = held_by_another(about.task, request.user, now)
        groups[task_words.group_of(about, now)].append((row, taken))
    week = figures.week(membership, now)
    sets_up = allows(membership.role, "places.settings")
    reads_plan = allows(membership.role, "planning.read")
    helps = advice.helps(membership, now) if reads_plan else None
    context = {
        "may_read_plan": reads_plan,
        "may_plan": allows(membership.role, "planning.run"),
        "helps": helps,
        "helps_said": [advice_words.said(one) for one in helps.rows] if helps else [],
        "first_steps": first_words.steps(first_steps.missing(membership, now)) if sets_up else [],
        "groups": groups,
        "count": sum(map(len, groups.values())),
        "week": week,
        "charts": charts.of_week(week),
    }
    return render(request, "planning/today.html", context)
