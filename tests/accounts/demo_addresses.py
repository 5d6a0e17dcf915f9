"""The addresses as they stand in a demonstration."""

from django.urls import include, path

from config.urls import urlpatterns as usual

urlpatterns = [*usual, path("", include("accounts.demo_urls"))]
