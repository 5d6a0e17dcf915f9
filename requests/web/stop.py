"""Where „stop“ in a letter leads: one press, or one POST of a mail program (RFC 8058). The token is the key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.policy import public
from core.headers import secret_address
from notifications import stop_links
from notifications.services import contacts
from requests.web.town import chosen


@public
@csrf_exempt
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """Opening it changes nothing: mail programs look at links. Nothing of the person is shown."""
    found = stop_links.read(request.GET.get("t", ""))
    if found is None:
        status = 400 if request.method == "POST" else 200
        return render(request, "requests/messaging/stop.html", {"municipality": chosen(request)}, status=status)
    contact, channel = found
    if request.method == "POST":
        change = contacts.use_way_again if request.POST.get("do") == "again" else contacts.stop_way
        change(contact, channel)
        contact.refresh_from_db()
    context = {
        "channel": channel,
        "known": True,
        "stopped": channel in contact.stopped_channels,
        "municipality": contact.municipality,
    }
    return render(request, "requests/messaging/stop.html", context)
