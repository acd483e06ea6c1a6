"""Formats the expressions of a view: on one line where they fit, else broken at their outermost joint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import _ast as ast
from ._edit import literal
from ._source import SourceText

_WIDTH = 80
_PRECEDENCE = {
    "??": 3, "||": 3, "&&": 4, "===": 8, "!==": 8, "==": 8, "!=": 8, "<": 9, "<=": 9, ">": 9, ">=": 9, "in": 9,
    "+": 11, "-": 11, "*": 12, "/": 12, "%": 12, "**": 13,
}  # fmt: skip
_UNARY, _CALL, _ATOM = 14, 17, 20
DrawElement = Callable[[ast.Element, int], str]


class ExpressionPrinter:
    """Prints expressions; literals keep the text they have in the source."""

    def __init__(self, source: SourceText, draw: DrawElement) -> None:
        self.source = source
        self.draw = draw

    def print(self, node: ast.Expr, indent: int, used: int) -> str:
        """An expression whose lines after the first start at `indent`; `used` columns are taken on its first."""
        flat = self.flat(node, indent)
        if "\n" not in flat and used + len(flat) <= _WIDTH:
            return flat
        return self.broken(node, indent)

    def flat(self, node: ast.Expr, indent: int = 0, above: int = 0) -> str:
        """An expression on one line, in parentheses where `above` binds closer. Elements may still take several lines."""
        text, level = (
            _FLAT[type(node)](self, node, indent)
            if type(node) in _FLAT
            else (self.source.slice(node.span), _ATOM)
        )
        return f"({text})" if level < above else text

    def broken(self, node: ast.Expr, indent: int) -> str:
        """An expression over several lines."""
        breaker = _BROKEN.get(type(node))
        return breaker(self, node, indent) if breaker else self.flat(node, indent)

    def element(self, node: ast.Expr, indent: int, *, apart: bool = False) -> str:
        """An operand that may be an element: several lines of it go into parentheses."""
        if not isinstance(node, ast.Element):
            return self.print(node, indent, indent)
        text = self.draw(node, indent)
        if "\n" not in text and indent + len(text) <= _WIDTH and not apart:
            return text
        pad = " " * (indent + 2)
        return f"(\n{pad}{self.draw(node, indent + 2)}\n{' ' * indent})"

    # ---- one line ----------------------------------------------------------------------------

    def flat_member(self, node: ast.Member, indent: int) -> tuple[str, int]:
        return f"{self.flat(node.object, indent, _CALL)}{'?.' if node.optional else '.'}{node.name}", _CALL

    def flat_index(self, node: ast.Index, indent: int) -> tuple[str, int]:
        return (
            f"{self.flat(node.object, indent, _CALL)}{'?.' if node.optional else ''}[{self.flat(node.index, indent)}]",
            _CALL,
        )

    def flat_call(self, node: ast.Call | ast.New, indent: int) -> tuple[str, int]:
        new = "new " if isinstance(node, ast.New) else ""
        optional = "?." if isinstance(node, ast.Call) and node.optional else ""
        return (
            f"{new}{self.flat(node.callee, indent, _CALL)}{optional}({self._items(node.args, indent)})",
            _CALL,
        )

    def _items(self, items: list[ast.Expr | ast.Spread], indent: int) -> str:
        return ", ".join(self._item(item, indent) for item in items)

    def _item(self, item: ast.Expr | ast.Spread, indent: int) -> str:
        return (
            f"...{self.flat(item.value, indent, 3)}"
            if isinstance(item, ast.Spread)
            else self.flat(item, indent)
        )

    def flat_unary(self, node: ast.Unary, indent: int) -> tuple[str, int]:
        space = " " if node.op.isalpha() else ""
        return f"{node.op}{space}{self.flat(node.value, indent, _UNARY)}", _UNARY

    def flat_binary(self, node: ast.Binary | ast.Logical, indent: int) -> tuple[str, int]:
        level = _PRECEDENCE.get(node.op, 3)
        left = self.flat(node.left, indent, _UNARY if _other_logical(node, node.left) else level)
        right = self.flat(node.right, indent, _UNARY if _other_logical(node, node.right) else level + 1)
        return f"{left} {node.op} {right}", level

    def flat_conditional(self, node: ast.Cond, indent: int) -> tuple[str, int]:
        return (
            f"{self.flat(node.test, indent, 3)} ? {self.flat(node.then, indent)} : {self.flat(node.other, indent)}",
            2,
        )

    def flat_array(self, node: ast.Array, indent: int) -> tuple[str, int]:
        return f"[{self._items(node.items, indent)}]", _ATOM

    def flat_object(self, node: ast.Object, indent: int) -> tuple[str, int]:
        entries = [self._entry(prop, indent, flat=True) for prop in node.props]
        return (f"{{ {', '.join(entries)} }}" if entries else "{}"), _ATOM

    def _entry(self, prop: ast.Prop | ast.Spread, indent: int, *, flat: bool) -> str:
        if isinstance(prop, ast.Spread):
            return f"...{self.flat(prop.value, indent, 3)}"
        if prop.shorthand and isinstance(prop.key, str):
            return prop.key
        key = (
            literal({prop.key: 0})[2:-5] if isinstance(prop.key, str) else f"[{self.flat(prop.key, indent)}]"
        )
        value = (
            self.flat(prop.value, indent) if flat else self.print(prop.value, indent, indent + len(key) + 2)
        )
        return f"{key}: {value}"

    def flat_arrow(self, node: ast.Arrow, indent: int) -> tuple[str, int]:
        head = f"({', '.join(self.source.slice(param.span) for param in node.params)}) => "
        if isinstance(node.body, ast.Object):
            return f"{head}({self.print(node.body, indent, indent + len(head))})", 2
        return head + self.element(node.body, indent), 2

    def flat_element(self, node: ast.Element, indent: int) -> tuple[str, int]:
        return self.draw(node, indent), _ATOM

    # ---- several lines -----------------------------------------------------------------------

    def broken_conditional(self, node: ast.Cond, indent: int) -> str:
        test = (
            self.print(node.test, indent, indent)
            if not isinstance(node.test, ast.Cond)
            else self.flat(node.test, indent, 3)
        )
        if isinstance(node.then, ast.Element) or isinstance(node.other, ast.Element):
            return f"{test} ? {self.element(node.then, indent, apart=True)} : {self.element(node.other, indent, apart=True)}"
        pad = " " * (indent + 2)
        then = self.print(node.then, indent + 2, indent + 4)
        return f"{test}\n{pad}? {then}\n{pad}: {self.print(node.other, indent + 2, indent + 4)}"

    def broken_logical(self, node: ast.Logical, indent: int) -> str:
        level = _PRECEDENCE[node.op]
        if isinstance(node.right, ast.Element):
            return f"{self.flat(node.left, indent, level)} {node.op} {self.element(node.right, indent, apart=True)}"
        left = self.flat(node.left, indent, _UNARY if _other_logical(node, node.left) else level)
        return f"{left} {node.op}\n{' ' * (indent + 2)}{self.flat(node.right, indent + 2, level + 1)}"

    def broken_call(self, node: ast.Call, indent: int) -> str:
        callee = self.flat(node.callee, indent, _CALL)
        if len(node.args) == 1 and isinstance(node.args[0], (ast.Arrow, ast.Object, ast.Array)):
            return f"{callee}({self.broken(node.args[0], indent)})"
        return self.flat(node, indent)

    def broken_array(self, node: ast.Array, indent: int) -> str:
        pad = " " * (indent + 2)
        items: list[str] = []
        for item in node.items:
            if isinstance(item, ast.Spread):
                items.append(f"...{self.print(item.value, indent + 2, indent + 5)}")
            else:
                items.append(self.print(item, indent + 2, indent + 2))
        return "[\n" + "".join(f"{pad}{item},\n" for item in items) + " " * indent + "]"

    def broken_object(self, node: ast.Object, indent: int) -> str:
        pad = " " * (indent + 2)
        entries = [self._entry(prop, indent + 2, flat=False) for prop in node.props]
        return "{\n" + "".join(f"{pad}{entry},\n" for entry in entries) + " " * indent + "}"

    def broken_arrow(self, node: ast.Arrow, indent: int) -> str:
        head = f"({', '.join(self.source.slice(param.span) for param in node.params)}) => "
        if isinstance(node.body, ast.Object):
            return f"{head}({self.broken(node.body, indent)})"
        if isinstance(node.body, ast.Element):
            return head + self.element(node.body, indent, apart=True)
        return head + self.broken(node.body, indent)


def _other_logical(node: ast.Binary | ast.Logical, side: ast.Expr) -> bool:
    return (
        isinstance(node, ast.Logical)
        and isinstance(side, ast.Logical)
        and side.op != node.op
        and "??" in (side.op, node.op)
    )


_FLAT: dict[type, Callable[[ExpressionPrinter, Any, int], tuple[str, int]]] = {
    ast.Member: ExpressionPrinter.flat_member,
    ast.Index: ExpressionPrinter.flat_index,
    ast.Call: ExpressionPrinter.flat_call,
    ast.New: ExpressionPrinter.flat_call,
    ast.Unary: ExpressionPrinter.flat_unary,
    ast.Binary: ExpressionPrinter.flat_binary,
    ast.Logical: ExpressionPrinter.flat_binary,
    ast.Cond: ExpressionPrinter.flat_conditional,
    ast.Array: ExpressionPrinter.flat_array,
    ast.Object: ExpressionPrinter.flat_object,
    ast.Arrow: ExpressionPrinter.flat_arrow,
    ast.Element: ExpressionPrinter.flat_element,
}
_BROKEN: dict[type, Callable[[ExpressionPrinter, Any, int], str]] = {
    ast.Cond: ExpressionPrinter.broken_conditional,
    ast.Logical: ExpressionPrinter.broken_logical,
    ast.Call: ExpressionPrinter.broken_call,
    ast.Array: ExpressionPrinter.broken_array,
    ast.Object: ExpressionPrinter.broken_object,
    ast.Arrow: ExpressionPrinter.broken_arrow,
}
