"""How kernels are compiled that make no arrays of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
# Nothing is made, so nobody need count who still holds it: counting would take nine tenths of the time wherever an
# array is reached through a tuple.
UNCOUNTED: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
NO_DOOR: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_compile: Any = nb.njit


def bare(kernel: Kernel) -> Kernel:
    """A kernel that Python may call, too."""
    compiled: Kernel = _compile(**UNCOUNTED)(kernel)
    return compiled


def inner(kernel: Kernel) -> Kernel:
    """A kernel that only kernels call: to make a door from Python takes longer than the kernel."""
    compiled: Kernel = _compile(**UNCOUNTED, **NO_DOOR)(kernel)
    return compiled
