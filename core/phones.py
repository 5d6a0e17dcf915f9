"""Telephone numbers: typed with a 0, kept in E.164, shown the way people here write them."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_lazy as _

from core.crypto import lookup_hash
from core.errors import Invalid

# Area codes of two digits: nearly every district centre has one. Sofia's is one digit, all others have three since
# 1 April 2014 (Decision 858 of 14 November 2013 of the Communications Regulation Commission). The library has no
# table of them and writes Radomir's 777 as 77.
TWO_DIGIT_AREAS = frozenset({
    "32", "34", "38", "42", "44", "46", "52", "54", "56", "58", "62", "64",
    "66", "68", "73", "76", "78", "82", "84", "86", "92", "94", "96",
})  # fmt: skip


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
    """„0888 123 456“, „0777 12 345“ for a Bulgarian number, the international form for others; empty stays empty."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    digits = str(number.national_number)
    if number.country_code == 359 and len(digits) == 9 and digits[0] in "89":
        # A mobile is read out as four, three, three; the library groups it otherwise.
        return f"0{digits[:3]}\u00a0{digits[3:6]}\u00a0{digits[6:]}"
    if number.country_code == 359 and _has_three_digit_area(number):
        return f"0{digits[:3]}\u00a0{digits[3:5]}\u00a0{digits[5:]}"
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 359
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def _has_three_digit_area(number: phonenumbers.PhoneNumber) -> bool:
    digits = str(number.national_number)
    is_fixed = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    return is_fixed and len(digits) == 8 and digits[0] != "2" and digits[:2] not in TWO_DIGIT_AREAS


def takes_sms(e164: str) -> bool:
    """Whether an SMS can reach this number: not a landline."""
    if not e164:
        return False
    return phonenumbers.number_type(phonenumbers.parse(e164)) in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.UNKNOWN,
    )


def phone_hash(e164: str) -> str:
    """What a phone is found by, since the number itself is sealed."""
    return lookup_hash(e164, purpose="phone")
