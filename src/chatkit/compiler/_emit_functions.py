"""Functions without a receiver, as Jinja: `Math.round(n)`, `Object.keys(o)`, `Number(x)`."""

from __future__ import annotations

from collections.abc import Callable

from . import _ast as ast
from ._emit_base import Piece, either
from ._emit_expressions import ExpressionEmitter
from ._emit_json import from_entries, stringify
from ._emit_lists import collect, unique
from ._method_call import Maker, MethodCall
from ._shapes import (
    ANY,
    COUNT,
    LIST,
    LOST,
    NAN,
    NULLISH,
    NUMBER,
    STRING,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)


def _number_function(code: str, extra: int = 0) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        number = emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))
        held = emitter.bound(number)
        body = code.format(x=held.wrapped)
        if not held.shape.may(NAN):
            return Piece(f"({body})", Shape(NUMBER | extra))
        return Piece(
            f"({body} if {held.wrapped} - {held.wrapped} == 0 else {held.wrapped})", Shape(NUMBER | NAN)
        )

    return make


def _extreme(word: str) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        assert isinstance(call.node, ast.Call)
        empty = f"('{'-inf' if word == 'max' else 'inf'}'.strip() | float)"
        if len(call.node.args) == 1 and isinstance(call.node.args[0], ast.Spread):
            items = call.arg(0) or Piece("[]", Shape(LIST))
            source = emitter.bound(Piece(_numbers_of(emitter, items), ANY)).wrapped
            return Piece(f"({source} | {word} if {source} else {empty})", Shape(NUMBER | NAN))
        numbers = [emitter.as_number(emitter.expression(node)) for node in call.nodes]
        if not numbers:
            return Piece(empty, Shape(NUMBER | NAN))
        listed = f"[{', '.join(number.code for number in numbers)}]"
        if not any(number.shape.may(NAN) for number in numbers):
            return Piece(f"({listed} | {word})", COUNT)
        held = emitter.bound(Piece(listed, ANY)).wrapped
        return Piece(
            f"({held} | {word} if {held} | sum == {held} | sum else 'nan'.strip() | float)",
            Shape(NUMBER | NAN),
        )

    return make


def _numbers_of(emitter: ExpressionEmitter, items: Piece) -> str:
    """A list piece as a list of numbers."""
    source, shape = emitter.as_list(items), items.shape.items or ANY
    if shape.only(NUMBER):
        return source
    name, item = emitter.fresh(), emitter.fresh()
    number = emitter.as_number(Piece(item, shape)).code
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {source} -%}}{{%-set {name}.v = {name}.v + [{number}] -%}}{{%-endfor-%}}"
    )
    return f"{name}.v"


def _parse(whole: bool) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        piece = call.arg(0) or Piece("(0 if false)", LOST)
        parsed = emitter.macro("_p", piece.code, "true" if whole else "false")
        return Piece(f"({parsed} | float)", Shape(NUMBER | NAN))

    return make


def _object_part(word: str) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST))
        source = f"({held.wrapped} if {held.wrapped} is mapping else {{}})"
        value = _value_shape(held.shape)
        if word == "keys":
            return Piece(f"({source} | list)", Shape(LIST, TEXT))
        if word == "values":
            return Piece(f"({source} | items | map('last') | list)", Shape(LIST, value))
        return Piece(
            f"({source} | items | map('list') | list)", Shape(LIST, Shape(LIST, either(TEXT, value)))
        )

    return make


def _value_shape(shape: Shape) -> Shape:
    if shape.keys is None:
        return ANY.without(UNDEFINED)
    found = [*shape.keys.values(), *([shape.rest] if shape.rest else [])]
    if not found:
        return ANY
    out = found[0]
    for one in found[1:]:
        out = either(out, one)
    return out.without(UNDEFINED)


def _array_from(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source = call.nodes[0] if call.nodes else None
    if isinstance(source, ast.Object):
        length = next((p.value for p in source.props if isinstance(p, ast.Prop) and p.key == "length"), None)
        if length is None:
            raise emitter.fail(
                source, "CK316", "Array.from needs a length.", "Array.from({ length: 3 }, (_, i) => i)"
            )
        count = emitter.as_number(emitter.expression(length))
        listed = Piece(f"(range({count.wrapped} | int) | list)", Shape(LIST, COUNT))
        undefined = len(call.nodes) < 2
        receiver = (
            Piece(f"([none] * ({count.wrapped} | int))", Shape(LIST, Shape(NULLISH))) if undefined else listed
        )
    else:
        piece = call.arg(0) or Piece("[]", Shape(LIST))
        receiver = (
            Piece(f"({emitter.as_text(piece)} | list)", Shape(LIST, TEXT))
            if piece.shape.only(STRING)
            else piece
        )
    if len(call.nodes) < 2:
        return receiver
    return collect(emitter, MethodCall(emitter, call.node, "map", receiver, call.nodes[1:]))


def _conversion(code: Callable[[ExpressionEmitter, Piece], Piece], empty: Piece) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        piece = call.arg(0)
        return empty if piece is None else code(emitter, piece)

    return make


def _is_list(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST)).wrapped
    return Piece(f"({held} is sequence and {held} is not string and {held} is not mapping)", TRUTH)


def _number_test(code: str) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST)).wrapped
        return Piece(f"({held} is number and {held} is not boolean and {code.format(x=held)})", TRUTH)

    return make


def _is_nan(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    held = emitter.bound(emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))).wrapped
    return Piece(f"({held} != {held})", TRUTH)


def _encode(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    return Piece(emitter.macro("_u", call.text(0)), TEXT)


_FLOOR = "({x} | round(0, 'floor') | int)"
FUNCTIONS: dict[str, Maker] = {
    "Math.round": _number_function(f"{_FLOOR} + (1 if {{x}} - {_FLOOR} >= 0.5 else 0)"),
    "Math.floor": _number_function("{x} | round(0, 'floor') | int"),
    "Math.ceil": _number_function("{x} | round(0, 'ceil') | int"),
    "Math.trunc": _number_function("{x} | int"),
    "Math.abs": _number_function("{x} | abs"),
    "Math.sign": _number_function("1 if {x} > 0 else -1 if {x} < 0 else 0"),
    "Math.sqrt": _number_function("{x} ** 0.5 if {x} >= 0 else 'nan'.strip() | float", NAN),
    "Math.pow": lambda emitter, call: _power(emitter, call),
    "Math.min": _extreme("min"),
    "Math.max": _extreme("max"),
    "Number": _conversion(lambda emitter, piece: emitter.as_number(piece), Piece("0", COUNT)),
    "String": _conversion(lambda emitter, piece: Piece(emitter.as_text(piece), TEXT), Piece("''", TEXT)),
    "Boolean": _conversion(
        lambda emitter, piece: Piece(f"(not not {emitter.truth(piece)})", TRUTH), Piece("false", TRUTH)
    ),
    "parseFloat": _parse(False),
    "Number.parseFloat": _parse(False),
    "parseInt": _parse(True),
    "Number.parseInt": _parse(True),
    "isNaN": _is_nan,
    "Number.isNaN": _number_test("{x} != {x}"),
    "Number.isFinite": _number_test("{x} - {x} == 0"),
    "Number.isInteger": _number_test("{x} - {x} == 0 and {x} == {x} | round(0, 'floor')"),
    "Array.isArray": _is_list,
    "Array.from": _array_from,
    "Object.keys": _object_part("keys"),
    "Object.values": _object_part("values"),
    "Object.entries": _object_part("entries"),
    "Object.fromEntries": from_entries,
    "JSON.stringify": stringify,
    "Set": unique,
    "encodeURIComponent": _encode,
}


def _power(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    base = emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))
    power = emitter.as_number(call.arg(1) or Piece("(0 if false)", LOST))
    return Piece(f"({base.wrapped} ** {power.wrapped})", Shape(NUMBER | NAN))
