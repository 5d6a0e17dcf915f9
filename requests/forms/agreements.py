"""What the desk asks when a person agrees to something, or takes it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PhoneField
from requests.forms.track import RelativeForm
from requests.states import AgreementKind, AgreementWay

# How a member of staff hears it; in the web the person says it on their own page.
HEARD = [(way.value, way.label) for way in (AgreementWay.PHONE, AgreementWay.DESK, AgreementWay.PAPER)]
NEEDED = _("Изберете как го каза човекът.")


def way_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Как го каза"), choices=HEARD, widget=forms.RadioSelect(attrs={"seg": True}),
        error_messages={"required": NEEDED, "invalid_choice": NEEDED},
    )  # fmt: skip


class RelativeHeardForm(RelativeForm):
    """The same as on the person's own page, and how they said it."""

    way = way_field()


class AgreementForm(forms.Form):
    """One kind: `do` gives it or takes it back. Several stand on one page, each with ids of its own."""

    use_required_attribute = False

    do = forms.CharField(widget=forms.HiddenInput())
    kind = forms.CharField(widget=forms.HiddenInput())
    name = FreeTextField(label=_("Име на близкия"), max_length=120, error_messages={"required": _("Напишете името.")})
    phone = PhoneField(
        label=_("Телефон на близкия"), max_length=40, error_messages={"required": _("Напишете телефона.")}
    )
    way = way_field()

    def __init__(self, kind: AgreementKind, do: str, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"do": do, "kind": kind.value}, auto_id=f"id_{kind.value}_%s")
        self.of, self.takes_back = kind, do == "withdraw"
        if self.takes_back or kind == AgreementKind.REMIND:
            del self.fields["phone"]
        if self.takes_back or kind != AgreementKind.MANDATE:
            del self.fields["name"]

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("way", "name", "phone") if name in self.cleaned_data}
