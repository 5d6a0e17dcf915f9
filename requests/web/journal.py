"""The auditor's page: what happened, in ids and codes. Nobody's name, telephone or address is read for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import requires
from requests.forms.journal import NAMES, JournalForm
from requests.selectors.journal import page_of


@require_safe
@requires("journal.read")
@never_cache
def journal(request: HttpRequest) -> HttpResponse:
    form = JournalForm(request.GET)
    found = page_of(request.membership, form.asked())  # type: ignore[attr-defined]
    context = {
        "form": form,
        "rows": [(row, NAMES.get(row.entry.subject_type, row.entry.subject_type)) for row in found.rows],
        "older": found.older,
    }
    return render(request, "requests/journal/journal.html", context, status=422 if form.errors else 200)
