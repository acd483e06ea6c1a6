"""Data made up from a JSON Schema, to draw a widget with what a user may one day give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ._jsvalue import as_object

LONG_TEXT = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk " * 4
EMOJI = "👩‍🚀 Zoë 日本語 🎉"
RIGHT_TO_LEFT = "مرحبا بالعالم"
_FORMATS = {
    "uri": "https://example.org/picture.png",
    "email": "ada@example.org",
    "date": "2026-11-22",
    "date-time": "2026-11-22T09:30:00Z",
    "time": "09:30:00",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_DEPTH = 8


class _Sampler:
    """Makes data for one way of filling: which text, how many items, whether optional keys are there."""

    def __init__(self, root: Any, text: str, items: int, *, optional: bool, null: bool = False) -> None:
        self.root, self.text, self.items, self.optional, self.null = root, text, items, optional, null

    def value(self, schema: Any, depth: int = 0) -> Any:
        if not isinstance(schema, dict) or depth > _DEPTH:
            return self.text if not isinstance(schema, dict) else None
        known = cast("dict[str, Any]", schema)
        if "const" in known:
            return known["const"]
        if known.get("enum"):
            return known["enum"][0]
        if "$ref" in known:
            return self._reference(str(known["$ref"]), depth)
        options = known.get("anyOf") or known.get("oneOf")
        if options:
            return self._option(cast("list[Any]", options), depth)
        if known.get("allOf"):
            return self._all(cast("list[Any]", known["allOf"]), depth)
        named = known.get("type")
        names = cast("list[Any]", named) if isinstance(named, list) else [named]
        if self.null and "null" in names:
            return None
        maker = _MAKERS.get(str(next((name for name in names if name != "null"), None)))
        return maker(self, known, depth) if maker else self.text

    def _option(self, options: list[Any], depth: int) -> Any:
        known = [as_object(option) or {} for option in options]
        nothing = next((option for option in known if option.get("type") == "null"), None)
        if self.null and nothing is not None:
            return None
        return self.value(next((option for option in known if option is not nothing), nothing), depth + 1)

    def _all(self, options: list[Any], depth: int) -> Any:
        values: list[Any] = [self.value(option, depth + 1) for option in options]
        out: dict[str, Any] = {}
        for value in values:
            out.update(as_object(value) or {})
        return out or values[0]

    def _reference(self, reference: str, depth: int) -> Any:
        target: Any = self.root
        for part in reference.lstrip("#").split("/")[1:]:
            target = cast("dict[str, Any]", target).get(part) if isinstance(target, dict) else None
        return self.value(target, depth + 3)

    def string(self, schema: dict[str, Any], depth: int) -> Any:
        del depth
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        low, high = schema.get("minLength", 0), schema.get("maxLength")
        text = self.text if "pattern" not in schema else "a"
        text = text + "x" * max(0, min(int(low), 1000) - len(text))
        return text if high is None else text[: int(high)]

    def number(self, schema: dict[str, Any], depth: int) -> Any:
        del depth
        low, high = (
            schema.get("minimum", schema.get("exclusiveMinimum")),
            schema.get("maximum", schema.get("exclusiveMaximum")),
        )
        base = 1234567.891 if self.text == LONG_TEXT else 3
        if schema.get("type") == "integer":
            base = int(base)
        if low is not None and base <= low:
            base = low + (1 if "exclusiveMinimum" in schema else 0)
        if high is not None and base >= high:
            base = high - (1 if "exclusiveMaximum" in schema else 0)
        return base

    def array(self, schema: dict[str, Any], depth: int) -> Any:
        fixed = cast("list[Any]", schema.get("prefixItems") or [])
        count = max(self.items if depth < 4 else 0, int(schema.get("minItems", 0)))
        count = min(count, int(schema.get("maxItems", count)), 50)
        items = [self.value(item, depth + 1) for item in fixed]
        items += [self.value(schema.get("items", True), depth + 1) for _ in range(count - len(items))]
        return items

    def object(self, schema: dict[str, Any], depth: int) -> Any:
        required = set(cast("list[Any]", schema.get("required") or []))
        properties = cast("dict[str, Any]", schema.get("properties") or {})
        out = {
            name: self.value(inner, depth + 1)
            for name, inner in properties.items()
            if name in required or (self.optional and depth < _DEPTH - 2)
        }
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict) and not properties and self.items:
            out["key"] = self.value(extra, depth + 1)
        return out


_MAKERS: dict[str, Callable[[_Sampler, dict[str, Any], int], Any]] = {
    "string": _Sampler.string,
    "number": _Sampler.number,
    "integer": _Sampler.number,
    "boolean": lambda sampler, _, __: sampler.items > 0,
    "null": lambda _, __, ___: None,
    "array": _Sampler.array,
    "object": _Sampler.object,
}


def generated_states(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Named data that fits a schema: full, without optionals, with nulls, empty lists, long, and unusual text."""
    fillings = {
        "everything": _Sampler(schema, "Text", 2, optional=True),
        "without optionals": _Sampler(schema, "Text", 2, optional=False),
        "with nulls": _Sampler(schema, "Text", 1, optional=True, null=True),
        "empty lists": _Sampler(schema, "", 0, optional=True),
        "long text": _Sampler(schema, LONG_TEXT, 12, optional=True),
        "emoji": _Sampler(schema, EMOJI, 1, optional=True),
        "right to left": _Sampler(schema, RIGHT_TO_LEFT, 1, optional=True),
    }
    out: dict[str, dict[str, Any]] = {}
    for name, sampler in fillings.items():
        value = sampler.value(dict(schema))
        if isinstance(value, dict):
            out[name] = cast("dict[str, Any]", value)
    return out
