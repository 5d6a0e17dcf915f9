"""One validator for every free text of the house."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import forbidden

WHY = {
    "egn": _("Това прилича на ЕГН. Изтрийте го: не ни трябва и не го пазим."),
    "lnch": _("Това прилича на личен номер на чужденец. Изтрийте го: не ни трябва и не го пазим."),
    "iban": _("Това прилича на банкова сметка. Изтрийте я: не ни трябва и не я пазим."),
    "card": _("Това прилича на номер на карта. Изтрийте го: не ни трябва и не го пазим."),
}


def no_secrets(text: str) -> None:
    """Refuse ЕГН, ЛНЧ, IBAN and card numbers with a kind explanation. Raises ValidationError."""
    kind = forbidden.find(text or "")
    if kind:
        raise ValidationError(WHY[kind], code=f"forbidden_{kind}")
    if "\x00" in (text or ""):
        raise ValidationError(_("В текста има знак, който не може да се запише."), code="control_character")
