"""One task: who it is about, whom to call; taken by one, finished with a result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import allows, requires
from core.forms import FreeTextField
from notifications.models import DeskTask
from notifications.selectors import access_task, held_by_another
from notifications.services import desk_tasks
from notifications.states import TaskKind
from planning import task_words
from planning.selectors import tasks
from planning.selectors.tasks import TaskAbout
from requests.services import changes, intake, visit_changes
from requests.services.actors import staff


class FinishForm(forms.Form):
    use_required_attribute = False
    result = forms.ChoiceField(
        label=_("Как завърши?"),
        choices=list(task_words.RESULTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Изберете едно.")},
    )
    note = FreeTextField(label=_("Бележка"), required=False, max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("desk_task.work")
def task(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    try:
        found = access_task(membership.municipality, pk)
    except DeskTask.DoesNotExist as error:
        raise Http404 from error
    about = tasks.one(membership, found)
    if about is None:
        raise Http404
    now = timezone.now()
    do = request.POST.get("do")
    solution = task_words.SOLUTIONS.get(TaskKind(found.kind)) if found.done_at is None else None
    if do == "take":
        desk_tasks.take(found, holder=request.user, now=now)  # type: ignore[arg-type]
        messages.success(request, _("Задачата е ваша за 15 минути."))
        return redirect("planning:task", pk)
    if do == "release":
        desk_tasks.release(found, holder=request.user)  # type: ignore[arg-type]
        return redirect("planning:today")
    if solution and do == solution[0]:
        _solve(about, request.user, now)  # type: ignore[arg-type]
        messages.success(request, _("Готово."))
        return redirect("planning:today")
    form = FinishForm(request.POST if do == "finish" else None)
    if do == "finish" and form.is_valid():
        said = form.cleaned_data
        desk_tasks.finish(found, by=request.user, result=said["result"], note=said["note"], now=now)  # type: ignore[arg-type]
        messages.success(request, _("Готово."))
        return redirect("planning:today")
    context = {
        "row": task_words.row(about, may_assign=allows(membership.role, "help_request.assign")),
        "about": about,
        "solution": solution,
        "request_url": task_words.detail(about.help_request.pk) if about.help_request else "",
        "taken": held_by_another(found, request.user, now),
        "mine": found.holder_id == request.user.pk and found.lease_until and found.lease_until > now,
        "result": task_words.RESULTS.get(found.result, found.result),
        "form": form,
    }
    return render(request, "planning/task.html", context)


def _solve(about: TaskAbout, user: User, now: datetime) -> None:
    """What the task asks for, by the service that does it; the service closes the task. Raises DomainError."""
    actor = staff(user)
    if about.task.kind == TaskKind.NO_SHOW and about.visit:
        visit_changes.missed(visit_id=about.visit.pk, actor=actor, now=now)
    elif about.task.kind == TaskKind.VERIFY_WEB and about.help_request:
        intake.verify(help_request=about.help_request, actor=actor, now=now)
    elif about.help_request:
        changes.search_again(help_request=about.help_request, actor=actor, now=now)
