"""Why a message did not arrive, in words; the code itself where nobody has found words yet."""

from __future__ import annotations

from django.utils.translation import gettext as _

CODES = {
    "NoCarrier": lambda: _("Няма настроен доставчик"),
    "SenderDied": lambda: _("Прекъснато изпращане"),
    "NoReport": lambda: _("Доставчикът мълчи"),
    "ReadTimeout": lambda: _("Доставчикът не отговори навреме"),
    "ConnectTimeout": lambda: _("Доставчикът не отговори навреме"),
    "ConnectError": lambda: _("Няма връзка с доставчика"),
    "ConnectionRefusedError": lambda: _("Няма връзка с доставчика"),
    "CancelledByHand": lambda: _("Спряно от колега"),
    "CalledOff": lambda: _("Вече не беше нужно"),
    "Reported": lambda: _("Мрежата не го предаде"),
}
BEGINNINGS = {
    "SMTPRecipientsRefused": lambda: _("Адресът не приема писма"),
    "SMTP": lambda: _("Пощенският сървър отказа"),
    "Kannel 2": lambda: _("Мрежата не го предаде"),
    "Kannel 16": lambda: _("Мрежата го отказа"),
    "Kannel": lambda: _("Kannel отказа"),
    "Gateway": lambda: _("Доставчикът отказа"),
}


def in_words(code: str) -> str:
    if not code:
        return _("Не се знае защо")
    if code in CODES:
        return CODES[code]()
    beginning = next((start for start in BEGINNINGS if code.startswith(start)), "")
    return f"{BEGINNINGS[beginning]()} ({code})" if beginning else code
