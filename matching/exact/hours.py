"""When a visit may begin, for the compiled kernels: as `matching.engine.runs.begin_at`."""

from __future__ import annotations

from matching.exact.arrays import FREE, Arrays
from matching.exact.compiled import bare

NEVER = 2**60


@bare
def begin(arrays: Arrays, r: int, ready: int) -> int:
    """The earliest start for people there at `ready`; NEVER if none."""
    asked = arrays.asked
    if asked.fixed[r] != FREE:
        return asked.fixed[r] if ready <= asked.fixed[r] else NEVER
    for i in range(asked.first[r], asked.first[r + 1]):
        start = max(ready, asked.opens[i])
        # Division takes longer than all the rest.
        even = start if arrays.step == 1 else -(-start // arrays.step) * arrays.step
        if even + asked.duration[r] <= asked.closes[i]:
            return even
        if start + asked.duration[r] <= asked.closes[i]:
            return start
    return NEVER
