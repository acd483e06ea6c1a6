"""JavaScript's built-in functions, as far as views use them: strings, lists, numbers, Math, Object."""

from __future__ import annotations

import json
import math
import re
import urllib.parse
from collections.abc import Callable
from functools import cmp_to_key
from typing import cast

from ._builtin_regex import is_regex, match_regex, search_regex
from ._builtin_texts import (
    SPACE,
    STRING_METHODS,
    Method,
    arg,
    bounds,
    integer,
    item_at,
)
from ._dates import DATE_METHODS, date_from
from ._jsvalue import (
    UNDEFINED,
    Date,
    Function,
    Value,
    is_number,
    json_text,
    number,
    number_text,
    parse_number,
    strict_equal,
    text,
    to_number,
    truthy,
)
from ._numbers import fixed, locale_number
from ._throw import Thrown

_MAX_ITEMS = 20_000


def property_of(target: Value, key: Value) -> Value:
    """`target[key]` of something that is neither null nor undefined."""
    name = key if isinstance(key, str) else text(key)
    if isinstance(target, dict):
        return cast("dict[str, Value]", target).get(name, UNDEFINED)
    if isinstance(target, (list, str)):
        if name == "length":
            return len(target) if isinstance(target, str) else len(cast("list[Value]", target))
        return _item(cast("list[Value] | str", target), name)
    if isinstance(target, Function):
        return GLOBALS.get(f"{target.name}.{name}", UNDEFINED)
    return UNDEFINED


def _item(target: list[Value] | str, name: str) -> Value:
    if not name.isdecimal() or str(int(name)) != name:
        return UNDEFINED
    at = int(name)
    if isinstance(target, str):
        units = target
        return units[at : at + 1] if at < len(units) else UNDEFINED
    return target[at] if at < len(target) else UNDEFINED


def method(target: Value, name: str) -> Function | None:
    """The method of a value, bound to it."""
    table = _table_of(target)
    found = table.get(name)
    if found is None:
        return None
    return Function(name, lambda args: found(target, args))


def _table_of(target: Value) -> dict[str, Method]:
    if isinstance(target, str):
        return STRING_METHODS
    if isinstance(target, list):
        return LIST_METHODS
    if isinstance(target, bool):
        return {"toString": lambda value, _: text(value)}
    if is_number(target):
        return NUMBER_METHODS
    if isinstance(target, Date):
        return DATE_METHODS
    if is_regex(target):
        return {
            "test": lambda value, args: search_regex(text(arg(args, 0)), value) >= 0,
            "exec": lambda value, args: match_regex(
                text(arg(args, 0)), {**value, "flags": str(value["flags"]).replace("g", "")}
            ),
        }
    if isinstance(target, dict) and "format" in target:
        return {}
    return OBJECT_METHODS if isinstance(target, dict) else {}


def _function(args: list[Value], at: int = 0) -> Function:
    function = arg(args, at)
    if not isinstance(function, Function):
        raise Thrown(f"{text(function)} is not a function here.")
    return function


def _each(value: list[Value], args: list[Value]) -> list[Value]:
    function = _function(args)
    return [function.call([item, at, value]) for at, item in enumerate(value)]


def _kept(value: list[Value], args: list[Value]) -> list[Value]:
    function = _function(args)
    return [item for at, item in enumerate(value) if truthy(function.call([item, at, value]))]


def _find(value: list[Value], args: list[Value], index: bool) -> Value:
    function = _function(args)
    for at, item in enumerate(value):
        if truthy(function.call([item, at, value])):
            return at if index else item
    return -1 if index else UNDEFINED


def _reduce(value: list[Value], args: list[Value]) -> Value:
    function = _function(args)
    items = list(enumerate(value))
    if len(args) > 1:
        total = args[1]
    elif items:
        total = items.pop(0)[1]
    else:
        raise Thrown(
            "An empty list has nothing to reduce.", "Give `reduce` a start value: .reduce((sum, x) => …, 0)"
        )
    for at, item in items:
        total = function.call([total, item, at, value])
    return total


def flattened(value: list[Value], depth: float) -> list[Value]:
    """`list.flat(depth)`."""
    out: list[Value] = []
    for item in value:
        if isinstance(item, list) and depth >= 1:
            out.extend(flattened(cast("list[Value]", item), depth - 1))
        else:
            out.append(item)
    return out


def _concat(value: list[Value], args: list[Value]) -> Value:
    out = list(value)
    for item in args:
        out.extend(cast("list[Value]", item) if isinstance(item, list) else [item])
    return out


def _join(value: list[Value], args: list[Value]) -> Value:
    mark = "," if arg(args, 0) is UNDEFINED else text(arg(args, 0))
    return mark.join("" if item is None or item is UNDEFINED else text(item) for item in value)


def _index_of(value: list[Value], args: list[Value]) -> int:
    return next((at for at, item in enumerate(value) if strict_equal(item, arg(args, 0))), -1)


def _sorted(value: list[Value], args: list[Value]) -> Value:
    present = [item for item in value if item is not UNDEFINED]
    absent: list[Value] = [UNDEFINED] * (len(value) - len(present))
    if arg(args, 0) is UNDEFINED:
        return sorted(present, key=lambda item: text(item).encode("utf-16-be", "surrogatepass")) + absent
    function = _function(args)

    def order(left: Value, right: Value) -> int:
        result = to_number(function.call([left, right]))
        return 0 if math.isnan(result) else (result > 0) - (result < 0)

    return sorted(present, key=cmp_to_key(order)) + absent


def _includes(value: list[Value], args: list[Value]) -> bool:
    wanted = arg(args, 0)
    if isinstance(wanted, float) and math.isnan(wanted):
        return any(isinstance(item, float) and math.isnan(item) for item in value)
    return _index_of(value, args) >= 0


def _slice_list(value: list[Value], args: list[Value]) -> Value:
    low, high = bounds(len(value), args)
    return value[low:high]


LIST_METHODS: dict[str, Method] = {
    "map": _each,
    "filter": _kept,
    "flatMap": lambda value, args: flattened(_each(value, args), 1),
    "find": lambda value, args: _find(value, args, False),
    "findIndex": lambda value, args: _find(value, args, True),
    "some": lambda value, args: bool(_kept(value, args)),
    "every": lambda value, args: len(_kept(value, args)) == len(value),
    "reduce": _reduce,
    "findLast": lambda value, args: _find(value[::-1], args, False),
    "fill": lambda value, args: [arg(args, 0)] * len(value),
    "keys": lambda value, _: list(range(len(value))),
    "entries": lambda value, _: [[at, item] for at, item in enumerate(value)],
    "flat": lambda value, args: flattened(value, integer(arg(args, 0), 1)),
    "slice": _slice_list,
    "concat": _concat,
    "join": _join,
    "toString": lambda value, _: text(value),
    "includes": _includes,
    "indexOf": _index_of,
    "at": item_at,
    "reverse": lambda value, _: value[::-1],
    "toReversed": lambda value, _: value[::-1],
    "sort": _sorted,
    "toSorted": _sorted,
}


def _fixed(value: float, args: list[Value]) -> Value:
    digits = integer(arg(args, 0))
    if not 0 <= digits <= 100:
        raise Thrown("`toFixed` takes 0 to 100 digits.")
    return fixed(value, int(digits)) if math.isfinite(value) and abs(value) < 1e21 else number_text(value)


NUMBER_METHODS: dict[str, Method] = {
    "toFixed": _fixed,
    "toString": lambda value, args: text(value) if integer(arg(args, 0), 10) == 10 else _refuse_radix(),
    "toLocaleString": lambda value, args: locale_number(value, arg(args, 0), arg(args, 1)),
}
OBJECT_METHODS: dict[str, Method] = {
    "toString": lambda _, __: "[object Object]",
    "hasOwnProperty": lambda value, args: text(arg(args, 0)) in value,
}


def _refuse_radix() -> Value:
    raise Thrown("Only decimal numbers can be written.")


def _entries(value: Value) -> list[tuple[str, Value]]:
    if value is None or value is UNDEFINED:
        raise Thrown(f"{text(value)} has no entries.", "Write Object.entries(value ?? {}).")
    if isinstance(value, dict):
        items = cast("dict[str, Value]", value)
        numbered = sorted((key for key in items if key.isdecimal() and str(int(key)) == key), key=int)
        order = [*numbered, *(key for key in items if key not in set(numbered))]
        return [(key, items[key]) for key in order]
    if isinstance(value, (list, str)):
        return [(str(at), item) for at, item in enumerate(cast("list[Value]", value))]
    return []


def _math(function: Callable[[float], float]) -> Function:
    def call(args: list[Value]) -> Value:
        values = [to_number(item) for item in args] or [math.nan]
        if any(math.isnan(item) for item in values):
            return math.nan
        try:
            return number(function(values[0]))
        except (ValueError, OverflowError, TypeError):
            return values[0] if math.isinf(values[0]) else math.nan

    return Function("", call)


def _power(base: float, power: float) -> Value:
    try:
        result = float(base) ** float(power)
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return math.nan if isinstance(result, complex) else number(result)


def _extreme(pick: Callable[..., float], empty: float) -> Function:
    def call(args: list[Value]) -> Value:
        values = [to_number(item) for item in args]
        if any(math.isnan(item) for item in values):
            return math.nan
        return pick(values) if values else empty

    return Function("", call)


def _round(value: float) -> float:
    floor = math.floor(value)
    return floor + (1 if value - floor >= 0.5 else 0)


def _parse_int(args: list[Value]) -> Value:
    match = re.match(r"[+-]?\d+", text(arg(args, 0)).strip(SPACE))
    return number(int(match[0])) if match else math.nan


def _parse_float(args: list[Value]) -> Value:
    match = re.match(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)", text(arg(args, 0)).strip(SPACE))
    return parse_number(match[0]) if match else math.nan


def _array_from(args: list[Value]) -> Value:
    source = arg(args, 0)
    if isinstance(source, dict):
        length = int(integer(cast("dict[str, Value]", source).get("length", 0)))
        if length > _MAX_ITEMS:
            raise Thrown(f"A list of {length} items is too long.")
        items: list[Value] = [UNDEFINED] * max(length, 0)
    elif isinstance(source, (list, str)):
        items = list(cast("list[Value]", source))
    else:
        raise Thrown(f"{text(source)} is not a list.")
    return (
        items
        if arg(args, 1) is UNDEFINED
        else [_function(args, 1).call([item, at]) for at, item in enumerate(items)]
    )


def _refuse_chance(_: list[Value]) -> Value:
    raise Thrown(
        "A view must draw the same each time, so it cannot ask for chance or the present time.",
        "Put the value into the data.",
    )


def _date(args: list[Value]) -> Value:
    return _refuse_chance(args) if not args else date_from(args)


def _number_format(args: list[Value]) -> Value:
    return {
        "format": Function(
            "format", lambda given: locale_number(to_number(arg(given, 0)), arg(args, 0), arg(args, 1))
        )
    }


def _date_format(args: list[Value]) -> Value:
    def written(given: list[Value]) -> Value:
        value = arg(given, 0)
        if not isinstance(value, Date) and not is_number(value):
            raise Thrown("`format` takes a date here.", ".format(new Date(createdAt))")
        options = cast("dict[str, Value]", arg(args, 1)) if isinstance(arg(args, 1), dict) else {}
        kind = (
            "toLocaleString" if set(options) - {"timeZone", "hour12", "hourCycle"} else "toLocaleDateString"
        )
        return DATE_METHODS[kind](date_from([value]), [arg(args, 0), arg(args, 1)])

    return {"format": Function("format", written)}


_SAFE = "!'()*~"


def _stringify(args: list[Value]) -> Value:
    value, indent = arg(args, 0), arg(args, 2)
    if value is UNDEFINED or isinstance(value, Function):
        return UNDEFINED
    gap = " " * min(10, int(indent)) if is_number(indent) else indent if isinstance(indent, str) else ""
    return (
        json_text(value)
        if not gap
        else json.dumps(json.loads(json_text(value)), ensure_ascii=False, indent=gap[:10])
    )


def _unique(args: list[Value]) -> Value:
    out: list[Value] = []
    for item in cast("list[Value]", arg(args, 0)) if isinstance(arg(args, 0), list) else []:
        if not any(strict_equal(item, known) for known in out):
            out.append(item)
    return out


GLOBALS: dict[str, Value] = {
    "NaN": math.nan,
    "Infinity": math.inf,
    "Math": Function("Math", _refuse_chance),
    "Math.PI": math.pi,
    "Math.E": math.e,
    "Math.round": _math(_round),
    "Math.floor": _math(math.floor),
    "Math.ceil": _math(math.ceil),
    "Math.trunc": _math(lambda value: math.trunc(value)),
    "Math.abs": _math(lambda value: abs(value)),
    "Math.sign": _math(lambda value: (value > 0) - (value < 0)),
    "Math.sqrt": _math(math.sqrt),
    "Math.pow": Function("", lambda args: _power(to_number(arg(args, 0)), to_number(arg(args, 1)))),
    "Math.min": _extreme(min, math.inf),
    "Math.max": _extreme(max, -math.inf),
    "Math.random": Function("Math.random", _refuse_chance),
    "Object": Function("Object", _refuse_chance),
    "Object.keys": Function("", lambda args: [key for key, _ in _entries(arg(args, 0))]),
    "Object.values": Function("", lambda args: [item for _, item in _entries(arg(args, 0))]),
    "Object.entries": Function("", lambda args: [[key, item] for key, item in _entries(arg(args, 0))]),
    "Object.fromEntries": Function("", lambda args: {text(pair[0]): pair[1] for pair in arg(args, 0)}),
    "Array": Function("Array", _refuse_chance),
    "Array.isArray": Function("", lambda args: isinstance(arg(args, 0), list)),
    "Array.from": Function("", _array_from),
    "Number": Function("Number", lambda args: to_number(args[0]) if args else 0),
    "Number.isInteger": Function("", lambda args: is_number(arg(args, 0)) and float(args[0]).is_integer()),
    "Number.isFinite": Function("", lambda args: is_number(arg(args, 0)) and math.isfinite(args[0])),
    "Number.isNaN": Function("", lambda args: is_number(arg(args, 0)) and math.isnan(args[0])),
    "Number.parseFloat": Function("", _parse_float),
    "Number.parseInt": Function("", _parse_int),
    "parseFloat": Function("", _parse_float),
    "parseInt": Function("", _parse_int),
    "isNaN": Function("", lambda args: math.isnan(to_number(arg(args, 0)))),
    "String": Function("String", lambda args: text(args[0]) if args else ""),
    "Boolean": Function("Boolean", lambda args: truthy(arg(args, 0))),
    "JSON": Function("JSON", _refuse_chance),
    "JSON.stringify": Function("", _stringify),
    "Set": Function("Set", _unique),
    "encodeURIComponent": Function("", lambda args: urllib.parse.quote(text(arg(args, 0)), safe=_SAFE)),
    "Date": Function("Date", _refuse_chance),
    "Date.now": Function("", _refuse_chance),
    "new Date": Function("Date", _date),
    "Intl": Function("Intl", _refuse_chance),
    "new Intl.NumberFormat": Function("", _number_format),
    "new Intl.DateTimeFormat": Function("", _date_format),
}
