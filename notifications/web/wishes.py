"""The questions of how somebody wishes to be told things; the room above knows whose contact it is and guards it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.forms import WishesForm
from notifications.models import Contact
from notifications.services import contacts


def wishes(request: HttpRequest, *, contact: Contact, template: str, back: str, **context: Any) -> HttpResponse:
    """GET asks; POST keeps what was chosen, or with `do` stops everything and takes that back."""
    do = request.POST.get("do", "")
    if do == "stop":
        contacts.stop(contact, now=timezone.now())
        messages.success(request, _("Спряхме съобщенията."))
        return redirect(request.path)
    if do == "again":
        contacts.start_again(contact)
        messages.success(request, _("Съобщенията пак идват."))
        return redirect(request.path)
    form = WishesForm(contact, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        messages.success(request, _("Записахме го."))
        return redirect(back)
    status = 422 if form.errors else 200
    return render(request, template, {**context, "form": form, "contact": contact, "back_url": back}, status=status)
