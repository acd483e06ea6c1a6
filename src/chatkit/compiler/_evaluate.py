"""Runs a view as JavaScript would: the preview of a widget for some data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from . import _ast as ast
from ._builtins import GLOBALS, method, property_of
from ._jsvalue import (
    UNDEFINED,
    Date,
    Function,
    JsxObject,
    Value,
    is_number,
    jsonable,
    kind,
    loose_equal,
    number,
    strict_equal,
    text,
    to_number,
    truthy,
)
from ._source import Span
from ._throw import Thrown

_MAX_STEPS = 120_000
_MAX_DEPTH = 60
Scope = dict[str, Value]


class EvaluationError(Exception):
    """The view threw: what JavaScript would have thrown, and where."""

    def __init__(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.span, self.hint = code, message, span, hint


@dataclass(frozen=True, slots=True)
class Preview:
    """What a view evaluates to: JSON, and which source node drew the object at each path."""

    value: Any
    nodes: dict[str, int]


def evaluate_view(root: ast.Element, data: Mapping[str, Any], *, text_keys: bool = False) -> Preview:
    """The preview of a view for its data.

    Names that the data lacks are `undefined`. With `text_keys` every `key` becomes a text, as widgets require.
    Raises `EvaluationError` where JavaScript would throw.
    """
    evaluator = Evaluator(text_keys=text_keys)
    try:
        value = evaluator.evaluate(root, dict(data))
    except RecursionError as error:
        raise EvaluationError("CK306", "The view is nested too deeply.", root.span) from error
    nodes: dict[str, int] = {}
    _note_nodes(value, "", nodes)
    return Preview(jsonable(value), nodes)


def _note_nodes(value: Value, path: str, nodes: dict[str, int]) -> None:
    if isinstance(value, JsxObject):
        nodes[path] = value.node
    if isinstance(value, dict):
        for key, item in cast("dict[str, Value]", value).items():
            _note_nodes(item, f"{path}.{key}" if path else key, nodes)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            _note_nodes(item, f"{path}.{index}" if path else str(index), nodes)


class Evaluator:
    """Evaluates expressions; bounded in steps, so that no view can run for long."""

    def __init__(self, *, text_keys: bool = False) -> None:
        self._steps = 0
        self._calls = 0
        self._text_keys = text_keys

    def evaluate(self, node: ast.Expr, scope: Scope) -> Value:
        """The value of an expression."""
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise EvaluationError(
                "CK703", "The view takes too long.", node.span, "Draw less, or page the data."
            )
        return _EVALUATORS[type(node)](self, node, scope)

    def name(self, node: ast.Name, scope: Scope) -> Value:
        """A variable; unknown ones are undefined."""
        if node.id in scope:
            return scope[node.id]
        return GLOBALS.get(node.id, UNDEFINED)

    def template(self, node: ast.Template, scope: Scope) -> Value:
        """A template literal."""
        return "".join(
            part if isinstance(part, str) else text(self.evaluate(part, scope)) for part in node.parts
        )

    def member(self, node: ast.Member, scope: Scope) -> Value:
        """`a.b`."""
        target = self.evaluate(node.object, scope)
        if target is _SHORT or (node.optional and (target is None or target is UNDEFINED)):
            return _SHORT
        return self._property(node, target, node.name)

    def index(self, node: ast.Index, scope: Scope) -> Value:
        """`a[b]`."""
        target = self.evaluate(node.object, scope)
        if target is _SHORT or (node.optional and (target is None or target is UNDEFINED)):
            return _SHORT
        return self._property(node, target, self.evaluate(node.index, scope))

    def chain(self, node: ast.Expr, scope: Scope) -> Value:
        """Evaluate, and end a short-circuited optional chain as undefined."""
        value = self.evaluate(node, scope)
        return UNDEFINED if value is _SHORT else value

    def _property(self, node: ast.Member | ast.Index, target: Value, key: Value) -> Value:
        if target is None or target is UNDEFINED:
            name = key if isinstance(key, str) else text(key)
            source = _describe(node.object)
            raise EvaluationError(
                "CK701",
                f"{source} is {text(target)} here, so `{name}` cannot be read from it.",
                node.span,
                f"Write {source.strip('`')}?.{name}, or test it first." if source.startswith("`") else None,
            )
        return property_of(target, key)

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """`f(x)` and `a.f(x)`."""
        callee = node.callee
        if not isinstance(callee, ast.Member):
            function = self.evaluate(callee, scope)
            return self._invoke(node, function, _describe(callee), self.arguments(node.args, scope))
        target = self.evaluate(callee.object, scope)
        if target is _SHORT or (callee.optional and (target is None or target is UNDEFINED)):
            return _SHORT
        function = self._property(callee, target, callee.name)
        if function is UNDEFINED:
            function = method(target, callee.name) or UNDEFINED
        if node.optional and (function is UNDEFINED or function is None):
            return _SHORT
        return self._invoke(node, function, f"`{callee.name}`", self.arguments(node.args, scope))

    def _invoke(self, node: ast.Call | ast.New, function: Value, name: str, args: list[Value]) -> Value:
        if not isinstance(function, Function):
            raise EvaluationError("CK702", f"{name} is not a function here.", node.span)
        self._calls += 1
        if self._calls > _MAX_DEPTH:
            raise EvaluationError("CK703", "Functions are nested too deeply.", node.span)
        try:
            return function.call(args)
        except Thrown as thrown:
            raise EvaluationError("CK702", str(thrown), node.span, thrown.hint) from thrown
        finally:
            self._calls -= 1

    def new(self, node: ast.New, scope: Scope) -> Value:
        """`new Date(x)` and the like."""
        name = node.callee.id if isinstance(node.callee, ast.Name) else _describe(node.callee)
        if isinstance(node.callee, ast.Member) and isinstance(node.callee.object, ast.Name):
            name = f"{node.callee.object.id}.{node.callee.name}"
        return self._invoke(
            node, GLOBALS.get(f"new {name}"), f"`new {name}`", self.arguments(node.args, scope)
        )

    def arguments(self, nodes: list[ast.Expr | ast.Spread], scope: Scope) -> list[Value]:
        """Items of a call or list, with spreads opened."""
        out: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Spread):
                out.extend(self._iterate(self.chain(node.value, scope), node.span))
            else:
                out.append(self.chain(node, scope))
        return out

    def _iterate(self, value: Value, span: Span) -> list[Value]:
        if isinstance(value, (list, str)):
            return list(cast("list[Value]", value))
        raise EvaluationError("CK702", f"{text(value)} is not a list here.", span, "Write `...(list ?? [])`.")

    def unary(self, node: ast.Unary, scope: Scope) -> Value:
        """`!x`, `-x` and the like."""
        value = self.chain(node.value, scope)
        return _UNARY[node.op](value) if node.op in _UNARY else self._refuse(node, node.op)

    def binary(self, node: ast.Binary, scope: Scope) -> Value:
        """Arithmetic and comparison."""
        operation = _BINARY.get(node.op)
        if operation is None:
            return self._refuse(node, node.op)
        return operation(self.chain(node.left, scope), self.chain(node.right, scope))

    def _refuse(self, node: ast.Expr, what: str) -> Value:
        raise EvaluationError("CK312", f"`{what}` has no place in a view.", node.span)

    def logical(self, node: ast.Logical, scope: Scope) -> Value:
        """`&&`, `||`, `??`."""
        left = self.chain(node.left, scope)
        if node.op == "??":
            return self.chain(node.right, scope) if left is None or left is UNDEFINED else left
        return self.chain(node.right, scope) if truthy(left) == (node.op == "&&") else left

    def conditional(self, node: ast.Cond, scope: Scope) -> Value:
        """`a ? b : c`."""
        return self.chain(node.then if truthy(self.chain(node.test, scope)) else node.other, scope)

    def array(self, node: ast.Array, scope: Scope) -> Value:
        """A list."""
        return self.arguments(node.items, scope)

    def object(self, node: ast.Object, scope: Scope) -> Value:
        """An object."""
        out: dict[str, Value] = {}
        for prop in node.props:
            if isinstance(prop, ast.Spread):
                out.update(_own(self.chain(prop.value, scope)))
            else:
                key = prop.key if isinstance(prop.key, str) else text(self.chain(prop.key, scope))
                out[key] = self.chain(prop.value, scope)
        return _ordered(out)

    def arrow(self, node: ast.Arrow, scope: Scope) -> Value:
        """A function that remembers its scope."""

        def call(args: list[Value]) -> Value:
            inner = dict(scope)
            for at, param in enumerate(node.params):
                value = args[at] if at < len(args) else UNDEFINED
                self.bind(param.pattern, value, param.default, inner)
            return self.chain(node.body, inner)

        return Function("", call)

    def let(self, node: ast.Let, scope: Scope) -> Value:
        """A constant and what follows."""
        inner = dict(scope)
        self.bind(node.pattern, self.chain(node.value, scope), None, inner)
        return self.chain(node.body, inner)

    def bind(self, pattern: ast.Pattern, value: Value, default: ast.Expr | None, scope: Scope) -> None:
        """Give names to the parts of a value."""
        if value is UNDEFINED and default is not None:
            value = self.chain(default, scope)
        if isinstance(pattern, ast.NamePattern):
            scope[pattern.id] = value
            return
        if value is None or value is UNDEFINED:
            raise EvaluationError("CK701", f"{text(value)} cannot be taken apart.", pattern.span)
        if isinstance(pattern, ast.ObjectPattern):
            for key, inner, fallback in pattern.fields:
                self.bind(inner, property_of(value, key), fallback, scope)
            if pattern.rest is not None:
                taken = {key for key, _, _ in pattern.fields}
                scope[pattern.rest.id] = {key: item for key, item in _own(value).items() if key not in taken}
            return
        items = self._iterate(value, pattern.span)
        for at, entry in enumerate(pattern.items):
            if entry is not None:
                self.bind(entry[0], items[at] if at < len(items) else UNDEFINED, entry[1], scope)
        if pattern.rest is not None:
            scope[pattern.rest.id] = items[len(pattern.items) :]

    def element(self, node: ast.Element, scope: Scope) -> Value:
        """An element: its type, its attributes in order, its children."""
        if node.tag is None:
            return self._children(node, scope)
        out = JsxObject(node.id)
        out["type"] = node.tag
        for attr in node.attrs:
            if isinstance(attr, ast.Spread):
                out.update(_own(self.chain(attr.value, scope)))
            else:
                out[attr.name] = True if attr.value is None else self.chain(attr.value, scope)
        if self._text_keys and out.get("key", UNDEFINED) not in (None, UNDEFINED):
            out["key"] = text(out["key"])
        if node.children:
            out["children"] = self._children(node, scope)
        return out

    def _children(self, node: ast.Element, scope: Scope) -> list[Value]:
        out: list[Value] = []
        for child in node.children:
            if isinstance(child, ast.JsxText):
                _flatten(child.value, out)
            else:
                self._draw(child.value if isinstance(child, ast.Hole) else child, scope, out)
        return out

    def _draw(self, node: ast.Expr, scope: Scope, out: list[Value]) -> None:
        """Evaluate between tags. There `0 && <X/>` draws nothing: in the chat it never did."""
        if isinstance(node, ast.Logical) and node.op == "&&":
            if truthy(self.chain(node.left, scope)):
                self._draw(node.right, scope, out)
        elif isinstance(node, ast.Cond):
            self._draw(node.then if truthy(self.chain(node.test, scope)) else node.other, scope, out)
        elif isinstance(node, ast.Let):
            inner = dict(scope)
            self.bind(node.pattern, self.chain(node.value, scope), None, inner)
            self._draw(node.body, inner, out)
        elif (mapped := mapped_list(node)) is not None:
            self._draw_each(node, *mapped, scope, out)
        else:
            _flatten(self.chain(node, scope), out)

    def _draw_each(
        self, node: ast.Expr, items: ast.Member, arrow: ast.Arrow, scope: Scope, out: list[Value]
    ) -> None:
        target = self.chain(items.object, scope)
        if items.optional and (target is None or target is UNDEFINED):
            return
        if not isinstance(target, list):
            _flatten(self.chain(node, scope), out)
            return
        values = cast("list[Value]", target)
        for at, item in enumerate(values):
            inner = dict(scope)
            for param, value in zip(arrow.params, (item, at, values), strict=False):
                self.bind(param.pattern, value, param.default, inner)
            self._draw(arrow.body, inner, out)

    def broken(self, node: ast.Expr, scope: Scope) -> Value:
        """A place that could not be read."""
        del scope
        raise EvaluationError("CK304", "This place cannot be read.", node.span)

    def regex(self, node: ast.Regex, scope: Scope) -> Value:
        """A regular expression stands for itself until a method takes it."""
        del scope
        return {"source": node.pattern, "flags": node.flags, "/": True}


def mapped_list(node: ast.Expr) -> tuple[ast.Member, ast.Arrow] | None:
    """The list and the function of `list.map(item => …)` and `.flatMap`."""
    if not isinstance(node, ast.Call) or node.optional or len(node.args) != 1:
        return None
    callee, arrow = node.callee, node.args[0]
    if isinstance(callee, ast.Member) and callee.name in {"map", "flatMap"} and isinstance(arrow, ast.Arrow):
        return callee, arrow
    return None


_SHORT = Function("short-circuit", lambda _: UNDEFINED)


def _describe(node: ast.Expr) -> str:
    if isinstance(node, ast.Name):
        return f"`{node.id}`"
    if isinstance(node, ast.Member):
        inner = _describe(node.object)
        return f"`{inner.strip('`')}.{node.name}`" if inner.startswith("`") else inner
    return "This value"


def _own(value: Value) -> dict[str, Value]:
    if isinstance(value, dict):
        return cast("dict[str, Value]", value)
    if isinstance(value, (list, str)):
        return {str(at): item for at, item in enumerate(cast("list[Value]", value))}
    return {}


def _ordered(value: dict[str, Value]) -> dict[str, Value]:
    """Keys that look like list positions come first, in number order."""
    positions = [key for key in value if key.isdecimal() and str(int(key)) == key]
    if not positions:
        return value
    first = {key: value[key] for key in sorted(positions, key=int)}
    return {**first, **value}


def _flatten(value: Value, out: list[Value]) -> None:
    if isinstance(value, list):
        for item in cast("list[Value]", value):
            _flatten(item, out)
    elif isinstance(value, str) or is_number(value):
        if value != "":
            out.append({"type": "Text", "value": text(value)})
    elif value is not None and value is not UNDEFINED and not isinstance(value, bool):
        out.append(value)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, (str, list, dict, Date)) or isinstance(right, (str, list, dict, Date)):
        return text(left) + text(right)
    return number(to_number(left) + to_number(right))


def _divide(left: Value, right: Value) -> Value:
    top, bottom = float(to_number(left)), float(to_number(right))
    if bottom == 0:
        return (
            math.nan
            if top == 0 or math.isnan(top)
            else math.copysign(math.inf, top) * math.copysign(1, bottom)
        )
    return number(top / bottom)


def _remainder(left: Value, right: Value) -> Value:
    top, bottom = float(to_number(left)), float(to_number(right))
    if bottom == 0 or math.isinf(top):
        return math.nan
    return number(math.fmod(top, bottom))


def _power(left: Value, right: Value) -> Value:
    try:
        result = float(to_number(left)) ** float(to_number(right))
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return math.nan if isinstance(result, complex) else number(result)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        if isinstance(left, str) and isinstance(right, str):
            return test(left.encode("utf-16-be"), right.encode("utf-16-be"))
        return test(to_number(left), to_number(right))

    return compare


_UNARY: dict[str, Callable[[Value], Value]] = {
    "!": lambda value: not truthy(value),
    "-": lambda value: number(-to_number(value)),
    "+": to_number,
    "typeof": kind,
    "void": lambda _: UNDEFINED,
}
_BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": lambda left, right: number(to_number(left) - to_number(right)),
    "*": lambda left, right: number(float(to_number(left)) * float(to_number(right))),
    "/": _divide,
    "%": _remainder,
    "**": _power,
    "===": strict_equal,
    "!==": lambda left, right: not strict_equal(left, right),
    "==": loose_equal,
    "!=": lambda left, right: not loose_equal(left, right),
    "<": _compare(lambda left, right: left < right),
    "<=": _compare(lambda left, right: left <= right),
    ">": _compare(lambda left, right: left > right),
    ">=": _compare(lambda left, right: left >= right),
    "in": lambda left, right: text(left) in _own(right),
}
_EVALUATORS: dict[type, Callable[[Evaluator, Any, Scope], Value]] = {
    ast.Name: Evaluator.name,
    ast.Str: lambda _, node, __: node.value,
    ast.Num: lambda _, node, __: node.value,
    ast.Bool: lambda _, node, __: node.value,
    ast.Null: lambda _, __, ___: None,
    ast.Undefined: lambda _, __, ___: UNDEFINED,
    ast.Broken: Evaluator.broken,
    ast.Template: Evaluator.template,
    ast.Member: Evaluator.member,
    ast.Index: Evaluator.index,
    ast.Call: Evaluator.call,
    ast.New: Evaluator.new,
    ast.Unary: Evaluator.unary,
    ast.Binary: Evaluator.binary,
    ast.Logical: Evaluator.logical,
    ast.Cond: Evaluator.conditional,
    ast.Array: Evaluator.array,
    ast.Object: Evaluator.object,
    ast.Arrow: Evaluator.arrow,
    ast.Let: Evaluator.let,
    ast.Regex: Evaluator.regex,
    ast.Element: Evaluator.element,
}
