"""Settings, read from the environment. `docs/operations.md` lists every variable."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.clear import clear_hosts
from config.env import broker_settings, building, database, flag, text, words
from config.passwords import leaked_passwords
from config.secrets import process, secrets, word
from config.settings.api import *  # noqa: F403 - the parts of one whole
from config.settings.doors import *  # noqa: F403
from config.settings.push import *  # noqa: F403
from config.settings.sign_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var")))
DEMO = flag("DEMO")
DEBUG = flag("DEBUG")
BUILDING = building()

# A process with fewer keys: the schedule, and who only sends messages.
PROCESS = process()
SECRET_KEY, LOOKUP_KEY, FIELD_KEYS, EVIDENCE_KEYS = secrets(invented=DEMO or BUILDING, base=str(BASE_DIR))
# SHA-1 of leaked passwords, one a line in their order: `HASH:count`.
LEAKED_PASSWORDS = leaked_passwords(invented=DEMO or BUILDING)

# Whom it speaks to without TLS; nobody else beyond this machine.
CLEAR_HOSTS = clear_hosts(invented=DEMO or BUILDING)

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
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
]

MIDDLEWARE = [
    "core.request_ids.RequestIdMiddleware",
    "core.headers.SecurityHeadersMiddleware",
    "core.metrics.MetricsMiddleware",
    "core.refusals.RefusalsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages only (files are compressed beforehand). Secrets in them are masked anew each time, and Django adds
    # a random length, so the size tells nothing.
    "django.middleware.gzip.GZipMiddleware",
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
    "accounts.middleware.SignedInMiddleware",
    "core.limits.LimitsMiddleware",
    "requests.middleware.OpeningsMiddleware",
    "core.middleware.DomainErrorMiddleware",
]

if DEMO:
    MIDDLEWARE.insert(0, "core.demonstration.DemonstrationMiddleware")

# In the session: a cookie of its own would carry what was said.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
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
# Counts of tries. Shared by all web processes where Redis is; while it is away each process counts alone.
CACHES = {
    "default": (
        {"BACKEND": "core.shared_counts.SharedCounts", "LOCATION": text("REDIS_URL", "")}
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
# SMS: Kannel's sendsms where its address is set, else a gateway described by a JSON object.
KANNEL_URL = text("KANNEL_URL", "")
# Files in MESSAGE_SPOOL, for a modem's own program to take.
SMS_TO_FILES = flag("SMS_TO_FILES")
KANNEL_USER, KANNEL_PASSWORD = text("KANNEL_USER", ""), text("KANNEL_PASSWORD", "")
SMS_GATEWAY = json.loads(text("SMS_GATEWAY", "") or "{}")
SMS_SENDER = text("SMS_SENDER", "Dobrovolci")
# Where gateways reach this site, and the word they must know to bring messages in.
GATEWAY_CALLBACK = text("GATEWAY_CALLBACK", "").rstrip("/") or SITE_URL
GATEWAY_SECRET = word("GATEWAY_SECRET", invented=DEMO or BUILDING)
# The desk is told when less than this is left at a gateway, in its own units.
CREDITS_LOW = int(text("CREDITS_LOW", "200"))

# Where events for other systems may go: public addresses by https; in the demonstration only to this machine.
WEBHOOK_REACH = text("WEBHOOK_REACH", "loopback" if DEMO else "public")
if WEBHOOK_REACH not in ("public", "loopback", "anywhere"):
    raise ImproperlyConfigured("WEBHOOK_REACH is public, loopback or anywhere.")
# Where they may go, „*.“ for any name before; empty, wherever an administrator says.
WEBHOOK_HOSTS = [name.lower() for name in words("WEBHOOK_HOSTS")]
# Deliveries are kept for so long; a system that takes nothing for so long is paused.
WEBHOOK_KEEP_DAYS = int(text("WEBHOOK_KEEP_DAYS", "30"))
WEBHOOK_PAUSE_DAYS = int(text("WEBHOOK_PAUSE_DAYS", "5"))

OSRM_URL = text("OSRM_URL", "")
OSRM_TIMEOUT_SECONDS = float(text("OSRM_TIMEOUT_SECONDS", "5"))
SOLVER_SECONDS = float(text("SOLVER_SECONDS", "5"))
ADVICE_SECONDS = float(text("ADVICE_SECONDS", "15"))
SOLVER_MEMORY_MB = int(text("SOLVER_MEMORY_MB", "2048"))
# A round with more open requests goes on in parts of about half as many.
SOLVER_PART_REQUESTS = int(text("SOLVER_PART_REQUESTS", "2000"))
SOLVER_PART_SECONDS = float(text("SOLVER_PART_SECONDS", "10"))
SOLVER_PARTS_AT_ONCE = int(text("SOLVER_PARTS_AT_ONCE", "2"))
