"""What every page knows of who is reading it, and of which municipality."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts.menu import menu_for, place_of
from places.models import Municipality
from places.selectors import active_municipalities


def membership(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page which shows none of it asks the database nothing."""
    member = getattr(request, "membership", None)
    return {
        "membership": member,
        "municipality": SimpleLazyObject(lambda: _municipality(request)),
        "home_url": SimpleLazyObject(lambda: _home(request)),
        "person_url": SimpleLazyObject(lambda: reverse("accounts:me")),
        "menu": SimpleLazyObject(lambda: menu_for(getattr(member, "role", None), place_of(request), member)),
    }


def _municipality(request: HttpRequest) -> Municipality | None:
    """The reader's own, else the one that works here (the first by name where there are several)."""
    member = getattr(request, "membership", None)
    return member.municipality if member else active_municipalities().first()


def _home(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return reverse("accounts:start")
    return "/en/" if get_language() == "en" else "/"
