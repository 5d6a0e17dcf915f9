"""A resident asks for help: six questions, one check, one confirmation. Everything works without JavaScript."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import public
from core import flood
from core.clock import local_date
from core.errors import Invalid
from requests.forms.ask import STEPS, Question
from requests.forms.asking import Asking
from requests.services import from_web
from requests.web import words
from requests.web.answers import Answers
from requests.web.own import bind, bound_or_none
from requests.web.town import chosen
from requests.web.wishes import person_of, wanted_of

ORDER = list(STEPS)


@public
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Begin anew."""
    if chosen(request) is None:
        return redirect("requests:home")
    Answers(request).begin()
    return redirect("requests:ask_question", step=ORDER[0])


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    answers, asking = _conversation(request)
    if asking is None or not answers.token:
        return redirect("requests:ask")
    open_step = _first_open(asking)
    if open_step is not None and ORDER.index(step) > ORDER.index(open_step):
        return redirect("requests:ask_question", step=open_step)
    if request.method == "POST":
        form = STEPS[step](asking, request.POST)
        if form.is_valid():
            answers.give(step, form.cleaned_data)
            return _onward(asking)
    else:
        form = STEPS[step](asking, initial=asking.answers.get(step))
    return render(request, "requests/ask/question.html", _page(asking, step, form, open_step))


def _page(asking: Asking, step: str, form: Question, open_step: str | None) -> dict[str, object]:
    number = ORDER.index(step) + 1
    if open_step is None:
        back = reverse("requests:ask_check")
    elif number == 1:
        back = reverse("requests:home")
    else:
        back = reverse("requests:ask_question", args=[ORDER[number - 2]])
    return {
        "form": form,
        "step": step,
        "number": number,
        "total": len(ORDER),
        "back_url": back,
        "municipality": asking.municipality,
        "examples": words.safe_words() if step == "duma" else "",
    }


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more, with „Промени“; the button sends it, and sends it once."""
    answers, asking = _conversation(request)
    if request.method == "POST" and answers.was_sent(request.POST.get("token", "")):
        return redirect("requests:ask_done")
    if asking is None or not answers.token:
        return redirect("requests:ask")
    if (step := _first_open(asking)) is not None:
        return redirect("requests:ask_question", step=step)
    trouble, work = "", None
    sent = request.method == "POST" and request.POST.get("token") == answers.token
    if sent:
        work = flood.asked(request)
    if sent and work is None:
        try:
            help_request = from_web.submit_once(
                token=answers.token,
                municipality=asking.municipality,
                person=person_of(asking),
                wanted=wanted_of(asking),
                now=timezone.now(),
            )
        except Invalid as error:
            trouble = str(error.message)
        except ValidationError as error:
            trouble = " ".join(error.messages)
        else:
            answers.finish()
            bind(request, help_request)
            return redirect("requests:ask_done")
    context = {
        "rows": words.summary(asking),
        "token": answers.token,
        "trouble": trouble,
        "page_errors": bool(trouble),
        "work": work,
        "back_url": reverse("requests:ask_question", args=[ORDER[-1]]),
        "municipality": asking.municipality,
    }
    return render(request, "requests/ask/check.html", context, status=429 if work else 200)


@public
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    help_request = bound_or_none(request)
    if help_request is None:
        return redirect("requests:home")
    context = {
        "help_request": help_request,
        "code": words.spaced(help_request.tracking_code),
        "municipality": help_request.municipality,
    }
    return render(request, "requests/ask/done.html", context)


def _conversation(request: HttpRequest) -> tuple[Answers, Asking | None]:
    answers, here = Answers(request), chosen(request)
    if here is None:
        return answers, None
    return answers, Asking(here, local_date(timezone.now()), answers.given)


def _first_open(asking: Asking) -> str | None:
    """The first question without an answer that still holds: a service may have gone out of season meanwhile."""
    for step, form in STEPS.items():
        stored = asking.answers.get(step)
        if stored is None or not form(asking, stored).is_valid():
            return step
    return None


def _onward(asking: Asking) -> HttpResponse:
    step = _first_open(asking)
    return redirect("requests:ask_check") if step is None else redirect("requests:ask_question", step=step)
