"""JavaScript's methods with regular expressions as Jinja: a macro walks the table of the expression over the text."""

from __future__ import annotations

import re

from . import _ast as ast
from ._builtin_regex import HINT, thousands
from ._emit_base import Piece, Scope
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import quoted
from ._method_call import MethodCall
from ._regex import Table, compile_regex
from ._regex_parse import RegexError
from ._shapes import COUNT, LIST, NULL, TEXT, TRUTH, Shape

_MAX_CELLS = 6_000
_PARTS = re.compile(r"\$(\$|&|\d)")


def regex_of(node: ast.Expr | ast.Spread | None) -> ast.Regex | None:
    """The node as a regular expression that stands in the source."""
    return node if isinstance(node, ast.Regex) else None


class _Matches:
    """The matches of an expression in a text, as a Jinja list of `start,end` under a name."""

    def __init__(self, emitter: ExpressionEmitter, regex: ast.Regex, text: str) -> None:
        self.emitter, self.regex = emitter, regex
        self.table = _table(emitter, regex)
        self.text = emitter.bound(Piece(text, TEXT)).wrapped
        self.name = emitter.fresh()
        call = emitter.macro("_r", self.text, *_arguments(self.table))
        emitter.out.append(f"{{%-set {self.name} = {call}.split(';')[:-1] -%}}")

    def place(self, item: str) -> tuple[str, str]:
        """Names of the start and end of a match of the list."""
        low, high = self.emitter.fresh(), self.emitter.fresh()
        self.emitter.out.append(
            f"{{%-set {low} = {item}.split(',')[0] | int -%}}{{%-set {high} = {item}.split(',')[1] | int -%}}"
        )
        return low, high

    def group(self, number: int, low: str, high: str) -> str:
        """The text of a group, 0 for all of the match."""
        if number == 0:
            return f"{self.text}[{low}:{high}]"
        place = self.table.widths[number - 1]
        if place is None:
            raise self.emitter.fail(
                self.regex,
                "CK319",
                "Where this group stands cannot be told without going back.",
                "Give groups a fixed length, like (\\d{4}), except one; or split the text.",
            )
        start, end = (f"{low} + {at}" if at >= 0 else f"{high} - {-at - 1}" for at in place)
        return f"{self.text}[{start}:{end}]"

    def groups(self, low: str, high: str) -> list[str]:
        """The match and all its groups."""
        return [self.group(number, low, high) for number in range(self.table.groups + 1)]


def _table(emitter: ExpressionEmitter, regex: ast.Regex) -> Table:
    try:
        table = compile_regex(regex.pattern, "".join(sorted(regex.flags)))
    except RegexError as error:
        raise emitter.fail(
            regex, "CK319", f"A template cannot follow this regular expression: {error}.", HINT
        ) from error
    if len(table.rows) * (len(table.bounds) + 2) > _MAX_CELLS:
        raise emitter.fail(regex, "CK319", "This regular expression is too large for a template.", HINT)
    return table


def _arguments(table: Table) -> list[str]:
    bounds = "[" + ", ".join(quoted(chr(code)) for code in table.bounds) + "]"
    rows = "[" + ", ".join(f"[{', '.join(map(str, row))}]" for row in table.rows) + "]"
    words, lines = (
        "[" + ", ".join("1" if one else "0" for one in flags) + "]" for flags in (table.words, table.lines)
    )
    return [bounds, rows, f"[{', '.join(map(str, table.starts))}]", words, lines]


def test_regex(emitter: ExpressionEmitter, regex: ast.Regex, call: MethodCall) -> Piece:
    """`/…/.test(text)`."""
    matches = _Matches(emitter, regex, call.text(0))
    return Piece(f"({matches.name} | length > 0)", TRUTH)


def exec_regex(emitter: ExpressionEmitter, regex: ast.Regex, call: MethodCall) -> Piece:
    """`/…/.exec(text)`."""
    return _first(_Matches(emitter, regex, call.text(0)))


def match_regex(emitter: ExpressionEmitter, regex: ast.Regex, call: MethodCall) -> Piece:
    """`text.match(/…/)`, `matchAll` and `search`."""
    matches = _Matches(emitter, regex, emitter.as_string_receiver(call.receiver))
    if call.name == "search":
        return Piece(f"({matches.name}[0].split(',')[0] | int if {matches.name} else -1)", COUNT)
    if call.name == "match" and "g" not in regex.flags:
        return _first(matches)
    out, item = emitter.fresh(), emitter.fresh()
    emitter.out.append(f"{{%-set {out} = namespace(v=[]) -%}}{{%-for {item} in {matches.name} -%}}")
    low, high = matches.place(item)
    found = (
        matches.group(0, low, high) if call.name == "match" else f"[{', '.join(matches.groups(low, high))}]"
    )
    emitter.out.append(f"{{%-set {out}.v = {out}.v + [{found}] -%}}{{%-endfor-%}}")
    if call.name == "matchAll":
        return Piece(f"{out}.v", Shape(LIST, Shape(LIST, TEXT)))
    return Piece(f"({out}.v or none)", Shape(LIST | NULL, TEXT))


def _first(matches: _Matches) -> Piece:
    low, high = matches.place(f"({matches.name} | first | default('0,0'))")
    groups = f"[{', '.join(matches.groups(low, high))}]"
    return Piece(f"({groups} if {matches.name} else none)", Shape(LIST | NULL, TEXT))


def split_regex(emitter: ExpressionEmitter, regex: ast.Regex, call: MethodCall) -> Piece:
    """`text.split(/…/)`."""
    matches = _Matches(emitter, regex, emitter.as_string_receiver(call.receiver))
    if matches.table.groups:
        raise emitter.fail(
            regex, "CK319", "`split` cannot keep the groups of an expression.", "Write groups as (?:…)."
        )
    out, item, text = emitter.fresh(), emitter.fresh(), matches.text
    emitter.out.append(f"{{%-set {out} = namespace(v=[], at=0) -%}}{{%-for {item} in {matches.name} -%}}")
    low, high = matches.place(item)
    emitter.out.append(
        f"{{%-if {high} != {out}.at and {low} < {text} | length -%}}{{%-set {out}.v = {out}.v + [{text}[{out}.at:{low}]] -%}}"
        f"{{%-set {out}.at = {high} -%}}{{%-endif-%}}{{%-endfor-%}}"
        f"{{%-if {text} or not {matches.name} -%}}{{%-set {out}.v = {out}.v + [{text}[{out}.at:]] -%}}{{%-endif-%}}"
    )
    limit = f"[:{call.number(1)}]" if len(call.nodes) > 1 else ""
    return Piece(f"{out}.v{limit}", Shape(LIST, TEXT))


def replace_regex(emitter: ExpressionEmitter, regex: ast.Regex, call: MethodCall) -> Piece:
    """`text.replace(/…/, …)` by a text, with `$&` and `$1`, or by a function."""
    receiver = emitter.as_string_receiver(call.receiver)
    every = call.name == "replaceAll" or "g" in regex.flags
    special = thousands(regex.pattern)
    with_ = call.nodes[1] if len(call.nodes) > 1 else None
    if special is not None and every and isinstance(with_, ast.Str):
        mark = with_.value
        if special[0] == "\\d":
            mark = mark.removeprefix("$1").removeprefix("$&")
        return Piece(emitter.macro("_g", receiver, *map(quoted, (mark, *special))), TEXT)
    matches = _Matches(emitter, regex, receiver)
    out, item = emitter.fresh(), emitter.fresh()
    listed = matches.name if every else f"{matches.name}[:1]"
    held = (
        None if isinstance(with_, (ast.Arrow, ast.Str)) else emitter.bound(Piece(call.text(1), TEXT)).wrapped
    )
    emitter.out.append(f"{{%-set {out} = namespace(v='', at=0) -%}}{{%-for {item} in {listed} -%}}")
    low, high = matches.place(item)
    if held is None:
        held = _replacement(emitter, matches, call, low, high)
    emitter.out.append(
        f"{{%-set {out}.v = {out}.v ~ {matches.text}[{out}.at:{low}] ~ {held} -%}}{{%-set {out}.at = {high} -%}}{{%-endfor-%}}"
    )
    return Piece(f"({out}.v ~ {matches.text}[{out}.at:])", TEXT)


def _replacement(emitter: ExpressionEmitter, matches: _Matches, call: MethodCall, low: str, high: str) -> str:
    with_ = call.nodes[1]
    if isinstance(with_, ast.Str):
        return _written(matches, with_.value, low, high)
    arrow = call.arrow(1)
    wanted = len(arrow.params)
    groups = range(matches.table.groups + 1) if wanted > 1 else range(1)
    args = [emitter.bound(Piece(matches.group(number, low, high), TEXT)) for number in groups]
    scope = Scope(dict(emitter.scope.names), emitter.scope.present)
    body = emitter.inline(arrow, [*args, Piece(low, COUNT), Piece(matches.text, TEXT)], scope)
    with emitter.within(scope):
        return f"({emitter.as_text(emitter.expression(body))})"


def _written(matches: _Matches, text: str, low: str, high: str) -> str:
    parts: list[str] = []
    at = 0
    for found in _PARTS.finditer(text):
        kind = found[1]
        if kind.isdecimal() and not 0 < int(kind) <= matches.table.groups:
            continue
        parts.append(quoted(text[at : found.start()]))
        at = found.end()
        parts.append(
            quoted("$") if kind == "$" else matches.group(0 if kind == "&" else int(kind), low, high)
        )
    parts.append(quoted(text[at:]))
    return (
        "(" + " ~ ".join(part for part in parts if part != '""') + ")"
        if any(part != '""' for part in parts)
        else "''"
    )
