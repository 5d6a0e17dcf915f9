"""Telephone numbers: typed with a 0, kept in E.164, shown the way people here write them."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_lazy as _

from core.crypto import lookup_hash
from core.errors import Invalid


def normalise(typed: str, *, region: str = "BG") -> str:
    """E.164 of what was typed („0888 123 456“, „+359…“, „07728 12 34“). Raises Invalid."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        raise Invalid(_("Напишете телефона с всички цифри, например 0888 123 456."), code="phone") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid(_("Напишете телефона с всички цифри, например 0888 123 456."), code="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display(e164: str) -> str:
    """„0888 123 456“ for a Bulgarian number, the international form for others; empty stays empty."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    digits = str(number.national_number)
    if number.country_code == 359 and len(digits) == 9 and digits[0] in "89":
        # A mobile is read out as four, three, three; the library groups it otherwise.
        return f"0{digits[:3]}\u00a0{digits[3:6]}\u00a0{digits[6:]}"
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 359
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def phone_hash(e164: str) -> str:
    """What a phone is found by, since the number itself is sealed."""
    return lookup_hash(e164, purpose="phone")
