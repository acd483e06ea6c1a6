"""What a template is made of once it is read: values, objects, lists, and the statements between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes


class Unsupported(Exception):
    """The template does something this module does not follow."""


@dataclass(slots=True)
class Const:
    value: Any


@dataclass(slots=True)
class Slot:
    expr: nodes.Expr


@dataclass(slots=True)
class TextParts:
    parts: list[str | nodes.Expr]


@dataclass(slots=True)
class Cond:
    test: nodes.Expr
    then: Any
    other: Any


@dataclass(slots=True)
class Obj:
    members: dict[str, Any]


@dataclass(slots=True)
class Choice:
    """Members an object has under a condition; a name may occur in both branches."""

    before: list[Statement]
    test: nodes.Expr
    then: dict[str, Any]
    other: dict[str, Any]


@dataclass(slots=True)
class Chosen:
    """A member that comes from a choice."""

    choice: Choice


@dataclass(slots=True)
class Arr:
    entries: list[Any]


@dataclass(slots=True)
class CondSplice:
    test: nodes.Expr
    then: list[Any]
    other: list[Any]


@dataclass(slots=True)
class LoopSplice:
    target: str
    iter: nodes.Expr
    sets: list[tuple[str, nodes.Expr]]
    entries: list[Any]
    weight: int
    """The most characters one turn writes, without the text of its values."""


@dataclass(slots=True)
class Set:
    name: str
    expr: nodes.Expr


@dataclass(slots=True)
class NewSpace:
    """``set name = namespace(...)``"""

    name: str
    values: dict[str, nodes.Expr]


@dataclass(slots=True)
class SetIn:
    """``set name.attr = ...``"""

    name: str
    attr: str
    expr: nodes.Expr


@dataclass(slots=True)
class When:
    """A condition around statements that write nothing."""

    test: nodes.Expr
    then: list[Statement]
    other: list[Statement]


@dataclass(slots=True)
class Each:
    """A loop around statements that write nothing."""

    target: str
    iter: nodes.Expr
    body: list[Statement]


Statement = Set | NewSpace | SetIn | When | Each


@dataclass(slots=True)
class After:
    """A value, or nothing more among entries, after statements."""

    before: list[Statement]
    shape: Any


Shape = Const | Slot | TextParts | Cond | Obj | Arr | After


@dataclass(slots=True)
class Skeleton:
    root: Obj
    macros: list[nodes.Macro]
    weight: int


def drops_first_comma(part: nodes.Node, name: str) -> bool:
    """Whether an output is ``_c[1:] if _c and _c[0] == ',' else _c``, or ``_c[1:]`` where it always begins with one."""
    if isinstance(part, nodes.Getitem):
        return isinstance(part.node, nodes.Name) and part.node.name == name and _all_but_first(part.arg)
    if not isinstance(part, nodes.CondExpr) or not isinstance(part.expr1, nodes.Getitem):
        return False
    if not _all_but_first(part.expr1.arg):
        return False
    ours = {found.name for found in part.find_all(nodes.Name)} == {name}
    comma = any(found.value == "," for found in part.test.find_all(nodes.Const))
    return ours and comma and isinstance(part.test, nodes.And) and isinstance(part.expr2, nodes.Name)


def _all_but_first(piece: nodes.Node) -> bool:
    if not isinstance(piece, nodes.Slice) or piece.stop is not None or piece.step is not None:
        return False
    return isinstance(piece.start, nodes.Const) and piece.start.value == 1


def surely_reads(loop: LoopSplice, name: str) -> bool:
    """Whether each turn reads an attribute of ``name``, so that it may as well be looked at once, at the beginning."""
    return any(map(_reads(name), [expr for _, expr in loop.sets])) or any(
        _every_turn(e, name) for e in loop.entries
    )


def _reads(name: str) -> Callable[[nodes.Expr], bool]:
    def reads(expr: nodes.Expr) -> bool:
        found = [expr, *expr.find_all(nodes.Getattr)]
        return any(isinstance(n, nodes.Getattr) and getattr(n.node, "name", None) == name for n in found)

    return reads


def _every_turn(shape: Any, name: str) -> bool:
    """Whether a shape reads an attribute whatever its conditions give."""
    if isinstance(shape, Slot):
        return _reads(name)(shape.expr)
    if isinstance(shape, TextParts):
        return any(_reads(name)(part) for part in shape.parts if not isinstance(part, str))
    if isinstance(shape, Obj):
        return any(_every_turn(member, name) for member in shape.members.values())
    if isinstance(shape, Arr):
        return any(_every_turn(entry, name) for entry in shape.entries)
    return _every_turn(shape.shape, name) if isinstance(shape, After) else False
