"""The six questions of a resident, one form each. What they clean to may rest in the session as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, Hinted, PhoneField
from requests.forms.asking import Asking
from requests.forms.when import WhenForm, _choices
from requests.names import fold, words
from requests.states import AskedBy, Mode

OTHER, UNKNOWN, NEAREST = "other", "unknown", "nearest"
CHOOSE = _("Изберете едно. Ако се колебаете, изберете „Не знам“.")


def _text(name: str, **kwargs: Any) -> FreeTextField:
    attrs = {"autocomplete": name} if name else {}
    return FreeTextField(widget=forms.TextInput(attrs=attrs), **kwargs)


class Question(forms.Form):
    """`heading` where the page asks with more than one field; otherwise the first field's label is the question."""

    use_required_attribute = False
    heading: Any = ""

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asking = asking

    @property
    def title(self) -> Any:
        return self.heading or next(iter(self)).label


class WhatForm(Question):
    service = forms.ChoiceField(
        label=_("С какво да помогнем?"),
        help_text=_("Изберете едно. После можем да добавим още."),
        widget=forms.RadioSelect(),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    note = FreeTextField(
        label=_("С Ваши думи"),
        help_text=_("Без ЕГН, без номера на карти и сметки."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(asking, data, **kwargs)
        unsure = Hinted(_("Не знам"), _("Ще Ви се обадим и ще го намерим заедно."))
        _choices(self, "service", [*asking.service_choices(), (OTHER, _("Нещо друго")), (UNKNOWN, unsure)])


class HowForm(Question):
    mode = forms.ChoiceField(
        label=_("Къде да помогнем?"),
        widget=forms.RadioSelect(),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(asking, data, **kwargs)
        point = (Mode.HELP_POINT.value, Hinted(_("В пункт"), _("В кметство, читалище или библиотека.")))
        _choices(
            self,
            "mode",
            [
                (Mode.HOME_VISIT.value, Hinted(_("У дома"), _("Идваме при Вас."))),
                *([point] if asking.help_points else []),
                (Mode.PHONE_HELP.value, Hinted(_("По телефона"), _("Звъним Ви в уговорен час."))),
                (UNKNOWN, Hinted(_("Не знам"), _("Ще решим заедно по телефона."))),
            ],
        )


class WhereForm(Question):
    settlement = forms.ChoiceField(
        label=_("Къде живеете?"),
        help_text=_("Ако питате за друг: къде живее човекът."),
        error_messages={"required": _("Изберете град или село."), "invalid_choice": _("Изберете от списъка.")},
    )
    help_point = forms.ChoiceField(
        label=_("В кой пункт?"),
        widget=forms.RadioSelect(),
        error_messages={"required": _("Изберете пункт."), "invalid_choice": _("Изберете от списъка.")},
    )
    how_to_find = FreeTextField(
        label=_("Как да намерим дома?"),
        help_text=_("Улица, порта, ориентир. Казваме го само на госта."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(asking, data, **kwargs)
        places = [(place.pk, place.prefixed_name) for place in asking.settlements]
        _choices(self, "settlement", [("", _("Изберете")), *places])
        mode = asking.answer("kak", "mode")
        if mode == Mode.HELP_POINT and asking.help_points:
            points = [(str(p.pk), Hinted(p.name, p.settlement.prefixed_name)) for p in asking.help_points]
            nearest = Hinted(_("Не знам"), _("Ще изберем най-близкия до Вас."))
            _choices(self, "help_point", [*points, (NEAREST, nearest)])
            del self.fields["how_to_find"]
            return
        del self.fields["help_point"]
        if mode == Mode.PHONE_HELP:
            del self.fields["how_to_find"]


class WhenQuestion(Question, WhenForm):
    """The same two fields as where another day is asked for."""

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        WhenForm.__init__(self, asking, data, **kwargs)


class WhoForm(Question):
    heading = _("На кого да помогнем?")

    asked_by = forms.ChoiceField(
        label=_("За кого питате?"),
        choices=[
            (AskedBy.SELF.value, _("За себе си")),
            (AskedBy.RELATIVE.value, _("За близък")),
            (AskedBy.NEIGHBOUR.value, _("За съсед")),
        ],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Изберете за кого питате."), "invalid_choice": _("Изберете от списъка.")},
    )
    asker_name = _text("", label=_("Вашето име"), required=False, max_length=120)
    asker_phone = PhoneField(
        label=_("Вашият телефон"), help_text=_("На него ще се обадим първо."), required=False, max_length=40
    )
    first_name = _text("given-name", label=_("Име"), max_length=60, error_messages={"required": _("Напишете името.")})
    middle_name = _text("additional-name", label=_("Презиме"), required=False, max_length=60)
    last_name = _text(
        "family-name", label=_("Фамилия"), max_length=60, error_messages={"required": _("Напишете фамилията.")}
    )
    phone = PhoneField(label=_("Телефон"), help_text=_("Например 0888 123 456."), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """A phone of somebody is needed; for oneself it is one's own and there is no second person."""
        cleaned = super().clean() or {}
        asked_by = cleaned.get("asked_by")
        if asked_by == AskedBy.SELF:
            cleaned["asker_name"] = cleaned["asker_phone"] = ""
            self.errors.pop("asker_name", None)
            self.errors.pop("asker_phone", None)
            if not cleaned.get("phone") and "phone" not in self.errors:
                self.add_error("phone", _("Напишете телефон, за да Ви се обадим."))
        elif asked_by:
            if not cleaned.get("asker_name") and "asker_name" not in self.errors:
                self.add_error("asker_name", _("Напишете и Вашето име."))
            if not cleaned.get("asker_phone") and "asker_phone" not in self.errors:
                self.add_error("asker_phone", _("Напишете и Вашия телефон."))
        return cleaned

    @property
    def about_asker(self) -> list[forms.BoundField]:
        return [self["asker_name"], self["asker_phone"]]

    @property
    def about_person(self) -> list[forms.BoundField]:
        return [self["first_name"], self["middle_name"], self["last_name"], self["phone"]]


class WordForm(Question):
    safe_word = _text(
        "off",
        label=_("Изберете тайна дума"),
        help_text=_("Гостът я казва на вратата. Така знаете, че идва от нас."),
        required=False,
        max_length=30,
    )
    no_word = forms.BooleanField(label=_("Не знам"), help_text=_("Ще я изберем заедно по телефона."), required=False)

    def clean_safe_word(self) -> str:
        """One's own name is the first thing a stranger would say."""
        word = str(self.cleaned_data["safe_word"]).strip()
        names = " ".join(str(self.asking.answer("koy", part)) for part in ("first_name", "middle_name", "last_name"))
        if word and fold(word) in {fold(name) for name in words(names)}:
            raise forms.ValidationError(_("Изберете друга дума. Името Ви го знаят всички."))
        return word

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "safe_word" not in self.errors and not cleaned.get("safe_word") and not cleaned.get("no_word"):
            self.add_error("safe_word", _("Напишете дума. Ако се колебаете, отбележете „Не знам“."))
        if cleaned.get("safe_word"):
            cleaned["no_word"] = False
        return cleaned


# In the order they are asked; the key stands in the address.
STEPS: dict[str, type[Question]] = {
    "kakvo": WhatForm,
    "kak": HowForm,
    "kade": WhereForm,
    "koga": WhenQuestion,
    "koy": WhoForm,
    "duma": WordForm,
}
