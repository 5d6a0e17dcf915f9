"""Compiled: chance from one number of 64 bits (xorshift), so that a seed gives the same search every time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matching.exact.compiled import bare, inner

Dice = npt.NDArray[np.uint64]


def new_dice(seed: int) -> Dice:
    """Dice for a seed ≥ 0; never all zeros, from which nothing would follow."""
    return np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64 or 1], dtype=np.uint64)


@inner
def _roll(dice: Dice) -> int:
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return x >> np.uint64(11)


@bare
def below(dice: Dice, n: int) -> int:
    """0 … n - 1."""
    return int(np.int64(_roll(dice) % np.uint64(n)))


@bare
def unit(dice: Dice) -> float:
    """From 0 to below 1."""
    return _roll(dice) * (1.0 / 9007199254740992.0)
