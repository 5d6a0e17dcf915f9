"""The front page: what we do, and the one button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.policy import public
from places.selectors import active_municipalities
from requests.forms.town import TownForm
from requests.web import town
from requests.web.answers import PLACE


@public
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """With several municipalities the first thing asked is which."""
    here = town.chosen(request)
    if request.method == "POST" or (here is None and request.method == "GET"):
        return _choose(request)
    several = active_municipalities().count() > 1
    return render(request, "requests/home/home.html", {"municipality": here, "several": several})


@public
def choose(request: HttpRequest) -> HttpResponse:
    """Another municipality than the one chosen before."""
    return _choose(request)


def _choose(request: HttpRequest) -> HttpResponse:
    active = list(active_municipalities())
    if not active:
        return render(request, "requests/home/nobody.html", {"municipality": None})
    form = TownForm(active, request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[PLACE] = form.cleaned_data["town"]
        return redirect("requests:home")
    return render(request, "requests/home/choose.html", {"form": form, "municipality": None})
