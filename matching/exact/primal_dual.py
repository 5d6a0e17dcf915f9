"""A linear programme with prices by first-order steps: each starts where the last one ended.

maximise cost·x with A x ≤ limit, 0 ≤ x ≤ upper. Simplex and interior point begin anew after new columns or take
minutes at tens of thousands of columns; these steps (primal-dual hybrid gradient, restarted at averages) go on from the
prices they have, a few milliseconds each. What they give is near the optimum, not at it: any prices ≥ 0 prove a bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]


class Matrix(NamedTuple):
    """Column j has `entry[first[j]:first[j + 1]]` in the rows `row` alike; its profit and upper bound."""

    first: Starts
    row: Rows
    entry: Floats
    cost: Floats
    upper: Floats
    limit: Floats


class Point(NamedTuple):
    """`x` by column and `price` by row."""

    x: Floats
    price: Floats


@nb.njit(cache=True, nogil=True)
def weigh(matrix: Matrix) -> tuple[Floats, Floats]:
    """Step lengths by column and by row: the inverse of the sum of what stands in it."""
    column, row = np.ones(matrix.cost.shape[0]), np.zeros(matrix.limit.shape[0])
    for j in range(column.shape[0]):
        total = 0.0
        for k in range(matrix.first[j], matrix.first[j + 1]):
            total += abs(matrix.entry[k])
            row[matrix.row[k]] += abs(matrix.entry[k])
        column[j] = 1.0 / max(total, 1e-9)
    return column, 1.0 / np.maximum(row, 1.0)


@nb.njit(cache=True, nogil=True)
def advance(matrix: Matrix, at: Point, total: Point, column: Floats, row: Floats, weight: float, steps: int) -> None:
    """Take steps from `at`, in place, and add each to `total`. `weight` is points for each unit of x."""
    load = np.empty(row.shape[0])
    x, price = at.x, at.price
    for _ in range(steps):
        load[:] = -matrix.limit
        for j in range(x.shape[0]):
            lo, hi = matrix.first[j], matrix.first[j + 1]
            worth = matrix.cost[j]
            for k in range(lo, hi):
                worth -= matrix.entry[k] * price[matrix.row[k]]
            old = x[j]
            new = min(matrix.upper[j], max(0.0, old + worth * column[j] / weight))
            x[j] = new
            total.x[j] += new
            ahead = 2.0 * new - old
            if ahead != 0.0:
                for k in range(lo, hi):
                    load[matrix.row[k]] += matrix.entry[k] * ahead
        for i in range(price.shape[0]):
            price[i] = max(0.0, price[i] + load[i] * row[i] * weight)
            total.price[i] += price[i]


@nb.njit(cache=True, nogil=True)
def reduced(matrix: Matrix, price: Floats) -> Floats:
    """What each column is worth beyond the prices of its rows."""
    worth = matrix.cost.copy()
    for j in range(worth.shape[0]):
        for k in range(matrix.first[j], matrix.first[j + 1]):
            worth[j] -= matrix.entry[k] * price[matrix.row[k]]
    return worth


@nb.njit(cache=True, nogil=True)
def fault(matrix: Matrix, at: Point) -> tuple[float, float, float]:
    """(value of x, value of the prices if everything worth more than its rows is paid for once, how much x breaks
    its rows, in points of these prices)."""
    worth = reduced(matrix, at.price)
    load = np.zeros(matrix.limit.shape[0])
    value = 0.0
    for j in range(worth.shape[0]):
        value += matrix.cost[j] * at.x[j]
        for k in range(matrix.first[j], matrix.first[j + 1]):
            load[matrix.row[k]] += matrix.entry[k] * at.x[j]
    broken, bound = 0.0, 0.0
    for i in range(load.shape[0]):
        broken += max(0.0, load[i] - matrix.limit[i]) * at.price[i]
        bound += matrix.limit[i] * at.price[i]
    for j in range(worth.shape[0]):
        bound += max(0.0, worth[j]) * max(at.x[j], matrix.upper[j] if matrix.upper[j] <= 1.0 else at.x[j])
    return value, bound, broken
