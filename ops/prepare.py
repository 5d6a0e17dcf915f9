"""Runs inside the environment, in one Django process: the database, the facts, the people, their links.

It reports to `./run` on standard output, one JSON object a line: a finished step, a trouble, or the links.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def tell(**words: Any) -> None:
    sys.__stdout__.write(json.dumps(words, ensure_ascii=False) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


@contextmanager
def step(bg: str, en: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    tell(kind="step", bg=bg, en=en, seconds=time.monotonic() - started)


def main() -> None:
    # This process lives for seconds and makes a hundred thousand rows and queries: collecting only costs time.
    gc.disable()
    # The commands print for people; here only our own lines belong on standard output.
    sys.stdout = sys.stderr
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with step("Приложението е заредено", "The application is loaded"):
        django.setup()
    from core import demonstration

    fresh = "--only-links" not in sys.argv
    if fresh:
        with step("Преводи", "Message catalogues"):
            call_command("messages", "--compile", verbosity=0)
        with step("База данни", "Database"):
            if not demonstration.may_claim():
                tell(
                    kind="trouble",
                    bg="Тази база данни е на истинска община, не на демонстрация.",
                    en="This database belongs to a real installation, not to a demonstration.",
                )
                sys.exit(1)
            # The mark's own table first: a first run that is interrupted is still known for a demonstration.
            call_command("migrate", "core", verbosity=0)
            demonstration.claim()
            call_command("migrate", verbosity=0)
        with step("Факти: селища и услуги", "Facts: settlements and services"):
            call_command("load_facts", verbosity=0)
    with step("Хора за демонстрацията", "People of the demonstration"):
        call_command("load_demo", verbosity=0, plan_later="--plan-later" in sys.argv)
    out = io.StringIO()
    call_command("demo_links", stdout=out)
    tell(kind="links", links=json.loads(out.getvalue()))


if __name__ == "__main__":
    main()
