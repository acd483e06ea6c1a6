"""Writing numbers and dates, as Jinja."""

from __future__ import annotations

from typing import Any, cast

from . import _ast as ast
from ._dates import PARTS, DateStyle
from ._emit_base import Piece
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted
from ._locales import zone_offsets
from ._method_call import Args, Maker, MethodCall, plain_arguments
from ._numbers import NumberStyle
from ._shapes import (
    COUNT,
    DATE,
    LOST,
    NAN,
    NUMBER,
    TEXT,
    Shape,
)
from ._throw import Thrown


def _to_fixed(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    digits = call.constant(0)
    count = 0 if digits is ABSENT else digits
    if not isinstance(count, int) or not 0 <= count <= 20:
        raise emitter.fail(call.node, "CK317", "`toFixed` takes 0 to 20 digits.")
    return Piece(emitter.macro("_x", emitter.as_number(call.receiver).code, str(count)), TEXT)


def _locale_number(
    emitter: ExpressionEmitter, call: MethodCall, number: Piece, locale: object, options: object
) -> Piece:
    try:
        style = NumberStyle(locale, options)
    except Thrown as thrown:
        raise emitter.fail(call.node, "CK317", str(thrown), thrown.hint) from thrown
    around = [quoted(part) for pair in (style.positive, style.negative) for part in pair]
    marks = [quoted(style.group), quoted(style.decimal)]
    digits = [str(style.low), str(style.high), str(style.scale), str(style.least)]
    lakh = "true" if style.lakh else "false"
    held = emitter.bound(number)
    return Piece(emitter.macro("_l", held.code, *digits, *around, *marks, lakh), TEXT)


def _number_text(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    return _locale_number(emitter, call, emitter.as_number(call.receiver), call.constant(0), call.constant(1))


def intl_format(emitter: ExpressionEmitter, node: ast.Call, base: ast.New, args: Args) -> Piece:
    """`new Intl.NumberFormat(…).format(n)` and `new Intl.DateTimeFormat(…).format(date)`."""
    callee = base.callee
    known = (
        isinstance(callee, ast.Member) and isinstance(callee.object, ast.Name) and callee.object.id == "Intl"
    )
    name = cast("ast.Member", callee).name if known else ""
    if name not in ("NumberFormat", "DateTimeFormat") or not args:
        raise emitter.fail(
            node,
            "CK318",
            "Only `new Intl.NumberFormat(…).format(number)` and `new Intl.DateTimeFormat(…).format(date)` can be written here.",
        )
    made = MethodCall(emitter, node, name, Piece("none", LOST), plain_arguments(emitter, base))
    value = emitter.expression(args[0])
    if name == "DateTimeFormat":
        if not value.shape.only(DATE | NUMBER):
            raise emitter.fail(node, "CK318", "`format` takes a date here.", ".format(new Date(createdAt))")
        options = made.constant(1)
        chosen = isinstance(options, dict) and set(cast("dict[str, Any]", options)) - _ASIDE
        return write_date(emitter, made, value, (*_DAY, *_CLOCK) if chosen else _DAY)
    return _locale_number(emitter, made, emitter.as_number(value), made.constant(0), made.constant(1))


NUMBER_TABLE: dict[str, Maker] = {"toFixed": _to_fixed, "toLocaleString": _number_text}
_FIELDS = ("FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds")


def _fields(emitter: ExpressionEmitter, receiver: Piece) -> str:
    name = emitter.fresh()
    emitter.out.append(
        f"{{%-set {name} = {emitter.macro('_y', receiver.code)}.split(',') | map('int') | list -%}}"
    )
    return name


def _date_field(at: int) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        less = " - 1" if at == 1 else ""
        held = emitter.bound(call.receiver).wrapped
        fields = _fields(emitter, Piece(f"({held} if {held} == {held} else 0)", COUNT))
        return Piece(
            f"({fields}[{at}]{less} if {held} == {held} else 'nan'.strip() | float)", Shape(NUMBER | NAN)
        )

    return make


def _date_text(default: tuple[str, ...]) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        return write_date(emitter, call, call.receiver, default)

    return make


def write_date(
    emitter: ExpressionEmitter, call: MethodCall, moment: Piece, default: tuple[str, ...]
) -> Piece:
    """A date as locale and options of a call have it."""
    try:
        style = DateStyle(call.constant(0), call.constant(1), default)
    except Thrown as thrown:
        raise emitter.fail(call.node, "CK317", str(thrown), thrown.hint) from thrown
    held = emitter.bound(moment)
    code = f"({held.wrapped} if {held.wrapped} == {held.wrapped} else 0)"
    if style.zone not in ("UTC", "GMT", "Etc/UTC"):
        table = ", ".join(f"[{start}, {offset}]" for start, offset in zone_offsets(style.zone))
        code = f"{emitter.macro('_z', code, f'[{table}]')} | int"
    fields = _fields(emitter, Piece(code, COUNT))
    parts = [_date_part(piece, fields, style) if part else quoted(piece) for piece, part in style.pieces()]
    return Piece(f"({' ~ '.join(parts)} if {held.wrapped} == {held.wrapped} else 'Invalid Date')", TEXT)


def _date_part(part: str, fields: str, style: DateStyle) -> str:
    plain = PARTS.get(part)
    if plain is not None:
        code = f"{fields}[{plain[0]}]"
        return f"('%02d' | format({code}))" if plain[1] else code
    if part == "y":
        return f"('%02d' | format({fields}[0] % 100))"
    if part[0] in "hK":
        code = f"(({fields}[4] + 11) % 12 + 1)" if part[0] == "h" else f"({fields}[4] % 12)"
        return f"('%02d' | format({code}))" if len(part) == 2 else code
    if part == "p":
        before, after = map(quoted, style.names(part))
        return f"({before} if {fields}[4] < 12 else {after})"
    place = f"{fields}[3]" if part[0] == "a" else f"{fields}[1] - 1"
    return f"{_listed(style.names(part))}[{place}]"


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


_ASIDE = {"timeZone", "hour12", "hourCycle"}
_DAY, _CLOCK = ("year", "month", "day"), ("hour", "minute", "second")
DATE_TABLE: dict[str, Maker] = {
    **{f"get{name}": _date_field(at) for at, name in enumerate(_FIELDS)},
    **{f"getUTC{name}": _date_field(at) for at, name in enumerate(_FIELDS)},
    "getTime": lambda _, call: Piece(call.receiver.code, Shape(NUMBER | NAN), call.receiver.tight),
    "toISOString": lambda emitter, call: Piece(f"({emitter.iso(call.receiver)})", TEXT),
    "toLocaleDateString": _date_text(_DAY),
    "toLocaleTimeString": _date_text(_CLOCK),
    "toLocaleString": _date_text((*_DAY, *_CLOCK)),
}


def emit_new(emitter: ExpressionEmitter, node: ast.New) -> Piece:
    """Translate `new Date(value)`."""
    if not isinstance(node.callee, ast.Name) or node.callee.id != "Date":
        raise emitter.fail(node, "CK318", "Only `new Date(value)` can be written here.")
    args = plain_arguments(emitter, node)
    if len(args) != 1:
        raise emitter.fail(
            node,
            "CK318",
            "A view must draw the same each time, so a date needs one value.",
            "new Date(createdAt)",
        )
    value = emitter.expression(args[0])
    if value.shape.only(DATE):
        return value
    return Piece(f"({emitter.macro('_t', value.code)} | float)", Shape(DATE | NAN))
