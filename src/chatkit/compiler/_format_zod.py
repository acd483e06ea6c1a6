"""Formats a schema source: statements and Zod calls in one way; a statement with comments inside stays as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _ast as ast
from ._diagnostics import Findings
from ._format_expressions import ExpressionPrinter
from ._grammar import faults, parse_tsx
from ._parse import ViewReader
from ._source import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_DECLARATIONS = {"lexical_declaration", "variable_declaration"}


def format_zod(schema: str) -> str | None:
    """A Zod source in the house style; None when it has syntax errors."""
    source = SourceText(schema)
    tree = parse_tsx(source)
    if tree.has_error or any(faults(tree)):
        return None
    parts: list[str] = []
    line = -1
    for node in tree.named_children:
        beside = node.type == "comment" and node.start_point.row == line
        text = _statement(source, node)
        gap = "" if beside or not parts else "\n" if _belongs(tree, node) else "\n\n"
        parts.append(f"{' ' if beside else gap}{text}")
        line = node.end_point.row
    return "".join(parts).strip() + "\n" if parts else ""


def _belongs(tree: SyntaxNode, node: SyntaxNode) -> bool:
    """Whether a statement stays on the line after the one before it: imports do, and what a comment stands above."""
    before = node.prev_named_sibling
    if before is None:
        return False
    return before.type == "comment" or before.type == node.type == "import_statement"


def _statement(source: SourceText, node: SyntaxNode) -> str:
    written = source.encoded[node.start_byte : node.end_byte].decode("utf-8", "replace").strip()
    if node.type == "import_statement":
        return written.rstrip(";").replace("{z}", "{ z }").replace("'", '"')
    if _has_comments(node):
        return written
    declared = node if node.type in _DECLARATIONS else node.child_by_field_name("declaration")
    if declared is not None and declared.type in _DECLARATIONS:
        return _declaration(source, node, declared) or written
    value = node.child_by_field_name("value")
    if node.type == "export_statement" and value is not None:
        return f"export default {_value(source, value)}"
    return written


def _declaration(source: SourceText, node: SyntaxNode, declared: SyntaxNode) -> str | None:
    names = [child for child in declared.named_children if child.type == "variable_declarator"]
    name = names[0].child_by_field_name("name") if len(names) == 1 else None
    value = names[0].child_by_field_name("value") if len(names) == 1 else None
    if name is None or value is None:
        return None
    head = source.encoded[node.start_byte : value.start_byte].decode("utf-8", "replace")
    return f"{' '.join(head.split())} {_value(source, value)}"


def _value(source: SourceText, node: SyntaxNode) -> str:
    expression = ViewReader(source, Findings(source)).expression(node)
    return _SchemaPrinter(source, lambda element, _: source.slice(element.span)).print(expression, 0, 24)


def _has_comments(node: SyntaxNode) -> bool:
    return node.type == "comment" or any(_has_comments(child) for child in node.children)


class _SchemaPrinter(ExpressionPrinter):
    """Breaks chains and calls where a schema is read: at the object inside them."""

    def broken(self, node: ast.Expr, indent: int) -> str:
        if isinstance(node, ast.Call):
            return self._chain(node, indent)
        return super().broken(node, indent)

    def _chain(self, node: ast.Call, indent: int) -> str:
        callee = node.callee
        if isinstance(callee, ast.Member) and isinstance(callee.object, ast.Call):
            head = f"{self.broken(callee.object, indent)}.{callee.name}"
        else:
            head = self.flat(callee, indent)
        if not node.args or all(not isinstance(arg, _DEEP) for arg in node.args):
            return f"{head}({self._items(node.args, indent)})"
        *before, last = node.args
        if any(isinstance(arg, (ast.Object, ast.Array)) for arg in before) or isinstance(last, ast.Spread):
            pad = " " * (indent + 2)
            lines = [self._line(arg, indent + 2) for arg in node.args]
            return f"{head}(\n" + "".join(f"{pad}{line},\n" for line in lines) + f"{' ' * indent})"
        first = "".join(f"{self._item(arg, indent)}, " for arg in before)
        return f"{head}({first}{self.broken(last, indent)})"

    def _line(self, arg: ast.Expr | ast.Spread, indent: int) -> str:
        return self._item(arg, indent) if isinstance(arg, ast.Spread) else self.print(arg, indent, indent)


_DEEP = (ast.Object, ast.Array, ast.Call)
