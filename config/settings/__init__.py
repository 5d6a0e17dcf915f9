"""Settings, read from the environment. `docs/operations.md` lists every variable."""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.env import broker_settings, database, flag, text, words
from config.settings.api import *  # noqa: F403 - the parts of one whole
from config.settings.sign_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var")))
DEMO = flag("DEMO")
DEBUG = flag("DEBUG")
# Commands that only read code (checks, schemas, catalogues) and the test suite need no real secret.
BUILDING = flag("BUILDING") or "pytest" in sys.modules

SECRET_KEY = text("SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEMO or BUILDING):
        raise ImproperlyConfigured("SECRET_KEY is not set. Put a long random text in it, or start ./run for a demo.")
    SECRET_KEY = "only-for-the-demonstration-" + hashlib.sha256(str(BASE_DIR).encode()).hexdigest()

# id:base64 of 32 bytes, the first one seals, all of them open.
FIELD_KEYS = words("FIELD_KEYS")
if not FIELD_KEYS:
    if not (DEMO or BUILDING):
        raise ImproperlyConfigured("FIELD_KEYS is not set. See docs/operations.md, section Keys.")
    FIELD_KEYS = ["demo:" + base64.b64encode(hashlib.sha256(b"field" + SECRET_KEY.encode()).digest()).decode()]
LOOKUP_KEY = text("LOOKUP_KEY", "") or hashlib.sha256(b"lookup" + SECRET_KEY.encode()).hexdigest()

ALLOWED_HOSTS = words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEMO or BUILDING else [])
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "requests.apps.RequestsConfig",
    "config.demo.apps.DemoConfig",
    "planning",
    "reports",
    "volunteers",
    "handbook",
    "accounts",
    "notifications",
    "catalogue",
    "places",
    "core",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages only (files are compressed beforehand). Secrets in them are masked anew each time, and Django adds
    # a random length, so the size tells nothing.
    "django.middleware.gzip.GZipMiddleware",
    "core.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.CurrentMembershipMiddleware",
    "core.middleware.DomainErrorMiddleware",
]

if DEMO:
    MIDDLEWARE.insert(0, "core.demonstration.DemonstrationMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site",
                "accounts.context.membership",
            ],
            "builtins": ["core.templatetags.dv"],
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"

DATABASES = {"default": database(text("DATABASE_URL", ""), VAR_DIR / "db.sqlite3")}
# Counts of wrong tries. Shared by all web processes where Redis is; losing it only forgets the counts.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": text("REDIS_URL", "")}
        if text("REDIS_URL", "") and not BUILDING
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "bg"
LANGUAGES = [("bg", _("Български")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Sofia"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["core.formats"]
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "/static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(VAR_DIR / "static")))
_manifest = not (DEBUG or BUILDING)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": ("core.static.Storage" if _manifest else "django.contrib.staticfiles.storage.StaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = not _manifest

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
HTTPS = flag("HTTPS", default=not (DEMO or DEBUG or BUILDING))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"

CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker_settings(VAR_DIR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Europe/Sofia"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# In the demonstration no mail leaves the machine.
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEMO else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "digital-volunteers@localhost")
# Messages for telephones are written as files here until a gateway is set up.
MESSAGE_SPOOL = VAR_DIR / "messages"
# In the demonstration no message leaves the machine.
MESSAGE_CHANNELS_ALL_TO_FILE = DEMO
SITE_URL = text("SITE_URL", "http://localhost:" + text("PORT", "8000")).rstrip("/")

OSRM_URL = text("OSRM_URL", "")
OSRM_TIMEOUT_SECONDS = float(text("OSRM_TIMEOUT_SECONDS", "5"))
SOLVER_SECONDS = float(text("SOLVER_SECONDS", "5"))
ADVICE_SECONDS = float(text("ADVICE_SECONDS", "15"))
SOLVER_MEMORY_MB = int(text("SOLVER_MEMORY_MB", "2048"))
# A round with more open requests goes on in parts of about half as many.
SOLVER_PART_REQUESTS = int(text("SOLVER_PART_REQUESTS", "2000"))
SOLVER_PART_SECONDS = float(text("SOLVER_PART_SECONDS", "10"))
SOLVER_PARTS_AT_ONCE = int(text("SOLVER_PARTS_AT_ONCE", "2"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "INFO")},
}
