"""Intervals of whole minutes: joined, cut, met."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted, with overlapping or touching ones joined."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def cut(spans: Iterable[Span], away: Iterable[Span]) -> list[Span]:
    """The spans without the parts that are taken away."""
    left = list(spans)
    for out_start, out_end in away:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, out_start)), (max(start, out_end), end))
            if piece[1] > piece[0]
        ]
    return sorted(left)


def meet(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """What lies in both."""
    right = list(right)
    both = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return merge(span for span in both if span[1] > span[0])
