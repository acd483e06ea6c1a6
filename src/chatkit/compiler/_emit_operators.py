"""Operators of JavaScript as Jinja: arithmetic, comparison, equality."""

from __future__ import annotations

from collections.abc import Callable

from . import _ast as ast
from ._emit_base import EmitterBase, Piece
from ._shapes import (
    BOOLEAN,
    DATE,
    LIST,
    LOST,
    NAN,
    NULLISH,
    NUMBER,
    OBJECT,
    STRING,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)

Facts = frozenset[str]
"""Paths that are there: neither null nor undefined."""


class OperatorEmitter(EmitterBase):
    """Translates operators; expressions and tests are the subclass's."""

    def expression(self, node: ast.Expr) -> Piece:
        """The Jinja of an expression."""
        raise NotImplementedError

    def test(self, node: ast.Expr) -> tuple[str, Facts, Facts]:
        """A Jinja test, and which paths are there when it holds and when it does not."""
        raise NotImplementedError

    def unary(self, node: ast.Unary) -> Piece:
        """`!x`, `-x`, `+x`, `typeof x`."""
        if node.op == "!":
            return Piece(f"(not {self.test(node.value)[0]})", TRUTH)
        value = self.expression(node.value)
        if node.op == "typeof":
            return self._typeof(value)
        if node.op == "void":
            return Piece("(0 if false)", LOST)
        if node.op not in {"-", "+"}:
            raise self.fail(node, "CK312", f"`{node.op}` has no place in a view.")
        number = self.as_number(value)
        return Piece(f"(-{number.wrapped})", number.shape) if node.op == "-" else number

    def _typeof(self, value: Piece) -> Piece:
        held = self.bound(value).wrapped
        return Piece(
            f"('undefined' if {held} is undefined else 'string' if {held} is string else 'boolean' if {held} is boolean"
            f" else 'number' if {held} is number else 'object')",
            TEXT,
        )

    def binary(self, node: ast.Binary) -> Piece:
        """Arithmetic and comparison."""
        handler = _OPERATORS.get(node.op)
        if handler is None:
            raise self.fail(
                node, "CK312", f"`{node.op}` has no place in a view.", _OPERATOR_HINTS.get(node.op)
            )
        return handler(self, node, self.expression(node.left), self.expression(node.right))

    def plus(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`a + b`: text when either is not a number."""
        textual = STRING | LIST | OBJECT | DATE
        if left.shape.only(textual) or right.shape.only(textual):
            return Piece(f"({self.as_text(left)} ~ {self.as_text(right)})", TEXT)
        if not (left.shape.may(textual) or right.shape.may(textual)):
            first, second = self.as_number(left), self.as_number(right)
            return Piece(f"({first.wrapped} + {second.wrapped})", _arithmetic(first, second))
        first, second = self.bound(left), self.bound(right)
        tests = " or ".join(
            f"{side.wrapped} is string or {side.wrapped} is iterable"
            for side in (first, second)
            if side.shape.may(textual)
        )
        text = f"{self.as_text(first)} ~ {self.as_text(second)}"
        sum_ = f"{self.as_number(first).wrapped} + {self.as_number(second).wrapped}"
        return Piece(f"({text} if {tests} else {sum_})", Shape(STRING | NUMBER | NAN))

    def arithmetic(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`-` and `*`."""
        first, second = self.as_number(left), self.as_number(right)
        return Piece(f"({first.wrapped} {node.op} {second.wrapped})", _arithmetic(first, second))

    def divide(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`/`: by zero gives infinity or NaN, not an error."""
        first, second = self.as_number(left), self.as_number(right)
        if isinstance(node.right, ast.Num) and node.right.value != 0:
            return Piece(f"({first.wrapped} / {second.wrapped})", _arithmetic(first, second))
        over, under = self.bound(first).wrapped, self.bound(second).wrapped
        zero = (
            f"('nan' if {over} == 0 or {over} != {over} else 'inf' if {over} > 0 else '-inf').strip() | float"
        )
        return Piece(f"({over} / {under} if {under} else {zero})", Shape(NUMBER | NAN))

    def remainder(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`%`: the sign of the left side."""
        first, second = self.bound(self.as_number(left)), self.bound(self.as_number(right))
        over, under = first.wrapped, second.wrapped
        if isinstance(node.right, ast.Num) and node.right.value != 0:
            code = f"({over} % {under} if {over} >= 0 else -(-{over} % {under}))"
            return Piece(code, _arithmetic(first, second))
        inner = f"{over} | abs % {under} | abs if {over} >= 0 else -({over} | abs % {under} | abs)"
        return Piece(f"(({inner}) if {under} else 'nan'.strip() | float)", Shape(NUMBER | NAN))

    def power(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`**`."""
        first, second = self.as_number(left), self.as_number(right)
        return Piece(f"({first.wrapped} ** {second.wrapped})", Shape(NUMBER | NAN))

    def compare(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`<`, `<=`, `>`, `>=`."""
        texts = f"{left.wrapped} {node.op} {right.wrapped}"
        if left.shape.kinds == STRING and right.shape.kinds == STRING:
            return Piece(f"({texts})", TRUTH)
        first, second = self.as_number(left), self.as_number(right)
        numbers = f"{first.wrapped} {node.op} {second.wrapped}"
        if not (left.shape.may(STRING) and right.shape.may(STRING)):
            return Piece(f"({numbers})", TRUTH)
        one, other = self.bound(left).wrapped, self.bound(right).wrapped
        return Piece(
            f"({one} {node.op} {other} if {one} is string and {other} is string else {numbers})", TRUTH
        )

    def equal(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`===`, `==` and their opposites."""
        nothing = self._nothing_test(node, left, right)
        test = nothing if nothing is not None else self._same(node, left, right)
        return Piece(f"(not {test})" if node.op.startswith("!") else test, TRUTH)

    def _nothing_test(self, node: ast.Binary, left: Piece, right: Piece) -> str | None:
        for side, other in ((node.left, right), (node.right, left)):
            if not isinstance(side, (ast.Null, ast.Undefined)):
                continue
            if node.op in {"==", "!="}:
                held = self.bound(other).wrapped
                return f"({held} is undefined or {held} is none)"
            return f"({other.wrapped} is {'none' if isinstance(side, ast.Null) else 'undefined'})"
        return None

    def _same(self, node: ast.Binary, left: Piece, right: Piece) -> str:
        if left.shape.only(LIST | OBJECT | DATE) and right.shape.only(LIST | OBJECT | DATE):
            self.findings.add(
                "CK315",
                "Lists and objects are equal only to themselves, so this is false.",
                node.span,
                severity="warning",
                hint="Compare a key, for example an id.",
            )
            return "false" if left.code != right.code else "true"
        loose = node.op in {"==", "!="}
        if (
            loose
            and not left.shape.kinds & right.shape.kinds & ~NULLISH
            and not (left.shape.may(NULLISH) and right.shape.may(NULLISH))
        ):
            first, second = self.as_number(left), self.as_number(right)
            return f"({first.wrapped} == {second.wrapped})"
        return self._strictly_same(left, right)

    def _strictly_same(self, left: Piece, right: Piece) -> str:
        first, second = left, right
        absent = [side.shape.may(UNDEFINED) for side in (left, right)]
        mixed = (left.shape.may(BOOLEAN) and right.shape.may(NUMBER)) or (
            left.shape.may(NUMBER) and right.shape.may(BOOLEAN)
        )
        if any(absent) or mixed:
            first, second = self.bound(left), self.bound(right)
        one, other = first.wrapped, second.wrapped
        tests = [
            f"{side.wrapped} is defined" for side, may in zip((first, second), absent, strict=True) if may
        ]
        tests.append(f"{one} == {other}")
        if mixed:
            tests.append(f"({one} is boolean) == ({other} is boolean)")
        code = f"({' and '.join(tests)})"
        return f"(({one} is undefined and {other} is undefined) or {code})" if all(absent) else code


def _arithmetic(left: Piece, right: Piece) -> Shape:
    return Shape(NUMBER | (left.shape.kinds | right.shape.kinds) & NAN)


_OPERATOR_HINTS = {
    "in": "Compare with undefined: item.key !== undefined.",
    "instanceof": "Test a key instead.",
}
_Operator = Callable[[OperatorEmitter, ast.Binary, Piece, Piece], Piece]
_OPERATORS: dict[str, _Operator] = {
    "+": OperatorEmitter.plus,
    "-": OperatorEmitter.arithmetic,
    "*": OperatorEmitter.arithmetic,
    "/": OperatorEmitter.divide,
    "%": OperatorEmitter.remainder,
    "**": OperatorEmitter.power,
    **dict.fromkeys(("<", "<=", ">", ">="), OperatorEmitter.compare),
    **dict.fromkeys(("===", "!==", "==", "!="), OperatorEmitter.equal),
}
