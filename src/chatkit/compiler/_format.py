"""Formats a view: one way to break and indent tags, attributes and children; expressions stay as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._diagnostics import Findings
from ._format_expressions import ExpressionPrinter
from ._grammar import faults, parse_tsx, span_of
from ._parse import ViewReader
from ._source import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_WIDTH = 80
_TAGS = {"jsx_element", "jsx_self_closing_element"}
_HUGGING = {"object", "array", "arrow_function", "call_expression", "template_string", "jsx_element"}
_KEPT = {
    "comment",
    "statement_block",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_annotation",
}


def format_jsx(view: str) -> str:
    """The view formatted; a view with syntax errors is given back as it is."""
    source = SourceText(view)
    tree = parse_tsx(source)
    findings = Findings(source)
    ViewReader(source, findings).view()
    if findings.failed or tree.has_error or any(faults(tree)):
        return view
    formatter = _Formatter(source)
    parts = [formatter.top(node) for node in tree.named_children]
    return "\n".join(part for part in parts if part) + "\n"


class _Formatter:
    def __init__(self, source: SourceText) -> None:
        self.source = source

    def text(self, node: SyntaxNode) -> str:
        return self.source.slice(span_of(self.source, node))

    def between(self, start: int, end: int) -> str:
        return self.source.encoded[start:end].decode("utf-8", "replace")

    def top(self, node: SyntaxNode) -> str:
        if node.type == "comment":
            return self.text(node)
        inner = node.named_children[0] if node.named_children else node
        while inner.type == "parenthesized_expression" and inner.named_children:
            inner = inner.named_children[0]
        return self.element(inner, 0) if inner.type in _TAGS else self.text(node)

    def element(self, node: SyntaxNode, indent: int) -> str:
        """An element whose first line starts at `indent`."""
        if node.type == "jsx_self_closing_element":
            return self._tag(node, indent, "/>")
        opening, closing = node.child_by_field_name("open_tag"), node.child_by_field_name("close_tag")
        if opening is None or closing is None:
            return self.text(node)
        head = self._tag(opening, indent, ">")
        tail = self.text(closing)
        lines = self._children(node, opening.end_byte, closing.start_byte, indent + 2)
        if not lines:
            return head + tail
        if len(lines) == 1 and "\n" not in head + lines[0] and self._stays_inline(node, opening, closing):
            whole = f"{head}{lines[0]}{tail}"
            if indent + len(whole) <= _WIDTH:
                return whole
        pad = " " * (indent + 2)
        return f"{head}\n" + "\n".join(pad + line for line in lines) + f"\n{' ' * indent}{tail}"

    def _stays_inline(self, node: SyntaxNode, opening: SyntaxNode, closing: SyntaxNode) -> bool:
        inside = self.between(opening.end_byte, closing.start_byte)
        return "\n" not in inside and not any(child.type in _TAGS for child in node.named_children)

    def _tag(self, node: SyntaxNode, indent: int, end: str) -> str:
        name = node.child_by_field_name("name")
        label = self.text(name) if name is not None else ""
        skipped = name.end_byte if name is not None else node.start_byte
        attributes = [
            self._attribute(child, indent + 2) for child in node.named_children if child.start_byte >= skipped
        ]
        space = " " if end == "/>" else ""
        one_line = " ".join([f"<{label}", *attributes])
        whole = f"{one_line}{space}{end}"
        if not attributes or ("\n" not in whole and indent + len(whole) <= _WIDTH):
            return whole
        if len(attributes) == 1 and "\n" in attributes[0] and attributes[0].endswith("}"):
            lone = self._attribute(next(c for c in node.named_children if c.start_byte >= skipped), indent)
            return f"<{label} {lone}{space}{end}"
        pad = " " * (indent + 2)
        return f"<{label}\n" + "\n".join(pad + one for one in attributes) + f"\n{' ' * indent}{end}"

    def _attribute(self, node: SyntaxNode, indent: int) -> str:
        if node.type != "jsx_attribute" or len(node.named_children) < 2:
            return self._braced(node, indent) if node.type == "jsx_expression" else self.text(node)
        name, value = self.text(node.named_children[0]), node.named_children[-1]
        written = (
            self._braced(value, indent, indent + len(name) + 2, broken=True)
            if value.type == "jsx_expression"
            else self.text(value)
        )
        return f"{name}={written}"

    def _children(self, node: SyntaxNode, start: int, end: int, indent: int) -> list[str]:
        """The lines between two tags; what stands together without a line break stays together."""
        lines, current, at = list[str](), "", start
        for child in node.named_children:
            if (
                child.start_byte < start
                or child.end_byte > end
                or (child.type not in _TAGS and child.type != "jsx_expression")
            ):
                continue
            current = self._words(lines, current, self.between(at, child.start_byte))
            written = (
                self._braced(child, indent, indent)
                if child.type == "jsx_expression"
                else self.element(child, indent)
            )
            current += written
            at = child.end_byte
        current = self._words(lines, current, self.between(at, end))
        if current.strip():
            lines.append(current.strip())
        return lines

    def _words(self, lines: list[str], current: str, text: str) -> str:
        """Take up text between children: a line break in it ends the line."""
        parts = text.split("\n")
        current += parts[0]
        for part in parts[1:]:
            if current.strip():
                lines.append(current.strip())
            current = part.lstrip()
        return current

    def _braced(self, node: SyntaxNode, indent: int, used: int = 0, *, broken: bool = False) -> str:
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner or len(inner) != len(node.named_children):
            return self.text(node)
        if inner[0].type == "spread_element":
            held = inner[0].named_children[0]
            return f"{{...{self._expression(held, indent, used + 4)}}}"
        body = self._expression(inner[0], indent, used + 1)
        if broken and "\n" in body and _bare(inner[0]).type not in _HUGGING:
            deeper = self._expression(inner[0], indent + 2, indent + 2)
            return f"{{\n{' ' * (indent + 2)}{deeper}\n{' ' * indent}}}"
        return f"{{{body}}}"

    def _expression(self, node: SyntaxNode, indent: int, used: int = 0) -> str:
        """An expression; one with comments, types or statements in it keeps its own lines."""
        if _keeps_form(node):
            return self._moved(self.text(node), indent)
        by_start = {span_of(self.source, element).start: element for element in _outermost(node)}
        printer = ExpressionPrinter(
            self.source, lambda element, at: self.element(by_start[element.span.start], at)
        )
        value = ViewReader(self.source, Findings(self.source)).expression(node)
        return printer.print(value, indent, used)

    def _moved(self, text: str, indent: int) -> str:
        if "\n" not in text or "`" in text:
            return text
        lines = text.split("\n")
        widths = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
        base = len(lines[-1]) - len(lines[-1].lstrip())
        shift = indent - min(base, min(widths, default=base))
        moved = [
            line if not line.strip() else " " * max(0, len(line) - len(line.lstrip()) + shift) + line.lstrip()
            for line in lines[1:]
        ]
        return "\n".join([lines[0], *moved])


def _outermost(node: SyntaxNode) -> list[SyntaxNode]:
    found: list[SyntaxNode] = []
    for child in [node] if node.type in _TAGS else node.children:
        found += [child] if child.type in _TAGS else _outermost(child)
    return found


def _bare(node: SyntaxNode) -> SyntaxNode:
    while node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    return node


def _keeps_form(node: SyntaxNode) -> bool:
    pending = [node]
    while pending:
        current = pending.pop()
        if current.type in _KEPT:
            return True
        if current.type not in _TAGS:
            pending.extend(current.children)
    return False
