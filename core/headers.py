"""What browsers are told on every answer, files included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]

REPORTS = "/csp/"
# What is not named is nobody's: media, frames, fonts of others.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {value}" for name, value in _SOURCES.items())
# `report-uri` alone: every browser still follows it, and a village's signal carries every byte.
REPORTED = f"{POLICY}; report-uri {REPORTS}"

# What a page could ask of the device. Passkeys and copying a code are our own pages' anyway.
_OFF = (
    "browsing-topics", "camera", "display-capture", "geolocation", "hid", "idle-detection", "local-fonts",
    "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
PERMISSIONS = ",".join(f"{name}=()" for name in _OFF)
# The address is a secret: other pages and the logs of our own files learn the host alone.
SECRET_ADDRESS = {
    "Referrer-Policy": "strict-origin", "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow",
}  # fmt: skip


class SecurityHeadersMiddleware:
    """Stands before the files are served, so that they carry the same."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told = {
            "Content-Security-Policy": REPORTED,
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if _is_page(response):
            told |= {"Permissions-Policy": PERMISSIONS, "Cross-Origin-Opener-Policy": "same-origin"}
        if _is_somebodys(request):
            told["Cache-Control"] = "private, no-store"
        for name, value in told.items():
            response.headers.setdefault(name, value)
        if "no-store" in response.headers.get("Cache-Control", ""):
            _keep_nothing(response)
        return response


def _is_somebodys(request: HttpRequest) -> bool:
    """What was made for whoever is signed in, or for a program: no browser keeps it on a shared computer.

    Only what was looked at on the way counts, so that a page that asked for nobody does not ask now.
    """
    user = getattr(request, "_cached_user", None)
    return "Authorization" in request.headers or bool(user is not None and user.is_authenticated)


def _keep_nothing(response: HttpResponse) -> None:
    """`no-store` says it all (RFC 9111, 5.2.2.5); what Django adds is weight on every step over a village's signal."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers.pop("Expires", None)


def _is_page(response: HttpResponse) -> bool:
    """Only a document has a window and asks the device for anything: no file, and no redirect."""
    return response.headers.get("Content-Type", "").startswith("text/html") and not 300 <= response.status_code < 400


def secret_address(view: Any) -> Any:
    """For a page whose address alone opens something: it is not cached, listed, or told to the next page."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        for name, value in SECRET_ADDRESS.items():
            response.headers[name] = value
        return response

    guarded.__name__ = getattr(view, "__name__", "guarded")
    guarded.__doc__, guarded.__module__ = view.__doc__, view.__module__
    guarded.__dict__.update(getattr(view, "__dict__", {}))
    return guarded
