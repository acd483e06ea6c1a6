"""Frames that are for the server alone: what another worker needs to know to end a run in this one's place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from chatkit._engine.wire import json_of
from chatkit.streams import Frame
from chatkit.types import ThreadItem

__all__ = ["is_note", "replaced_items", "replaced_note"]

_MARK = b"#"
_MOST = 4_000_000
_ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)


def is_note(frame: bytes) -> bool:
    """Whether a frame is not for clients."""
    return frame.startswith(_MARK)


def replaced_note(items: Sequence[ThreadItem]) -> bytes:
    """A note of the items that a retry took away, so that they can come back."""
    body = b'{"replaced":[' + b",".join(json_of(item) for item in items) + b"]}"
    return _MARK + (body if len(body) <= _MOST else b'{"replaced":[]}')


def replaced_items(frames: Sequence[Frame]) -> list[ThreadItem]:
    """The items of the run's note, if it has one."""
    for frame in frames:
        if is_note(frame.data):
            note: dict[str, Any] = json.loads(frame.data[len(_MARK) :])
            return [_ITEM.validate_python(item) for item in note.get("replaced", [])]
    return []
