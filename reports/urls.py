"""Addresses under /spravki/."""

from django.urls import path

from reports import web

app_name = "reports"

urlpatterns = [
    path("", web.assignments, name="assignments"),
    path("razpredelyane.csv", web.assignments_file, name="assignments_file"),
]
