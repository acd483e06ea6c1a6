"""Small pictures of images that somebody made to harm."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from chatkit.backends._files.preview import make_preview


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, extra: bytes = b"") -> bytes:
    """A grey PNG whose header says a size, whatever its data is."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + extra + data + _chunk(b"IEND", b"")


def _saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, kind, **options)
    return out.getvalue()


_SQUEEZED = zlib.compress(b"a" * 80_000_000, 9)
BOMBS = {
    "2.5 thousand million pixels": _png(50_000, 50_000),
    "a line of 60 million pixels": _png(60_000_000, 1),
    "40 million pixels that cannot be decoded smaller": _png(8_000, 5_000),
    "nothing": _png(0, 0),
    "a comment of 80 MB": _png(10, 10, _chunk(b"zTXt", b"k\0\0" + _SQUEEZED)),
    "a colour profile of 80 MB": _png(10, 10, _chunk(b"iCCP", b"k\0\0" + _SQUEEZED)),
    "a header with a negative size": b"BM"
    + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2_000_000_000, -2_000_000_000, 1, 24, *[0] * 6),
    "half of a file": _saved("JPEG")[:200],
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_has_no_preview_and_costs_nothing(name: str) -> None:
    assert make_preview(BOMBS[name]) is None


def test_a_photograph_of_a_big_camera_has_a_preview() -> None:
    out = io.BytesIO()
    Image.new("L", (8_000, 5_000)).save(out, "JPEG")
    assert make_preview(out.getvalue()) is not None


@pytest.mark.parametrize("kind", ["TIFF", "EPS", "PPM", "ICO", "TGA", "PDF"])
def test_kinds_that_browsers_do_not_show_are_not_even_opened(kind: str) -> None:
    assert make_preview(_saved(kind)) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_kinds_that_browsers_show_have_a_preview(kind: str) -> None:
    small = make_preview(_saved(kind), side=30)
    assert small is not None
    with Image.open(io.BytesIO(small)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (30, 20))


def test_a_photo_that_was_taken_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    small = make_preview(_saved("JPEG", exif=exif), side=30)
    assert small is not None
    with Image.open(io.BytesIO(small)) as shown:
        assert shown.size == (20, 30)
