"""`manage.py messages`: the message catalogues, without system gettext."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import catalogues


class Command(BaseCommand):
    help = "Bring locale/en to what the code says, check it, fill it, compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--update", action="store_true", help="take new texts in, drop the gone ones")
        what.add_argument("--check", action="store_true", help="fail when the English is not complete")
        what.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")
        what.add_argument("--fill", metavar="FILE", help='JSON {"български": "English"}, "-" reads stdin')
        parser.add_argument("--missing", action="store_true", help="with --compile: only where there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        root, locale = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        english = locale / "en" / "LC_MESSAGES" / "django.po"
        if options["update"]:
            added, dropped = catalogues.update(root, english)
            self.stdout.write(f"{added} new, {dropped} dropped")
        elif options["check"]:
            if found := catalogues.faults(root, english):
                raise CommandError("\n".join([*found, f"{len(found)} faults"]))
            self.stdout.write("The English is complete.")
        elif options["fill"]:
            source = Path("/dev/stdin" if options["fill"] == "-" else options["fill"])
            for msgid in catalogues.fill(english, json.loads(source.read_text(encoding="utf-8"))):
                self.stderr.write(f"nobody says “{msgid}”")
        else:
            for path in catalogues.compile_all(locale, only_missing=options["missing"]):
                self.stdout.write(f"wrote {path.relative_to(root)}")
