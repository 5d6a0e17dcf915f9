"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def site(request: HttpRequest) -> dict[str, Any]:
    other = "bg" if get_language() == "en" else "en"
    return {
        "DEMO": settings.DEMO,
        "other_language": other,
        "other_language_url": translate_url(request.get_full_path(), other),
    }
