"""From components to plain data, in one walk.

Properties that are None are left out. Inside an action's payload every null stays, and lists keep their positions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from pydantic import BaseModel, SerializationInfo
from pydantic_core import to_json

_ATOMS = frozenset({str, int, float, bool})
_OURS: dict[type, bool] = {}


def component_data(component: BaseModel, fallback: Callable[[Any], Any], info: SerializationInfo) -> Any:
    """Return the component as dicts, lists and leaves.

    ``fallback`` is Pydantic's own way: for a user's subclass, and when only a part is asked for.
    """
    kind = type(component)
    if (_OURS.get(kind) or _is_ours(kind)) and not is_partial(info):
        data = _fields(component)
        return data if info.exclude_none else _with_null_children(component, data)
    kept = "children" if _is_dynamic(component) else ""
    data = {
        name: value
        for name, value in cast("dict[str, Any]", fallback(component)).items()
        if value is not None or name == kept
    }
    data.setdefault("type", component.__dict__["type"])  # without its type it is no component
    return data


def is_partial(info: SerializationInfo) -> bool:
    """Whether only a part of the model is asked for."""
    return (
        info.include is not None
        or info.exclude is not None
        or info.exclude_unset
        or info.exclude_defaults
        or info.round_trip
    )


def _is_ours(kind: type) -> bool:
    """Whether instances may be walked directly: a user's subclass may bring serialisers of its own."""
    ours = issubclass(kind, BaseModel) and kind.__module__.startswith("chatkit.")
    _OURS[kind] = ours
    return ours


def _is_dynamic(component: BaseModel) -> bool:
    """Whether this is a component as a template wrote it, of which ``children`` is told even when there are none."""
    return getattr(type(component), "null_children", False)


def _with_null_children(component: BaseModel, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a component, with ``children: None`` where dynamic components have none: dumps have always said so.

    On the wire, where what is None is left out, they do not.
    """
    for name, value in [*component.__dict__.items(), *(component.__pydantic_extra__ or {}).items()]:
        if isinstance(value, BaseModel):
            data[name] = _with_null_children(value, data[name])
        elif isinstance(value, list):
            entries = cast("list[Any]", value)
            data[name] = [
                _with_null_children(entry, written) if isinstance(entry, BaseModel) else written
                for entry, written in zip(entries, data[name], strict=True)
            ]
    return _completed(data) if _is_dynamic(component) else data


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    if "children" in data:
        return data
    first = {name: data[name] for name in ("key", "id", "type") if name in data}
    return {**first, "children": None, **data}


def dynamic_data(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a dynamic component as a dump has it: with ``children: None`` where there are none."""
    children: Any = data.get("children")
    if isinstance(children, dict):
        children = dynamic_data(cast("dict[str, Any]", children))
    elif isinstance(children, list):
        children = [dynamic_data(child) for child in cast("list[dict[str, Any]]", children)]
    return {**_completed(data), "children": children}


def _fields(model: BaseModel) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in model.__dict__.items():
        if value is not None:
            data[name] = value if type(value) in _ATOMS or name == "payload" else plain(value)
    extra = model.__pydantic_extra__
    if extra:
        for name, value in extra.items():
            if value is not None:
                data[name] = value if type(value) in _ATOMS or name == "payload" else plain(value)
    return data


def plain(value: Any) -> Any:
    """Return a property's value as plain data; leaves Pydantic knows how to write stay as they are."""
    kind = cast("type[Any]", type(value))
    if kind in _ATOMS or value is None:
        return value
    if kind is list:
        return [plain(entry) for entry in value]
    if kind is dict:
        return {
            name: entry if name == "payload" else plain(entry)
            for name, entry in value.items()
            if entry is not None
        }
    ours = _OURS.get(kind)
    if ours or (ours is None and _is_ours(kind)):
        return _fields(value)
    return value


def odd_json(value: Any, fallback: Callable[[Any], Any] | None = None) -> str:
    """Plain data that Pydantic does not write as JSON: with halves of surrogate pairs, or more than 255 levels deep.

    :param fallback: makes plain data of anything else.
    :raises ValueError: the data is neither.
    """
    write = partial(json.dumps, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=fallback)
    try:
        return write(value)
    except ValueError:  # it also has what JSON has no number for, or a number that Python refuses to write
        mended = _whole(value)
    try:
        return write(mended)
    except ValueError:
        return to_json(mended, fallback=fallback).decode()


def _whole(value: Any) -> Any:
    """Data with each half of a surrogate pair, which is no Unicode, as a question mark, and no numbers that are none."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_whole(key): _whole(part) for key, part in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_whole(part) for part in cast("list[Any]", value)]
    return value
