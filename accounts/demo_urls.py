"""Stands in the addresses only where settings.DEMO is set."""

from django.urls import path

from accounts.web import demo

urlpatterns = [path("demo/vhod/<str:signed>/", demo.sign_in, name="demo-sign-in")]
