"""Addresses under /narachnik/."""

from django.urls import path

from handbook import web

app_name = "handbook"

urlpatterns = [
    path("", web.index, name="index"),
    path("<slug:code>/", web.module, name="module"),
]
