"""The unit of all prices: whole numbers of 1/SCALE points, so that sums are exact."""

SCALE = 1024
