"""The tracking code: how it is hashed to be found, and shown in two fours."""

from core.crypto import lookup_hash


def tracking_hash(code: str) -> str:
    """Keyed hash of the code's digits; spaces and dashes do not matter."""
    return lookup_hash("".join(char for char in code if char.isdigit()), purpose="tracking")
