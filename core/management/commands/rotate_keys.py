"""Seals every personal value anew with the first keys of FIELD_KEYS and EVIDENCE_KEYS."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import crypto, rotation


class Command(BaseCommand):
    help = "Seal everything with the first key of its ring, beside the running application. Killed, it is run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=rotation.BATCH)
        parser.add_argument("--check", action="store_true", help="only say which keys are in use")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            batch = options["batch"]
            fields = (rotation.rotate(model, batch=batch) for model in rotation.tables())
            for steps in (*fields, rotation.rotate_elsewhere(batch=batch)):
                for step in steps:
                    self.stdout.write(f"{step.table}: {step.done} sealed anew, {step.by_others} by others")
                    self.stdout.flush()
        for ring_of in (crypto.EVIDENCE, crypto.FIELDS):
            self._say_what_is_in_use(ring_of)

    def _say_what_is_in_use(self, ring_of: str) -> None:
        first, used = crypto.first_key(ring_of), rotation.in_use(ring_of)
        known = {entry.partition(":")[0] for entry in getattr(settings, ring_of)}
        self.stdout.write(f"{ring_of}:")
        self.stdout.write(f"Key {first}: seals {used.get(first, 0)} values, and all that are written from now on.")
        for key in sorted(known - {first}):
            if used.get(key):
                self.stdout.write(f"Key {key}: still seals {used[key]} values. Run this command again.")
            else:
                self.stdout.write(f"Key {key}: seals nothing any more. It may leave {ring_of}.")
        if missing := sorted(set(used) - known):
            raise CommandError(f"Not in {ring_of}, and needed: {', '.join(missing)}.")
