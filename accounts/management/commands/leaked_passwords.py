"""Makes the file LEAKED_PASSWORDS names, from a plain list of passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import leaked_list


class Command(BaseCommand):
    help = "Make the list passwords are checked against, from any list of passwords, one a line, in UTF-8."
    # The file that the settings name may be the one that is to be made.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", type=Path, help="the plain list")
        parser.add_argument("out", type=Path, help="the file to make; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        words, out = options["words"], options["out"]
        if out.exists():
            raise CommandError(f"{out} is there already. Make a new one beside it and change LEAKED_PASSWORDS.")
        try:
            made = leaked_list.make(words, out)
        except leaked_list.TooFew as error:
            raise CommandError(
                f"Only {error} of them match our policy ({leaked_list.SHORTEST} characters and more); a list needs "
                f"{leaked_list.NEEDED}. Nothing was made: take a longer list."
            ) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write(
            f"{made.lines} read, {made.different} different, {made.match} of them match our policy "
            f"({leaked_list.SHORTEST} characters and more); {made.unreadable} left out that are no UTF-8."
        )
        self.stdout.write(f"Now set LEAKED_PASSWORDS={out.resolve()}")
