"""Jinja as widgets use it: sandboxed, strict about undefined names, and unable to break the JSON it writes.

The only module that imports jinja2; it is loaded with the first template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, cast

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS  # pyright: ignore[reportUnknownVariableType]
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import generate_lorem_ipsum

from chatkit.widgets._bounds import (
    WidgetContext,
    bounded_filters,
    bounded_format,
    bounded_round,
    bounded_tests,
    checked_call,
    count_written,
    too_big,
)

_PART, _VALUE = "_json_part", "_json_value"
_JSON_FILTERS = frozenset({"tojson", "safe", _PART, _VALUE})
_STRING_EDGE = re.compile(r"\\.|\"", re.DOTALL)


class WidgetEnvironment(SandboxedEnvironment):
    """A sandbox in which an expression cannot eat the server's memory either."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    context_class = WidgetContext

    def call(self, context: Any, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Count the call, and refuse one whose result would be huge."""
        return checked_call(super().call, context, called, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Any:
        """``text.format`` in the sandbox, which also looks at what it is about to make."""
        made = super().wrap_str_format(value)
        return None if made is None else bounded_format(made, value.__self__)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse products, powers and formats whose result would be huge."""
        if too_big(operator, left, right):
            raise SecurityError(f"the result of {operator!r} would be too big")
        return super().call_binop(context, operator, left, right)


def _range(*limits: int) -> range:
    numbers = range(*limits)
    if len(numbers) > 10_000:
        raise SecurityError("range() goes up to 10,000 numbers")
    return numbers


def _lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:
    if n * max > 10_000:
        raise SecurityError("lipsum() goes up to 10,000 words")
    return generate_lorem_ipsum(n, html, min, max)


def _json_part(value: Any) -> str:
    """Text inside a JSON string: quotes, backslashes and control characters escaped."""
    return encode_basestring(str(value))[1:-1]


def _json_value(value: Any) -> str:
    """A whole JSON value; text must already be one, so that it cannot add to what surrounds it."""
    if isinstance(value, Undefined):
        return str(value)
    if not isinstance(value, str):
        return json.dumps(value)
    json.loads(value)
    return value


def to_json(value: Any) -> str:
    """``tojson``: keys sorted as Jinja sorts them; an undefined value says its name."""
    if isinstance(value, Undefined):
        return str(value)
    return json.dumps(value, sort_keys=True)


def make_environment() -> WidgetEnvironment:
    """Return the environment all templates share."""
    environment = WidgetEnvironment(undefined=StrictUndefined, autoescape=False, finalize=count_written)
    # Jinja leaves the types of its tables open.
    filters = cast("dict[str, Any]", environment.filters)  # pyright: ignore[reportUnknownMemberType]
    filters.update({_PART: _json_part, _VALUE: _json_value, "tojson": to_json})
    filters.update(bounded_filters(filters))
    tests = cast("dict[str, Any]", environment.tests)  # pyright: ignore[reportUnknownMemberType]
    tests.update(bounded_tests(tests))
    globals_ = cast("dict[str, Any]", environment.globals)  # pyright: ignore[reportUnknownMemberType]
    globals_.update(range=_range, lipsum=_lipsum)
    return environment


ENVIRONMENT = make_environment()
FILTERS: dict[str, Any] = {**cast("dict[str, Any]", JINJA_FILTERS), "round": bounded_round}
"""Jinja's own filters, for code that looks at their values itself."""
TESTS = cast("dict[str, Any]", ENVIRONMENT.tests)  # pyright: ignore[reportUnknownMemberType]
GLOBALS = cast("dict[str, Any]", ENVIRONMENT.globals)  # pyright: ignore[reportUnknownMemberType]


def parse(source: str) -> nodes.Template:
    """Parse a template and guard every output that is not JSON already.

    :raises jinja2.TemplateSyntaxError: with the line of the fault.
    """
    tree = ENVIRONMENT.parse(source)
    _Guard(tree).run()
    return tree


class _Guard:
    """Follows the template's text through JSON strings and wraps bare outputs to fit where they stand."""

    def __init__(self, tree: nodes.Template):
        self._tree = tree
        self._macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        as_text = {
            name.name
            for call in tree.find_all(nodes.Filter)
            if call.name == "tojson"
            for name in call.find_all(nodes.Name)
        }
        captured = {
            block.target.name
            for block in tree.find_all(nodes.AssignBlock)
            if isinstance(block.target, nodes.Name)
        }
        # A capture that goes through tojson later is plain text; any other is JSON the template wrote.
        self._captures = captured - as_text
        self._plain = captured & as_text

    def run(self) -> None:
        self._body(self._tree.body, False)

    def _body(self, body: Iterable[nodes.Node], inside: bool | None) -> bool | None:
        for node in body:
            inside = self._node(node, inside)
        return inside

    def _node(self, node: nodes.Node, inside: bool | None) -> bool | None:
        if isinstance(node, nodes.Output):
            return self._output(node, inside)
        if isinstance(node, nodes.If):
            branches = [node.body, *(branch.body for branch in node.elif_), node.else_]
            return _same([self._body(branch, inside) for branch in branches])
        if isinstance(node, nodes.For):
            return _same([inside, self._body(node.body, inside), self._body(node.else_, inside)])
        if isinstance(node, nodes.AssignBlock):
            if not (isinstance(node.target, nodes.Name) and node.target.name in self._plain):
                self._body(node.body, _starts_inside(node.body))
            return inside
        if isinstance(node, (nodes.With, nodes.Scope)):
            return self._body(node.body, inside)
        return inside

    def _output(self, node: nodes.Output, inside: bool | None) -> bool | None:
        for place, part in enumerate(node.nodes):
            if isinstance(part, nodes.TemplateData):
                inside = _follow(part.data, inside)
            elif not self._is_json(part):
                name = _VALUE if inside is False else _PART
                node.nodes[place] = nodes.Filter(part, name, [], [], None, None, lineno=part.lineno)
        return inside

    def _is_json(self, part: nodes.Node | None) -> bool:
        if isinstance(part, nodes.Filter):
            return part.name in _JSON_FILTERS
        if isinstance(part, nodes.CondExpr):
            return self._is_json(part.expr1) and self._is_json(part.expr2)
        if isinstance(part, (nodes.Const, nodes.TemplateData)):
            return True
        if isinstance(part, nodes.Name):
            return part.name in self._captures
        if isinstance(part, nodes.Getitem):
            return self._is_json(part.node)
        if isinstance(part, nodes.Call):
            return isinstance(part.node, nodes.Name) and part.node.name in self._macros
        if isinstance(part, nodes.Concat):
            return all(self._is_json(entry) for entry in part.nodes)
        return False


def _same(states: list[bool | None]) -> bool | None:
    return states[0] if all(state == states[0] for state in states) else None


def _follow(text: str, inside: bool | None) -> bool | None:
    if inside is None:
        return None
    for edge in _STRING_EDGE.finditer(text):
        if edge[0] == '"':
            inside = not inside
    return inside


def _starts_inside(body: list[nodes.Node]) -> bool | None:
    """Whether captured text starts inside a JSON string: not, if it begins like JSON; else nobody knows."""
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData) and part.data.strip():
                    return False if part.data.lstrip()[0] in ',{["' else None
                if not isinstance(part, nodes.TemplateData):
                    return None
        elif isinstance(node, (nodes.If, nodes.For)):
            return _starts_inside(node.body)
    return False
