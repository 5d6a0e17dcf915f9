"""Addresses: `/…` in Bulgarian, `/en/…` in English; the API and the health page stand outside."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from core.health import healthz

pages: list[URLPattern | URLResolver] = [
    path("uslugi/", include("catalogue.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("api/v1/", include("config.api")),
    *i18n_patterns(*pages, prefix_default_language=False),
]
