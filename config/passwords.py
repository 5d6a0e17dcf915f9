"""Which list passwords are checked against: an installation names one, or writes down that it goes without."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.env import text


def leaked_passwords(*, invented: bool) -> str:
    """The path of the list, or `common` where the operator decided to go without.

    Nothing for a demonstration and what only reads code (`invented`). Raises ImproperlyConfigured.
    """
    said = text("LEAKED_PASSWORDS", "")
    if not said and not invented:
        raise ImproperlyConfigured(
            "LEAKED_PASSWORDS is not set. Name a list that `manage.py leaked_passwords` made, or write "
            "LEAKED_PASSWORDS=common to check against the common list alone. See docs/operations.md, section Sign-in."
        )
    return said
