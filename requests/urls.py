"""Addresses of the spine's pages: the public's, the desk's, the volunteer's."""

from django.urls import URLPattern, URLResolver

app_name = "requests"
urlpatterns: list[URLPattern | URLResolver] = []
