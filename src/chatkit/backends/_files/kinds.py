"""What a file is, told from its first bytes and not from what its sender says."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Final

__all__ = ["HEAD_BYTES", "SAFE_INLINE", "agrees", "matches", "sniff"]

HEAD_BYTES: Final = 2048
"""How much of a file :func:`sniff` wants to see."""

SAFE_INLINE: Final = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf"}
)
"""Types that a browser may show in place: they cannot run script in the page's origin."""

_MAGIC: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (0, b"MZ", "application/x-dosexec"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
_MARKUP: Final = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<head", b"<body", b"<iframe")

_INSIDE: Final = {
    "application/zip": (
        "application/zip",
        "application/x-zip-compressed",
        "application/vnd.openxmlformats-officedocument.*",
        "application/vnd.oasis.opendocument.*",
        "application/epub+zip",
        "application/java-archive",
    ),
    "application/x-ole-storage": ("application/msword", "application/vnd.ms-*"),
    "application/ogg": ("audio/ogg", "video/ogg", "application/ogg"),
    "video/mp4": ("video/*", "audio/mp4", "audio/x-m4a", "audio/aac"),
    "video/webm": ("video/webm", "audio/webm", "video/x-matroska"),
    "application/gzip": ("application/gzip", "application/x-gzip", "application/x-tar"),
}


def sniff(head: bytes) -> str:
    """The type that the first bytes show: one with a signature, ``text/html``, ``text/plain`` or unknown bytes."""
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    if any(sign in head[:1024].lower() for sign in _MARKUP):
        return "text/html"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def agrees(declared: str, found: str) -> bool:
    """Whether the bytes can be what the sender says they are."""
    declared = declared.split(";")[0].strip().lower()
    if declared == found or declared == "application/octet-stream":
        return True
    if found in _INSIDE:
        return matches(declared, _INSIDE[found])
    if found == "text/html":
        return declared in (
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/plain",
            "text/markdown",
        )
    if found == "text/plain":
        return not matches(declared, ("image/*", "audio/*", "video/*", "application/pdf"))
    # No signature known: believed, unless the type it claims has one that is missing here.
    return found == "application/octet-stream" and declared not in {kind for _, _, kind in _MAGIC}


def matches(kind: str, patterns: tuple[str, ...] | list[str]) -> bool:
    """Whether a type fits one of ``image/*``, ``text/csv``, ``*`` …"""
    return any(fnmatch(kind, pattern or "*") for pattern in patterns)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a character cut off by the end of what we see
    return True
