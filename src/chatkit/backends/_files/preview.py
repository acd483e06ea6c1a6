"""Small pictures of uploaded images."""

from __future__ import annotations

import io
from typing import Final

from chatkit._extras import missing

__all__ = ["PREVIEW_TYPES", "make_preview"]

PREVIEW_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""Pillow reads many more, some through other programs."""
_MOST_PIXELS: Final = 50_000_000
_MOST_DECODED: Final = 25_000_000
"""Pixels that may be in memory at once, 100 MB of them: a JPEG is decoded smaller than it is, others are not."""


def make_preview(image: bytes, side: int = 512) -> bytes | None:
    """A WebP of at most ``side`` pixels each way; None when the bytes are not a picture that can be read safely."""
    if missing("PIL"):
        return None
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(image), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.draft("RGB", (side * 2, side * 2))
            if opened.width * opened.height > _MOST_DECODED:
                return None
            opened.thumbnail((side, side))  # first: turning needs the memory of the picture once more
            small = ImageOps.exif_transpose(opened)
            out = io.BytesIO()
            small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(
                out, "WEBP", quality=80
            )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()
