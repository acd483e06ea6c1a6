"""From a view's text to our tree. Every broken place gets a diagnostic; the rest is still read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, cast

from . import _ast as ast
from ._diagnostics import Findings, Fix, TextEdit
from ._grammar import faults, parse_tsx
from ._literals import decode_entities, jsx_text
from ._parse_expressions import ExpressionReader
from ._simplify import simplify
from ._source import SourceText, Span

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_ELEMENTS = {"jsx_element", "jsx_self_closing_element"}


def parse_view(text: str, findings: Findings | None = None) -> tuple[ast.Element | None, Findings]:
    """Read a view. Gives its root element, if there is one, and what was found wrong."""
    source = findings.source if findings else SourceText(text)
    found = findings or Findings(source)
    root = ViewReader(source, found).view()
    try:
        return simplify(root), found
    except RecursionError:
        found.add("CK306", "The view is nested too deeply.", Span(0, len(text)), hint="Split the view.")
        return None, found


class ViewReader(ExpressionReader):
    """Turns the concrete tree of one text into ours."""

    def __init__(self, source: SourceText, findings: Findings) -> None:
        super().__init__(source, findings)
        self._ids = 0
        self._open: list[ast.Element] = []
        self._closed_early: set[int] = set()
        self._still_to_come: set[tuple[int, str | None]] = set()

    def view(self) -> ast.Element | None:
        """The root element of the text."""
        tree = parse_tsx(self.source)
        roots = self._roots(tree)
        self._report_faults(tree)
        if not roots:
            if not self.findings.failed:
                whole = Span(0, len(self.source.text))
                self.findings.add(
                    "CK301",
                    "The view has no element.",
                    whole,
                    hint="Write one root element: <Card>, <ListView> or <Basic>.",
                )
            return None
        for extra in roots[1:]:
            self.findings.add(
                "CK302",
                "The view has more than one root element.",
                extra.span,
                hint="Put them into one <Card>, <ListView> or <Basic>.",
            )
        return roots[0]

    def _roots(self, tree: SyntaxNode) -> list[ast.Element]:
        roots: list[ast.Element] = []
        for node in tree.named_children:
            if node.type == "ERROR":
                roots.extend(self._recover(node))
            elif node.type == "expression_statement" and node.named_children:
                root = self.expression(node.named_children[0])
                if isinstance(root, ast.Element):
                    roots.append(root)
                elif not isinstance(root, ast.Broken):
                    self._stray(node)
            elif node.type not in {"comment", "empty_statement"}:
                self._stray(node)
        return roots

    def _stray(self, node: SyntaxNode) -> None:
        self.findings.add(
            "CK303",
            "Only one JSX element can stand here.",
            self.span(node),
            hint="A view is a single element, with no imports, functions or statements around it.",
            fixes=self._kept_element,
        )

    @cached_property
    def _kept_element(self) -> list[Fix]:
        """For a whole React module: keep the one element that its component returns."""
        found = list(_returned(parse_tsx(self.source)))
        if len(found) != 1:
            return []
        span = self.span(found[0])
        line = self.source.text.rfind("\n", 0, span.start) + 1
        indent = self.source.text[line : span.start]
        element = self.source.slice(span)
        if not indent.strip():
            element = element.replace(f"\n{indent}", "\n")
        whole = TextEdit(0, len(self.source.text), f"{element}\n")
        return [Fix("Keep only the element that is returned", (whole,))]

    def _recover(self, node: SyntaxNode) -> list[ast.Element]:
        """Elements of a stretch the grammar gave up on: open tags are closed where the stretch ends."""
        roots: list[ast.Element] = []
        open_elements: list[ast.Element] = []
        for child in node.children:
            if child.type == "jsx_opening_element":
                opened = self._open_element(child, self.span(node).end)
                (open_elements[-1].children if open_elements else roots).append(opened)  # type: ignore[arg-type]
                open_elements.append(opened)
                self._open.append(opened)
                continue
            if child.type == "jsx_closing_element":
                self._close(open_elements, child)
                continue
            self._keep(child, roots, open_elements)
        for left_open in open_elements:
            self._unclosed(left_open)
        return roots

    def _keep(self, node: SyntaxNode, roots: list[ast.Element], open_elements: list[ast.Element]) -> None:
        built: ast.Child | None = None
        if node.type in _ELEMENTS:
            built = self.element(node)
        elif node.type == "jsx_expression" and open_elements:
            built = self._hole(node)
        if built is not None and open_elements:
            open_elements[-1].children.append(built)
        elif isinstance(built, ast.Element):
            roots.append(built)

    def _close(self, open_elements: list[ast.Element], node: SyntaxNode) -> None:
        name = node.child_by_field_name("name")
        tag = self.text(name) if name else None
        if open_elements and any(element.tag == tag for element in open_elements):
            while open_elements:
                element = open_elements.pop()
                self._open.remove(element)
                if element.tag == tag:
                    return
                self._unclosed(element)

    def _unclosed(self, element: ast.Element) -> None:
        if element.id in self._closed_early:
            return
        label = element.tag or ""
        self.findings.add(
            "CK305",
            f"<{label}> is never closed.",
            element.open_span,
            hint=f"Add </{label}>, or write <{label} … /> for an element without children.",
            fixes=[_insert(f"Add </{label}> at the end", element.span.end, f"</{label}>")],
        )

    def _report_faults(self, tree: SyntaxNode) -> None:
        for fault in faults(tree):
            if self._is_ampersand(fault):
                continue
            span = self.span(fault)
            if fault.is_missing:
                what = (
                    "an expression"
                    if fault.type in {"identifier", "property_identifier"}
                    else f"`{fault.type}`"
                )
                self.findings.add("CK304", f"Expected {what} here.", span)
                continue
            text = " ".join(self.source.slice(span).split())
            if not text or (self.findings.failed and (len(text) > 60 or _holds_tags(fault))):
                continue
            shown = text if len(text) <= 24 else text[:24] + "…"
            self.findings.add("CK304", f"Cannot read `{shown}` here.", span, hint=_syntax_hint(text))
        unread = tree.has_error and not any(self._is_ampersand(fault) for fault in faults(tree))
        if unread and not self.findings.failed:
            self.findings.add("CK304", "The view cannot be read as JSX.", Span(0, len(self.source.text)))

    def _is_ampersand(self, node: SyntaxNode) -> bool:
        """A bare `&` between tags: text in JSX, though the grammar stumbles over it."""
        parent = node.parent
        return (
            node.is_error
            and parent is not None
            and parent.type == "jsx_element"
            and self.text(node).strip() == "&"
        )

    def element(self, node: SyntaxNode) -> ast.Element:
        """Read an element."""
        if node.type == "jsx_self_closing_element":
            return self._open_element(node, self.span(node).end)
        opening = cast("SyntaxNode", node.child_by_field_name("open_tag"))
        closing = node.child_by_field_name("close_tag")
        element = self._open_element(opening, self.span(node).end)
        end = closing.start_byte if closing is not None else node.end_byte
        element.inner = Span(element.open_span.end, self.source.offset(end))
        self._open.append(element)
        element.children = self._children(node, opening.end_byte, end)
        self._open.remove(element)
        if closing is not None:
            self._match_tags(element, closing)
        return element

    def _match_tags(self, element: ast.Element, closing: SyntaxNode) -> None:
        name = closing.child_by_field_name("name")
        tag = self.text(name) if name is not None else None
        span = self.span(name or closing)
        element.close_tag_span = span
        if tag == element.tag or closing.is_missing:
            return
        if self._follows(element, tag):
            return
        self.findings.add(
            "CK305",
            f"</{tag or ''}> closes <{element.tag or ''}>.",
            span,
            hint=f"<{element.tag or ''}> is opened in line {self.source.position(element.span.start).line}; close it first.",
            fixes=[
                Fix(
                    f"Close with </{element.tag or ''}>", (TextEdit(span.start, span.end, element.tag or ""),)
                )
            ]
            if name is not None
            else (),
        )

    def _follows(self, element: ast.Element, tag: str | None) -> bool:
        """Whether a wrong closing tag only follows from one told before.

        A tag that was meant for an element around this one closes all up to there: their own tags are off by one.
        A tag that was meant for none leaves this element's own tag to come, where it closes the element around.
        """
        matching = [at for at, one in enumerate(self._open) if one.tag == tag]
        meant = next((at for at in reversed(matching) if self._open[at].id not in self._closed_early), None)
        if meant is not None:
            self._closed_early |= {one.id for one in self._open[meant:]}
        else:
            self._still_to_come.add((self._open[-1].id if self._open else -1, element.tag))
        return element.id in self._closed_early or (element.id, tag) in self._still_to_come

    def _open_element(self, node: SyntaxNode, end: int) -> ast.Element:
        name = node.child_by_field_name("name")
        span = self.span(node)
        self._ids += 1
        element = ast.Element(
            Span(span.start, end),
            self.text(name) if name is not None else None,
            self.span(name) if name is not None else span,
            span,
            [],
            [],
            id=self._ids - 1,
        )
        for child in node.named_children:
            if child.type == "jsx_attribute":
                element.attrs.append(self._attribute(child))
            elif child.type == "jsx_expression":
                spread = next((one for one in child.named_children if one.type == "spread_element"), None)
                if spread is not None:
                    element.attrs.append(self._spread(spread))
        return element

    def _attribute(self, node: SyntaxNode) -> ast.Attr:
        parts = [child for child in node.named_children if child.type not in {"comment", "ERROR"}]
        name = parts[0]
        value: ast.Expr | None = None
        if len(parts) > 1:
            raw = parts[1]
            if raw.type == "string":
                value = ast.Str(self.span(raw), decode_entities(self.text(raw)[1:-1]))
            elif raw.type == "jsx_expression":
                value = self._held(raw)
            else:
                value = self.expression(raw)
        elif any(child.type == "=" for child in node.children):
            value = ast.Broken(self.span(node))
        return ast.Attr(self.span(node), self.text(name), self.span(name), value)

    def _held(self, node: SyntaxNode) -> ast.Expr:
        inner = [child for child in node.named_children if child.type not in {"comment", "ERROR"}]
        if not inner:
            if not node.has_error:
                self.findings.add("CK307", "An attribute needs a value between its braces.", self.span(node))
            return ast.Broken(self.span(node))
        if inner[0].type == "sequence_expression":
            return self._unsupported(inner[0])
        return self.expression(inner[0])

    def _children(self, node: SyntaxNode, start: int, end: int) -> list[ast.Child]:
        children: list[ast.Child] = []
        at = start
        for child in node.named_children:
            if child.start_byte < start or child.end_byte > end:
                continue
            if child.type in _ELEMENTS or child.type == "jsx_expression":
                self._text(children, at, child.start_byte)
                at = child.end_byte
                built = self._hole(child) if child.type == "jsx_expression" else self.expression(child)
                if isinstance(built, (ast.Element, ast.Hole)):
                    children.append(built)
            elif child.type == "ERROR" and not self._is_ampersand(child):
                at = child.end_byte
        self._text(children, at, end)
        return children

    def _text(self, children: list[ast.Child], start: int, end: int) -> None:
        if start >= end:
            return
        span = Span(self.source.offset(start), self.source.offset(end))
        text = jsx_text(self.source.slice(span))
        if text and not (text.isspace() and "\n" in self.source.slice(span)):
            children.append(ast.JsxText(span, text))

    def _hole(self, node: SyntaxNode) -> ast.Hole | None:
        inner = [child for child in node.named_children if child.type not in {"comment", "ERROR"}]
        if not inner:
            return ast.Hole(self.span(node), ast.Broken(self.span(node))) if node.has_error else None
        if inner[0].type == "spread_element":
            return ast.Hole(self.span(node), self._inner(inner[0]), spread=True)
        return ast.Hole(self.span(node), self.expression(inner[0]))


def _returned(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The outermost elements that functions of a module return."""
    for child in node.named_children:
        if child.type in _ELEMENTS:
            if node.type != "expression_statement":
                yield child
        else:
            yield from _returned(child)


def _holds_tags(node: SyntaxNode) -> bool:
    return any(child.type.startswith("jsx_") for child in node.children)


def _insert(title: str, at: int, text: str) -> Fix:
    return Fix(title, (TextEdit(at, at, text),))


def _syntax_hint(text: str) -> str | None:
    if text.startswith("<!--"):
        return "Comments in JSX are written {/* … */}."
    if text.startswith(("{%", "{{")):
        return "Jinja has no place in a view; write a JavaScript expression in single braces."
    return None
