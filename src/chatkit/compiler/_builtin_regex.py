"""JavaScript's methods with regular expressions, by our own tables: no expression can make them slow."""

from __future__ import annotations

import re
from typing import Any, cast

from ._jsvalue import UNDEFINED, Function, Value, text, to_number
from ._regex import Table, compile_regex, first, group_cut, spans
from ._regex_parse import RegexError
from ._throw import Thrown

HINT = "Use includes, startsWith, split or replaceAll with text."
_REPLACEMENT = re.compile(r"\$(\$|&|\d)")
_THOUSANDS = re.compile(
    r"(?:(?P<inner>\\B)|(?P<digit>\(?\\d\)?))\(\?=\((?:\?:)?\\d\{3\}\)\+(?P<end>\(\?!\\d\)|\$|\\\.|\(\?=\\\.\|\$\))\)$"
)


def is_regex(value: Value) -> bool:
    """Whether a value of the evaluator is a regular expression."""
    return isinstance(value, dict) and "/" in value


def table_of(value: Value) -> Table:
    """The table of an expression; where it cannot be followed JavaScript's user is told why."""
    known = cast("dict[str, Any]", value)
    try:
        return compile_regex(str(known["source"]), "".join(sorted(str(known["flags"]))))
    except RegexError as error:
        raise Thrown(f"This regular expression cannot be used: {error}.", HINT) from error


def is_global(value: Value) -> bool:
    """Whether an expression has the flag `g`."""
    return "g" in str(cast("dict[str, Any]", value)["flags"])


def thousands(source: str) -> tuple[str, str] | None:
    """What `\\B(?=(\\d{3})+(?!\\d))` and its like do: group digits. Gives head and end, None for other expressions."""
    found = _THOUSANDS.match(source)
    return None if found is None else ("\\B" if found["inner"] else "\\d", found["end"])


def grouped(value: str, mark: str, head: str, end: str) -> str:
    """Digits in groups of three: `mark` before each group that has something of the number before it."""
    out: list[str] = []
    run, ends = 0, False
    for at in range(len(value) - 1, -1, -1):
        char = value[at]
        digit = char in "0123456789"
        wordy = digit or (head == "\\B" and char.isascii() and (char.isalpha() or char == "_"))
        if run and run % 3 == 0 and ends and wordy:
            out.append(mark)
        if digit and not run:
            following = value[at + 1 : at + 2]
            ends = end == "(?!\\d)" or (not following and "$" in end) or (following == "." and "." in end)
        run = run + 1 if digit else 0
        out.append(char)
    return "".join(reversed(out))


def replace_regex(value: str, pattern: Value, replacement: Value, *, every: bool) -> str:
    """`replace` and `replaceAll` with an expression."""
    known = cast("dict[str, Any]", pattern)
    special = thousands(str(known["source"]))
    if special is not None and is_global(pattern) and not isinstance(replacement, Function):
        mark = text(replacement)
        return grouped(
            value, mark.removeprefix("$1").removeprefix("$&") if special[0] == "\\d" else mark, *special
        )
    table = table_of(pattern)
    out: list[str] = []
    at = 0
    for start, end in spans(table, value):
        out += [value[at:start], _replaced(table, replacement, value, start, end)]
        at = end
        if not every and not is_global(pattern):
            break
    return "".join([*out, value[at:]])


def groups_of(table: Table, value: str, start: int, end: int) -> list[str]:
    """The groups of a match."""
    out: list[str] = []
    for place in table.widths:
        if place is None:
            raise Thrown(
                "Where this group stands cannot be told without going back.",
                "Give groups a fixed length, like (\\d{4}), except one; or split the text.",
            )
        low, high = group_cut(place, start, end)
        out.append(value[low:high])
    return out


def _replaced(table: Table, replacement: Value, value: str, start: int, end: int) -> str:
    if isinstance(replacement, Function):
        groups = groups_of(table, value, start, end) if _all_placed(table) else []
        return text(replacement.call([value[start:end], *groups, start, value]))
    written = text(replacement)
    if "$" not in written:
        return written

    def part(found: re.Match[str]) -> str:
        kind = found[1]
        if kind == "$":
            return "$"
        if kind in "&0":
            return value[start:end] if kind == "&" else found[0]
        return groups_of(table, value, start, end)[int(kind) - 1] if int(kind) <= table.groups else found[0]

    return _REPLACEMENT.sub(part, written)


def _all_placed(table: Table) -> bool:
    return None not in table.widths


def split_regex(value: str, pattern: Value, limit: Value) -> list[Value]:
    """`split` at an expression without groups."""
    table = table_of(pattern)
    if table.groups:
        raise Thrown("`split` cannot keep the groups of an expression.", "Write groups as (?:…).")
    if not value:
        return [] if first(table, value) is not None else [""]
    out: list[Value] = []
    at = 0
    for start, end in spans(table, value):
        if end != at and start < len(value):
            out.append(value[at:start])
            at = end
    out.append(value[at:])
    return out if limit is UNDEFINED else out[: int(to_number(limit))]


def match_regex(value: str, pattern: Value) -> Value:
    """`match`: all matches with the flag g, else the first with its groups; null for none."""
    table = table_of(pattern)
    if is_global(pattern):
        return [value[low:high] for low, high in spans(table, value)] or None
    found = first(table, value)
    return None if found is None else [value[found[0] : found[1]], *groups_of(table, value, *found)]


def match_all(value: str, pattern: Value) -> Value:
    """`matchAll`: each match with its groups."""
    table = table_of(pattern)
    return [[value[low:high], *groups_of(table, value, low, high)] for low, high in spans(table, value)]


def search_regex(value: str, pattern: Value) -> int:
    """`search`: where the first match begins, -1 for none."""
    found = first(table_of(pattern), value)
    return -1 if found is None else found[0]
