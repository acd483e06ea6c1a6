"""From a view's text to our tree. Every broken place gets a diagnostic; the rest is still read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from . import _ast as ast
from ._diagnostics import Findings, Fix, TextEdit
from ._grammar import faults, parse_tsx, span_of
from ._literals import decode_entities, decode_number, decode_string, jsx_text
from ._source import SourceText, Span

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_MAX_DEPTH = 110
_WRAPPERS = {"as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
_ELEMENTS = {"jsx_element", "jsx_self_closing_element"}


def parse_view(text: str, findings: Findings | None = None) -> tuple[ast.Element | None, Findings]:
    """Read a view. Gives its root element, if there is one, and what was found wrong."""
    source = findings.source if findings else SourceText(text)
    found = findings or Findings(source)
    reader = ViewReader(source, found)
    return reader.view(), found


class ViewReader:
    """Turns the concrete tree of one text into ours."""

    def __init__(self, source: SourceText, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self._depth = 0
        self._ids = 0
        self._mismatched = False

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
        )

    def _recover(self, node: SyntaxNode) -> list[ast.Element]:
        """Elements of a stretch the grammar gave up on: open tags are closed where the stretch ends."""
        roots: list[ast.Element] = []
        open_elements: list[ast.Element] = []
        for child in node.children:
            if child.type == "jsx_opening_element":
                opened = self._open_element(child, self.span(node).end)
                (open_elements[-1].children if open_elements else roots).append(opened)  # type: ignore[arg-type]
                open_elements.append(opened)
                continue
            if child.type == "jsx_closing_element":
                self._close(open_elements, child)
                continue
            self._keep(child, roots, open_elements)
        if not self._mismatched:
            for left_open in open_elements:
                self._unclosed(left_open)
        return roots

    def _keep(self, node: SyntaxNode, roots: list[ast.Element], open_elements: list[ast.Element]) -> None:
        built: ast.Child | None = None
        if node.type in _ELEMENTS:
            built = self._element(node)
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
                if element.tag == tag:
                    return
                self._unclosed(element)

    def _unclosed(self, element: ast.Element) -> None:
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

    def span(self, node: SyntaxNode) -> Span:
        """Where a node stands."""
        return span_of(self.source, node)

    def text(self, node: SyntaxNode) -> str:
        """The text of a node."""
        return self.source.slice(self.span(node))

    def expression(self, node: SyntaxNode | None) -> ast.Expr:
        """Read an expression; what has no reading becomes `Broken` with a diagnostic."""
        if node is None:
            return ast.Broken(Span(0, 0))
        if node.type == "ERROR" or node.is_missing:
            return ast.Broken(self.span(node))
        reader = _EXPRESSIONS.get(node.type)
        if reader is None:
            return self._unsupported(node)
        if self._depth >= _MAX_DEPTH:
            self.findings.add("CK306", "This is nested too deeply.", self.span(node), hint="Split the view.")
            return ast.Broken(self.span(node))
        self._depth += 1
        try:
            return reader(self, node)
        finally:
            self._depth -= 1

    def _unsupported(self, node: SyntaxNode) -> ast.Broken:
        span = self.span(node)
        message, hint = _UNSUPPORTED.get(
            node.type, (f"{node.type.replace('_', ' ').capitalize()} has no place in a view.", None)
        )
        self.findings.add("CK310", message, span, hint=hint)
        return ast.Broken(span)

    def _inner(self, node: SyntaxNode) -> ast.Expr:
        inner = [child for child in node.named_children if child.type not in {"comment", "ERROR"}]
        return self.expression(inner[0]) if inner else ast.Broken(self.span(node))

    def _template(self, node: SyntaxNode) -> ast.Expr:
        parts: list[str | ast.Expr] = []
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                self._chunk(parts, at, child.start_byte)
                parts.append(self._inner(child))
                at = child.end_byte
        self._chunk(parts, at, node.end_byte - 1)
        return ast.Template(self.span(node), parts)

    def _chunk(self, parts: list[str | ast.Expr], start: int, end: int) -> None:
        raw = self.source.encoded[start:end].decode("utf-8", "replace")
        if raw:
            parts.append(decode_string(raw))

    def _member(self, node: SyntaxNode) -> ast.Expr:
        name = node.child_by_field_name("property")
        if name is None or name.is_missing:
            return ast.Broken(self.span(node))
        return ast.Member(
            self.span(node),
            self.expression(node.child_by_field_name("object")),
            self.text(name),
            node.child_by_field_name("optional_chain") is not None,
            self.span(name),
        )

    def _index(self, node: SyntaxNode) -> ast.Expr:
        target = self.expression(node.child_by_field_name("object"))
        index = self.expression(node.child_by_field_name("index"))
        optional = node.child_by_field_name("optional_chain") is not None
        return ast.Index(self.span(node), target, index, optional)

    def _arguments(self, node: SyntaxNode) -> list[ast.Expr | ast.Spread]:
        arguments = node.child_by_field_name("arguments")
        return self._list(arguments) if arguments is not None else []

    def _list(self, node: SyntaxNode) -> list[ast.Expr | ast.Spread]:
        out: list[ast.Expr | ast.Spread] = []
        for child in node.named_children:
            if child.type in {"comment", "ERROR"}:
                continue
            out.append(self._spread(child) if child.type == "spread_element" else self.expression(child))
        return out

    def _spread(self, node: SyntaxNode) -> ast.Spread:
        return ast.Spread(self.span(node), self._inner(node))

    def _call(self, node: SyntaxNode) -> ast.Expr:
        callee = self.expression(node.child_by_field_name("function"))
        optional = any(child.type == "?." for child in node.children)
        return ast.Call(self.span(node), callee, self._arguments(node), optional)

    def _new(self, node: SyntaxNode) -> ast.Expr:
        return ast.New(
            self.span(node), self.expression(node.child_by_field_name("constructor")), self._arguments(node)
        )

    def _unary(self, node: SyntaxNode) -> ast.Expr:
        operator = node.child_by_field_name("operator")
        value = self.expression(node.child_by_field_name("argument"))
        return ast.Unary(self.span(node), self.text(operator) if operator else "", value)

    def _binary(self, node: SyntaxNode) -> ast.Expr:
        operator = node.child_by_field_name("operator")
        op = self.text(operator) if operator else ""
        left = self.expression(node.child_by_field_name("left"))
        right = self.expression(node.child_by_field_name("right"))
        self._check_mixture(node, op)
        kind = ast.Logical if op in {"&&", "||", "??"} else ast.Binary
        return kind(self.span(node), op, left, right)

    def _check_mixture(self, node: SyntaxNode, op: str) -> None:
        """JavaScript refuses `a && b ?? c` without parentheses; the grammar does not."""
        for field in ("left", "right"):
            side = node.child_by_field_name(field)
            operator = (
                side.child_by_field_name("operator")
                if side is not None and side.type == "binary_expression"
                else None
            )
            inner = self.text(operator) if operator is not None else ""
            if side is not None and "??" in (op, inner) and {op, inner} & {"&&", "||"}:
                edits = (
                    TextEdit(self.span(side).start, self.span(side).start, "("),
                    TextEdit(self.span(side).end, self.span(side).end, ")"),
                )
                self.findings.add(
                    "CK304",
                    f"`{inner}` and `{op}` cannot be mixed without parentheses.",
                    self.span(node),
                    fixes=[Fix("Add parentheses", edits)],
                )

    def _ternary(self, node: SyntaxNode) -> ast.Expr:
        parts = [
            self.expression(node.child_by_field_name(f)) for f in ("condition", "consequence", "alternative")
        ]
        return ast.Cond(self.span(node), *parts)

    def _array(self, node: SyntaxNode) -> ast.Expr:
        return ast.Array(self.span(node), self._list(node))

    def _object(self, node: SyntaxNode) -> ast.Expr:
        props: list[ast.Prop | ast.Spread] = []
        for child in node.named_children:
            span = self.span(child)
            if child.type == "spread_element":
                props.append(self._spread(child))
            elif child.type == "shorthand_property_identifier":
                name = self.text(child)
                props.append(ast.Prop(span, name, ast.Name(span, name), shorthand=True))
            elif child.type == "pair":
                props.append(
                    ast.Prop(
                        span,
                        self._key(child.child_by_field_name("key")),
                        self.expression(child.child_by_field_name("value")),
                    )
                )
            elif child.type not in {"comment", "ERROR"}:
                self._unsupported(child)
        return ast.Object(self.span(node), props)

    def _key(self, node: SyntaxNode | None) -> str | ast.Expr:
        if node is None:
            return ""
        if node.type == "string":
            return decode_string(self.text(node)[1:-1])
        if node.type == "computed_property_name":
            return self._inner(node)
        if node.type == "number":
            value = decode_number(self.text(node))
            return str(value)
        return self.text(node)

    def _arrow(self, node: SyntaxNode) -> ast.Expr:
        single = node.child_by_field_name("parameter")
        many = node.child_by_field_name("parameters")
        params: list[ast.Param] = []
        if single is not None:
            params.append(
                ast.Param(self.span(single), ast.NamePattern(self.span(single), self.text(single)), None)
            )
        elif many is not None:
            params.extend(
                self._param(child) for child in many.named_children if child.type.endswith("_parameter")
            )
        body = node.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            return ast.Arrow(self.span(node), params, self.block(body.named_children, self.span(body)))
        return ast.Arrow(self.span(node), params, self.expression(body))

    def _param(self, node: SyntaxNode) -> ast.Param:
        default = node.child_by_field_name("value")
        pattern = self.pattern(node.child_by_field_name("pattern"), node)
        return ast.Param(self.span(node), pattern, self.expression(default) if default is not None else None)

    def pattern(self, node: SyntaxNode | None, within: SyntaxNode) -> ast.Pattern:
        """Read what a parameter or constant binds."""
        if node is not None and node.type in {"object_pattern", "array_pattern"}:
            return self._object_pattern(node) if node.type == "object_pattern" else self._array_pattern(node)
        if node is not None and node.type == "identifier":
            return ast.NamePattern(self.span(node), self.text(node))
        self._unsupported(node or within)
        return ast.NamePattern(self.span(within), "_")

    def _object_pattern(self, node: SyntaxNode) -> ast.ObjectPattern:
        fields: list[tuple[str, ast.Pattern, ast.Expr | None]] = []
        rest: ast.NamePattern | None = None
        for child in node.named_children:
            if child.type == "rest_pattern":
                rest = self._rest(child)
            elif child.type == "shorthand_property_identifier_pattern":
                fields.append((self.text(child), ast.NamePattern(self.span(child), self.text(child)), None))
            elif child.type == "object_assignment_pattern":
                left = child.child_by_field_name("left") or child
                default = self.expression(child.child_by_field_name("right"))
                fields.append((self.text(left), ast.NamePattern(self.span(left), self.text(left)), default))
            elif child.type == "pair_pattern":
                key = self._key(child.child_by_field_name("key"))
                target, default = self._defaulted(child.child_by_field_name("value"), child)
                fields.append((key if isinstance(key, str) else "", target, default))
        return ast.ObjectPattern(self.span(node), fields, rest)

    def _array_pattern(self, node: SyntaxNode) -> ast.ArrayPattern:
        items: list[tuple[ast.Pattern, ast.Expr | None] | None] = []
        rest: ast.NamePattern | None = None
        filled = False
        for child in node.children:
            if child.type == ",":
                if not filled:
                    items.append(None)
                filled = False
            elif child.type == "rest_pattern":
                rest = self._rest(child)
            elif child.is_named and child.type != "comment":
                items.append(self._defaulted(child, child))
                filled = True
        return ast.ArrayPattern(self.span(node), items, rest)

    def _rest(self, node: SyntaxNode) -> ast.NamePattern:
        inner = node.named_children[0] if node.named_children else node
        return ast.NamePattern(self.span(inner), self.text(inner))

    def _defaulted(self, node: SyntaxNode | None, within: SyntaxNode) -> tuple[ast.Pattern, ast.Expr | None]:
        if node is not None and node.type == "assignment_pattern":
            default = self.expression(node.child_by_field_name("right"))
            return self.pattern(node.child_by_field_name("left"), within), default
        return self.pattern(node, within), None

    def block(self, statements: list[SyntaxNode], span: Span) -> ast.Expr:
        """Statements as one expression: constants become `Let`, `if` with returns becomes a condition."""
        at, rest = 0, [node for node in statements if node.type != "comment"]
        if not rest:
            return ast.Undefined(span)
        node = rest[at]
        if node.type == "return_statement":
            return self._inner(node) if node.named_children else ast.Undefined(self.span(node))
        if self._depth >= _MAX_DEPTH:
            self.findings.add("CK306", "This block is too long.", self.span(node), hint="Split the view.")
            return ast.Broken(span)
        self._depth += 1
        try:
            if node.type == "if_statement":
                return self._if(node, rest[1:], span)
            if node.type == "lexical_declaration":
                return self._constants(node, rest[1:], span)
        finally:
            self._depth -= 1
        if node.type not in {"empty_statement", "ERROR"}:
            self._unsupported(node)
        return self.block(rest[1:], span)

    def _if(self, node: SyntaxNode, rest: list[SyntaxNode], span: Span) -> ast.Expr:
        test = self._inner(cast("SyntaxNode", node.child_by_field_name("condition")))
        then = self._branch(node.child_by_field_name("consequence"))
        other = node.child_by_field_name("alternative")
        if other is not None and other.type == "else_clause" and other.named_children:
            other = other.named_children[-1]
        return ast.Cond(
            self.span(node),
            test,
            self.block([*then, *rest], span),
            self.block([*self._branch(other), *rest], span),
        )

    def _branch(self, node: SyntaxNode | None) -> list[SyntaxNode]:
        if node is None:
            return []
        return list(node.named_children) if node.type == "statement_block" else [node]

    def _constants(self, node: SyntaxNode, rest: list[SyntaxNode], span: Span) -> ast.Expr:
        bound = [
            (
                self.pattern(one.child_by_field_name("name"), one),
                self.expression(one.child_by_field_name("value")),
            )
            for one in node.named_children
            if one.type == "variable_declarator"
        ]
        body = self.block(rest, span)
        for pattern, value in reversed(bound):
            body = ast.Let(self.span(node), pattern, value, body)
        return body

    def _regex(self, node: SyntaxNode) -> ast.Expr:
        pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
        return ast.Regex(
            self.span(node), self.text(pattern) if pattern else "", self.text(flags) if flags else ""
        )

    def _element(self, node: SyntaxNode) -> ast.Element:
        if node.type == "jsx_self_closing_element":
            return self._open_element(node, self.span(node).end)
        opening = cast("SyntaxNode", node.child_by_field_name("open_tag"))
        closing = node.child_by_field_name("close_tag")
        element = self._open_element(opening, self.span(node).end)
        end = closing.start_byte if closing is not None else node.end_byte
        element.inner = Span(element.open_span.end, self.source.offset(end))
        element.children = self._children(node, opening.end_byte, end)
        if closing is not None:
            self._match_tags(element, closing)
        return element

    def _match_tags(self, element: ast.Element, closing: SyntaxNode) -> None:
        name = closing.child_by_field_name("name")
        tag = self.text(name) if name is not None else None
        span = self.span(name or closing)
        element.close_tag_span = span
        if tag == element.tag or closing.is_missing or self._mismatched:
            return
        self._mismatched = True
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

    def _name(self, node: SyntaxNode) -> ast.Expr:
        return ast.Name(self.span(node), self.text(node))

    def _string(self, node: SyntaxNode) -> ast.Expr:
        return ast.Str(self.span(node), decode_string(self.text(node)[1:-1]))

    def _number(self, node: SyntaxNode) -> ast.Expr:
        raw = self.text(node)
        value = decode_number(raw)
        if value is None:
            self.findings.add("CK311", f"`{raw}` is not a plain number.", self.span(node))
            return ast.Broken(self.span(node))
        return ast.Num(self.span(node), value, raw)


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


_STATEMENT_HINT = "A view takes constants, `if` with `return`, and expressions."
_UNSUPPORTED: dict[str, tuple[str, str | None]] = {
    "assignment_expression": ("A view cannot assign.", "Compute the value with an expression."),
    "augmented_assignment_expression": ("A view cannot assign.", "Compute the value with an expression."),
    "update_expression": (
        "A view cannot assign.",
        "Write `i + 1`; `.map` gives the index as second parameter.",
    ),
    "await_expression": ("A view cannot wait.", "Put the finished value into the data."),
    "function_expression": ("Write an arrow function.", "(item) => …"),
    "class": ("A class has no place in a view.", None),
    "this": ("`this` has no meaning in a view.", "Name the data directly."),
    "expression_statement": ("A statement without effect.", _STATEMENT_HINT),
    "for_statement": ("Loops are written with `.map`.", _STATEMENT_HINT),
    "for_in_statement": ("Loops are written with `.map`.", _STATEMENT_HINT),
    "while_statement": ("Loops are written with `.map`.", _STATEMENT_HINT),
    "variable_declaration": ("Use `const`.", _STATEMENT_HINT),
    "sequence_expression": ("Only one expression can stand here.", None),
    "method_definition": ("A view holds data, not methods.", None),
}

_Reader = Callable[[ViewReader, "SyntaxNode"], ast.Expr]
# The readers belong to the class; the table is built here, once, beside it.
_EXPRESSIONS: dict[str, _Reader] = {
    "identifier": ViewReader._name,  # pyright: ignore[reportPrivateUsage]
    "string": ViewReader._string,  # pyright: ignore[reportPrivateUsage]
    "number": ViewReader._number,  # pyright: ignore[reportPrivateUsage]
    "true": lambda self, node: ast.Bool(self.span(node), True),
    "false": lambda self, node: ast.Bool(self.span(node), False),
    "null": lambda self, node: ast.Null(self.span(node)),
    "undefined": lambda self, node: ast.Undefined(self.span(node)),
    "template_string": ViewReader._template,  # pyright: ignore[reportPrivateUsage]
    "parenthesized_expression": ViewReader._inner,  # pyright: ignore[reportPrivateUsage]
    "member_expression": ViewReader._member,  # pyright: ignore[reportPrivateUsage]
    "subscript_expression": ViewReader._index,  # pyright: ignore[reportPrivateUsage]
    "call_expression": ViewReader._call,  # pyright: ignore[reportPrivateUsage]
    "new_expression": ViewReader._new,  # pyright: ignore[reportPrivateUsage]
    "unary_expression": ViewReader._unary,  # pyright: ignore[reportPrivateUsage]
    "binary_expression": ViewReader._binary,  # pyright: ignore[reportPrivateUsage]
    "ternary_expression": ViewReader._ternary,  # pyright: ignore[reportPrivateUsage]
    "array": ViewReader._array,  # pyright: ignore[reportPrivateUsage]
    "object": ViewReader._object,  # pyright: ignore[reportPrivateUsage]
    "arrow_function": ViewReader._arrow,  # pyright: ignore[reportPrivateUsage]
    "regex": ViewReader._regex,  # pyright: ignore[reportPrivateUsage]
    "jsx_element": ViewReader._element,  # pyright: ignore[reportPrivateUsage]
    "jsx_self_closing_element": ViewReader._element,  # pyright: ignore[reportPrivateUsage]
    **dict.fromkeys(_WRAPPERS, ViewReader._inner),  # pyright: ignore[reportPrivateUsage]
}
