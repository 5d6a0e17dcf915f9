"""Points on the globe, in degrees, and the distance between them."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]  # latitude, longitude in degrees
EARTH_KM = 6371.0088

# The country with a little air around it: what lies outside is a slip of the pen.
SOUTH, NORTH = 41.2, 44.25
WEST, EAST = 22.3, 28.7


def inside_bulgaria(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def air_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres. The planner does these sums in this order, to the last bit."""
    lat_a, lon_a, lat_b, lon_b = (radians(degrees) for degrees in (*a, *b))
    half_lat, half_lon = sin((lat_b - lat_a) / 2), sin((lon_b - lon_a) / 2)
    h = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_KM * asin(sqrt(min(1.0, h)))
