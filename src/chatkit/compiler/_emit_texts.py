"""JavaScript's methods of texts as Jinja, and those that lists have too."""

from __future__ import annotations

from collections.abc import Callable

from . import _ast as ast
from ._emit_base import Piece, either
from ._emit_expressions import ExpressionEmitter
from ._emit_order import locale_compare
from ._emit_regex import match_regex, regex_of, replace_regex, split_regex
from ._jsvalue import quoted
from ._method_call import SPACE, Maker, MethodCall
from ._shapes import (
    ANY,
    COUNT,
    LIST,
    LOST,
    NULLISH,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)


def _string(code: Callable[[str, MethodCall], str], shape: Shape = TEXT) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        receiver = emitter.as_string_receiver(call.receiver)
        return Piece(code(receiver, call), shape)

    return make


def cut(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`slice` of a text or a list: Python's slices agree with JavaScript's for whole numbers."""
    on_list = call.receiver.shape.only(LIST | NULLISH)
    source = emitter.as_list(call.receiver) if on_list else emitter.as_string_receiver(call.receiver)
    start, end = call.number(0) or "", call.number(1) or ""
    shape = Shape(LIST, call.receiver.shape.items) if on_list else TEXT
    return Piece(f"{source}[{start}:{end}]", shape)


def _substring(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    start = f"[{call.number(0) or '0'}, 0] | max"
    end = call.number(1)
    if end is None:
        return Piece(f"{source}[({start}):]", TEXT)
    low, high = emitter.fresh(), emitter.fresh()
    emitter.out.append(f"{{%-set {low} = {start} -%}}{{%-set {high} = [{end}, 0] | max -%}}")
    return Piece(f"{source}[([{low}, {high}] | min):([{low}, {high}] | max)]", TEXT)


def _character(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source, at = emitter.as_string_receiver(call.receiver), call.number(0) or "0"
    held = emitter.bound(Piece(at, COUNT)).wrapped
    return Piece(f"({source}[{held}:{held} + 1] if {held} >= 0 else '')", TEXT)


def item_at(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    on_list = call.receiver.shape.only(LIST | NULLISH)
    source = emitter.as_list(call.receiver) if on_list else emitter.as_string_receiver(call.receiver)
    held = emitter.bound(Piece(source, ANY)).wrapped
    at = emitter.bound(Piece(call.number(0) or "0", COUNT)).wrapped
    shape = (call.receiver.shape.items or ANY) if on_list else TEXT
    return Piece(f"({held}[{at}] if -({held} | length) <= {at} < {held} | length)", shape.plus(UNDEFINED))


def _split(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    mark = call.nodes[0] if call.nodes else None
    if mark is None:
        return Piece(f"[{source}]", Shape(LIST, TEXT))
    if isinstance(mark, ast.Regex):
        return split_regex(emitter, mark, call)
    limit = f"[:{call.number(1)}]" if len(call.nodes) > 1 else ""
    if isinstance(mark, ast.Str) and mark.value == "":
        return Piece(f"({source} | list){limit}", Shape(LIST, TEXT))
    return Piece(f"{source}.split({call.text(0)}){limit}", Shape(LIST, TEXT))


def _replace(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    search, with_ = [*call.nodes, None, None][:2]
    every = call.name == "replaceAll"
    if isinstance(search, ast.Regex):
        plain = _plain_pattern(search)
        if (
            plain is None
            or isinstance(with_, ast.Arrow)
            or (isinstance(with_, ast.Str) and "$" in with_.value)
        ):
            return replace_regex(emitter, search, call)
        every, needle = every or "g" in search.flags, quoted(plain)
    elif isinstance(with_, ast.Arrow):
        raise emitter.fail(
            with_, "CK319", "A function can replace what a regular expression finds only.", "/text/g"
        )
    else:
        needle = call.text(0)
    replacement = call.text(1)
    return Piece(f"{source}.replace({needle}, {replacement}{'' if every else ', 1'})", TEXT)


def _plain_pattern(node: ast.Regex) -> str | None:
    if "i" in node.flags:
        return None
    text, at = "", 0
    while at < len(node.pattern):
        char = node.pattern[at]
        if char == "\\" and at + 1 < len(node.pattern) and not node.pattern[at + 1].isalnum():
            at, char = at + 1, node.pattern[at + 1]
        elif char in "\\.*+?^${}()|[]":
            return None
        text, at = text + char, at + 1
    return text or None


def _matching(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    regex = regex_of(call.nodes[0]) if call.nodes else None
    if regex is None:
        raise emitter.fail(
            call.node, "CK319", f"`{call.name}` needs a regular expression here.", f".{call.name}(/…/)"
        )
    return match_regex(emitter, regex, call)


def _substr(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    start = emitter.bound(Piece(call.number(0) or "0", COUNT)).wrapped
    count = call.number(1)
    rest = f"{source}[{start}:]"
    return Piece(rest if count is None else f"({rest})[:([{count}, 0] | max)]", TEXT)


def _pad(before: bool) -> Maker:
    def make(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
        source = emitter.bound(Piece(emitter.as_string_receiver(call.receiver), TEXT)).wrapped
        width, fill = call.number(0) or "0", call.text(1, "' '")
        missing = f"[{width} - {source} | length, 0] | max"
        padding = f"({fill} * ({missing}))[:({missing})]"
        return Piece(f"({padding} ~ {source})" if before else f"({source} ~ {padding})", TEXT)

    return make


def includes(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    if call.receiver.shape.only(LIST | NULLISH):
        wanted = call.arg(0) or Piece("none", LOST)
        test = emitter.defined(wanted)
        return Piece(
            f"({test if test == wanted.code else f'({test})'} in {emitter.as_list(call.receiver)})", TRUTH
        )
    return Piece(f"({call.text(0)} in {emitter.as_string_receiver(call.receiver)})", TRUTH)


def index_of(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    if call.receiver.shape.only(LIST | NULLISH):
        source = emitter.bound(Piece(emitter.as_list(call.receiver), ANY)).wrapped
        wanted = emitter.bound(call.arg(0) or Piece("none", LOST)).wrapped
        return Piece(
            f"({source}.index({wanted}) if {wanted} is defined and {wanted} in {source} else -1)", COUNT
        )
    return Piece(f"{emitter.as_string_receiver(call.receiver)}.find({call.text(0)})", COUNT)


def concat(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    if call.receiver.shape.only(LIST | NULLISH):
        parts = [f"({emitter.as_list(call.receiver)} | list)"]
        items = call.receiver.shape.items or ANY
        for at in range(len(call.nodes)):
            piece = call.arg(at) or Piece("none", LOST)
            is_list = piece.shape.may(LIST)
            parts.append(f"({emitter.as_list(piece)} | list)" if is_list else f"[{emitter.defined(piece)}]")
            items = either(items, (piece.shape.items or ANY) if is_list else piece.shape)
        return Piece(f"({' + '.join(parts)})", Shape(LIST, items))
    texts = [emitter.as_string_receiver(call.receiver), *(call.text(at) for at in range(len(call.nodes)))]
    return Piece(f"({' ~ '.join(texts)})", TEXT)


STRING_TABLE: dict[str, Maker] = {
    "toUpperCase": _string(lambda source, _: f"({source} | upper)"),
    "toLowerCase": _string(lambda source, _: f"({source} | lower)"),
    "trim": _string(lambda source, _: f"{source}.strip({SPACE})"),
    "trimStart": _string(lambda source, _: f"{source}.lstrip({SPACE})"),
    "trimEnd": _string(lambda source, _: f"{source}.rstrip({SPACE})"),
    "startsWith": _string(lambda source, call: f"{source}.startswith({call.text(0)})", TRUTH),
    "endsWith": _string(lambda source, call: f"{source}.endswith({call.text(0)})", TRUTH),
    "repeat": _string(lambda source, call: f"({source} * {call.number(0) or '0'})"),
    "lastIndexOf": _string(lambda source, call: f"{source}.rfind({call.text(0)})", COUNT),
    "slice": cut,
    "substring": _substring,
    "charAt": _character,
    "at": item_at,
    "split": _split,
    "replace": _replace,
    "replaceAll": _replace,
    "padStart": _pad(True),
    "padEnd": _pad(False),
    "match": _matching,
    "matchAll": _matching,
    "search": _matching,
    "substr": _substr,
    "localeCompare": locale_compare,
    "includes": includes,
    "indexOf": index_of,
    "concat": concat,
}
