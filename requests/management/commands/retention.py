"""What was kept long enough goes: the nightly run by hand, or only counted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from requests.services import keeping


class Command(BaseCommand):
    help = "Empty what was kept long enough, by each municipality's terms. --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        for what, count in sorted(keeping.run(now=timezone.now(), dry=dry).items()):
            self.stdout.write(f"{what}: {count}{' would go' if dry else ''}")
