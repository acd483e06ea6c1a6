"""Rows of a stream log as frames, those that hold a whole finished run among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatkit._packing import is_packed, unpack
from chatkit.streams import Frame

__all__ = ["numbered"]


def numbered(rows: Iterable[tuple[int, Any]], after: int) -> list[Frame]:
    """The frames after a number. A packed row stands at the number of its last frame and holds all up to there."""
    frames: list[Frame] = []
    for n, data in rows:
        raw = bytes(data)
        if is_packed(raw):
            pieces = unpack(raw)
            frames += [Frame(m, piece) for m, piece in enumerate(pieces, n + 1 - len(pieces)) if m > after]
        else:
            frames.append(Frame(n, raw))
    return frames
