from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.services import factors

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Take a lost second factor away and end all sessions: for the last administrator of a municipality."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="what they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody signs in with this e-mail.")
        count = factors.reset(user=user, by=None, now=timezone.now())
        logger.warning("Second factor of user %s taken away from the command line", user.pk)
        self.stdout.write(f"{count} taken away, all sessions ended. The next sign-in sets a new one up.")
