"""Who reads about whom in a way somebody should ask about."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import requires
from requests.selectors import openings as reading
from requests.services.openings import THRESHOLDS

PAGE = 50


@require_safe
@requires("openings.read")
@never_cache
def unusual(request: HttpRequest) -> HttpResponse:
    rows = reading.unusual(request.membership)  # type: ignore[attr-defined]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = reading.names_of({row.reader_id for row in page})
    context = {
        "page_obj": page,
        "rows": [(row, names.get(row.reader_id, "")) for row in page],
        "thresholds": THRESHOLDS,
    }
    return render(request, "requests/openings/unusual.html", context)
