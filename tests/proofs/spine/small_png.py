"""A screenshot with few colours needs few bytes: Chromium's PNG written again with a palette of at most 256."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Colour = bytes


def with_palette(png: bytes) -> bytes:
    """The same picture, eight bits a pixel. Rare shades of a letter's edge become their nearest neighbour."""
    width, height, channels, raw = _opened(png)
    pixels = _colours(width, height, channels, raw)
    known = Counter(pixels)
    palette = [colour for colour, _count in known.most_common(256)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in known:
        if colour not in index:
            index[colour] = min(range(len(palette)), key=lambda number, c=colour: _distance(c, palette[number]))  # type: ignore[misc]
    body = bytes(index[colour] for colour in pixels)
    lines = b"".join(b"\0" + body[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _distance(a: Colour, b: Colour) -> int:
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _opened(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, bytes a pixel, filtered lines. Raises ValueError for what a browser does not write."""
    parts = list(_chunks(png))
    width, height, depth, kind, _c, _f, interlaced = struct.unpack(">IIBBBBB", dict(parts)[b"IHDR"])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("only plain RGB and RGBA of eight bits")
    return width, height, 3 if kind == 2 else 4, zlib.decompress(b"".join(d for k, d in parts if k == b"IDAT"))


def _colours(width: int, height: int, channels: int, raw: bytes) -> list[Colour]:
    size, found = width * channels, []
    above = bytearray(size)
    for row in range(height):
        begin = row * (size + 1)
        line = _unfiltered(raw[begin], bytearray(raw[begin + 1 : begin + 1 + size]), above, channels)
        found += [bytes(line[at : at + 3]) for at in range(0, size, channels)]
        above = line
    return found


def _unfiltered(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    """One line as PNG's five filters left it."""
    if kind == 0:
        return line
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[at]
        elif kind == 3:
            guess = (left + above[at]) // 2
        else:
            guess = _paeth(left, above[at], above[at - step] if at >= step else 0)
        line[at] = (line[at] + guess) & 255
    return line


def _paeth(left: int, up: int, corner: int) -> int:
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner
