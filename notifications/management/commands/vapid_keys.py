"""`manage.py vapid_keys`: a pair of keys for web push."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from notifications.push import vapid


class Command(BaseCommand):
    help = "Makes a key pair for web push. The private key goes into the environment; browsers are given the public."

    def handle(self, **options: Any) -> None:
        private = vapid.new_key()
        self.stdout.write(f"PUSH_VAPID_PRIVATE_KEY={private}")
        self.stdout.write(f"# public: {vapid.public_of(private)}")
