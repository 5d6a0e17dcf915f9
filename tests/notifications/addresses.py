"""The site with the pages of this room at addresses of their own, unguarded, for its tests."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site
from notifications import web
from notifications.models import Contact
from requests.web.demo_phones import demo_phones


def inbox(request: HttpRequest, contact: UUID) -> HttpResponse:
    return web.inbox(request, contacts=Contact.objects.filter(pk=contact), back_url="/", back_label="Днес")


urlpatterns = [*site, path("inbox/<uuid:contact>/", inbox), path("demo/telefoni/", demo_phones)]
