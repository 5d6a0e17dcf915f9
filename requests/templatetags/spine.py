"""Words for the spine's codes on pages."""

from django import template
from django.utils.dates import WEEKDAYS

from requests.states import Need

register = template.Library()


@register.filter
def need(code: str) -> str:
    """„едър шрифт“ for `large_print`; an unknown code is shown as it is."""
    return str(Need(code).label) if code in Need.values else code


@register.filter
def weekday(number: int | None) -> str:
    """„вторник“ for 1; nothing gives nothing."""
    return "" if number is None else str(WEEKDAYS[number]).lower()
