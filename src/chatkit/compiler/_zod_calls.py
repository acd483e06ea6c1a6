"""The functions and methods of Zod that a schema source may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from ._jsvalue import UNDEFINED, is_number, text
from ._throw import Thrown
from ._zod_formats import FORMATS
from ._zod_types import (
    ZodType,
    apply_format,
    bounded,
    escaped,
    integer,
    is_optional,
    pattern,
    string_format,
    with_data,
)

Args = list[Any]
_Make = Callable[[Args], Any]
_Method = Callable[[ZodType, Args], Any]


def _type(args: Args, at: int = 0) -> ZodType:
    value = args[at] if at < len(args) else UNDEFINED
    if not isinstance(value, ZodType):
        raise Thrown("A Zod type is expected here.", "For example z.string().")
    return value


def _types(value: Any) -> list[ZodType]:
    if not isinstance(value, list):
        raise Thrown("A list of Zod types is expected here.")
    items = cast("list[Any]", value)
    return [_type(items, at) for at in range(len(items))]


def _shape(args: Args) -> dict[str, ZodType]:
    value = args[0] if args else UNDEFINED
    if not isinstance(value, dict):
        raise Thrown("An object of Zod types is expected here.", "z.object({ name: z.string() })")
    entries = cast("dict[str, Any]", value)
    for key, item in entries.items():
        if not isinstance(item, ZodType):
            raise Thrown(f"The key `{key}` has no Zod type.", "For example z.string().")
    return dict(entries)


def _number(args: Args) -> float:
    if not args or not is_number(args[0]):
        raise Thrown("A number is expected here.")
    return args[0]


def _wrap(kind: str, type_: ZodType, **data: Any) -> ZodType:
    return ZodType(kind, data, type_)


def _literal(args: Args) -> ZodType:
    value = args[0] if args else UNDEFINED
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    if any(item is UNDEFINED or isinstance(item, (dict, ZodType)) for item in values):
        raise Thrown("A literal is a text, a number, true, false or null.")
    return ZodType("literal", {"values": values})


def _enum(args: Args) -> ZodType:
    value = args[0] if args else UNDEFINED
    if isinstance(value, dict):
        values = list(cast("dict[str, Any]", value).values())
    elif isinstance(value, list):
        values = cast("list[Any]", value)
    else:
        raise Thrown("z.enum takes a list of texts.", 'z.enum(["small", "large"])')
    if any(not isinstance(item, str) and not is_number(item) for item in values):
        raise Thrown("Every value of an enum is a text.")
    return ZodType("enum", {"values": values})


def _record(args: Args) -> ZodType:
    if len(args) < 2:
        raise Thrown("z.record needs the type of keys and of values.", "z.record(z.string(), z.unknown())")
    return ZodType("record", {"key": _type(args), "value": _type(args, 1)})


def _tuple(args: Args) -> ZodType:
    rest = args[1] if len(args) > 1 and isinstance(args[1], ZodType) else None
    return ZodType("tuple", {"items": _types(args[0] if args else UNDEFINED), "rest": rest})


def _object(rest: ZodType | None) -> _Make:
    return lambda args: ZodType("object", {"shape": _shape(args) if args else {}, "rest": rest})


def _union_of(args: Args, at: int) -> ZodType:
    return ZodType("union", {"options": _types(args[at] if at < len(args) else UNDEFINED)})


def _unwritable(name: str, hint: str | None = None) -> _Make:
    return lambda _: ZodType("unwritable", {"name": name, "hint": hint})


def _format(name: str) -> _Make:
    return lambda _: string_format(name)


_DATE_HINT = "Use z.iso.date() or z.iso.datetime(): data travels as JSON."
_LIST_HINT = "Use z.array or z.record: data travels as JSON."
_NAMED = [
    "email",
    "url",
    "httpUrl",
    "uuid",
    "guid",
    "ipv4",
    "ipv6",
    "base64",
    "base64url",
    "nanoid",
    "cuid",
    "cuid2",
    "ulid",
    "emoji",
    "e164",
    "jwt",
    "hostname",
    "hex",
    "cidrv4",
    "xid",
    "ksuid",
]
_STRING: _Make = lambda _: ZodType("string")  # noqa: E731
_NUMBER: _Make = lambda _: ZodType("number")  # noqa: E731
_BOOLEAN: _Make = lambda _: ZodType("boolean")  # noqa: E731
FUNCTIONS: dict[str, _Make] = {
    "string": _STRING,
    "number": _NUMBER,
    "boolean": _BOOLEAN,
    "stringbool": _BOOLEAN,
    "coerce.string": _STRING,
    "coerce.number": _NUMBER,
    "coerce.boolean": _BOOLEAN,
    "int": lambda _: integer(ZodType("number")),
    "int32": lambda _: integer(ZodType("number"), -2147483648, 2147483647),
    "uint32": lambda _: integer(ZodType("number"), 0, 4294967295),
    "float32": lambda _: integer(
        ZodType("number"), -3.4028234663852886e38, 3.4028234663852886e38, whole=False
    ),
    "float64": lambda _: integer(
        ZodType("number"), -1.7976931348623157e308, 1.7976931348623157e308, whole=False
    ),
    "file": lambda _: with_data(ZodType("string"), format="binary", contentEncoding="binary"),
    "null": lambda _: ZodType("null"),
    "any": lambda _: ZodType("any"),
    "unknown": lambda _: ZodType("any"),
    "never": lambda _: ZodType("never"),
    "literal": _literal,
    "enum": _enum,
    "nativeEnum": _enum,
    "array": lambda args: ZodType("array", {}, _type(args)),
    "tuple": _tuple,
    "object": _object(None),
    "strictObject": _object(None),
    "looseObject": _object(ZodType("any")),
    "record": _record,
    "partialRecord": _record,
    "union": lambda args: _union_of(args, 0),
    "xor": lambda args: _union_of(args, 0),
    "discriminatedUnion": lambda args: _union_of(args, 1),
    "intersection": lambda args: ZodType("intersection", {"options": [_type(args), _type(args, 1)]}),
    "nullable": lambda args: _wrap("nullable", _type(args)),
    "optional": lambda args: _wrap("optional", _type(args)),
    "nullish": lambda args: _wrap("optional", _wrap("nullable", _type(args))),
    "preprocess": lambda args: _wrap("transparent", _type(args, 1)),
    "pipe": lambda args: _type(args, 1),
    **{name: _format(name) for name in _NAMED},
    **{f"iso.{name}": _format(name) for name in ("datetime", "date", "time", "duration")},
    "date": _unwritable("date()", _DATE_HINT),
    "coerce.date": _unwritable("coerce.date()", _DATE_HINT),
    "map": _unwritable("map()", _LIST_HINT),
    "set": _unwritable("set()", _LIST_HINT),
    "bigint": _unwritable("bigint()", "Use z.number() or z.string()."),
    "coerce.bigint": _unwritable("coerce.bigint()", "Use z.number() or z.string()."),
    "undefined": _unwritable("undefined()", "Use .optional()."),
    "void": _unwritable("void()", "Use .optional()."),
    "symbol": _unwritable("symbol()"),
    "nan": _unwritable("nan()"),
    "custom": _unwritable("custom()"),
    "instanceof": _unwritable("instanceof()"),
    "function": _unwritable("function()"),
    "promise": _unwritable("promise()"),
}


def _same(type_: ZodType, _: Args) -> ZodType:
    return type_


def _length(key: str, value: float) -> dict[str, float]:
    return {"minLength": value, "maxLength": value} if key == "length" else {key: value}


def _regex(type_: ZodType, args: Args) -> ZodType:
    value = args[0] if args else UNDEFINED
    if not isinstance(value, dict) or "/" not in value:
        raise Thrown("A regular expression is expected here.", ".regex(/^[a-z]+$/)")
    return pattern(type_, str(cast("dict[str, Any]", value)["source"]))


def _kept(keep: bool) -> _Method:
    def select(type_: ZodType, args: Args) -> ZodType:
        mask = set(cast("dict[str, Any]", args[0])) if args and isinstance(args[0], dict) else set[str]()
        shape: dict[str, ZodType] = type_.data["shape"]
        for key in sorted(mask - set(shape)):
            raise Thrown(f"The object has no key `{key}`.")
        return with_data(type_, shape={key: item for key, item in shape.items() if (key in mask) == keep})

    return select


def _each_key(wrap: Callable[[ZodType], ZodType]) -> _Method:
    def change(type_: ZodType, args: Args) -> ZodType:
        shape: dict[str, ZodType] = type_.data["shape"]
        mask = set(cast("dict[str, Any]", args[0])) if args and isinstance(args[0], dict) else set(shape)
        return with_data(
            type_, shape={key: wrap(item) if key in mask else item for key, item in shape.items()}
        )

    return change


def _extend(type_: ZodType, args: Args) -> ZodType:
    other = args[0] if args else UNDEFINED
    added = other.data["shape"] if isinstance(other, ZodType) and other.kind == "object" else _shape(args)
    return with_data(type_, shape={**type_.data["shape"], **added})


def _subset(keep: bool) -> _Method:
    def select(type_: ZodType, args: Args) -> ZodType:
        named = cast("list[Any]", args[0]) if args and isinstance(args[0], list) else []
        return with_data(type_, values=[value for value in type_.data["values"] if (value in named) == keep])

    return select


def _front(kind: str, key: str) -> _Method:
    def wrap(type_: ZodType, args: Args) -> ZodType:
        value = args[0] if args else UNDEFINED
        if value is UNDEFINED or isinstance(value, ZodType):
            raise Thrown(f"A value is expected here, for {key}.")
        front = {**type_.data["front"], key: value} if kind == "front" == type_.kind else {key: value}
        inner = type_.inner if kind == "front" == type_.kind else type_
        return ZodType(kind, {"front": front}, inner)

    return wrap


def _meta(type_: ZodType, args: Args) -> ZodType:
    given = cast("dict[str, Any]", args[0]) if args and isinstance(args[0], dict) else {}
    before: dict[str, Any] = type_.data["front"] if type_.kind == "front" else {}
    front = {**before, **given}
    return ZodType("front", {"front": front}, type_.inner if type_.kind == "front" else type_)


def _transform(type_: ZodType, _: Args) -> ZodType:
    return ZodType(
        "unwritable",
        {"name": f"{type_.kind}().transform()", "hint": "Compute it in the view or on the server."},
    )


ANY: dict[str, _Method] = {
    "optional": lambda type_, _: _wrap("optional", type_),
    "nullable": lambda type_, _: _wrap("nullable", type_),
    "nullish": lambda type_, _: _wrap("optional", _wrap("nullable", type_)),
    "nonoptional": lambda type_, _: _wrap("nonoptional", type_),
    "default": _front("default", "default"),
    "catch": _front("catch", "default"),
    "prefault": lambda type_, _: _wrap("nonoptional", type_),
    "describe": _front("front", "description"),
    "meta": _meta,
    "readonly": lambda type_, _: ZodType("readonly", {"front": {"readOnly": True}}, type_),
    "array": lambda type_, _: ZodType("array", {}, type_),
    "or": lambda type_, args: ZodType("union", {"options": [type_, _type(args)]}),
    "and": lambda type_, args: ZodType("intersection", {"options": [type_, _type(args)]}),
    "pipe": lambda _, args: _type(args),
    "transform": _transform,
    "unwrap": lambda type_, _: type_.inner or type_,
    **dict.fromkeys(("refine", "superRefine", "check", "brand", "overwrite", "clone", "register"), _same),
}
_TEXT_CHANGES = ("trim", "toLowerCase", "toUpperCase", "normalize", "slugify")
KINDS: dict[str, dict[str, _Method]] = {
    "string": {
        "min": lambda type_, args: (
            bounded(type_, "minLength", _number(args))
            if "minLength" not in type_.data
            else with_data(type_, minLength=max(type_.data["minLength"], _number(args)))
        ),
        "max": lambda type_, args: with_data(
            type_, maxLength=min(type_.data.get("maxLength", _number(args)), _number(args))
        ),
        "length": lambda type_, args: with_data(type_, **_length("length", _number(args))),
        "nonempty": lambda type_, _: with_data(type_, minLength=1),
        "regex": _regex,
        "startsWith": lambda type_, args: pattern(type_, f"^{escaped(text(args[0]))}.*"),
        "endsWith": lambda type_, args: pattern(type_, f".*{escaped(text(args[0]))}$"),
        "includes": lambda type_, args: pattern(type_, escaped(text(args[0]))),
        **dict.fromkeys(_TEXT_CHANGES, _same),
        **{name: (lambda type_, _, name=name: apply_format(type_, name)) for name in FORMATS},
    },
    "number": {
        "min": lambda type_, args: bounded(type_, "minimum", _number(args)),
        "gte": lambda type_, args: bounded(type_, "minimum", _number(args)),
        "max": lambda type_, args: bounded(type_, "maximum", _number(args)),
        "lte": lambda type_, args: bounded(type_, "maximum", _number(args)),
        "gt": lambda type_, args: bounded(type_, "exclusiveMinimum", _number(args)),
        "lt": lambda type_, args: bounded(type_, "exclusiveMaximum", _number(args)),
        "positive": lambda type_, _: bounded(type_, "exclusiveMinimum", 0),
        "negative": lambda type_, _: bounded(type_, "exclusiveMaximum", 0),
        "nonnegative": lambda type_, _: bounded(type_, "minimum", 0),
        "nonpositive": lambda type_, _: bounded(type_, "maximum", 0),
        "int": lambda type_, _: integer(type_),
        "safe": lambda type_, _: integer(type_),
        "finite": _same,
        "multipleOf": lambda type_, args: with_data(type_, multipleOf=_number(args)),
        "step": lambda type_, args: with_data(type_, multipleOf=_number(args)),
    },
    "array": {
        "min": lambda type_, args: with_data(type_, minItems=_number(args)),
        "max": lambda type_, args: with_data(type_, maxItems=_number(args)),
        "length": lambda type_, args: with_data(type_, minItems=_number(args), maxItems=_number(args)),
        "nonempty": lambda type_, _: with_data(type_, minItems=1),
    },
    "tuple": {"rest": lambda type_, args: with_data(type_, rest=_type(args))},
    "enum": {"extract": _subset(True), "exclude": _subset(False)},
    "object": {
        "strict": lambda type_, _: with_data(type_, rest=None),
        "strip": lambda type_, _: with_data(type_, rest=None),
        "passthrough": lambda type_, _: with_data(type_, rest=ZodType("any")),
        "loose": lambda type_, _: with_data(type_, rest=ZodType("any")),
        "catchall": lambda type_, args: with_data(type_, rest=_type(args)),
        "partial": _each_key(lambda item: _wrap("optional", item)),
        "required": _each_key(lambda item: _wrap("nonoptional", item)),
        "pick": _kept(True),
        "omit": _kept(False),
        "extend": _extend,
        "safeExtend": _extend,
        "merge": _extend,
        "keyof": lambda type_, _: ZodType("enum", {"values": list(type_.data["shape"])}),
    },
}


def zod_method(type_: ZodType, name: str) -> Callable[[Args], Any] | None:
    """The method of a type by name; for a described type the methods of what it describes."""
    found = KINDS.get(type_.kind, {}).get(name) or ANY.get(name)
    if found is None and type_.kind in {"front", "readonly", "transparent"} and type_.inner is not None:
        return zod_method(type_.inner, name)
    return None if found is None else (lambda args: found(type_, args))


def method_names(type_: ZodType) -> list[str]:
    """Names of all methods of a type, for suggestions."""
    return [*KINDS.get(type_.kind, {}), *ANY]


def zod_property(type_: ZodType, name: str) -> Any:
    """Properties that schema sources read: `.shape`, `.element`, `.options`."""
    if name == "shape" and type_.kind == "object":
        return dict(type_.data["shape"])
    if name == "element" and type_.kind == "array":
        return type_.inner
    if name == "options" and type_.kind in {"enum", "union"}:
        return type_.data.get("values") or type_.data.get("options")
    if name in {"enum", "Enum"} and type_.kind == "enum":
        return {str(value): value for value in type_.data["values"]}
    return None


__all__ = ["FUNCTIONS", "is_optional", "method_names", "replace", "zod_method", "zod_property"]
