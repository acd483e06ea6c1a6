"""Calls in a view: which translation a method or function has for what the value may be."""

from __future__ import annotations

from typing import cast

from . import _ast as ast
from ._builtins import GLOBALS, LIST_METHODS, NUMBER_METHODS, STRING_METHODS
from ._dates import DATE_METHODS
from ._diagnostics import did_you_mean
from ._emit_base import Deferred, Piece, Scope, either
from ._emit_expressions import ExpressionEmitter, in_chain
from ._emit_functions import FUNCTIONS
from ._emit_lists import LIST_TABLE
from ._emit_numbers import DATE_TABLE, NUMBER_TABLE, intl_format
from ._emit_regex import exec_regex, test_regex
from ._emit_texts import STRING_TABLE
from ._method_call import Args, Maker, MethodCall, plain_arguments
from ._shapes import (
    BOOLEAN,
    DATE,
    LIST,
    LOST,
    NULLISH,
    NUMBER,
    OBJECT,
    STRING,
    TEXT,
    UNDEFINED,
    Shape,
)


def emit_call(emitter: ExpressionEmitter, node: ast.Call) -> Piece:
    """Translate a call."""
    args = plain_arguments(emitter, node)
    callee = node.callee
    if isinstance(callee, ast.Name):
        held = emitter.scope.names.get(callee.id)
        if isinstance(held, Deferred) and isinstance(held.node, ast.Arrow):
            return _apply_constant(emitter, held, args)
        return _global(emitter, node, callee.id, args)
    if not isinstance(callee, ast.Member):
        raise emitter.fail(node, "CK318", "This cannot be called in a view.")
    base = callee.object
    if (
        isinstance(base, ast.Name)
        and f"{base.id}.{callee.name}" in GLOBALS
        and base.id not in emitter.scope.names
    ):
        return _global(emitter, node, f"{base.id}.{callee.name}", args)
    if isinstance(base, ast.Name) and base.id in {"Math", "Object", "Array", "JSON"}:
        raise emitter.fail(
            node,
            "CK318",
            f"`{base.id}.{callee.name}` is not supported.",
            did_you_mean(f"{base.id}.{callee.name}", GLOBALS),
        )
    if isinstance(base, ast.Regex) and callee.name in _OF_REGEX:
        return _OF_REGEX[callee.name](
            emitter, base, MethodCall(emitter, node, callee.name, Piece("none", LOST), args)
        )
    if isinstance(base, ast.New) and callee.name == "format":
        return intl_format(emitter, node, base, args)
    return _method(emitter, node, callee, args)


_OF_REGEX = {"test": test_regex, "exec": exec_regex}


def _apply_constant(emitter: ExpressionEmitter, held: Deferred, args: Args) -> Piece:
    arrow = cast("ast.Arrow", held.node)
    pieces = [emitter.bound(emitter.expression(arg)) for arg in args]
    with emitter.within(Scope(dict(held.scope.names), emitter.scope.present)):
        return emitter.applied(arrow, pieces)


def _method(emitter: ExpressionEmitter, node: ast.Call, callee: ast.Member, args: Args) -> Piece:
    receiver = emitter.expression(callee.object)
    optional = in_chain(callee) and receiver.shape.may(NULLISH)
    if optional:
        receiver = emitter.bound(receiver)
    made = _on_kind(
        emitter,
        node,
        callee,
        Piece(receiver.code, receiver.shape.without(NULLISH)) if optional else receiver,
        args,
    )
    if not optional:
        return made
    return Piece(f"({made.wrapped} if {emitter.there(receiver)})", made.shape.plus(UNDEFINED))


def _on_kind(
    emitter: ExpressionEmitter, node: ast.Call, callee: ast.Member, receiver: Piece, args: Args
) -> Piece:
    name, shape = callee.name, receiver.shape
    tables = [(kind, table[name]) for kind, table in _TABLES if shape.may(kind) and name in table]
    if name == "toString" and not args:
        return Piece(emitter.as_text(receiver), TEXT)
    if not tables:
        raise emitter.fail(callee, "CK318", *_unknown_method(callee, shape))
    if len(tables) == 1:
        return tables[0][1](emitter, MethodCall(emitter, node, name, receiver, args))
    held = emitter.bound(receiver)
    first, second = (
        maker(emitter, MethodCall(emitter, node, name, Piece(held.code, _narrowed(held.shape, kind)), args))
        for kind, maker in tables[:2]
    )
    test = _KIND_TESTS[tables[0][0]].format(held.wrapped)
    return Piece(f"({first.wrapped} if {test} else {second.wrapped})", either(first.shape, second.shape))


def _narrowed(shape: Shape, kind: int) -> Shape:
    return Shape(kind, shape.items, shape.keys, shape.rest)


_KIND_TESTS = {STRING: "{} is string", LIST: "{} is sequence", NUMBER: "{} is number"}


def _unknown_method(callee: ast.Member, shape: Shape) -> tuple[str, str | None]:
    known = {**STRING_TABLE, **LIST_TABLE, **NUMBER_TABLE, **DATE_TABLE}
    if callee.name in known:
        what = {STRING: "text", LIST: "list", NUMBER: "number", OBJECT: "object", BOOLEAN: "truth value"}
        kinds = [word for kind, word in what.items() if shape.may(kind)]
        return f"`{callee.name}` does not exist on a {' or '.join(kinds) or 'missing value'}.", None
    if callee.name in {**STRING_METHODS, **LIST_METHODS, **NUMBER_METHODS, **DATE_METHODS}:
        return (
            f"`{callee.name}` cannot be written as a template.",
            "Compute it on the server and put it into the data.",
        )
    return f"`{callee.name}` is not a method known here.", did_you_mean(callee.name, known)


_TABLES: tuple[tuple[int, dict[str, Maker]], ...] = (
    (STRING, STRING_TABLE),
    (LIST, LIST_TABLE),
    (NUMBER, NUMBER_TABLE),
    (DATE, DATE_TABLE),
)


def _global(emitter: ExpressionEmitter, node: ast.Call, name: str, args: Args) -> Piece:
    maker = FUNCTIONS.get(name)
    if maker is not None:
        return maker(emitter, MethodCall(emitter, node, name, Piece("none", LOST), args))
    if name in {"Math.random", "Date.now"}:
        raise emitter.fail(
            node,
            "CK322",
            "A view must draw the same each time, so it cannot ask for chance or the present time.",
            "Put the value into the data.",
        )
    if name in GLOBALS:
        raise emitter.fail(
            node,
            "CK318",
            f"`{name}` cannot be written as a template.",
            "Compute it on the server and put it into the data.",
        )
    raise emitter.fail(
        node, "CK318", f"`{name}` is not a function known here.", did_you_mean(name, FUNCTIONS)
    )
