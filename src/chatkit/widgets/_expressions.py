"""Jinja expressions as Python expressions, for the values a compiled template needs.

Only what means the same in both is translated; the rest raises :class:`Unsupported` at compile time. At run time
anything out of the ordinary (a missing name, an odd type) raises, and the caller renders with Jinja instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from jinja2 import nodes

from chatkit.widgets._bounds import MAX_TEXT, MAX_TURNS
from chatkit.widgets._jinja import FILTERS, GLOBALS, TESTS
from chatkit.widgets._shapes import Unsupported

_BINARY: dict[type, str] = {nodes.Sub: "-", nodes.Div: "/", nodes.FloorDiv: "//"}
_COMPARE = {
    "eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in",
}  # fmt: skip
_PLAIN_TESTS = frozenset({"string", "number", "mapping", "boolean", "true", "false", "integer", "float"})
_PLAIN_FILTERS = frozenset({"upper", "lower", "trim", "round", "int", "float", "abs", "string"})
_LOOP = {
    "index0": "{0}", "index": "({0} + 1)", "first": "({0} == 0)", "last": "({0} == len({1}) - 1)",
    "length": "len({1})",
}  # fmt: skip
_METHODS = frozenset({"strip", "lstrip", "rstrip", "split", "startswith", "endswith", "isdecimal"})
SPACE = "space_"
"""How the local variables begin that hold a namespace."""


class NeedsJinja(Exception):
    """Raised at run time: these values are for Jinja to judge."""


def get(value: Any, name: str) -> Any:
    """``value.name`` or ``value["name"]`` of plain data."""
    if type(value) is dict:
        return cast("dict[str, Any]", value)[name]
    raise NeedsJinja


def item(value: Any, key: Any) -> Any:
    """``value[key]`` of plain data."""
    if type(value) in (dict, list, tuple, str):
        return value[key]
    raise NeedsJinja


def has(value: Any, key: Any) -> bool:
    """``value.key is defined`` of plain data."""
    if type(value) is dict:
        return key in value
    if type(value) in (list, tuple) and type(key) is int:
        return -len(value) <= key < len(value)
    raise NeedsJinja


def add(left: Any, right: Any) -> Any:
    """``left + right`` of numbers, or of text or lists that are not too long."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return left + right
    if (
        type(left) is type(right)
        and type(left) in _LONGEST
        and len(left) + len(right) <= _LONGEST[type(left)]
    ):
        return left + right
    raise NeedsJinja


def multiply(left: Any, right: Any) -> Any:
    """``left * right`` of numbers that are not too large."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        result = left * right
        if type(result) is float or -_LARGE < result < _LARGE:
            return result
    raise NeedsJinja


def remainder(left: Any, right: Any) -> Any:
    """``left % right`` of numbers."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return left % right
    raise NeedsJinja


def method(value: Any, name: str, *arguments: Any) -> Any:
    """``value.name(...)`` of text."""
    if type(value) is str:
        return getattr(value, name)(*arguments)
    raise NeedsJinja


def part(value: Any, start: Any, stop: Any) -> Any:
    """``value[start:stop]`` of plain data."""
    if type(value) in (list, str):
        return value[start:stop]
    raise NeedsJinja


def join(*parts: Any) -> str:
    """``a ~ b``, and text inside a JSON string."""
    for part in parts:
        if type(part) not in _ATOMS:
            raise NeedsJinja
    text = "".join(map(str, parts))
    if len(text) > MAX_TEXT:
        raise NeedsJinja
    return text


def norm(value: Any, levels: int) -> tuple[Any, int, int]:
    """What ``tojson`` and reading it back make of a value; its objects and its characters, rather too many."""
    if type(value) is int:
        if -_LARGE < value < _LARGE:
            return value, 0, 0
        raise NeedsJinja
    text = json.dumps(value, sort_keys=True)
    objects = text.count("{")
    if objects + text.count("[") > levels and _depth(value) > levels:
        raise NeedsJinja
    return json.loads(text), objects, len(text)


def _depth(value: Any) -> int:
    depth, level = 0, _containers([value])
    while level:
        depth += 1
        level = [
            inner
            for entry in level
            for inner in _containers(entry.values() if isinstance(entry, dict) else entry)
        ]
    return depth


def _containers(values: Iterable[Any]) -> list[dict[str, Any] | Sequence[Any]]:
    return [value for value in values if isinstance(value, (dict, list, tuple))]


_LARGE = 10**18
_LONGEST = {str: MAX_TEXT, list: MAX_TURNS}
_NUMBERS = frozenset({int, float})
_ATOMS = frozenset({str, int, float, bool, type(None)})


def norm_name(value: Any) -> str | None:
    """A key or id: text or nothing."""
    if value is None or type(value) is str:
        return value
    raise NeedsJinja


def measure(text: str, raw: Callable[[Any], Any], frame: Any, weight: int) -> None:
    """Leave to Jinja, which counts exactly, what may have too many characters."""
    if text.isascii() and "\x7f" not in text and weight + 2 * len(text) < MAX_TEXT:
        return
    if weight > MAX_TEXT or weight + len(json.dumps(raw(frame))) > MAX_TEXT:
        raise NeedsJinja


class Expressions:
    """Translates expressions; constants are collected in ``constants``."""

    def __init__(self, macros: dict[str, Callable[..., Any]]) -> None:
        self._macros = macros
        self.dicts: set[str] = set()
        """Local variables that are known to hold a dict."""
        self.constants: dict[str, Any] = {
            "_get": get, "_item": item, "_has": has, "_add": add, "_mul": multiply, "_join": join, "_norm": norm,
            "_name": norm_name, "_str": str, "_dict": dict,
            "_mod": remainder, "_method": method, "_part": part,
        }  # fmt: skip

    def constant(self, value: Any) -> str:
        """Name a constant of the generated code."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def code(self, node: nodes.Expr, scope: dict[str, str]) -> str:
        """Return Python for an expression; ``scope`` maps template names to local variables."""
        translate = getattr(self, f"_{type(node).__name__.lower()}", None)
        if translate is not None:
            return translate(node, scope)
        symbol = _BINARY.get(type(node))
        if symbol is None or not isinstance(node, nodes.BinExpr):
            raise Unsupported(type(node).__name__)
        return f"({self.code(node.left, scope)} {symbol} {self.code(node.right, scope)})"

    def _name(self, node: nodes.Name, scope: dict[str, str]) -> str:
        if node.name in scope:
            local = scope[node.name]
            if not local or local.startswith(SPACE):
                raise Unsupported(node.name)
            return local
        if (
            node.name in GLOBALS
            or node.name in self._macros
            or node.name
            in (
                "loop",
                "self",
                "super",
                "varargs",
                "kwargs",
                "caller",
            )
        ):
            raise Unsupported(node.name)
        return f"c[{node.name!r}]"

    def _const(self, node: nodes.Const, scope: dict[str, str]) -> str:
        return self.constant(node.value)

    def _getattr(self, node: nodes.Getattr, scope: dict[str, str]) -> str:
        if isinstance(node.node, nodes.Name) and node.node.name == "loop":
            if node.attr not in _LOOP or "loop" not in scope:
                raise Unsupported("loop")
            return _LOOP[node.attr].format(*scope["loop"].split())
        space = self._space(node, scope)
        if space:
            return f"{space}[{node.attr!r}]"
        if hasattr(dict, node.attr):
            raise Unsupported(node.attr)
        value = self.code(node.node, scope)
        if value in self.dicts:
            return f"{value}[{node.attr!r}]"
        if value.isidentifier():
            return f"({value}[{node.attr!r}] if type({value}) is _dict else _get({value}, {node.attr!r}))"
        return f"_get({value}, {node.attr!r})"

    def _space(self, node: nodes.Getattr, scope: dict[str, str]) -> str:
        local = scope.get(node.node.name) or "" if isinstance(node.node, nodes.Name) else ""
        return local if local.startswith(SPACE) else ""

    def _call(self, node: nodes.Call, scope: dict[str, str]) -> str:
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise Unsupported("call")
        given = [self.code(argument, scope) for argument in node.args]
        called = node.node
        if isinstance(called, nodes.Name) and called.name in self._macros and called.name not in scope:
            return f"{self.constant(self._macros[called.name])}({', '.join(given)})"
        if isinstance(called, nodes.Getattr) and called.attr in _METHODS:
            return f"_method({', '.join([self.code(called.node, scope), repr(called.attr), *given])})"
        raise Unsupported("call")

    def _getitem(self, node: nodes.Getitem, scope: dict[str, str]) -> str:
        if isinstance(node.arg, nodes.Slice):
            if node.arg.step is not None:
                raise Unsupported("slice")
            ends = (end and self.code(end, scope) for end in (node.arg.start, node.arg.stop))
            return f"_part({self.code(node.node, scope)}, {', '.join(end or 'None' for end in ends)})"
        return f"_item({self.code(node.node, scope)}, {self.code(node.arg, scope)})"

    def _compare(self, node: nodes.Compare, scope: dict[str, str]) -> str:
        parts = [self.code(node.expr, scope)]
        for operand in node.ops:
            parts.append(f"{_COMPARE[operand.op]} {self.code(operand.expr, scope)}")
        return f"({' '.join(parts)})"

    def _and(self, node: nodes.And, scope: dict[str, str]) -> str:
        return f"({self.code(node.left, scope)} and {self.code(node.right, scope)})"

    def _or(self, node: nodes.Or, scope: dict[str, str]) -> str:
        return f"({self.code(node.left, scope)} or {self.code(node.right, scope)})"

    def _not(self, node: nodes.Not, scope: dict[str, str]) -> str:
        return f"(not {self.code(node.node, scope)})"

    def _neg(self, node: nodes.Neg, scope: dict[str, str]) -> str:
        return f"(-{self.code(node.node, scope)})"

    def _add(self, node: nodes.Add, scope: dict[str, str]) -> str:
        return f"_add({self.code(node.left, scope)}, {self.code(node.right, scope)})"

    def _mul(self, node: nodes.Mul, scope: dict[str, str]) -> str:
        return f"_mul({self.code(node.left, scope)}, {self.code(node.right, scope)})"

    def _mod(self, node: nodes.Mod, scope: dict[str, str]) -> str:
        return f"_mod({self.code(node.left, scope)}, {self.code(node.right, scope)})"

    def _list(self, node: nodes.List, scope: dict[str, str]) -> str:
        return f"[{', '.join(self.code(entry, scope) for entry in node.items)}]"

    def _dict(self, node: nodes.Dict, scope: dict[str, str]) -> str:
        pairs = (f"{self.code(pair.key, scope)}: {self.code(pair.value, scope)}" for pair in node.items)
        return f"{{{', '.join(pairs)}}}"

    def _condexpr(self, node: nodes.CondExpr, scope: dict[str, str]) -> str:
        if node.expr2 is None:
            raise Unsupported("if without else")
        test, one, other = (self.code(part, scope) for part in (node.test, node.expr1, node.expr2))
        return f"({one} if {test} else {other})"

    def _concat(self, node: nodes.Concat, scope: dict[str, str]) -> str:
        return f"_join({', '.join(self.code(part, scope) for part in node.nodes)})"

    def _test(self, node: nodes.Test, scope: dict[str, str]) -> str:
        if node.name in ("defined", "undefined"):
            found = self._defined(node.node, scope)
            return found if node.name == "defined" else f"(not {found})"
        value = self.code(node.node, scope)
        if node.name == "none":
            return f"({value} is None)"
        if node.name in _PLAIN_TESTS and not node.args:
            return f"{self.constant(TESTS[node.name])}({value})"
        raise Unsupported(node.name)

    def _defined(self, node: nodes.Expr, scope: dict[str, str]) -> str:
        if isinstance(node, nodes.Name) and node.name not in GLOBALS and node.name not in self._macros:
            if node.name in scope and not scope[node.name]:
                raise Unsupported(node.name)
            return "True" if node.name in scope else f"({node.name!r} in c)"
        if isinstance(node, nodes.Getattr) and (space := self._space(node, scope)):
            return f"({node.attr!r} in {space})"
        if isinstance(node, nodes.Getattr) and not hasattr(dict, node.attr):
            return f"_has({self.code(node.node, scope)}, {node.attr!r})"
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return f"_has({self.code(node.node, scope)}, {self.code(node.arg, scope)})"
        raise Unsupported("defined")

    def _filter(self, node: nodes.Filter, scope: dict[str, str]) -> str:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise Unsupported("filter")
        if node.name in ("default", "d") and len(node.args) == 1:
            if isinstance(node.node, nodes.CondExpr) and node.node.expr2 is None:
                whole = nodes.CondExpr(node.node.test, node.node.expr1, node.args[0])
                return self.code(whole, scope)
            known = self._defined(node.node, scope)
            return f"({self.code(node.node, scope)} if {known} else {self.code(node.args[0], scope)})"
        value = self.code(node.node, scope)
        if node.name in ("length", "count") and not node.args:
            return f"len({value})"
        if node.name in _PLAIN_FILTERS:
            arguments = "".join(f", {self.code(argument, scope)}" for argument in node.args)
            return f"{self.constant(FILTERS[node.name])}({value}{arguments})"
        raise Unsupported(node.name)
