"""A method call while it is translated, and what its translations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from . import _ast as ast
from ._emit_base import Deferred, Piece
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted

Args = list[ast.Expr]
Maker = Callable[[ExpressionEmitter, "MethodCall"], Piece]
SPACE = quoted(
    " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class MethodCall:
    """A method call while it is translated: its receiver and its arguments."""

    def __init__(
        self, emitter: ExpressionEmitter, node: ast.Call | ast.New, name: str, receiver: Piece, args: Args
    ) -> None:
        self.emitter, self.node, self.name, self.receiver, self.nodes = emitter, node, name, receiver, args

    def arg(self, at: int) -> Piece | None:
        """An argument as a piece, None when it is not given."""
        return self.emitter.expression(self.nodes[at]) if at < len(self.nodes) else None

    def text(self, at: int, default: str = "'undefined'") -> str:
        """An argument as a text."""
        piece = self.arg(at)
        return default if piece is None else self.emitter.as_text(piece)

    def number(self, at: int) -> str | None:
        """An argument as a whole number."""
        piece = self.arg(at)
        if piece is None:
            return None
        node = self.nodes[at]
        if isinstance(node, ast.Num) or (isinstance(node, ast.Unary) and isinstance(node.value, ast.Num)):
            return piece.code
        return f"({self.emitter.as_number(piece).wrapped} | int)"

    def constant(self, at: int) -> object:
        """An argument that must be known while compiling."""
        if at >= len(self.nodes):
            return ABSENT
        return _constant(self.emitter, self.nodes[at], self.name)

    def arrow(self, at: int = 0) -> ast.Arrow:
        """An argument that is a function."""
        node = self.nodes[at] if at < len(self.nodes) else None
        if isinstance(node, ast.Arrow):
            return node
        if isinstance(node, ast.Name):
            held = self.emitter.scope.names.get(node.id)
            if isinstance(held, Deferred) and isinstance(held.node, ast.Arrow):
                return held.node
            if node.id in {"Boolean", "String", "Number"}:
                param = ast.NamePattern(node.span, "x")
                call = ast.Call(node.span, node, [ast.Name(node.span, "x")], False)
                return ast.Arrow(node.span, [ast.Param(node.span, param, None)], call)
        raise self.emitter.fail(
            node or self.node, "CK316", f"`{self.name}` needs a function here.", "(item) => …"
        )


def _constant(emitter: ExpressionEmitter, node: ast.Expr, name: str) -> object:
    if isinstance(node, (ast.Str, ast.Num, ast.Bool)):
        return node.value
    if isinstance(node, ast.Undefined):
        return ABSENT
    if isinstance(node, ast.Null):
        return None
    if isinstance(node, ast.Array) and not any(isinstance(item, ast.Spread) for item in node.items):
        return [_constant(emitter, cast("ast.Expr", item), name) for item in node.items]
    if isinstance(node, ast.Object) and all(
        isinstance(prop, ast.Prop) and isinstance(prop.key, str) for prop in node.props
    ):
        props = cast("list[ast.Prop]", node.props)
        return {cast(str, prop.key): _constant(emitter, prop.value, name) for prop in props}
    raise emitter.fail(
        node,
        "CK317",
        f"This option of `{name}` must be written out.",
        "A template cannot choose formats while it runs.",
    )


def plain_arguments(emitter: ExpressionEmitter, node: ast.Call | ast.New) -> Args:
    spread = next((arg for arg in node.args if isinstance(arg, ast.Spread)), None)
    if spread is not None:
        extreme = (
            isinstance(node.callee, ast.Member) and node.callee.name in {"max", "min"} and len(node.args) == 1
        )
        if not extreme:
            raise emitter.fail(spread, "CK318", "A call cannot take a spread here.")
    return [arg.value if isinstance(arg, ast.Spread) else arg for arg in node.args]
