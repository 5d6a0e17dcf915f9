"""Addresses: `/…` in Bulgarian, `/en/…` in English; the API and the health page stand outside."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from accounts.policy import public
from config.demo.web import resident
from config.metrics import metrics
from core import csp_reports, security_txt
from core.health import healthz, readyz
from requests.web.calendars import feed
from requests.web.demo_phones import demo_phones
from requests.web.push import service_worker

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

handler400, handler403 = "core.failures.bad_request", "core.failures.permission_denied"
handler404, handler500 = "core.failures.page_not_found", "core.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", public(healthz)),
    path("readyz", public(readyz)),
    path("metrics", metrics),
    path(security_txt.PATH, public(security_txt.security_txt)),
    path("csp/", public(csp_reports.receive)),
    # A service worker stands for the addresses below its own.
    path("sw.js", service_worker, name="service-worker"),
    path("api/v1/", include("config.api")),
    path("kalendar/<str:token>.ics", feed, name="calendar-feed"),
    path("vrata/", include("requests.gateway_urls")),
    *i18n_patterns(*pages, prefix_default_language=False),
]
