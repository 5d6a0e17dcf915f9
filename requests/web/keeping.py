"""For how long a municipality keeps what, and its sealed store."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import requires
from core.errors import DomainError
from requests.models import Evidence, KeepingRun, KeepingTerms
from requests.services import evidence
from requests.web.doing import FORMS

PAGE = 50
RUNS = 7


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = KeepingTerms
        fields = (
            "contact_months", "reminded_months", "volunteer_months", "text_days", "opening_months", "evidence_years",
        )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Защо го отваряте"), max_length=200, help_text=_("Записва се кой, кога и защо.")
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("keeping.terms")
@never_cache
def terms(request: HttpRequest) -> HttpResponse:
    here = evidence.terms_of(request.membership.municipality)  # type: ignore[attr-defined]
    form = TermsForm(request.POST or None, instance=here)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.info(request, pgettext("a form was saved", "Записано."))
        return redirect("requests:keeping")
    context = {"form": form, "runs": KeepingRun.objects.order_by("-at")[:RUNS], "page_errors": bool(form.errors)}
    return render(request, "requests/rights/terms.html", context, status=422 if form.errors else 200)


@require_safe
@requires("evidence.open")
@never_cache
def store(request: HttpRequest) -> HttpResponse:
    """What lies in the store, without a name: kind, when it goes."""
    rows = Evidence.objects.filter(municipality=request.membership.municipality_id)  # type: ignore[attr-defined]
    page = Paginator(rows.order_by("-created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "requests/rights/store.html", {"page_obj": page})


@require_http_methods(FORMS)
@requires("evidence.open")
@never_cache
def opened(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET asks for the reason; POST shows it once."""
    where = request.membership.municipality_id  # type: ignore[attr-defined]
    row = get_object_or_404(Evidence, pk=pk, municipality=where)
    form, body = ReasonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            body = evidence.open_(
                evidence=row, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()  # type: ignore[arg-type]
            )  # fmt: skip
        except DomainError as error:
            form.add_error("reason", str(error.message))
        except ValidationError as error:
            form.add_error("reason", error)
    context = {"row": row, "form": form, "body": body, "page_errors": bool(form.errors)}
    return render(request, "requests/rights/opened.html", context, status=422 if form.errors else 200)
