"""`{% staff_menu "queue" %}`: the desk's menu with the current entry on its red stitch."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.menu import menu_for, place_of

register = template.Library()


@register.inclusion_tag("core/parts/menu.html", takes_context=True)
def staff_menu(context: template.Context, current: str = "") -> dict[str, Any]:
    """`current` is a key of `accounts.menu.ENTRIES` or an address name; without one the page tells."""
    request = context["request"]
    member = getattr(request, "membership", None)
    return {"menu": menu_for(getattr(member, "role", None), current or place_of(request), member)}
