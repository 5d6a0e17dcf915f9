"""„Уча“: the modules, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.policy import requires
from handbook.library import modules, neighbours


@requires("handbook.read")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/index.html", {"modules": modules()})


@requires("handbook.read")
def module(request: HttpRequest, code: str) -> HttpResponse:
    found = neighbours(code)
    if found is None:
        raise Http404
    return render(request, "handbook/module.html", {"module": found[0], "following": found[1]})
