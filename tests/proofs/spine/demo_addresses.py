"""The addresses as a demonstration has them."""

from django.conf.urls.i18n import i18n_patterns

from config.urls import demo_pages
from config.urls import urlpatterns as usual

urlpatterns = [*usual, *i18n_patterns(*demo_pages, prefix_default_language=False)]
