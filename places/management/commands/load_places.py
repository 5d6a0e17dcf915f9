from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from places.services.national import BadFile, load_national


class Command(BaseCommand):
    help = "Load the national list of settlements from a CSV file: all of it, or nothing and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", default="", help="take only this one, for example PER36")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                loaded = load_national(lines, only=options["municipality"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except BadFile as error:
            for problem in error.problems:
                self.stderr.write(problem)
            raise CommandError(f"{path}: nothing was loaded, {len(error.problems)} to correct") from error
        for name, written in loaded._asdict().items():
            self.stdout.write(f"{name}: {written.new} new, {written.changed} changed, {written.same} as they were")
