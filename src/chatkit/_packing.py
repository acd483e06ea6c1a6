"""Many pieces of bytes as one, and back: what a stream log does with the frames of answers that are over."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

__all__ = ["is_packed", "pack", "unpack"]

_MARK: Final = b"\x00chatkit1"
_LENGTH: Final = 4


def pack(pieces: Sequence[bytes]) -> bytes:
    """One value that holds all pieces. Frames of one answer are much alike, and come to a tenth or less."""
    joined = b"".join(len(piece).to_bytes(_LENGTH, "big") + piece for piece in pieces)
    return _MARK + zlib.compress(joined, 6)


def is_packed(data: bytes) -> bool:
    """Whether :func:`pack` made this value. No frame begins as it does."""
    return data.startswith(_MARK)


def unpack(data: bytes) -> list[bytes]:
    """The pieces again."""
    joined = zlib.decompress(data[len(_MARK) :])
    pieces: list[bytes] = []
    at = 0
    while at < len(joined):
        end = at + _LENGTH + int.from_bytes(joined[at : at + _LENGTH], "big")
        pieces.append(joined[at + _LENGTH : end])
        at = end
    return pieces
