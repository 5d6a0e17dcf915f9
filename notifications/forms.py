"""How a person wishes to be told things: the same questions for residents, volunteers and whoever writes it down."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.templatetags.dv import clock
from notifications.channels import address
from notifications.models import Contact
from notifications.services import contacts
from notifications.states import CARRIED, Channel

STOP = "stop"
MOST_A_DAY = 20
# What can be chosen, in the order in which it is offered.
OFFERED: tuple[Channel, ...] = (Channel.SMS, Channel.PUSH, Channel.EMAIL, Channel.VOICE, Channel.PAPER)
PLACES = [("1", _("първо")), ("2", _("второ")), ("3", _("трето")), ("4", _("четвърто")), ("5", _("пето"))]
ASK = {
    Channel.SMS: _("SMS"),
    Channel.PUSH: _("Известие на телефона"),
    Channel.EMAIL: _("Имейл"),
    Channel.VOICE: _("Обаждане от човек"),
    Channel.PAPER: _("На хартия през кметството"),
}
NUMBER = {name: _("Напишете число от 1 до 20.") for name in ("required", "invalid", "min_value", "max_value")}


def _hours() -> list[tuple[str, str]]:
    return [(f"{hour:02}:00", clock(time(hour))) for hour in range(24)]


class WishesForm(forms.Form):
    """One place for each way, the same place twice is the order of the page; „не“ stops that way."""

    use_required_attribute = False
    language = forms.ChoiceField(
        label=_("На какъв език"), choices=[("bg", _("български")), ("en", _("английски"))],
        widget=forms.RadioSelect(),
    )  # fmt: skip
    letters = forms.ChoiceField(
        label=_("SMS на"), choices=[("cyrillic", _("кирилица")), ("latin", _("латиница"))],
        widget=forms.RadioSelect(), help_text=_("Латиница, ако телефонът не показва български букви."),
    )  # fmt: skip
    quiet_from = forms.ChoiceField(label=_("Не пишете от"), choices=_hours)
    quiet_until = forms.ChoiceField(
        label=_("Не пишете до"), choices=_hours, help_text=_("Два еднакви часа значат: пишете по всяко време.")
    )
    on_free_days = forms.BooleanField(label=_("И в неделя и на празник"), required=False)
    urgent_any_time = forms.BooleanField(
        label=_("Спешно и тогава"), required=False, help_text=_("Спешното идва и в тихите часове.")
    )
    daily_cap = forms.IntegerField(
        label=_("Най-много съобщения на ден"), min_value=1, max_value=MOST_A_DAY, error_messages=NUMBER,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Кодовете и отменените посещения не се броят."),
    )  # fmt: skip

    def __init__(self, contact: Contact, data: Any = None, **kwargs: Any) -> None:
        self.contact = contact
        super().__init__(data, initial=_standing(contact), **kwargs)
        self.offered: list[Channel] = [channel for channel in OFFERED if address(contact, channel)]
        places = PLACES[: len(self.offered)]
        for channel in self.offered:
            self.fields[channel.value] = forms.ChoiceField(
                label=ASK[channel], choices=[*places, (STOP, _("не"))], initial=_place(contact, channel, self.offered),
            )  # fmt: skip
        self.order_fields([channel.value for channel in self.offered])
        if Channel.SMS not in self.offered:
            del self.fields["letters"]

    def save(self) -> Contact:
        """Write it down. Only after `is_valid`."""
        said = self.cleaned_data
        chosen = [channel for channel in self.offered if said[channel.value] != STOP]
        chosen.sort(key=lambda channel: str(said[channel.value]))
        stopped = [channel for channel in self.offered if channel in CARRIED and said[channel.value] == STOP]
        return contacts.set_wishes(
            self.contact, latin=said.get("letters", "") == "latin", quiet_from=time.fromisoformat(said["quiet_from"]),
            quiet_until=time.fromisoformat(said["quiet_until"]), on_free_days=said["on_free_days"],
            urgent_any_time=said["urgent_any_time"], daily_cap=said["daily_cap"], language=said["language"],
            channels=chosen, stopped=stopped,
        )  # fmt: skip


def _standing(contact: Contact) -> dict[str, Any]:
    return {
        "language": contact.language,
        "letters": "latin" if contact.latin else "cyrillic",
        "quiet_from": f"{contact.quiet_from.hour:02}:00",
        "quiet_until": f"{contact.quiet_until.hour:02}:00",
        "on_free_days": contact.on_free_days,
        "urgent_any_time": contact.urgent_any_time,
        "daily_cap": contact.daily_cap,
    }


def _place(contact: Contact, channel: Channel, offered: list[Channel]) -> str:
    used = [code for code in contact.channels if code in offered and code not in contact.stopped_channels]
    return str(used.index(channel) + 1) if channel in used else STOP
