"""JavaScript's methods of texts, in UTF-16 units, and what other built-ins share with them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, cast

from ._jsvalue import (
    UNDEFINED,
    Function,
    Value,
    text,
    to_number,
    utf16_length,
)
from ._throw import Thrown

_MAX_TEXT = 200_000
SPACE = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


Method = Callable[[Any, list[Value]], Value]


def arg(args: list[Value], at: int) -> Value:
    return args[at] if at < len(args) else UNDEFINED


def utf16_units(value: str) -> str:
    """The text in UTF-16 units, one character each."""
    if not any(char > "\uffff" for char in value):
        return value
    packed = value.encode("utf-16-le", "surrogatepass")
    return "".join(chr(packed[at] | packed[at + 1] << 8) for at in range(0, len(packed), 2))


def joined(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def integer(value: Value, default: float = 0) -> float:
    if value is UNDEFINED:
        return default
    converted = to_number(value)
    if math.isnan(converted):
        return 0
    return converted if math.isinf(converted) else math.trunc(converted)


def bounds(length: int, args: list[Value]) -> tuple[int, int]:
    start, end = integer(arg(args, 0)), integer(arg(args, 1), length)
    low = max(length + start, 0) if start < 0 else min(start, length)
    high = max(length + end, 0) if end < 0 else min(end, length)
    return int(low), int(high)


def _slice_text(value: str, args: list[Value]) -> Value:
    units = utf16_units(value)
    low, high = bounds(len(units), args)
    return joined(units[low:high])


def _substring(value: str, args: list[Value]) -> Value:
    units = utf16_units(value)
    start = min(max(integer(arg(args, 0)), 0), len(units))
    end = min(max(integer(arg(args, 1), len(units)), 0), len(units))
    low, high = sorted((int(start), int(end)))
    return joined(units[low:high])


def _split(value: str, args: list[Value]) -> Value:
    separator = arg(args, 0)
    if separator is UNDEFINED:
        return [value]
    if isinstance(separator, dict):
        return regex(cast("dict[str, Any]", separator)).split(value)
    mark = text(separator)
    parts: list[Value] = list(utf16_units(value)) if mark == "" else list(value.split(mark))
    limit = arg(args, 1)
    return parts if limit is UNDEFINED else parts[: int(integer(limit))]


def regex(value: dict[str, Any]) -> re.Pattern[str]:
    source, flags = str(value["source"]), str(value["flags"])
    if len(source) > 200 or re.search(r"[+*}]\)?[+*{]|\)[+*{]", source):
        raise Thrown(
            "This regular expression is too complex.", "Use includes, startsWith, split or replaceAll."
        )
    try:
        return re.compile(
            source, (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
        )
    except re.error as error:
        raise Thrown(f"This regular expression cannot be read: {error.msg}.") from error


def _replace(value: str, args: list[Value], every: bool) -> Value:
    pattern, replacement = arg(args, 0), arg(args, 1)
    if isinstance(pattern, dict) and "/" in pattern:
        count = 0 if every or "g" in str(cast("dict[str, Any]", pattern)["flags"]) else 1
        return regex(cast("dict[str, Any]", pattern)).sub(
            lambda found: _replacement(replacement, found[0]), value, count
        )
    search = text(pattern)
    if not every:
        at = value.find(search)
        return value if at < 0 else value[:at] + _replacement(replacement, search) + value[at + len(search) :]
    return _capped(value.replace(search, _replacement(replacement, search)))


def _replacement(value: Value, found: str) -> str:
    if isinstance(value, Function):
        return text(value.call([found]))
    return text(value).replace("$&", found).replace("$$", "$")


def _capped(value: str) -> str:
    if len(value) > _MAX_TEXT:
        raise Thrown("The text becomes too long.")
    return value


def _repeat(value: str, args: list[Value]) -> Value:
    count = integer(arg(args, 0))
    if count < 0 or math.isinf(count) or count * len(value) > _MAX_TEXT:
        raise Thrown(f"A text cannot be repeated {text(arg(args, 0))} times.")
    return value * int(count)


def _pad(value: str, args: list[Value], before: bool) -> Value:
    length = int(min(integer(arg(args, 0)), _MAX_TEXT))
    fill = " " if arg(args, 1) is UNDEFINED else text(arg(args, 1))
    missing = length - utf16_length(value)
    if missing <= 0 or not fill:
        return value
    padding = (fill * (missing // len(fill) + 1))[:missing]
    return padding + value if before else value + padding


def item_at(value: list[Value] | str, args: list[Value]) -> Value:
    at = int(integer(arg(args, 0)))
    items = utf16_units(value) if isinstance(value, str) else value
    at = at + len(items) if at < 0 else at
    return items[at] if 0 <= at < len(items) else UNDEFINED


def _char_at(value: str, args: list[Value]) -> Value:
    units, at = utf16_units(value), int(integer(arg(args, 0)))
    return joined(units[at]) if 0 <= at < len(units) else ""


STRING_METHODS: dict[str, Method] = {
    "toUpperCase": lambda value, _: value.upper(),
    "toLowerCase": lambda value, _: value.lower(),
    "trim": lambda value, _: value.strip(SPACE),
    "trimStart": lambda value, _: value.lstrip(SPACE),
    "trimEnd": lambda value, _: value.rstrip(SPACE),
    "slice": _slice_text,
    "substring": _substring,
    "charAt": _char_at,
    "at": item_at,
    "indexOf": lambda value, args: utf16_units(value).find(
        utf16_units(text(arg(args, 0))), int(max(0, integer(arg(args, 1))))
    ),
    "lastIndexOf": lambda value, args: utf16_units(value).rfind(utf16_units(text(arg(args, 0)))),
    "includes": lambda value, args: text(arg(args, 0)) in value,
    "startsWith": lambda value, args: value.startswith(text(arg(args, 0))),
    "endsWith": lambda value, args: value.endswith(text(arg(args, 0))),
    "split": _split,
    "replace": lambda value, args: _replace(value, args, False),
    "replaceAll": lambda value, args: _replace(value, args, True),
    "repeat": _repeat,
    "padStart": lambda value, args: _pad(value, args, True),
    "padEnd": lambda value, args: _pad(value, args, False),
    "concat": lambda value, args: _capped(value + "".join(map(text, args))),
    "toString": lambda value, _: value,
    "localeCompare": lambda value, args: (value > text(arg(args, 0))) - (value < text(arg(args, 0))),
}
