"""Words for the spine's codes on pages."""

from django import template

from requests.states import Need

register = template.Library()


@register.filter
def need(code: str) -> str:
    """„едър шрифт“ for `large_print`; an unknown code is shown as it is."""
    return str(Need(code).label) if code in Need.values else code
