"""How kernels are compiled that make no arrays of their own."""

from __future__ import annotations

import numba as nb

# Nothing is made, so nobody need count who still holds it: counting would take nine tenths of the time wherever an
# array is reached through a tuple.
bare = nb.njit(cache=True, nogil=True, _nrt=False)
# Kernels that only kernels call need no door from Python: to make one takes longer than the kernel.
inner = nb.njit(cache=True, nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
