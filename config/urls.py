"""Addresses: `/…` in Bulgarian, `/en/…` in English; the API and the health page stand outside."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from accounts.policy import public
from config.demo.web import resident
from core.health import healthz
from requests.web.demo_phones import demo_phones

pages: list[URLPattern | URLResolver] = [
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("requests.urls")),
    path("uslugi/", include("catalogue.urls")),
    path("dobrovoltsi/", include("volunteers.urls")),
    path("narachnik/", include("handbook.urls")),
    path("plan/", include("planning.urls")),
    path("spravki/", include("reports.urls")),
]

# Only a demonstration has these: a sign-in without a password, and everybody's messages.
demo_pages: list[URLPattern | URLResolver] = [
    path("", include("accounts.demo_urls")),
    path("demo/telefoni/", demo_phones, name="demo-phones"),
    path("demo/zayavka/<int:number>/", resident, name="demo-resident"),
]
if settings.DEMO:
    pages += demo_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", public(healthz)),
    path("api/v1/", include("config.api")),
    *i18n_patterns(*pages, prefix_default_language=False),
]
