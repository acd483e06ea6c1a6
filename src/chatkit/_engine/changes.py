"""Noticing that a handler changed its thread."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, cast

from chatkit.types import ThreadMetadata

__all__ = ["ThreadWatch"]

_ATOMS = frozenset({str, int, float, bool, type(None)})


class ThreadWatch:
    """Remembers a thread, deeply, and tells when it is no longer the same. Begins with `remember`."""

    __slots__ = ("_fields", "_status", "_thread")

    def __init__(self, thread: ThreadMetadata) -> None:
        self._thread = thread
        self._fields: Mapping[str, Any] = {}
        self._status: Mapping[str, Any] = {}

    def remember(self) -> None:
        """Take the thread as it is now for unchanged."""
        thread = self._thread
        fields: dict[str, Any] = dict(thread.__dict__)
        for name, value in fields.items():
            if isinstance(value, dict | list):
                fields[name] = _snapshot(cast("dict[str, Any] | list[Any]", value))
        self._fields = fields
        self._status = dict(thread.status.__dict__)

    def changed(self) -> bool:
        """Whether the thread changed since the last time this said so."""
        thread = self._thread
        if vars(thread) == self._fields and vars(thread.status) == self._status:
            return False
        self.remember()
        return True


def _snapshot(value: dict[str, Any] | list[Any]) -> Any:
    """A copy that stays as it is whatever is done to the value."""
    parts = value.values() if isinstance(value, dict) else value
    return copy.copy(value) if all(type(part) in _ATOMS for part in parts) else copy.deepcopy(value)
