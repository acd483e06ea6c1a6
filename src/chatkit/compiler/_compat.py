"""The original's translation of JSX to Jinja, byte for byte, faults included.

It is purely syntactic: neither schema nor data is looked at. Safe mode is in `_emit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import _ast as ast
from ._diagnostics import Findings
from ._jsvalue import number_text, quoted


@dataclass(frozen=True, slots=True)
class Dialect:
    """How older versions of the original differed from today's. The defaults are today's rules."""

    empty_children: bool = False
    keep_triple_equals: bool = False
    index_set: bool = True
    array_as_children: bool = False
    undefined_as: str = "none"


_OPEN = '"children":[{%- set _c -%}'
_CLOSE = "{%- endset -%}{{- (_c[1:] if _c and _c[0] == ',' else _c) -}}]"
_COMPARISONS = {"===": "==", "!==": "!=", "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def emit_compat(root: ast.Element, findings: Findings, dialect: Dialect | None = None) -> str:
    """The template of a view under the original's rules; what they lose silently is noted as a warning."""
    return CompatEmitter(findings, dialect or Dialect()).element(root)


class CompatEmitter:
    """The four contexts of the rules: elements and values, children, expressions, tests."""

    def __init__(self, findings: Findings, dialect: Dialect) -> None:
        self.findings = findings
        self.dialect = dialect

    def element(self, node: ast.Element) -> str:
        """An element as a JSON object."""
        parts = [f'"type":{quoted(node.tag or "Fragment")}']
        for attr in node.attrs:
            if isinstance(attr, ast.Spread):
                self._lost(attr, "A spread attribute")
            else:
                parts.append(
                    f"{quoted(attr.name)}:{'true' if attr.value is None else self.value(attr.value)}"
                )
        children = self._children(node)
        if children is not None:
            parts.append(children)
        return "{" + ",".join(parts) + "}"

    def _children(self, node: ast.Element) -> str | None:
        if not node.children:
            return '"children":[]' if self.dialect.empty_children else None
        if any(isinstance(child, ast.Hole) for child in node.children):
            return _OPEN + "".join(self.child(child) for child in node.children) + _CLOSE
        return '"children":[' + ",".join(self.child(child)[1:] for child in node.children) + "]"

    def child(self, node: ast.Child | ast.Expr) -> str:
        """Something in child position; what it emits starts with a comma."""
        if isinstance(node, ast.Hole):
            return self.child(node.value)
        if isinstance(node, ast.JsxText):
            return f',{{"type":"Text","value":{quoted(node.value)}}}'
        if isinstance(node, ast.Element):
            return (
                "," + self.element(node)
                if node.tag
                else "".join(self.child(inner) for inner in node.children)
            )
        if isinstance(node, ast.Null):
            return ""
        if isinstance(node, ast.Cond):
            return f"{{%-if {self.test(node.test)} -%}}{self.child(node.then)}{{%-else-%}}{self.child(node.other)}{{%-endif-%}}"
        if isinstance(node, ast.Logical) and node.op == "&&":
            return f"{{%-if {self.test(node.left)} -%}}{self.child(node.right)}{{%-else-%}}{{%-endif-%}}"
        return self._loop(node) or f',{{"type":"Text","value":{self.value(node)}}}'

    def _loop(self, node: ast.Expr) -> str | None:
        if not isinstance(node, ast.Call) or not isinstance(node.callee, ast.Member) or len(node.args) != 1:
            return None
        arrow = node.args[0]
        if node.callee.name != "map" or not isinstance(arrow, ast.Arrow) or not 1 <= len(arrow.params) <= 2:
            return None
        names = [param.pattern.id for param in arrow.params if isinstance(param.pattern, ast.NamePattern)]
        if len(names) != len(arrow.params):
            return None
        index = f"{{%-set {names[1]} = loop.index0 -%}}" if len(names) > 1 and self.dialect.index_set else ""
        target = self.expression(node.callee.object)
        return f"{{%-for {names[0]} in {target} -%}}{index}{self.child(arrow.body)}{{%-endfor-%}}"

    def value(self, node: ast.Expr) -> str:
        """A JSON value."""
        if isinstance(node, ast.Undefined):
            return f"{{{{ ({self.dialect.undefined_as}) | tojson }}}}"
        handler = _VALUES.get(type(node))
        if handler is not None:
            return handler(self, node)
        return f"{{{{ ({self.expression(node)}) | tojson }}}}"

    def object(self, node: ast.Object) -> str:
        """An object literal."""
        parts: list[str] = []
        for prop in node.props:
            if isinstance(prop, ast.Spread) or not isinstance(prop.key, str):
                self._lost(prop, "A spread or computed key")
                continue
            if prop.shorthand:
                parts.append(f"{quoted(prop.key)}:{{{{ ({prop.key}) | tojson }}}}")
            else:
                parts.append(f"{quoted(prop.key)}:{self.value(prop.value)}")
        return "{" + ",".join(parts) + "}"

    def array(self, node: ast.Array) -> str:
        """An array literal."""
        items: list[str] = []
        for item in node.items:
            if isinstance(item, ast.Spread):
                self._lost(item, "A spread")
            elif self.dialect.array_as_children:
                items.append(self.child(item)[1:])
            else:
                items.append(self.value(item))
        return "[" + ",".join(items) + "]"

    def conditional_value(self, node: ast.Cond) -> str:
        """A ternary whose branches are JSON values."""
        return f"{{% if {self.test(node.test)} %}}{self.value(node.then)}{{% else %}}{self.value(node.other)}{{% endif %}}"

    def logical_value(self, node: ast.Logical) -> str:
        """`||`, `&&`, `??` as a value: one pair of parentheses only."""
        return f"{{{{ {self.logical(node)} | tojson }}}}"

    def expression(self, node: ast.Expr) -> str:
        """Jinja's text of an expression."""
        handler = _EXPRESSIONS.get(type(node))
        if handler is not None:
            return handler(self, node)
        self._lost(node, _NAMES.get(type(node), "This expression"))
        return "(none)" if isinstance(node, (ast.Call, ast.New)) else "none"

    def member(self, node: ast.Member) -> str:
        """`a.b`, and the one special member."""
        target = self.expression(node.object)
        return f"({target} | length)" if node.name == "length" else f"{target}.{node.name}"

    def template(self, node: ast.Template) -> str:
        """A template literal; one part alone stays what it is."""
        parts = [quoted(part) if isinstance(part, str) else self.expression(part) for part in node.parts]
        return f"({' ~ '.join(parts) or quoted('')})"

    def binary(self, node: ast.Binary, *, bare: bool = False) -> str:
        """Arithmetic and comparison."""
        null_test = _null_test(node)
        if null_test is not None:
            return f"{self.expression(null_test[0])} {null_test[1]}"
        op = _COMPARISONS.get(node.op, node.op)
        if self.dialect.keep_triple_equals and node.op in {"===", "!=="}:
            op = node.op
        if op == "+" and any(isinstance(side, (ast.Str, ast.Template)) for side in (node.left, node.right)):
            op = "~"
        text = f"{self.expression(node.left)} {op} {self.expression(node.right)}"
        return text if bare else f"({text})"

    def logical(self, node: ast.Logical) -> str:
        """`&&`, `||`, `??`."""
        left, right = self.expression(node.left), self.expression(node.right)
        if node.op == "??":
            return f"({left} if {left} is defined and {left} is not none else {right})"
        return f"({left} {'and' if node.op == '&&' else 'or'} {right})"

    def unary(self, node: ast.Unary) -> str:
        """`!a`, `-a`."""
        if node.op == "!":
            return f"(not {self.expression(node.value)})"
        if node.op in {"-", "+"}:
            return f"{node.op}{self.expression(node.value)}"
        self._lost(node, f"`{node.op}`")
        return "none"

    def test(self, node: ast.Expr) -> str:
        """A test of `if` or a ternary."""
        if isinstance(node, ast.Unary) and node.op == "!":
            return f"not ({self.expression(node.value)})"
        if isinstance(node, ast.Binary) and node.op in _COMPARISONS:
            return self.binary(node, bare=True)
        return self.expression(node)

    def _lost(self, node: ast.Node, what: str) -> None:
        self.findings.add(
            "CK320",
            f"{what} is lost under the original's rules.",
            node.span,
            severity="warning",
            hint="Compile in safe mode, which translates it.",
        )


def _null_test(node: ast.Binary) -> tuple[ast.Expr, str] | None:
    if node.op not in {"==", "!=", "===", "!=="}:
        return None
    word = "is none" if node.op in {"==", "==="} else "is not none"
    if isinstance(node.right, ast.Null):
        return node.left, word
    return (node.right, word) if isinstance(node.left, ast.Null) else None


_NAMES: dict[type, str] = {
    ast.Call: "A call",
    ast.New: "`new`",
    ast.Array: "A list inside an expression",
    ast.Object: "An object inside an expression",
    ast.Arrow: "A function",
    ast.Element: "An element inside an expression",
}
_Handler = Callable[[CompatEmitter, Any], str]
_VALUES: dict[type, _Handler] = {
    ast.Str: lambda _, node: quoted(node.value),
    ast.Num: lambda _, node: number_text(node.value),
    ast.Bool: lambda _, node: "true" if node.value else "false",
    ast.Null: lambda _, __: "null",
    ast.Object: CompatEmitter.object,
    ast.Array: CompatEmitter.array,
    ast.Cond: CompatEmitter.conditional_value,
    ast.Logical: CompatEmitter.logical_value,
    ast.Element: CompatEmitter.element,
}
_EXPRESSIONS: dict[type, _Handler] = {
    ast.Name: lambda _, node: node.id,
    ast.Str: lambda _, node: quoted(node.value),
    ast.Num: lambda _, node: number_text(node.value),
    ast.Bool: lambda _, node: "true" if node.value else "false",
    ast.Null: lambda _, __: "none",
    ast.Undefined: lambda self, _: self.dialect.undefined_as,
    ast.Member: CompatEmitter.member,
    ast.Index: lambda self, node: f"{self.expression(node.object)}[{self.expression(node.index)}]",
    ast.Template: CompatEmitter.template,
    ast.Binary: CompatEmitter.binary,
    ast.Logical: CompatEmitter.logical,
    ast.Unary: CompatEmitter.unary,
    ast.Cond: lambda self, node: (
        f"({self.expression(node.then)} if {self.test(node.test)} else {self.expression(node.other)})"
    ),
}
