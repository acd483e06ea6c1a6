"""Ways of writing that mean what a plainer one means: rewritten once after reading, so that nothing else knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from . import _ast as ast

_FRAGMENTS = {"React.Fragment", "Fragment"}


def simplify(node: Any) -> Any:
    """The node, or what stands for it, with everything inside it simplified."""
    if isinstance(node, list):
        listed = cast("list[Any]", node)
        for at, item in enumerate(listed):
            listed[at] = simplify(item)
        return listed
    if isinstance(node, tuple):
        return tuple(simplify(item) for item in cast("tuple[Any, ...]", node))
    if not isinstance(node, ast.Node):
        return node
    for slot in ast.parts_of(type(node)):
        setattr(node, slot, simplify(getattr(node, slot)))
    rule = _RULES.get(type(node))
    return rule(node) if rule is not None else node


def _element(node: ast.Element) -> ast.Expr:
    """`<React.Fragment key={…}>` is a fragment."""
    if node.tag in _FRAGMENTS and all(
        isinstance(attr, ast.Attr) and attr.name == "key" for attr in node.attrs
    ):
        node.tag, node.attrs = None, []
    return node


def _call(node: ast.Call) -> ast.Expr:
    callee = node.callee
    if isinstance(callee, ast.Arrow) and not callee.params and not node.args:
        return callee.body
    if isinstance(callee, ast.Member):
        if callee.name in {"fill", "keys", "entries", "values"}:
            callee.object = _sized(callee.object)
        if callee.name == "has" and (listed := _set(callee.object)) is not None:
            return ast.Call(
                node.span,
                ast.Member(callee.span, listed, "includes", False, callee.name_span),
                node.args,
                node.optional,
            )
        if callee.name == "from" and isinstance(callee.object, ast.Name) and callee.object.id == "Array":
            node.args = [_listed(arg) for arg in node.args]
    return node


def _member(node: ast.Member) -> ast.Expr:
    """`new Set(list).size`."""
    if node.name == "size" and (listed := _set(node.object)) is not None:
        return ast.Member(node.span, listed, "length", False, node.name_span)
    return node


def _array(node: ast.Array) -> ast.Expr:
    """`[...Array(5)]` and `[...new Set(list)]`."""
    for item in node.items:
        if isinstance(item, ast.Spread):
            item.value = _listed(item.value)
    return node


def _listed(node: Any) -> Any:
    """What gives its items when it is spread."""
    return _set(node) or _sized(node)


def _set(node: Any) -> ast.Expr | None:
    """`new Set(list)` as a call of our own that leaves out what comes again."""
    if isinstance(node, ast.New) and isinstance(node.callee, ast.Name) and node.callee.id == "Set":
        return ast.Call(node.span, ast.Name(node.callee.span, "Set"), node.args, False)
    return None


def _sized(node: Any) -> Any:
    """`Array(5)` and `new Array(5)` as `Array.from({ length: 5 })`."""
    known = (
        isinstance(node, (ast.Call, ast.New))
        and isinstance(node.callee, ast.Name)
        and node.callee.id == "Array"
        and len(node.args) == 1
        and not isinstance(node.args[0], ast.Spread)
    )
    if not known:
        return node
    call = cast("ast.Call", node)
    length = ast.Prop(call.span, "length", cast("ast.Expr", call.args[0]))
    origin = ast.Member(call.span, call.callee, "from", False, call.callee.span)
    return ast.Call(call.span, origin, [ast.Object(call.span, [length])], False)


def _binary(node: ast.Binary) -> ast.Expr:
    """`n | 0` and `n >> 0` cut off the fraction."""
    if node.op in {"|", ">>"} and isinstance(node.right, ast.Num) and node.right.value == 0:
        return _whole(node, node.left)
    return node


def _unary(node: ast.Unary) -> ast.Expr:
    """`~~n` cuts off the fraction."""
    if node.op == "~" and isinstance(node.value, ast.Unary) and node.value.op == "~":
        return _whole(node, node.value.value)
    return node


def _whole(node: ast.Expr, value: ast.Expr) -> ast.Expr:
    callee = ast.Member(node.span, ast.Name(node.span, "Math"), "trunc", False, node.span)
    cut = ast.Call(node.span, callee, [value], False)
    return ast.Logical(node.span, "||", cut, ast.Num(node.span, 0, "0"))


_RULES: dict[type, Callable[[Any], Any]] = {
    ast.Element: _element,
    ast.Call: _call,
    ast.Member: _member,
    ast.Array: _array,
    ast.Binary: _binary,
    ast.Unary: _unary,
}
