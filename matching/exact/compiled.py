"""How kernels that make no arrays of their own are compiled."""

from __future__ import annotations

import numba as nb

# Nothing is made, so nobody need count who still holds it: counting would take nine tenths of the time wherever an
# array is reached through a tuple.
bare = nb.njit(cache=True, nogil=True, _nrt=False)
