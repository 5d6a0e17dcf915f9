"""`manage.py purge_journal [--dry-run]`: what stood in the journal for five years goes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from requests.services import purging


class Command(BaseCommand):
    help = "Removes journal entries older than five years. Run it as the owner of the tables. --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        try:
            count = purging.purge(now=timezone.now(), dry=dry)
        except DatabaseError as error:
            raise CommandError(
                f"The database refused: {error}\nRun this with the owner's DATABASE_URL, as migrate is run."
            ) from error
        self.stdout.write(f"{count} journal entries {'would go' if dry else 'are gone'}.")
