"""What a component definition is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

ChildRule = Literal["none", "components", "one"]
"""No children, a list of components (or a single one), or at most one component."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how people read it and how JSON Schema checks it."""

    name: str
    text: str
    """The kind as the docs write it, in TypeScript's notation."""
    schema: dict[str, Any]
    """JSON Schema of the values; ``{}`` takes anything."""


@dataclass(frozen=True, slots=True)
class Prop:
    """A property of a component."""

    name: str
    kind: Kind
    doc: str
    """What it does, one sentence."""
    required: bool = False
    default: Any = None
    """What the renderer assumes when it is absent; None when nothing is assumed."""

    @property
    def enum(self) -> tuple[str, ...]:
        """The closed set of values; empty when the kind is open."""
        return tuple(self.kind.schema.get("enum", ()))


@dataclass(frozen=True, slots=True)
class Component:
    """A component: its properties and what it may hold."""

    name: str
    doc: str
    """What it is for, one sentence."""
    props: dict[str, Prop] = field(default_factory=dict[str, Prop])
    children: ChildRule = "none"
    only_children: tuple[str, ...] = ()
    """The only components it takes as children; empty when any will do."""
    only_inside: tuple[str, ...] = ()
    """The only components it may stand in; empty when any will do."""
    root: bool = False
    """Whether a widget may start with it."""
    streams: bool = False
    """Whether its ``value`` can grow while it streams."""

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the properties it cannot do without."""
        return tuple(name for name, prop in self.props.items() if prop.required)


def _enum(name: str, *values: str) -> Kind:
    return Kind(name, " | ".join(f'"{value}"' for value in values), {"type": "string", "enum": list(values)})


def choice(*values: str) -> Kind:
    """A closed set of words used by one property."""
    return _enum("choice", *values)


def _any_of(*schemas: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": list(schemas)}


def _object(needed: list[str], /, **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties}


_STRING: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "number"}
_BOOL: dict[str, Any] = {"type": "boolean"}
_NULLABLE_STRING: dict[str, Any] = {"type": ["string", "null"]}
_LENGTH = _any_of(_NUMBER, _STRING)
_COLOR = _any_of(_STRING, _object(["light", "dark"], light=_STRING, dark=_STRING))
_SIDES = ("top", "right", "bottom", "left", "x", "y")
_BORDER = _object(
    ["size"],
    size=_NUMBER,
    color=_COLOR,
    style={"enum": ["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"]},
)
_ACTION = _object(
    ["type"],
    type=_STRING,
    handler={"enum": ["server", "client"]},
    loadingBehavior={"enum": ["auto", "none", "self", "container"]},
    streaming=_BOOL,
)
_OPTION = _object(["value", "label"], value=_STRING, label=_STRING, disabled=_BOOL, description=_STRING)
_CURVES = [
    "basis", "basisClosed", "basisOpen", "bumpX", "bumpY", "bump", "linear", "linearClosed", "natural",
    "monotoneX", "monotoneY", "monotone", "step", "stepBefore", "stepAfter",
]  # fmt: skip
_SERIES = _object(
    ["type", "dataKey"],
    type={"enum": ["bar", "area", "line"]},
    dataKey=_STRING,
    label=_NULLABLE_STRING,
    color=_COLOR,
    stack=_STRING,
    curveType={"enum": _CURVES},
)
_EDITABLE = _object(
    ["name"],
    name=_STRING,
    autoFocus=_BOOL,
    autoSelect=_BOOL,
    autoComplete=_STRING,
    allowAutofillExtensions=_BOOL,
    pattern=_STRING,
    placeholder=_STRING,
    required=_BOOL,
)

STRING = Kind("string", "string", _STRING)
# A number bound to a text property is drawn as its digits, so templates need no conversion.
TEXT = Kind("text", "string", _any_of(_STRING, _NUMBER))
NUMBER = Kind("number", "number", _NUMBER)
INTEGER = Kind("integer", "number", {"type": "integer"})
BOOLEAN = Kind("boolean", "boolean", _BOOL)
LENGTH = Kind("length", "number | string", _LENGTH)
COLOR = Kind("color", "string | { light: string, dark: string }", _COLOR)
SPACE = Kind(
    "space",
    "number | string | { top, right, bottom, left, x, y }",
    _any_of(_NUMBER, _STRING, _object([], **dict.fromkeys(_SIDES, _LENGTH))),
)
BORDER = Kind(
    "border",
    "number | Border | { top, right, bottom, left, x, y }",
    _any_of(_NUMBER, _BORDER, _object([], **dict.fromkeys(_SIDES, _any_of(_NUMBER, _BORDER)))),
)
ACTION = Kind("action", "{ type, payload?, handler?, loadingBehavior?, streaming? }", _ACTION)
CARD_ACTION = Kind(
    "card_action", "{ label, action }", _object(["label", "action"], label=_STRING, action=_ACTION)
)
STATUS = Kind(
    "status",
    "{ text, icon? } | { text, favicon?, frame? }",
    _object(["text"], text=_STRING, icon=_STRING, favicon=_STRING, frame=_BOOL),
)
ICON = Kind("icon", 'IconName | "vendor:…" | "lucide:…"', _STRING)
URL = Kind("url", "string", _STRING)
DATE = Kind("date", "string (ISO 8601)", _STRING)
OPTIONS = Kind("options", "{ value, label, disabled?, description? }[]", {"type": "array", "items": _OPTION})
EDITABLE = Kind("editable", "false | { name, … }", _any_of({"const": False}, _EDITABLE))
ROWS = Kind(
    "rows",
    "Record<string, string | number>[]",
    {
        "type": "array",
        "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
    },
)
SERIES = Kind("series", "{ type, dataKey, label?, color?, … }[]", {"type": "array", "items": _SERIES})
X_AXIS = Kind(
    "x_axis",
    "string | { dataKey, hide?, labels? }",
    _any_of(
        _STRING,
        _object(
            ["dataKey"],
            dataKey=_STRING,
            hide=_BOOL,
            labels={"type": "object", "additionalProperties": _STRING},
        ),
    ),
)
LIMIT = Kind("limit", 'number | "auto"', _any_of({"type": "integer"}, {"const": "auto"}))

THEME = _enum("theme", "light", "dark")
ALIGN = _enum("align", "start", "center", "end", "baseline", "stretch")
JUSTIFY = _enum("justify", "start", "center", "end", "between", "around", "evenly", "stretch")
DIRECTION = _enum("direction", "row", "col")
WRAP = _enum("wrap", "nowrap", "wrap", "wrap-reverse")
RADIUS = _enum("radius", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "full", "100%", "none")
TEXT_ALIGN = _enum("text_align", "start", "center", "end")
WEIGHT = _enum("weight", "normal", "medium", "semibold", "bold")
TEXT_SIZE = _enum("text_size", "xs", "sm", "md", "lg", "xl")
TITLE_SIZE = _enum("title_size", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl")
CAPTION_SIZE = _enum("caption_size", "sm", "md", "lg")
ICON_SIZE = _enum("icon_size", "xs", "sm", "md", "lg", "xl", "2xl", "3xl")
CONTROL_SIZE = _enum("control_size", "3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl")
CONTROL_VARIANT = _enum("control_variant", "solid", "soft", "outline", "ghost")
FIELD_VARIANT = _enum("field_variant", "soft", "outline")
GUTTER = _enum("gutter", "2xs", "xs", "sm", "md", "lg", "xl")
