"""Passwords and printed codes are hashed slowly on purpose; a test that is about something else need not wait.

Argon2id stays what hashes, with its least memory and one pass, so that a server started by a test reads the hashes.
What proves how slow they are asks for `real_hashes`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

LEAST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
_cheapened = pytest.StashKey[pytest.MonkeyPatch]()


def _cheapen() -> pytest.MonkeyPatch:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from accounts.services.printed import SlowHash

    patch = pytest.MonkeyPatch()
    for hasher in (Argon2PasswordHasher, SlowHash):
        for name, value in LEAST.items():
            patch.setattr(hasher, name, value)
    return patch


@pytest.fixture(autouse=True, scope="session")
def _hashes_cost_little(request: pytest.FixtureRequest) -> Iterator[None]:
    request.config.stash[_cheapened] = _cheapen()
    yield
    request.config.stash[_cheapened].undo()


@pytest.fixture
def real_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hashes as an installation makes them."""
    request.config.stash[_cheapened].undo()
    yield
    request.config.stash[_cheapened] = _cheapen()
