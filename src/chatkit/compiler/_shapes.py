"""What is known of a value before it is there: shapes, read from a JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

STRING, NUMBER, BOOLEAN, NULL, UNDEFINED, LIST, OBJECT, DATE, FUNCTION = (1 << at for at in range(9))
NAN = 1 << 9
"""With NUMBER: it may be NaN or infinite."""
NULLISH = NULL | UNDEFINED
ANYTHING = STRING | NUMBER | BOOLEAN | NULL | UNDEFINED | LIST | OBJECT

_KINDS = {
    "string": STRING,
    "number": NUMBER,
    "integer": NUMBER,
    "boolean": BOOLEAN,
    "null": NULL,
    "array": LIST,
    "object": OBJECT,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The kinds a value may be, the shape of a list's items, and the shapes of an object's keys.

    `keys` is None when nothing is known of them; `rest` is the shape of further keys, None when there are none.
    """

    kinds: int
    items: Shape | None = None
    keys: Mapping[str, Shape] | None = None
    rest: Shape | None = None
    values: tuple[Any, ...] | None = None

    def only(self, kinds: int) -> bool:
        """Whether the value is certainly one of these kinds."""
        return not self.kinds & ~(kinds | NAN)

    def may(self, kinds: int) -> bool:
        """Whether the value may be one of these kinds."""
        return bool(self.kinds & kinds)

    def without(self, kinds: int) -> Shape:
        """This shape after some kinds have been excluded."""
        return replace(self, kinds=self.kinds & ~kinds)

    def plus(self, kinds: int) -> Shape:
        """This shape with some kinds added."""
        return replace(self, kinds=self.kinds | kinds)

    def key(self, name: str) -> Shape:
        """The shape of a key of this object."""
        if not self.may(OBJECT):
            return Shape(UNDEFINED)
        if self.keys is None:
            return ANY
        found = self.keys.get(name)
        if found is None:
            found = self.rest.plus(NULLISH) if self.rest is not None else ANY
        return found if self.only(OBJECT) else found.plus(UNDEFINED)


ANY = Shape(ANYTHING)
TEXT = Shape(STRING)
COUNT = Shape(NUMBER)
TRUTH = Shape(BOOLEAN)
LOST = Shape(UNDEFINED)


def joined(left: Shape, right: Shape) -> Shape:
    """What a value is that is one or the other."""
    if left == right:
        return left
    if not left.may(LIST | OBJECT):
        return replace(right, kinds=left.kinds | right.kinds, values=None)
    if not right.may(LIST | OBJECT):
        return replace(left, kinds=left.kinds | right.kinds, values=None)
    items = joined(left.items, right.items) if left.items and right.items else left.items or right.items
    keys: Mapping[str, Shape] | None = left.keys or right.keys
    rest = left.rest or right.rest
    if left.keys is not None and right.keys is not None:
        keys, rest = _joined_keys(left, right), (ANY if left.rest or right.rest else None)
    elif left.may(OBJECT) and right.may(OBJECT):
        keys, rest = None, None
    return Shape(left.kinds | right.kinds, items, keys, rest)


def _joined_keys(left: Shape, right: Shape) -> dict[str, Shape]:
    first, second = left.keys or {}, right.keys or {}
    out: dict[str, Shape] = {}
    for name in {**first, **second}:
        one, other = first.get(name), second.get(name)
        out[name] = joined(one, other) if one and other else cast(Shape, one or other).plus(UNDEFINED)
    return out


def shape_of_schema(schema: Any) -> Shape:
    """The shape of data that fits a JSON Schema. Optional keys may be absent or null."""
    return _Reader(schema).shape(schema, 0)


class _Reader:
    def __init__(self, root: Any) -> None:
        self.root = root

    def shape(self, schema: Any, depth: int) -> Shape:
        if not isinstance(schema, dict) or depth > 30:
            return ANY
        known = cast("dict[str, Any]", schema)
        if "$ref" in known:
            return self._reference(str(known["$ref"]), depth)
        for word in ("anyOf", "oneOf"):
            if isinstance(known.get(word), list) and known[word]:
                return self._union(cast("list[Any]", known[word]), depth)
        if isinstance(known.get("allOf"), list) and known["allOf"]:
            return self._all(cast("list[Any]", known["allOf"]), depth)
        if "const" in known or isinstance(known.get("enum"), list):
            return _of_values([known["const"]] if "const" in known else cast("list[Any]", known["enum"]))
        return self._typed(known, depth)

    def _typed(self, schema: dict[str, Any], depth: int) -> Shape:
        named = schema.get("type")
        names = cast("list[Any]", named) if isinstance(named, list) else [named]
        kinds = 0
        for name in names:
            kinds |= _KINDS.get(str(name), 0)
        if not kinds:
            kinds = OBJECT if "properties" in schema else ANYTHING & ~UNDEFINED
        items = self._items(schema, depth) if kinds & LIST else None
        if not kinds & OBJECT:
            return Shape(kinds, items)
        keys, rest = self._keys(schema, depth)
        return Shape(kinds, items, keys, rest)

    def _items(self, schema: dict[str, Any], depth: int) -> Shape:
        listed = schema.get("prefixItems")
        options = list(cast("list[Any]", listed)) if isinstance(listed, list) else []
        if "items" in schema or not options:
            options.append(schema.get("items", True))
        return self._union(options, depth)

    def _keys(self, schema: dict[str, Any], depth: int) -> tuple[dict[str, Shape] | None, Shape | None]:
        extra = schema.get("additionalProperties", True)
        rest = None if extra is False else self.shape(extra, depth + 1)
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return ({}, rest) if isinstance(extra, dict) else (None, None)
        required = set(cast("list[Any]", schema.get("required") or []))
        keys: dict[str, Shape] = {}
        for name, inner in cast("dict[str, Any]", properties).items():
            shape = self.shape(inner, depth + 1)
            keys[name] = shape if name in required else shape.plus(NULLISH)
        return keys, rest

    def _union(self, options: list[Any], depth: int) -> Shape:
        out = self.shape(options[0], depth + 1)
        for option in options[1:]:
            out = joined(out, self.shape(option, depth + 1))
        return out

    def _all(self, options: list[Any], depth: int) -> Shape:
        shapes = [self.shape(option, depth + 1) for option in options]
        keys: dict[str, Shape] = {}
        for shape in shapes:
            keys.update(shape.keys or {})
        return replace(shapes[0], keys=keys or None, rest=None)

    def _reference(self, reference: str, depth: int) -> Shape:
        target: Any = self.root
        if not reference.startswith("#"):
            return ANY
        for part in reference[1:].split("/")[1:]:
            target = cast("dict[str, Any]", target).get(part) if isinstance(target, dict) else None
        return ANY.without(UNDEFINED) if target is self.root else self.shape(target, depth + 10)


def _of_values(values: list[Any]) -> Shape:
    kinds = 0
    for value in values:
        if isinstance(value, bool):
            kinds |= BOOLEAN
        elif isinstance(value, str):
            kinds |= STRING
        elif value is None:
            kinds |= NULL
        else:
            kinds |= NUMBER if isinstance(value, (int, float)) else ANYTHING
    return Shape(
        kinds,
        values=tuple(value for value in values if isinstance(value, (str, int, float, bool, type(None)))),
    )
