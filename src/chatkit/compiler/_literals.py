"""Reading JavaScript literals: strings, numbers, JSX text and its character references."""

from __future__ import annotations

import html
import re
from typing import Any, cast

_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]{1,8}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SURROGATE = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """The text with every lone half of a surrogate pair replaced, so that it can be written as UTF-8."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def well_formed_value(value: Any) -> Any:
    """A JSON value whose texts can all be written as UTF-8; the value itself when they can."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list):
        return [well_formed_value(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {
            well_formed(key): well_formed_value(item) for key, item in cast("dict[str, Any]", value).items()
        }
    return value


def decode_string(body: str) -> str:
    """The value of a string literal or template chunk, given what stands between its quotes."""
    if "\\" not in body:
        return body.replace("\r\n", "\n")
    return well_formed(_ESCAPE.sub(_unescape, body.replace("\r\n", "\n")))


def _unescape(match: re.Match[str]) -> str:
    found = match[1]
    if found[0] in "ux" and len(found) > 1:
        code = int(found[1:].strip("{}"), 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    if found in {"\n", "\r\n", "\u2028", "\u2029"}:
        return ""
    return _SIMPLE.get(found, found)


def decode_number(raw: str) -> float | int | None:
    """The value of a number literal, or None for what JavaScript would not take as a plain number."""
    text = raw.replace("_", "").lower()
    for prefix, base in (("0x", 16), ("0o", 8), ("0b", 2)):
        if text.startswith(prefix):
            return _whole(text[2:], base)
    if text.endswith("n"):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _whole(digits: str, base: int) -> int | None:
    try:
        return int(digits, base)
    except ValueError:
        return None


def decode_entities(text: str) -> str:
    """JSX text or attribute text with `&amp;`, `&#39;` and the like replaced; unknown names stay as they are."""
    if "&" not in text:
        return text
    return well_formed(_ENTITY.sub(lambda match: html.unescape(match[0]), text))


def jsx_text(raw: str) -> str:
    """Text between tags after JSX's rules: lines trimmed, empty lines dropped, the rest joined by a space."""
    if "\n" not in raw and "\r" not in raw:
        return decode_entities(raw.replace("\t", " "))
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        line = line if number == 0 else line.lstrip(" ")
        line = line if number == len(lines) - 1 else line.rstrip(" ")
        if line:
            kept.append(line)
    return decode_entities(" ".join(kept))
