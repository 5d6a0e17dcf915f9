"""„Станете доброволец“: the public application."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.policy import public
from core.errors import Invalid
from volunteers.selectors import places_to_apply
from volunteers.services import applications
from volunteers.web.apply_form import ApplyForm


@public
def apply(request: HttpRequest) -> HttpResponse:
    municipalities = places_to_apply()
    if not municipalities:
        raise Http404
    form = ApplyForm(municipalities, request.POST or None)
    if request.method == "POST" and form.is_valid():
        home = form.cleaned_data["home"]
        try:
            told = applications.apply(municipality=home.municipality, now=timezone.now(), **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            return redirect(reverse("volunteers:applied") + ("" if told.new else "?again=1"))
    return render(request, "volunteers/apply.html", {"form": form})


@public
def applied(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/applied.html", {"again": "again" in request.GET})
