"""A JSON Schema guessed from sample data."""

from __future__ import annotations

from typing import Any, cast


def infer_schema(data: Any) -> dict[str, Any]:
    """A JSON Schema that the data fits: every key required, lists by all their items."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(data)}


def _schema(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        out: dict[str, Any] = {
            "type": "object",
            "properties": {key: _schema(item) for key, item in entries.items()},
        }
        if entries:
            out["required"] = list(entries)
        return {**out, "additionalProperties": False}
    if isinstance(value, list):
        return {"type": "array", "items": _items([_schema(item) for item in cast("list[Any]", value)])}
    if value is None:
        return {"type": "null"}
    names: dict[type, str] = {bool: "boolean", int: "number", float: "number"}
    return {"type": names.get(cast("type[Any]", type(value)), "string")}


def _items(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    distinct: list[dict[str, Any]] = []
    for schema in schemas:
        if schema not in distinct:
            distinct.append(schema)
    if not distinct:
        return {}
    if len(distinct) == 1:
        return distinct[0]
    if all(schema.get("type") == "object" for schema in distinct):
        return _merged(distinct)
    return {"anyOf": distinct}


def _merged(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    names = [name for schema in schemas for name in schema["properties"]]
    properties: dict[str, Any] = {}
    for name in dict.fromkeys(names):
        properties[name] = _items(
            [schema["properties"][name] for schema in schemas if name in schema["properties"]]
        )
    required = [name for name in properties if all(name in schema["properties"] for schema in schemas)]
    out: dict[str, Any] = {"type": "object", "properties": properties}
    return {**out, **({"required": required} if required else {}), "additionalProperties": False}
