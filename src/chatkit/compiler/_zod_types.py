"""Zod types as values: what the calls of a schema source build up, and their JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from ._throw import Thrown
from ._zod_formats import FORMATS

Json = dict[str, Any]
_SAFE = 9007199254740991


@dataclass(frozen=True, slots=True, eq=False)
class ZodType:
    """One type. `data` holds what its kind needs; wrappers keep the wrapped type in `inner`."""

    kind: str
    data: Json = field(default_factory=dict[str, Any])
    inner: ZodType | None = None
    lazy: Callable[[], ZodType] | None = None


@dataclass(slots=True)
class Export:
    """One conversion: the root, for recursion, and the types being written."""

    root: ZodType
    active: list[ZodType] = field(default_factory=list[ZodType])


def is_optional(type_: ZodType) -> bool:
    """Whether a key of this type may be left out of the output."""
    if type_.kind == "optional":
        return True
    if type_.kind == "union":
        return any(is_optional(option) for option in type_.data["options"])
    if type_.kind in {"default", "nonoptional", "catch"} or type_.inner is None:
        return False
    return is_optional(type_.inner)


def to_json_schema(type_: ZodType) -> Json:
    """The JSON Schema of a type, as `z.toJSONSchema` writes it, `$schema` first."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_write(type_, Export(type_))}


def _write(type_: ZodType, export: Export) -> Json:
    if type_.kind == "lazy" and type_.lazy is not None:
        resolved = type_.lazy()
        if resolved is export.root:
            return {"$ref": "#"}
        return _write(resolved, export)
    if any(type_ is one for one in export.active):
        if type_ is export.root:
            return {"$ref": "#"}
        raise Thrown(
            "Only the whole schema can contain itself.", "Make the recursive type the default export."
        )
    if len(export.active) > 60:
        raise Thrown("The schema is nested too deeply.")
    export.active.append(type_)
    try:
        return _WRITERS[type_.kind](type_, export)
    finally:
        export.active.pop()


def _inner(type_: ZodType, export: Export) -> Json:
    return _write(cast(ZodType, type_.inner), export)


def _with_front(type_: ZodType, export: Export) -> Json:
    front = type_.data["front"]
    inner = _inner(type_, export)
    return {**front, **{key: value for key, value in inner.items() if key not in front}}


def _string(type_: ZodType, export: Export) -> Json:
    del export
    data = type_.data
    out: Json = {"type": "string"}
    out.update(
        {key: data[key] for key in ("minLength", "maxLength", "format", "contentEncoding") if key in data}
    )
    patterns = data.get("patterns", [])
    if len(patterns) == 1:
        out["pattern"] = patterns[0]
    elif patterns:
        out["allOf"] = [{"pattern": pattern} for pattern in patterns]
    return out


def _number(type_: ZodType, export: Export) -> Json:
    del export
    data = dict(type_.data)
    out: Json = {"type": "integer" if data.get("integer") else "number"}
    for inclusive, exclusive, sign in (
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ):
        if inclusive in data and exclusive in data:
            data.pop(inclusive if sign * data[exclusive] >= sign * data[inclusive] else exclusive)
        out.update({key: data[key] for key in (exclusive, inclusive) if key in data})
    if "multipleOf" in data:
        out["multipleOf"] = data["multipleOf"]
    return out


def _json_kind(values: list[Any]) -> str | None:
    kinds = {_KIND_OF.get(cast("type[Any]", type(value)), "number") for value in values}
    return kinds.pop() if len(kinds) == 1 else None


_KIND_OF: dict[type, str] = {str: "string", bool: "boolean", type(None): "null"}


def _values(type_: ZodType, export: Export) -> Json:
    del export
    values: list[Any] = type_.data["values"]
    kind = _json_kind(values)
    out: Json = {"type": kind} if kind else {}
    single = type_.kind == "literal" and len(values) == 1
    return {**out, "const": values[0]} if single else {**out, "enum": list(values)}


def _array(type_: ZodType, export: Export) -> Json:
    limits = {key: type_.data[key] for key in ("minItems", "maxItems") if key in type_.data}
    return {**limits, "type": "array", "items": _inner(type_, export)}


def _tuple(type_: ZodType, export: Export) -> Json:
    out: Json = {"type": "array", "prefixItems": [_write(item, export) for item in type_.data["items"]]}
    rest = type_.data.get("rest")
    return {**out, "items": _write(rest, export)} if rest is not None else out


def _object(type_: ZodType, export: Export) -> Json:
    shape: dict[str, ZodType] = type_.data["shape"]
    out: Json = {"type": "object", "properties": {key: _write(item, export) for key, item in shape.items()}}
    required = [key for key, item in shape.items() if not is_optional(_resolved(item))]
    if required:
        out["required"] = required
    rest = type_.data.get("rest")
    if rest is None:
        return {**out, "additionalProperties": False}
    return {**out, "additionalProperties": _write(rest, export)}


def _resolved(type_: ZodType) -> ZodType:
    return ZodType("any") if type_.kind == "lazy" else type_


def _record(type_: ZodType, export: Export) -> Json:
    key, value = type_.data["key"], type_.data["value"]
    return {
        "type": "object",
        "propertyNames": _write(key, export),
        "additionalProperties": _write(value, export),
    }


def _union(type_: ZodType, export: Export) -> Json:
    return {"anyOf": [_write(option, export) for option in type_.data["options"]]}


def _unwritable(type_: ZodType, export: Export) -> Json:
    del export
    raise Thrown(f"z.{type_.data['name']} has no form in JSON.", type_.data.get("hint"))


_WRITERS: dict[str, Callable[[ZodType, Export], Json]] = {
    "string": _string,
    "number": _number,
    "boolean": lambda _, __: {"type": "boolean"},
    "null": lambda _, __: {"type": "null"},
    "any": lambda _, __: {},
    "never": lambda _, __: {"not": {}},
    "literal": _values,
    "enum": _values,
    "array": _array,
    "tuple": _tuple,
    "object": _object,
    "record": _record,
    "union": _union,
    "intersection": lambda type_, export: {
        "allOf": [_write(option, export) for option in type_.data["options"]]
    },
    "nullable": lambda type_, export: {"anyOf": [_inner(type_, export), {"type": "null"}]},
    "optional": _inner,
    "nonoptional": _inner,
    "transparent": _inner,
    "default": _with_front,
    "catch": _with_front,
    "front": _with_front,
    "readonly": _with_front,
    "unwritable": _unwritable,
}


def with_data(type_: ZodType, **changes: Any) -> ZodType:
    """The same kind of type with some of its data replaced."""
    return replace(type_, data={**type_.data, **changes})


def string_format(name: str) -> ZodType:
    """A string of a named format."""
    return apply_format(ZodType("string"), name)


def apply_format(type_: ZodType, name: str) -> ZodType:
    """A string type with a format and its pattern."""
    known = FORMATS[name]
    changed = {key: value for key, value in known.items() if key != "pattern"}
    patterns = [*type_.data.get("patterns", []), *([known["pattern"]] if "pattern" in known else [])]
    return with_data(type_, **changed, patterns=patterns)


def bounded(type_: ZodType, key: str, value: float) -> ZodType:
    """A number type with one more bound; the tighter bound of a kind stays."""
    before = type_.data.get(key)
    if before is not None and ((value <= before) if "inimum" in key else (value >= before)):
        return type_
    return with_data(type_, **{key: value})


def integer(type_: ZodType, low: float = -_SAFE, high: float = _SAFE, *, whole: bool = True) -> ZodType:
    """A number type made whole; as in Zod, bounds given before are overwritten."""
    changed = with_data(type_, minimum=low, maximum=high)
    return with_data(changed, integer=True) if whole else changed


def pattern(type_: ZodType, source: str) -> ZodType:
    """A string type with one more pattern."""
    return with_data(type_, patterns=[*type_.data.get("patterns", []), source])


def escaped(text: str) -> str:
    """Text as a pattern that matches it."""
    return re.sub(r"[.*+?^${}()|[\]\\]", r"\\\g<0>", text)
