"""Links with other systems: who is told of what, the log, a test, a new secret, a pause."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership
from accounts.policy import allows, requires
from accounts.scopes import scopes_of
from notifications.models import WebhookSubscription
from notifications.services import webhooks as service
from notifications.states import PauseReason
from requests.forms.webhooks import WebhookForm
from requests.selectors import webhooks as selectors
from requests.selectors.outward import may_name_people
from requests.services import subscriptions
from requests.web.doing import FORMS, attempt, try_form
from requests.webhook_events import EVENTS

MANAGE = "webhooks.manage"


def _member(request: HttpRequest) -> Membership:
    return request.membership  # type: ignore[attr-defined,no-any-return]


@require_safe
@requires("webhooks.read")
def webhooks(request: HttpRequest) -> HttpResponse:
    viewer = _member(request)
    context = {"subscriptions": list(selectors.subscriptions(viewer)), "may_manage": allows(viewer.role, MANAGE)}
    return render(request, "requests/webhooks/list.html", context)


@require_http_methods(FORMS)
@requires(MANAGE)
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    viewer = _member(request)
    scopes = scopes_of(viewer.role)
    form = WebhookForm(request.POST or None, scopes=scopes)
    made: list[tuple[WebhookSubscription, str]] = []

    def subscribe() -> None:
        made.append(subscriptions.subscribe(member=viewer, scopes=scopes, **form.said()))

    if form.is_valid() and try_form(form, subscribe):
        return _secret(request, *made[0])
    return render(request, "requests/webhooks/form.html", {"form": form}, status=422 if form.errors else 200)


def _secret(request: HttpRequest, found: WebhookSubscription, secret: str, exchanged: bool = False) -> HttpResponse:
    context = {"subscription": found, "secret": secret, "exchanged": exchanged}
    return render(request, "requests/webhooks/secret.html", context)


@require_safe
@requires("webhooks.read")
def webhook(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = _member(request)
    found = selectors.access_subscription(viewer, pk)
    context = {
        "subscription": found,
        "events": [EVENTS[code].words for code in found.events if code in EVENTS],
        "all_events": set(EVENTS) <= set(found.events),
        "names_people": found.include_personal and may_name_people(found),
        "exchanging": found.old_secret_until is not None and found.old_secret_until > timezone.now(),
        "log": selectors.log(found, request.GET.get("sled", "")),
        "may_manage": allows(viewer.role, MANAGE),
    }
    return render(request, "requests/webhooks/detail.html", context)


@require_http_methods(FORMS)
@requires(MANAGE)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = selectors.access_subscription(_member(request), pk)
    stands = {name: getattr(found, name) for name in ("label", "url", "events", "include_personal")}
    form = WebhookForm(request.POST or None, scopes=found.scopes, initial=stands)
    if form.is_valid() and try_form(form, lambda: subscriptions.change(found, **form.said())):
        messages.success(request, _("Записахме новото."))
        return redirect("requests:webhook", found.pk)
    context = {"form": form, "subscription": found}
    return render(request, "requests/webhooks/form.html", context, status=422 if form.errors else 200)


def _button(do: Callable[[HttpRequest, WebhookSubscription], Any]) -> Any:
    """A button of an administrator on the page of one subscription; back there, unless the answer is a page."""

    @require_POST
    @requires(MANAGE)
    @never_cache
    @wraps(do)
    def pressed(request: HttpRequest, pk: UUID) -> HttpResponse:
        answer = do(request, selectors.access_subscription(_member(request), pk))
        return answer if isinstance(answer, HttpResponse) else redirect("requests:webhook", pk)

    return pressed


@_button
def test(request: HttpRequest, found: WebhookSubscription) -> None:
    service.send_test(found, now=timezone.now())
    messages.success(request, _("Пробата тръгва. Опреснете страницата след малко."))


@_button
def pause(request: HttpRequest, found: WebhookSubscription) -> None:
    service.pause(found, reason=PauseReason.BY_HAND, now=timezone.now())
    messages.success(request, _("Връзката е спряна. Събитията се събират и чакат."))


@_button
def resume(request: HttpRequest, found: WebhookSubscription) -> None:
    service.resume(found, now=timezone.now())
    messages.success(request, _("Връзката пак работи. Тръгва и това, което чакаше."))


@_button
def resend_failed(request: HttpRequest, found: WebhookSubscription) -> None:
    again = service.resend_failed(found, now=timezone.now())
    messages.success(request, _("Изпращаме отново: %(n)s.") % {"n": again} if again else _("Няма неприети събития."))


@_button
def exchange(request: HttpRequest, found: WebhookSubscription) -> HttpResponse | None:
    made: list[str] = []
    attempt(request, lambda: made.append(service.exchange_secret(found, now=timezone.now())))
    return _secret(request, found, made[0], exchanged=True) if made else None


@require_POST
@requires(MANAGE)
def resend(request: HttpRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    found = selectors.access_delivery(_member(request), pk, delivery)
    service.resend(found, now=timezone.now())
    messages.success(request, _("Изпращаме го отново под същия номер."))
    return redirect("requests:webhook", pk)


@require_http_methods(FORMS)
@requires(MANAGE)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = selectors.access_subscription(_member(request), pk)
    if request.method != "POST":
        return render(request, "requests/webhooks/remove.html", {"subscription": found})
    service.remove(found, now=timezone.now())
    messages.success(request, _("Връзката вече я няма."))
    return redirect("requests:webhooks")
