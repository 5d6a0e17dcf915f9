"""„Станете доброволец“: the public application."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policy import public
from core import flood
from core.errors import Invalid
from core.tries import Tries
from volunteers.selectors import places_to_apply
from volunteers.services import applications
from volunteers.web.apply_form import ApplyForm

# A library or a mayor's office may send several people's; nobody sends these all day.
APPLICATIONS = Tries("apply", 10, 60 * 60)


@public
def apply(request: HttpRequest) -> HttpResponse:
    municipalities = places_to_apply()
    if not municipalities:
        raise Http404
    form, status, work = ApplyForm(municipalities, request.POST or None), 200, None
    if request.method == "POST" and APPLICATIONS.too_many(request):
        form.errors.clear()
        form.add_error(None, _("Оттук дойдоха много кандидатури. Изпратете своята след час или ни звъннете."))
        status = 429
    elif request.method == "POST" and form.is_valid() and (work := flood.asked(request)):
        status = 429
    elif request.method == "POST" and form.is_valid():
        home = form.cleaned_data["home"]
        try:
            told = applications.apply(municipality=home.municipality, now=timezone.now(), **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            APPLICATIONS.count(request)
            return redirect(reverse("volunteers:applied") + ("" if told.new else "?again=1"))
    return render(request, "volunteers/apply.html", {"form": form, "work": work}, status=status)


@public
def applied(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/applied.html", {"again": "again" in request.GET})
