"""What browsers and strangers meet: cookies, https, what is logged, how much one may ask."""

from __future__ import annotations

from config.env import building, flag, text
from config.secrets import word

HTTPS = flag("HTTPS", default=not (flag("DEMO") or flag("DEBUG") or building()))
# `__Host-`: no other host of the domain, and no page without https, can set or read it.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_prefix}django_language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
# Asked by machines beside the web server, which speak no https; programs are refused instead (core.limits).
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/", r"^vrata/", r"^kalendar/"]
X_FRAME_OPTIONS = "DENY"
# A form is some fields; what is larger is no form, and is not read. No page takes a file: the first ends the request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 0
# A link from a letter to a new password.
PASSWORD_RESET_TIMEOUT = 4 * 3600

# How many calls one token, or one person's session, may make in a minute.
API_CALLS_A_MINUTE = int(text("API_CALLS_A_MINUTE", "300"))
# When more forms of the public come in ten minutes, together or from one address, each costs a computation.
CALM_FORMS = int(text("CALM_FORMS", "1000" if building() else "60"))
CALM_FORMS_HERE = int(text("CALM_FORMS_HERE", "1000" if building() else "20"))
# Whoever is not on this machine shows it as `Authorization: Bearer …`.
METRICS_TOKEN = word("METRICS_TOKEN", invented=flag("DEMO") or building())
# Whom security.txt names; a mailto: or https: address.
SECURITY_CONTACT = text("SECURITY_CONTACT", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.Line"}, "json": {"()": "core.logs.Json"}},
    "filters": {"safe": {"()": "core.logs.Safe"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if text("LOG_FORMAT", "line") == "json" else "line",
            "filters": ["safe"],
        }
    },
    # It would write down whole addresses: that of a browser is a secret.
    "loggers": {"httpx": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "INFO")},
}
