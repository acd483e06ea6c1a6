"""Values as JavaScript knows them: undefined, truth, text of numbers, conversion, equality, JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$")
_SPACE = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


class _UndefinedType:
    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"

    def __bool__(self) -> bool:
        return False


UNDEFINED = _UndefinedType()
Value = Any
"""`UNDEFINED`, None, bool, int, float, str, list, dict, `Function` or `Date`."""


@dataclass(frozen=True, slots=True)
class Function:
    """Something that can be called with a list of values."""

    name: str
    call: Callable[[list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Date:
    """A moment, in milliseconds since 1970 UTC; NaN when invalid."""

    ms: float


class JsxObject(dict[str, Value]):
    """The object an element evaluates to, with the number of its node in the source."""

    __slots__ = ("node",)

    def __init__(self, node: int) -> None:
        super().__init__()
        self.node = node


def as_object(value: Any) -> dict[str, Any] | None:
    """The value as an object, None when it is something else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def is_number(value: Value) -> bool:
    """Whether a value is a JavaScript number (booleans are not)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number(value: float) -> float | int:
    """The plainest form of a number: an int when it is whole and exact."""
    if isinstance(value, int):
        return value if -(2**53) <= value <= 2**53 else float(value)
    if math.isfinite(value) and value.is_integer() and abs(value) <= 2**53:
        return int(value)
    return value


def truthy(value: Value) -> bool:
    """JavaScript's truth: empty lists and objects are true, NaN is not."""
    if isinstance(value, (list, dict, Function, Date)):
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def number_text(value: float) -> str:
    """A number as JavaScript writes it."""
    if isinstance(value, int) and abs(value) < 10**21:
        return str(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, digit_tuple, exponent = Decimal(repr(abs(value))).as_tuple()
    digits = "".join(map(str, digit_tuple)).rstrip("0") or "0"
    point = len(digit_tuple) + cast(int, exponent)
    return sign + _layout(digits, point)


def _layout(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = point - 1
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def text(value: Value) -> str:
    """`String(value)`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list):
        items = cast("list[Value]", value)
        return ",".join("" if item is None or item is UNDEFINED else text(item) for item in items)
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, Date):
        return "[Date]"
    return "undefined" if value is UNDEFINED else "function"


def to_number(value: Value) -> float | int:
    """`Number(value)`."""
    if isinstance(value, bool) or value is None:
        return int(value or 0)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, list):
        return parse_number(text(value))
    return value.ms if isinstance(value, Date) else math.nan


def parse_number(source: str) -> float | int:
    """The number a text stands for, NaN when it does not."""
    stripped = source.strip(_SPACE)
    if not stripped:
        return 0
    if _NUMBER.match(stripped):
        return number(float(stripped))
    lowered = stripped.lower()
    for prefix, base in (("0x", 16), ("0o", 8), ("0b", 2)):
        if lowered.startswith(prefix):
            try:
                return number(int(lowered[2:], base))
            except ValueError:
                return math.nan
    named = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}
    return named.get(stripped, math.nan)


def kind(value: Value) -> str:
    """`typeof value`."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "function" if isinstance(value, Function) else "object"


def strict_equal(left: Value, right: Value) -> bool:
    """`left === right`: objects and lists are equal only to themselves."""
    if isinstance(left, (list, dict, Date)) or isinstance(right, (list, dict, Date)):
        return left is right
    if kind(left) != kind(right) or (left is None) != (right is None):
        return False
    return left == right


def loose_equal(left: Value, right: Value) -> bool:
    """`left == right`."""
    if left is None or left is UNDEFINED or right is None or right is UNDEFINED:
        return (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED)
    if kind(left) == kind(right):
        return strict_equal(left, right)
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return to_number(left) == to_number(right)


def _primitive(value: Value) -> Value:
    return text(value) if isinstance(value, (list, dict, Date)) else value


def jsonable(value: Value) -> Value:
    """What `JSON.parse(JSON.stringify(value))` gives; `UNDEFINED` when nothing would be written."""
    if isinstance(value, list):
        return [
            None if (kept := jsonable(item)) is UNDEFINED else kept for item in cast("list[Value]", value)
        ]
    if isinstance(value, dict):
        entries = ((key, jsonable(item)) for key, item in cast("dict[str, Value]", value).items())
        return {key: item for key, item in entries if item is not UNDEFINED}
    if isinstance(value, float):
        return number(value) if math.isfinite(value) else None
    if isinstance(value, Date):
        return iso_text(value.ms)
    return UNDEFINED if isinstance(value, Function) else value


def iso_text(ms: float) -> str | None:
    """`toISOString` of a moment, None for an invalid one."""
    from datetime import UTC, datetime, timedelta

    if not math.isfinite(ms):
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ms))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def json_text(value: Value, indent: int | None = None) -> str:
    """A value as `JSON.stringify(value, null, indent)` writes it: raw non-ASCII, JavaScript's numbers, `{}` for empty."""
    return _json(jsonable(value), indent, "")


def _json(value: Value, indent: int | None, pad: str) -> str:
    if isinstance(value, str):
        return quoted(value)
    if is_number(value):
        return number_text(value)
    inner = pad + " " * (indent or 0)
    if isinstance(value, list):
        parts = [_json(item, indent, inner) for item in cast("list[Value]", value)]
        return _wrapped("[", "]", parts, indent, pad, inner)
    if isinstance(value, dict):
        colon = ":" if indent is None else ": "
        parts = [
            f"{quoted(key)}{colon}{_json(item, indent, inner)}"
            for key, item in cast("dict[str, Value]", value).items()
        ]
        return _wrapped("{", "}", parts, indent, pad, inner)
    return {None: "null", True: "true", False: "false"}.get(value, "null")


def _wrapped(opening: str, closing: str, parts: list[str], indent: int | None, pad: str, inner: str) -> str:
    if not parts:
        return opening + closing
    if indent is None:
        return opening + ",".join(parts) + closing
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{pad}{closing}"


def quoted(value: str) -> str:
    """A string as JSON.stringify quotes it."""
    return json.dumps(value, ensure_ascii=False)


def too_deep(value: Value, limit: int = 100) -> bool:
    """Whether lists and objects are nested deeper than `limit` levels."""
    level: list[Value] = [value]
    for _ in range(limit):
        inner: list[Value] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(cast("dict[str, Value]", item).values())
            elif isinstance(item, list):
                inner.extend(cast("list[Value]", item))
        if not inner:
            return False
        level = inner
    return True
