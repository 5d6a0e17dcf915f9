"""The WSGI door: what the web server calls."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if settings.PROCESS:
    raise ImproperlyConfigured(f"PROCESS={settings.PROCESS}: the web server needs every key. Leave PROCESS out.")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django. Behind a proxy that comes by https itself, only the proxy's word says how the browser came."""
    if settings.SECURE_PROXY_SSL_HEADER:
        environ["wsgi.url_scheme"] = "http"
    answer: Iterable[bytes] = _django(environ, start_response)
    return answer
