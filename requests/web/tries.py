"""Guessing codes is slowed down: a few wrong tries from one address, then a pause."""

from __future__ import annotations

from core.tries import Tries

MOST = 5
WRONG_CODES = Tries("track", MOST, 15 * 60)
