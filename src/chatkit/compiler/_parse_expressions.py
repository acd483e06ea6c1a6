"""Reads expressions, patterns and blocks of the concrete tree into ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from . import _ast as ast
from ._diagnostics import Findings, Fix, TextEdit
from ._grammar import span_of
from ._literals import decode_number, decode_string
from ._source import SourceText, Span

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_MAX_DEPTH = 110
_WRAPPERS = {"as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}


class ExpressionReader:
    """Turns concrete expressions of one text into ours; elements are the subclass's."""

    def __init__(self, source: SourceText, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self._depth = 0

    def element(self, node: SyntaxNode) -> ast.Element:
        """Read an element."""
        raise NotImplementedError

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
            if node.type == "switch_statement":
                return self._switch(node, rest[1:], span)
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

    def _switch(self, node: SyntaxNode, rest: list[SyntaxNode], span: Span) -> ast.Expr:
        """Cases that return, as conditions; cases without statements share those of the next."""
        value = self._inner(cast("SyntaxNode", node.child_by_field_name("value")))
        body = cast("SyntaxNode", node.child_by_field_name("body"))
        tests: list[ast.Expr] = []
        cases: list[tuple[list[ast.Expr], list[SyntaxNode], Span]] = []
        other: list[SyntaxNode] = []
        for case in body.named_children:
            tested = case.child_by_field_name("value")
            inside = [one for one in case.named_children if one != tested and one.type != "comment"]
            if len(inside) == 1 and inside[0].type == "statement_block":
                inside = [one for one in inside[0].named_children if one.type != "comment"]
            if inside and inside[-1].type == "break_statement":
                inside = [*inside[:-1], *rest]
            elif inside and case.type == "switch_case" and not _returns(inside[-1]):
                self._unsupported(case)
            if case.type == "switch_default":
                other = inside
            elif tested is not None:
                tests.append(self.expression(tested))
                if inside:
                    cases.append((tests, inside, self.span(case)))
                    tests = []
        result = self.block([*other, *rest], span)
        for wanted, inside, place in reversed(cases):
            same = [ast.Binary(place, "===", value, one) for one in wanted]
            test: ast.Expr = same[0]
            for one in same[1:]:
                test = ast.Logical(place, "||", test, one)
            result = ast.Cond(place, test, self.block(inside, place), result)
        return result

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


def _returns(node: SyntaxNode) -> bool:
    """Whether a statement always ends the function."""
    if node.type == "statement_block":
        return bool(node.named_children) and _returns(node.named_children[-1])
    if node.type == "if_statement":
        other = node.child_by_field_name("alternative")
        then = node.child_by_field_name("consequence")
        last = other.named_children[-1] if other is not None and other.named_children else None
        return then is not None and last is not None and _returns(then) and _returns(last)
    return node.type in {"return_statement", "throw_statement"}


_STATEMENT_HINT = "A view takes constants, `if` with `return`, and expressions."
_UNSUPPORTED: dict[str, tuple[str, str | None]] = {
    "assignment_expression": ("A view cannot assign.", "Compute the value with an expression."),
    "augmented_assignment_expression": ("A view cannot assign.", "Compute the value with an expression."),
    "update_expression": (
        "A view cannot assign.",
        "Write `i + 1`; `.map` gives the index as second parameter.",
    ),
    "await_expression": ("A view cannot wait.", "Put the finished value into the data."),
    "switch_case": ("A case must end with `return` or `break`.", 'case "a": return …'),
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

_Reader = Callable[[ExpressionReader, "SyntaxNode"], ast.Expr]
# The readers belong to the class; the table is built here, once, beside it.
_EXPRESSIONS: dict[str, _Reader] = {
    "identifier": ExpressionReader._name,  # pyright: ignore[reportPrivateUsage]
    "string": ExpressionReader._string,  # pyright: ignore[reportPrivateUsage]
    "number": ExpressionReader._number,  # pyright: ignore[reportPrivateUsage]
    "true": lambda self, node: ast.Bool(self.span(node), True),
    "false": lambda self, node: ast.Bool(self.span(node), False),
    "null": lambda self, node: ast.Null(self.span(node)),
    "undefined": lambda self, node: ast.Undefined(self.span(node)),
    "template_string": ExpressionReader._template,  # pyright: ignore[reportPrivateUsage]
    "parenthesized_expression": ExpressionReader._inner,  # pyright: ignore[reportPrivateUsage]
    "member_expression": ExpressionReader._member,  # pyright: ignore[reportPrivateUsage]
    "subscript_expression": ExpressionReader._index,  # pyright: ignore[reportPrivateUsage]
    "call_expression": ExpressionReader._call,  # pyright: ignore[reportPrivateUsage]
    "new_expression": ExpressionReader._new,  # pyright: ignore[reportPrivateUsage]
    "unary_expression": ExpressionReader._unary,  # pyright: ignore[reportPrivateUsage]
    "binary_expression": ExpressionReader._binary,  # pyright: ignore[reportPrivateUsage]
    "ternary_expression": ExpressionReader._ternary,  # pyright: ignore[reportPrivateUsage]
    "array": ExpressionReader._array,  # pyright: ignore[reportPrivateUsage]
    "object": ExpressionReader._object,  # pyright: ignore[reportPrivateUsage]
    "function_expression": ExpressionReader._arrow,  # pyright: ignore[reportPrivateUsage]
    "arrow_function": ExpressionReader._arrow,  # pyright: ignore[reportPrivateUsage]
    "regex": ExpressionReader._regex,  # pyright: ignore[reportPrivateUsage]
    "jsx_element": lambda self, node: self.element(node),
    "jsx_self_closing_element": lambda self, node: self.element(node),
    **dict.fromkeys(_WRAPPERS, ExpressionReader._inner),  # pyright: ignore[reportPrivateUsage]
}
