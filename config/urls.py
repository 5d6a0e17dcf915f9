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

if settings.DEMO:
    pages.append(path("", include("accounts.demo_urls")))
    pages.append(path("demo/telefoni/", demo_phones, name="demo-phones"))
    pages.append(path("demo/zayavka/<int:number>/", resident, name="demo-resident"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", public(healthz)),
    path("api/v1/", include("config.api")),
    *i18n_patterns(*pages, prefix_default_language=False),
]
