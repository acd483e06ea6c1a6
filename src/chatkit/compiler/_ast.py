"""The view as a tree of ours: expressions, JSX, and where each node stands in the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from ._source import Span


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place in the source. Nodes compare by identity."""

    span: Span


@dataclass(slots=True, eq=False)
class Name(Node):
    """A variable."""

    id: str


@dataclass(slots=True, eq=False)
class Str(Node):
    """A string literal, decoded."""

    value: str


@dataclass(slots=True, eq=False)
class Num(Node):
    """A number literal."""

    value: float | int
    raw: str


@dataclass(slots=True, eq=False)
class Bool(Node):
    """`true` or `false`."""

    value: bool


@dataclass(slots=True, eq=False)
class Null(Node):
    """`null`."""


@dataclass(slots=True, eq=False)
class Undefined(Node):
    """`undefined`, or what stands in for something missing."""


@dataclass(slots=True, eq=False)
class Broken(Node):
    """A place that could not be read; a diagnostic has been given for it."""


@dataclass(slots=True, eq=False)
class Template(Node):
    """A template literal: decoded text and expressions in turn."""

    parts: list[str | Expr]


@dataclass(slots=True, eq=False)
class Member(Node):
    """`object.name` or `object?.name`."""

    object: Expr
    name: str
    optional: bool
    name_span: Span


@dataclass(slots=True, eq=False)
class Index(Node):
    """`object[index]` or `object?.[index]`."""

    object: Expr
    index: Expr
    optional: bool


@dataclass(slots=True, eq=False)
class Spread(Node):
    """`...value`."""

    value: Expr


@dataclass(slots=True, eq=False)
class Call(Node):
    """`callee(args)`."""

    callee: Expr
    args: list[Expr | Spread]
    optional: bool


@dataclass(slots=True, eq=False)
class New(Node):
    """`new callee(args)`."""

    callee: Expr
    args: list[Expr | Spread]


@dataclass(slots=True, eq=False)
class Unary(Node):
    """`!x`, `-x`, `+x`, `typeof x`, `void x`, `~x`."""

    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Binary(Node):
    """Arithmetic and comparison."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Logical(Node):
    """`&&`, `||`, `??`."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Cond(Node):
    """`test ? then : other`, and `if` with returns."""

    test: Expr
    then: Expr
    other: Expr


@dataclass(slots=True, eq=False)
class Array(Node):
    """An array literal."""

    items: list[Expr | Spread]


@dataclass(slots=True, eq=False)
class Prop(Node):
    """One entry of an object literal."""

    key: str | Expr
    value: Expr
    shorthand: bool = False


@dataclass(slots=True, eq=False)
class Object(Node):
    """An object literal."""

    props: list[Prop | Spread]


@dataclass(slots=True, eq=False)
class NamePattern(Node):
    """A parameter or constant that is one name."""

    id: str


@dataclass(slots=True, eq=False)
class ObjectPattern(Node):
    """`{ a, b: c = 1, ...rest }`."""

    fields: list[tuple[str, Pattern, Expr | None]]
    rest: NamePattern | None


@dataclass(slots=True, eq=False)
class ArrayPattern(Node):
    """`[a, , b]`."""

    items: list[tuple[Pattern, Expr | None] | None]
    rest: NamePattern | None


@dataclass(slots=True, eq=False)
class Param(Node):
    """A parameter with its default."""

    pattern: Pattern
    default: Expr | None


@dataclass(slots=True, eq=False)
class Arrow(Node):
    """A function: parameters and the expression it returns."""

    params: list[Param]
    body: Expr


@dataclass(slots=True, eq=False)
class Let(Node):
    """A constant and what follows it."""

    pattern: Pattern
    value: Expr
    body: Expr


@dataclass(slots=True, eq=False)
class Regex(Node):
    """A regular expression literal."""

    pattern: str
    flags: str


@dataclass(slots=True, eq=False)
class Attr(Node):
    """One attribute; `value` is None for a bare one."""

    name: str
    name_span: Span
    value: Expr | None


@dataclass(slots=True, eq=False)
class JsxText(Node):
    """Text between tags, after JSX's rules for white space."""

    value: str


@dataclass(slots=True, eq=False)
class Hole(Node):
    """`{expression}` or `{...expression}` between tags."""

    value: Expr
    spread: bool = False


@dataclass(slots=True, eq=False)
class Element(Node):
    """A tag with attributes and children; a fragment has the tag None."""

    tag: str | None
    tag_span: Span
    open_span: Span
    attrs: list[Attr | Spread]
    children: list[Child]
    inner: Span | None = None
    close_tag_span: Span | None = None
    id: int = field(default=-1)


Expr: TypeAlias = (
    Name
    | Str
    | Num
    | Bool
    | Null
    | Undefined
    | Broken
    | Template
    | Member
    | Index
    | Call
    | New
    | Unary
    | Binary
    | Logical
    | Cond
    | Array
    | Object
    | Arrow
    | Let
    | Regex
    | Element
)
Pattern: TypeAlias = NamePattern | ObjectPattern | ArrayPattern
Child: TypeAlias = Element | Hole | JsxText


@cache
def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """Names of a node's fields, in the order of their declaration, for walks over whole trees."""
    own = [slot for base in reversed(kind.__mro__) for slot in getattr(base, "__slots__", ())]
    return tuple(name for name in own if name not in _PLACES)


_PLACES = {"span", "name_span", "tag_span", "open_span", "inner", "close_tag_span"}
