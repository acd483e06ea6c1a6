"""JavaScript's methods of texts, and what other built-ins share with them.

Texts are counted in characters, as templates do; JavaScript counts an emoji as two and more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

from ._builtin_regex import (
    is_regex,
    match_all,
    match_regex,
    replace_regex,
    search_regex,
    split_regex,
)
from ._collate import collation_key
from ._jsvalue import (
    UNDEFINED,
    Function,
    Value,
    text,
    to_number,
)
from ._throw import Thrown

_MAX_TEXT = 200_000
SPACE = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


Method = Callable[[Any, list[Value]], Value]


def arg(args: list[Value], at: int) -> Value:
    return args[at] if at < len(args) else UNDEFINED


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
    units = value
    low, high = bounds(len(units), args)
    return units[low:high]


def _substring(value: str, args: list[Value]) -> Value:
    units = value
    start = min(max(integer(arg(args, 0)), 0), len(units))
    end = min(max(integer(arg(args, 1), len(units)), 0), len(units))
    low, high = sorted((int(start), int(end)))
    return units[low:high]


def _split(value: str, args: list[Value]) -> Value:
    separator = arg(args, 0)
    if separator is UNDEFINED:
        return [value]
    if is_regex(separator):
        return split_regex(value, separator, arg(args, 1))
    mark = text(separator)
    parts: list[Value] = list(value) if mark == "" else list(value.split(mark))
    limit = arg(args, 1)
    return parts if limit is UNDEFINED else parts[: int(integer(limit))]


def _replace(value: str, args: list[Value], every: bool) -> Value:
    pattern, replacement = arg(args, 0), arg(args, 1)
    if is_regex(pattern):
        return _capped(replace_regex(value, pattern, replacement, every=every))
    search = text(pattern)
    if not every:
        at = value.find(search)
        return value if at < 0 else value[:at] + _replacement(replacement, search) + value[at + len(search) :]
    return _capped(value.replace(search, _replacement(replacement, search)))


def _replacement(value: Value, found: str) -> str:
    if isinstance(value, Function):
        return text(value.call([found]))
    return text(value).replace("$&", found).replace("$$", "$")


def _text_match(args: list[Value]) -> Value:
    raise Thrown(f"{text(arg(args, 0))} is not a regular expression.", "Use includes or indexOf for text.")


def _substr(value: str, args: list[Value]) -> Value:
    units = value
    start = integer(arg(args, 0))
    low = max(len(units) + start, 0) if start < 0 else min(start, len(units))
    count = max(0, min(integer(arg(args, 1), len(units)), len(units) - low))
    return units[int(low) : int(low + count)]


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
    missing = length - len(value)
    if missing <= 0 or not fill:
        return value
    padding = (fill * (missing // len(fill) + 1))[:missing]
    return padding + value if before else value + padding


def item_at(value: list[Value] | str, args: list[Value]) -> Value:
    at = int(integer(arg(args, 0)))
    at = at + len(value) if at < 0 else at
    return value[at] if 0 <= at < len(value) else UNDEFINED


def _char_at(value: str, args: list[Value]) -> Value:
    units, at = value, int(integer(arg(args, 0)))
    return units[at] if 0 <= at < len(units) else ""


def _locale_compare(value: str, args: list[Value]) -> Value:
    options = cast("dict[str, Any]", arg(args, 2)) if isinstance(arg(args, 2), dict) else {}
    base = options.get("sensitivity") == "base"
    left, right = collation_key(value, base=base), collation_key(text(arg(args, 0)), base=base)
    return (left > right) - (left < right)


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
    "indexOf": lambda value, args: value.find(text(arg(args, 0)), int(max(0, integer(arg(args, 1))))),
    "lastIndexOf": lambda value, args: value.rfind(text(arg(args, 0))),
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
    "match": lambda value, args: (
        match_regex(value, arg(args, 0)) if is_regex(arg(args, 0)) else _text_match(args)
    ),
    "matchAll": lambda value, args: (
        match_all(value, arg(args, 0)) if is_regex(arg(args, 0)) else _text_match(args)
    ),
    "search": lambda value, args: (
        search_regex(value, arg(args, 0)) if is_regex(arg(args, 0)) else _text_match(args)
    ),
    "substr": _substr,
    "localeCompare": _locale_compare,
}
