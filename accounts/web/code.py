"""The volunteers' way in: a telephone or an e-mail, and a code of six digits to it.

The same page, words and work for whoever knocks: who it is, is found by a worker (`services.knocks`).
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sign_in_log
from accounts.models import User
from accounts.policy import public
from accounts.services import knocks
from accounts.sign_in_forms import CodeForm, KnockForm
from accounts.states import KnockKind
from core import crypto
from core.refusals import shortened
from core.tries import Tries

KNOCK, TYPED, CHOOSING = "knock", "knock_typed", "knock_choosing"
# A whole village may share one address of its mobile operator.
HERE = Tries("codes-asked", most=30, pause_seconds=3600)
FOR_ONE = Tries("codes-for-one", most=5, pause_seconds=3600)
WRONG_HERE = Tries("codes-wrong", most=30, pause_seconds=3600)


@public
@sensitive_post_parameters("typed")
@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("accounts:start")
    form = KnockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data["typed"]
        if HERE.take(request) and FOR_ONE.take(typed):
            row = knocks.knock(
                kind=KnockKind.CODE, typed=typed, language=get_language() or "bg", now=timezone.now()
            )  # fmt: skip
            request.session[KNOCK] = str(row.pk)
            request.session[TYPED] = crypto.seal(typed, bound_to=_bound_to(str(row.pk)))
            return redirect(_with_next(request, reverse("account_confirm_login_code")))
        form.add_error("typed", _("Поисканите кодове станаха много. Изчакайте един час или ни звъннете."))
    return render(request, "account/request_login_code.html", {"form": form, "next": get_next_redirect_url(request)})


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    key = request.session.get(KNOCK)
    if request.user.is_authenticated:
        return redirect("accounts:start")
    if not key:
        return redirect("account_request_login_code")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        people: list[User] = []
        if WRONG_HERE.take(request):
            people = knocks.open_with(pk=key, code=form.cleaned_data["code"], now=timezone.now())
        if people:
            WRONG_HERE.forget(request)
            for name in (KNOCK, TYPED):
                request.session.pop(name, None)
            return _come_in(request, people[0]) if len(people) == 1 else _ask_who(request, key)
        sign_in_log.failed(request, way="code", who=shortened(key))
        form.add_error("code", _("Кодът е друг или вече не важи. След пет опита поискайте нов."))
    context = {"form": form, "typed": _typed(request, key), "next": get_next_redirect_url(request)}
    return render(request, "account/confirm_login_code.html", context)


@public
@require_http_methods(["GET", "POST"])
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The right code came to a telephone that several share: who of them is it? Nobody else opens this page."""
    key: Any = request.session.get(CHOOSING)
    now = timezone.now()
    if request.user.is_authenticated:
        return redirect("accounts:start")
    people = knocks.to_choose(pk=key, now=now) if key else []
    if not people:
        return redirect("account_request_login_code")
    if request.method == "POST":
        user = knocks.choose(pk=key, who=request.POST.get("person", ""), now=now)
        if user is not None:
            request.session.pop(CHOOSING, None)
            return _come_in(request, user)
        sign_in_log.failed(request, way="code", who=shortened(key))
    context = {"people": people, "next": get_next_redirect_url(request)}
    return render(request, "account/choose_person.html", context)


def _ask_who(request: HttpRequest, key: str) -> HttpResponse:
    # From here the session is worth something: whoever planted its name in this browser does not have the new one.
    request.session.cycle_key()
    request.session[CHOOSING] = key
    return redirect(_with_next(request, reverse("account_choose_person")))


def _come_in(request: HttpRequest, user: User) -> HttpResponse:
    record_authentication(request, user, "code")
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=get_next_redirect_url(request)))
    return answer


def _bound_to(key: str) -> str:
    return f"session:knock:{key}"


def _typed(request: HttpRequest, key: str) -> str:
    """What they typed, for them to see a slip: only in this browser's session, and sealed there."""
    try:
        return crypto.unseal(request.session.get(TYPED, ""), bound_to=_bound_to(key))
    except crypto.CannotOpen:
        return ""


def _with_next(request: HttpRequest, address: str) -> str:
    then = get_next_redirect_url(request)
    return f"{address}?{urlencode({'next': then})}" if then else address
