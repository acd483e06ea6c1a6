"""Noticing that a handler changed its thread."""

from __future__ import annotations

import copy
from typing import Any

from chatkit.types import ThreadMetadata

__all__ = ["ThreadWatch"]


class ThreadWatch:
    """Remembers a thread, deeply, and tells when it is no longer the same."""

    __slots__ = ("_fields", "_status", "_thread")

    def __init__(self, thread: ThreadMetadata) -> None:
        self._thread = thread
        self.remember()

    def remember(self) -> None:
        """Take the thread as it is now for unchanged."""
        thread = self._thread
        fields: dict[str, Any] = dict(thread.__dict__)
        for name, value in fields.items():
            if isinstance(value, dict | list):
                fields[name] = copy.deepcopy(value)  # pyright: ignore[reportUnknownArgumentType]
        self._fields = fields
        self._status = dict(thread.status.__dict__)

    def changed(self) -> bool:
        """Whether the thread changed since the last time this said so."""
        thread = self._thread
        if thread.__dict__ == self._fields and thread.status.__dict__ == self._status:
            return False
        self.remember()
        return True
