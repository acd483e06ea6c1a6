"""Writing numbers and dates, as Jinja."""

from __future__ import annotations

from typing import cast

from . import _ast as ast
from ._dates import MONTHS, WEEKDAYS, DateStyle
from ._emit_base import Piece
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted
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
    args = [
        number.code,
        str(style.low),
        str(style.high),
        quoted(style.prefix),
        quoted(style.suffix),
        str(style.scale),
    ]
    return Piece(emitter.macro("_l", *args, "true" if style.grouping else "false"), TEXT)


def _number_text(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    return _locale_number(emitter, call, emitter.as_number(call.receiver), call.constant(0), call.constant(1))


def number_format(emitter: ExpressionEmitter, node: ast.Call, base: ast.New, args: Args) -> Piece:
    callee = base.callee
    known = (
        isinstance(callee, ast.Member) and isinstance(callee.object, ast.Name) and callee.object.id == "Intl"
    )
    if not known or cast("ast.Member", callee).name != "NumberFormat" or not args:
        raise emitter.fail(
            node, "CK318", "Only `new Intl.NumberFormat(…).format(number)` can be written here."
        )
    made = MethodCall(emitter, node, "NumberFormat", Piece("none", LOST), plain_arguments(emitter, base))
    number = emitter.as_number(emitter.expression(args[0]))
    return _locale_number(emitter, made, number, made.constant(0), made.constant(1))


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
        try:
            style = DateStyle(call.constant(0), call.constant(1), default)
        except Thrown as thrown:
            raise emitter.fail(call.node, "CK317", str(thrown), thrown.hint) from thrown
        held = emitter.bound(call.receiver)
        fields = _fields(
            emitter, Piece(f"({held.wrapped} if {held.wrapped} == {held.wrapped} else 0)", COUNT)
        )
        parts = [part for part in (_date_code(fields, style.parts), _time_code(fields, style)) if part]
        return Piece(
            f"({' ~ quote ~ '.join(parts)} if {held.wrapped} == {held.wrapped} else 'Invalid Date')".replace(
                " ~ quote ~ ", " ~ ', ' ~ "
            ),
            TEXT,
        )

    return make


def _padded(code: str, style: str | None) -> str:
    return f"'%02d' | format({code})" if style == "2-digit" else f"{code}"


def _wrapped(code: str) -> str:
    return f"({code})" if "|" in code else code


def _date_code(fields: str, parts: dict[str, str]) -> str:
    day = _wrapped(_padded(f"{fields}[2]", parts["day"])) if "day" in parts else ""
    year = ""
    if "year" in parts:
        year = (
            _wrapped(f"'%02d' | format({fields}[0] % 100)") if parts["year"] == "2-digit" else f"{fields}[0]"
        )
    weekday = ""
    if "weekday" in parts:
        names = [name[:3] if parts["weekday"] == "short" else name for name in WEEKDAYS]
        weekday = f"{_listed(names)}[{fields}[3]]"
    month = parts.get("month")
    if month in ("long", "short"):
        names = [name[:3] if month == "short" else name for name in MONTHS]
        head = f"{_listed(names)}[{fields}[1] - 1]" + (f" ~ ' ' ~ {day}" if day else "")
        body = f"{head} ~ {quoted(', ' if day else ' ')} ~ {year}" if year else head
        return f"{weekday} ~ ', ' ~ {body}" if weekday else body
    numeric = [
        part for part in (_wrapped(_padded(f"{fields}[1]", month)) if month else "", day, year) if part
    ]
    body = " ~ '/' ~ ".join(numeric)
    if weekday and body == day and day:
        return f"{day} ~ ' ' ~ {weekday}"
    return f"{weekday} ~ ', ' ~ {body}" if weekday and body else weekday or body


def _time_code(fields: str, style: DateStyle) -> str:
    clock = [(key, at) for key, at in (("minute", 5), ("second", 6)) if key in style.parts]
    texts = [f"('%02d' | format({fields}[{at}]))" for _, at in clock]
    if "hour" not in style.parts:
        return " ~ ':' ~ ".join(texts)
    hour = f"(({fields}[4] + 11) % 12 + 1)" if style.hour12 else f"{fields}[4]"
    padded = style.parts["hour"] == "2-digit" or not style.hour12
    texts.insert(0, f"('%02d' | format({hour}))" if padded else hour)
    suffix = f" ~ (' AM' if {fields}[4] < 12 else ' PM')" if style.hour12 else ""
    return " ~ ':' ~ ".join(texts) + suffix


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


_DAY, _CLOCK = ("month", "day", "year"), ("hour", "minute", "second")
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
