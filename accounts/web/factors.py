"""One's own second factors: an app, passkeys and security keys, one-time codes on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import confirming, entering
from accounts.factors import FactorAdapter
from accounts.forms import refuse
from accounts.models import User
from accounts.policy import signed_in
from accounts.selectors import factors_of
from accounts.services import factors, printed
from accounts.sign_in_forms import AppForm, KeyForm, ListForm
from accounts.web.check import BAD_ANSWER
from core import crypto
from core.errors import DomainError

# Not a factor yet: sealed in the session until a code of it was copied.
APP, LIST = "factor_app", "factor_list"
View = Callable[..., HttpResponse]


def _own(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def of_ones_own(view: View) -> View:
    """Whoever has a factor has shown it in this session, and password or factor were given within the last minutes.

    A stolen password alone adds no other factor, and neither does a session somebody left open.
    """

    @signed_in
    @confirming.before_a_factor
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lacking = bool(factors_of(_own(request))) and not confirming.factor_given(request)
        if lacking or not confirming.confirmed(request):
            return confirming.ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


def _must_have(request: HttpRequest) -> bool:
    return settings.STAFF_SECOND_FACTOR and entering.must_have_factor(_own(request))


@of_ones_own
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    mine = factors_of(_own(request))
    context: dict[str, Any] = {
        "app": next((row for row in mine if row.type == factors.Kind.TOTP), None),
        "keys": [{"pk": row.pk, "name": row.data["name"], "since": row.created_at} for row in mine
                 if row.type == factors.Kind.WEBAUTHN],
        "must": _must_have(request),
        "any": bool(mine),
    }  # fmt: skip
    paper = next((row for row in mine if row.type == factors.Kind.RECOVERY_CODES), None)
    if paper is not None:
        context |= {"paper": paper, "left": printed.left(paper)}
    return render(request, "accounts/sign_in/factors.html", context)


def _pending(request: HttpRequest, name: str) -> str:
    sealed = request.session.get(name)
    return crypto.unseal(sealed, bound_to=f"session:{name}:{request.user.pk}") if sealed else ""


def _begin(request: HttpRequest, name: str, value: str) -> str:
    request.session[name] = crypto.seal(value, bound_to=f"session:{name}:{request.user.pk}")
    return value


def _shown(request: HttpRequest, row: Any, pending: str = "") -> HttpResponse:
    """The new factor was in the person's hand just now: the session has shown it."""
    request.session.pop(pending, None)
    record_authentication(request, _own(request), confirming.FACTOR, type=row.type, id=row.pk, reauthenticated=True)
    messages.info(request, _("Втората стъпка работи."))
    return redirect("accounts:factors")


@of_ones_own
@confirming.asked_again
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """An app that counts: its secret as a drawing and as letters, then one code from it."""
    secret = _pending(request, APP) or _begin(request, APP, generate_totp_secret())
    form = AppForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {"secret": secret, "code": form.cleaned_data["code"]}
        try:
            return _shown(request, factors.set_app(user=_own(request), now=timezone.now(), **said), APP)
        except DomainError as error:
            refuse(form, error)
    letters = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render(request, "accounts/sign_in/app.html", {"form": form, "secret": letters})


@of_ones_own
@confirming.asked_again
@require_safe
def app_drawing(request: HttpRequest) -> HttpResponse:
    """What a telephone's camera reads. A file of its own, kept nowhere."""
    secret = _pending(request, APP) or _begin(request, APP, generate_totp_secret())
    adapter = FactorAdapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(_own(request), secret))
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "no-store, private"})


@of_ones_own
@confirming.asked_again
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """One-time codes to print. They count once one of them was copied from the sheet, and replace the older ones.

    They stand in this one answer: the session remembers their hashes alone, so nobody sees the sheet a second time.
    """
    if request.method == "POST" and "code" not in request.POST:
        codes = printed.make()
        _begin(request, LIST, json.dumps(printed.hashed(codes)))
        context = {"codes": [f"{one[:4]} {one[4:]}" for one in codes], "today": timezone.now()}
        return render(request, "accounts/sign_in/paper_codes.html", context)
    hashes = _hashes(request)
    form = ListForm(request.POST if request.method == "POST" else None)
    if hashes and form.is_valid():
        said = {"hashes": hashes, "code": form.cleaned_data["code"]}
        try:
            return _shown(request, factors.set_printed(user=_own(request), now=timezone.now(), **said), LIST)
        except DomainError as error:
            refuse(form, error)
    return render(request, "accounts/sign_in/paper.html", {"form": form if hashes else None})


def _hashes(request: HttpRequest) -> list[str]:
    """Of the sheet that was shown and not copied from yet; none where there is none, or one from before an update."""
    pending = _pending(request, LIST)
    return list(json.loads(pending)) if pending.startswith("[") else []


@of_ones_own
@confirming.asked_again
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest) -> HttpResponse:
    """A passkey of this telephone or computer, or a security key."""
    user = _own(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        credential = form.cleaned_data["credential"]
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except BAD_ANSWER:
            form.add_error(None, _("Ключът не отговори както трябва. Опитайте пак."))
        else:
            name = form.cleaned_data["name"] or _("Моят ключ")
            row = factors.set_key(user=user, name=name, credential=credential, now=timezone.now())
            return _shown(request, row)
    options = json.dumps(webauthn.begin_registration(user, passwordless=False))
    return render(request, "accounts/sign_in/key.html", {"form": form, "key_options": options})


@of_ones_own
@confirming.asked_again
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("factor", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
        said: dict[str, Any] = {"user": _own(request), "key": int(wanted)}
        try:
            if factors.remove(**said, must_keep_one=_must_have(request), now=timezone.now()):
                messages.info(request, _("Махнато е. Повече не важи."))
        except DomainError as error:
            messages.warning(request, str(error.message))
    return redirect("accounts:factors")
