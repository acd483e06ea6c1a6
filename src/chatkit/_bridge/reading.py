"""Reading model events, which come as typed objects, as loose objects or as dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

__all__ = ["read", "read_list", "read_text"]


def read(value: Any, name: str, default: Any = None) -> Any:
    """A field of an object or a dict; ``default`` when it is absent or None."""
    if isinstance(value, Mapping):
        found = cast("Mapping[str, Any]", value).get(name)
    else:
        found = getattr(value, name, None)
    return default if found is None else found


def read_text(value: Any, name: str) -> str:
    """A field as text; empty when it is absent."""
    return str(read(value, name, ""))


def read_list(value: Any, name: str) -> list[Any]:
    """A field as a list; empty when it is absent."""
    return list(read(value, name, ()))
