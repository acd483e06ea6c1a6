"""From models to the bytes on the wire, in one walk.

Fields that are None are left out. Values that belong to the app (action payloads, tool arguments and results, data of
tags, sources and client effects) keep every null. What is the server's own never leaves: an attachment's metadata.
"""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import to_json

from chatkit.widgets import WidgetComponentBase
from chatkit.widgets._base import data_of

_ATOMS = frozenset({str, int, float, bool})
_APP_VALUES = frozenset({"payload", "arguments", "output", "content", "data", "metadata"})
_SERVER_ONLY = frozenset({"FileAttachment", "ImageAttachment", "AttachmentBase"})


def wire_json(model: BaseModel) -> bytes:
    """Return the model as a client gets it: UTF-8 JSON without absent fields."""
    return to_json(wire_data(model))


def wire_data(model: BaseModel) -> Any:
    """Return the model as a client gets it, as plain data."""
    if isinstance(model, WidgetComponentBase):
        return data_of(model)
    hidden = "metadata" if any(base.__name__ in _SERVER_ONLY for base in type(model).__mro__) else None
    data: dict[str, Any] = {}
    for name, value in model.__dict__.items():
        if value is None or name == hidden:
            continue
        data[name] = value if type(value) in _ATOMS else _value(value, name)
    if model.__pydantic_extra__:
        data.update({name: value for name, value in model.__pydantic_extra__.items() if value is not None})
    return data


def _value(value: Any, name: str) -> Any:
    if isinstance(value, BaseModel):
        return wire_data(value)
    if isinstance(value, list):
        return [_value(entry, name) for entry in cast("list[Any]", value)]
    if isinstance(value, dict) and name not in _APP_VALUES:
        return {key: _value(entry, key) for key, entry in cast("dict[str, Any]", value).items()}
    return cast("Any", value)
