"""Many hands at the same instant, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connection, connections

from core.errors import Gone

# What a volunteer who was not first may be told; every one of them is a kind sentence.
KIND = {"taken", "withdrawn", "late", "clash", "answered", "moved"}
Work = Callable[[], object]


def race(work: list[Work]) -> list[object]:
    """Start all at the same instant, each on a connection of its own; what each answered or raised."""
    line = threading.Barrier(len(work))
    answers: list[object] = [None] * len(work)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            line.wait(30)
            answers[number] = work[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return answers


def codes(answers: list[object]) -> Counter[str]:
    """`won` or the code of the kind sentence; anything else is a failure of the house."""
    found: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, Gone):
            assert answer.code in KIND and "." in str(answer.message)
            found[answer.code] += 1
        elif isinstance(answer, Exception):
            raise AssertionError(f"an error instead of a kind word: {answer!r}") from answer
        else:
            found["won"] += 1
    return found
