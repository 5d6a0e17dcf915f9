"""After a backup is restored: who was erased since is erased again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from requests.services import erasure


class Command(BaseCommand):
    help = "Erase again whoever stands on the list of erasures (VAR_DIR/erasures.jsonl, or --from another copy)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        count = erasure.replay(file=options["file"], now=timezone.now())
        self.stdout.write(f"{count} erased again.")
