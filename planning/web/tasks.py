"""One task: who it is about, whom to call; taken by one, finished with a result."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
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
from notifications.services import by_hand, calling, desk_tasks
from notifications.states import TaskKind
from planning import task_results, task_words
from planning.selectors import tasks
from planning.selectors.tasks import TaskAbout
from requests.selectors.access import opened
from requests.services import changes, intake, visit_changes
from requests.services.actors import staff


class FinishForm(forms.Form):
    use_required_attribute = False
    result = forms.ChoiceField(
        label=_("Как завърши?"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": _("Изберете едно.")},
    )
    note = FreeTextField(label=_("Бележка"), required=False, max_length=300)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = list(task_results.results_of(kind).items())  # type: ignore[attr-defined]


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
    if about.help_request is not None:
        opened(about.help_request)
    now, do = timezone.now(), request.POST.get("do", "")
    solution = task_results.SOLUTIONS.get(TaskKind(found.kind)) if found.done_at is None else None
    done = _hold(request, about, do, now)
    if done is not None:
        return done
    if solution and do == solution[0]:
        _solve(about, request.user, now)  # type: ignore[arg-type]
        messages.success(request, _("Готово."))
        return redirect("planning:today")
    form = FinishForm(request.POST if do == "finish" else None, kind=found.kind)
    if do == "finish" and form.is_valid():
        said = form.cleaned_data
        _finish(about, request.user, said["result"], said["note"], now)  # type: ignore[arg-type]
        messages.success(request, _("Готово."))
        return redirect("planning:today")
    lines, caller = tasks.conversation_of(membership, about)
    mine = found.holder_id == request.user.pk and found.lease_until and found.lease_until > now
    context = {
        "lines": lines,
        "who": caller,
        "row": task_words.row(about, may_assign=allows(membership.role, "help_request.assign")),
        "about": about,
        "solution": solution,
        "request_url": task_words.detail(about.help_request.pk) if about.help_request else "",
        "taken": held_by_another(found, request.user, now),
        "mine": mine,
        "call": about.message is not None and found.kind in calling.CALLS,
        "with_it": calling.with_it(found, about.message, now=now) if about.message and mine else [],
        "member": membership,
        "result": {**task_results.RESULTS, **task_results.results_of(found.kind)}.get(found.result, found.result),
        "form": form,
    }
    return render(request, "planning/task.html", context)


def _hold(request: HttpRequest, about: TaskAbout, do: str, now: datetime) -> HttpResponse | None:
    """Take it, put it back, or ring again later; None where something else is asked. Raises Gone."""
    user: User = request.user  # type: ignore[assignment]
    if do == "take":
        calling.take(about.task, holder=user, now=now)
        messages.success(request, _("Задачата е ваша за 15 минути."))
        return redirect("planning:task", about.task.pk)
    if do == "release":
        desk_tasks.release(about.task, holder=user)
        return redirect("planning:today")
    if do == "no_answer" and about.task.kind in calling.CALLS:
        calling.nobody_answered(about.task, by=user, now=now)
        messages.success(request, _("Записано. Ще ви подсетим да звъннете пак."))
        return redirect("planning:today")
    return None


@transaction.atomic
def _finish(about: TaskAbout, user: User, result: str, note: str, now: datetime) -> None:
    """Close the task; where it was to tell somebody, that is the message's receipt."""
    desk_tasks.finish(about.task, by=user, result=result, note=note, now=now)
    if about.message is not None and about.message.is_by_hand:
        by_hand.settle(about.message, was_told=result == "told", now=now, reason="" if result == "told" else result)


def _solve(about: TaskAbout, user: User, now: datetime) -> None:
    """What the task asks for, by the service that does it; the service closes the task. Raises DomainError."""
    actor = staff(user)
    if about.task.kind == TaskKind.NO_SHOW and about.visit:
        visit_changes.missed(visit_id=about.visit.pk, actor=actor, now=now)
    elif about.task.kind == TaskKind.VERIFY_WEB and about.help_request:
        intake.verify(help_request=about.help_request, actor=actor, now=now)
    elif about.help_request:
        changes.search_again(help_request=about.help_request, actor=actor, now=now)
