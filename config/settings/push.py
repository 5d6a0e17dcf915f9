"""Web push: this installation's key, whom a push service may write to, and which services there are."""

from __future__ import annotations

from email.utils import parseaddr

from config.env import flag, text, words

# 32 bytes in base64url; `manage.py vapid_keys` makes one. Without it nobody is offered push.
PUSH_VAPID_PRIVATE_KEY = text("PUSH_VAPID_PRIVATE_KEY", "")
PUSH_CONTACT = text(
    "PUSH_CONTACT", "mailto:" + parseaddr(text("DEFAULT_FROM_EMAIL", "digital-volunteers@localhost"))[1]
)
# Chrome and Android, Firefox, Safari, Edge.
PUSH_HOSTS = words("PUSH_HOSTS") or [
    "fcm.googleapis.com", "jmt17.google.com", "*.push.services.mozilla.com", "*.push.apple.com",
    "*.notify.windows.com",
]  # fmt: skip
# A push service on this very machine, for developers: its address may be private, and without https.
PUSH_LOCAL_SERVICE = flag("PUSH_LOCAL_SERVICE")
