"""Names a view reads from its data, against the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from . import _ast as ast
from ._builtins import GLOBALS
from ._diagnostics import Findings, Fix, TextEdit, closest
from ._evaluate import mapped_list
from ._shapes import ANY, LIST, LOST, OBJECT, Shape

_Scope = dict[str, Shape]
_BUILT_IN = {name.split(".")[0] for name in GLOBALS} | {"undefined"}


def check_names(root: ast.Element, data: Shape, findings: Findings) -> None:
    """Report data that the view reads and the schema does not have, and lists drawn without a key."""
    _Names(data, findings).visit(root, {})


class _Names:
    def __init__(self, data: Shape, findings: Findings) -> None:
        self.data = data
        self.findings = findings

    def visit(self, node: Any, scope: _Scope) -> Shape:
        """Look over a node; gives the shape of its value as far as it is known."""
        handler = _VISITORS.get(cast("type[Any]", type(node)))
        if handler is not None:
            return handler(self, node, scope)
        self.parts(node, scope)
        return ANY

    def parts(self, node: Any, scope: _Scope) -> None:
        if isinstance(node, ast.Node):
            slots = ast.parts_of(type(node))
            for slot in slots:
                self._part(getattr(node, slot), scope)

    def _part(self, part: Any, scope: _Scope) -> None:
        if isinstance(part, ast.Node):
            self.visit(part, scope)
        elif isinstance(part, (list, tuple)):
            for item in part:  # type: ignore[reportUnknownVariableType]
                self._part(item, scope)

    def name(self, node: ast.Name, scope: _Scope) -> Shape:
        if node.id in scope:
            return scope[node.id]
        keys = self.data.keys
        if node.id in _BUILT_IN and (keys is None or node.id not in keys):
            return ANY
        if keys is not None and node.id not in keys and self.data.rest is None:
            self._unknown(
                "CK330",
                f"`{node.id}` is not in the schema.",
                node.id,
                node,
                node.span.start,
                node.span.end,
                [*keys, *scope],
            )
            return ANY
        return self.data.key(node.id)

    def member(self, node: ast.Member, scope: _Scope) -> Shape:
        target = self.visit(node.object, scope)
        if not target.may(OBJECT):
            return ANY
        keys = target.keys
        if (
            keys is not None
            and node.name not in keys
            and target.rest is None
            and target.only(OBJECT | 8 | 16)
        ):
            self._unknown(
                "CK331",
                f"The schema has no `{node.name}` here.",
                node.name,
                node,
                node.name_span.start,
                node.name_span.end,
                list(keys),
            )
            return ANY
        return target.key(node.name)

    def _unknown(
        self, code: str, message: str, word: str, node: ast.Node, start: int, end: int, known: list[str]
    ) -> None:
        near = closest(word, known)
        self.findings.add(
            code,
            message,
            node.span,
            severity="warning",
            hint=f"Did you mean `{near}`?"
            if near
            else (f"It has {', '.join(known[:12])}." if known else "Add it to the schema."),
            fixes=[Fix(f"Change to {near}", (TextEdit(start, end, near),))] if near else (),
        )

    def index(self, node: ast.Index, scope: _Scope) -> Shape:
        target = self.visit(node.object, scope)
        self.visit(node.index, scope)
        if isinstance(node.index, ast.Str) and target.may(OBJECT):
            return target.key(node.index.value)
        return (target.items or ANY) if target.may(LIST) else ANY

    def call(self, node: ast.Call, scope: _Scope) -> Shape:
        callee = node.callee
        receiver = (
            self.visit(callee.object, scope) if isinstance(callee, ast.Member) else self.visit(callee, scope)
        )
        items = (receiver.items or ANY) if isinstance(callee, ast.Member) and receiver.may(LIST) else ANY
        name = callee.name if isinstance(callee, ast.Member) else ""
        for arg in node.args:
            if isinstance(arg, ast.Arrow):
                self.arrow(
                    arg,
                    scope,
                    [ANY, items] if name == "reduce" else [items, items] if "ort" in name else [items, ANY],
                )
            else:
                self.visit(arg, scope)
        if mapped_list(node):
            self._check_key(node)
        if name in {"filter", "slice", "sort", "toSorted", "reverse", "toReversed", "concat"}:
            return Shape(LIST, items)
        return items if name in {"find", "at"} else ANY

    def _check_key(self, node: ast.Call) -> None:
        arrow = node.args[0]
        body = arrow.body if isinstance(arrow, ast.Arrow) else None
        if (
            isinstance(body, ast.Element)
            and body.tag
            and not any(isinstance(a, ast.Spread) or a.name == "key" for a in body.attrs)
        ):
            self.findings.add(
                "CK332",
                f"<{body.tag}> is drawn for each item, but has no `key`.",
                body.tag_span,
                severity="info",
                hint="With key={item.id} a field keeps what was typed when the list changes.",
            )

    def arrow(self, node: ast.Arrow, scope: _Scope, args: list[Shape] | None = None) -> Shape:
        inner = dict(scope)
        for at, param in enumerate(node.params):
            self._bind(param.pattern, args[at] if args and at < len(args) else ANY, inner)
            if param.default is not None:
                self.visit(param.default, inner)
        return self.visit(node.body, inner)

    def _bind(self, pattern: ast.Pattern, shape: Shape, scope: _Scope) -> None:
        if isinstance(pattern, ast.NamePattern):
            scope[pattern.id] = shape
        elif isinstance(pattern, ast.ObjectPattern):
            for key, inner, _ in pattern.fields:
                self._bind(inner, shape.key(key) if shape.may(OBJECT) else ANY, scope)
            if pattern.rest:
                scope[pattern.rest.id] = ANY
        else:
            for entry in pattern.items:
                if entry is not None:
                    self._bind(entry[0], shape.items or ANY, scope)
            if pattern.rest:
                scope[pattern.rest.id] = ANY

    def let(self, node: ast.Let, scope: _Scope) -> Shape:
        inner = dict(scope)
        self._bind(node.pattern, self.visit(node.value, scope), inner)
        return self.visit(node.body, inner)

    def new(self, node: ast.New, scope: _Scope) -> Shape:
        for arg in node.args:
            self.visit(arg, scope)
        return LOST.plus(ANY.kinds)

    def logical(self, node: ast.Logical, scope: _Scope) -> Shape:
        left, right = self.visit(node.left, scope), self.visit(node.right, scope)
        return left if node.op in {"??", "||"} and left.may(LIST | OBJECT) and not right.may(OBJECT) else ANY


_VISITORS: dict[type, Callable[[_Names, Any, _Scope], Shape]] = {
    ast.Name: _Names.name,
    ast.Member: _Names.member,
    ast.Index: _Names.index,
    ast.Call: _Names.call,
    ast.Arrow: _Names.arrow,
    ast.Let: _Names.let,
    ast.New: _Names.new,
    ast.Logical: _Names.logical,
}
