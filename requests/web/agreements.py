"""What a person agrees to, written down within the call: a reminder, a relative who is told or speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import requires
from requests import agreement_texts
from requests.forms.agreements import AgreementForm
from requests.models import Agreement, Resident
from requests.selectors.access import access_resident
from requests.services import agreements, evidence
from requests.states import AgreementKind
from requests.web.doing import FORMS, try_form

MOST = 20


@dataclass(frozen=True)
class Part:
    """One kind: what is read out to the person, what stands, and the form that changes it."""

    kind: AgreementKind
    words: str
    version: str
    stands: Agreement | None
    form: AgreementForm


@require_http_methods(FORMS)
@requires("person.rights")
@never_cache
def agreements_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = access_resident(request.membership, pk)  # type: ignore[attr-defined]
    standing = {row.kind: row for row in Agreement.objects.live().filter(resident=person).select_related("by")}
    sent = _sent(request)
    if sent is not None and sent.is_valid() and try_form(sent, lambda: _do(request, person, sent)):
        messages.success(request, pgettext("a form was saved", "Записано."))
        return redirect("requests:agreements", pk)
    former = Agreement.objects.filter(resident=person).exclude(withdrawn_at=None).select_related("withdrawn_by")
    context = {
        "person": person, "parts": _parts(person, standing, sent), "form": sent,
        "former": list(former.order_by("-withdrawn_at")[:MOST]),
    }  # fmt: skip
    return render(request, "requests/rights/agreements.html", context, status=422 if sent and sent.errors else 200)


def _sent(request: HttpRequest) -> AgreementForm | None:
    kind, do = request.POST.get("kind", ""), request.POST.get("do", "")
    if request.method != "POST" or kind not in AgreementKind.values or do not in ("give", "withdraw"):
        return None
    return AgreementForm(AgreementKind(kind), do, request.POST)


def _do(request: HttpRequest, person: Resident, sent: AgreementForm) -> Any:
    act: Any = agreements.withdraw if sent.takes_back else agreements.give
    return act(resident=person, kind=sent.of.value, now=timezone.now(), by=request.user, **sent.said())


def _parts(person: Resident, standing: dict[str, Agreement], sent: AgreementForm | None) -> list[Part]:
    months = evidence.terms_of(person.municipality).reminded_months
    found = []
    for kind in AgreementKind:
        wording, stands = agreement_texts.current(kind.value), standing.get(kind.value)
        form = AgreementForm(kind, "withdraw" if stands else "give")
        if sent is not None and (sent.of, sent.takes_back) == (kind, form.takes_back):
            form = sent
        found.append(Part(kind, wording.said(months), wording.version, stands, form))
    return found
