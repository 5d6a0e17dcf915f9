"""Addresses: `/…` in Bulgarian, `/en/…` in English; the API and the health pages stand outside."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
