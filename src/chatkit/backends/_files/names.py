"""Names of uploads, which strangers choose."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["file_name"]

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, and signs that turn the direction of writing: they make ``exe.png`` of what ends in ``.exe``."""
_MOST: Final = 255


def file_name(given: str) -> str:
    """The name without folders, controls and excess: safe to show, and to write under."""
    name = _UNSEEN.sub("", re.split(r"[/\\]", given)[-1]).strip()
    if name.strip(".") == "":
        return "file"
    stem, dot, suffix = name.rpartition(".")
    if len(name) <= _MOST or not dot or len(suffix) > 20:
        return name[:_MOST]
    return f"{stem[: _MOST - len(suffix) - 1]}.{suffix}"
