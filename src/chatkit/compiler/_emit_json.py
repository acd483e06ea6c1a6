"""`JSON.stringify` and `Object.fromEntries` as Jinja."""

from __future__ import annotations

from ._emit_base import Piece
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted
from ._method_call import MethodCall
from ._shapes import ANY, LIST, LOST, OBJECT, TEXT, UNDEFINED, Shape


def stringify(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`JSON.stringify(value, null, 2)`."""
    replacer = None if len(call.nodes) > 1 and type(call.nodes[1]).__name__ == "Null" else call.constant(1)
    if replacer not in (None, ABSENT):
        raise emitter.fail(
            call.node,
            "CK317",
            "`JSON.stringify` takes null as its second value.",
            "JSON.stringify(x, null, 2)",
        )
    indent = call.constant(2)
    gap = " " * min(10, int(indent)) if isinstance(indent, (int, float)) else indent
    if not isinstance(gap, str):
        gap = ""
    piece = call.arg(0) or Piece("none", LOST)
    held = emitter.bound(piece)
    text = emitter.macro("_j", emitter.defined(held), quoted(gap), quoted("\n" if gap else ""))
    if not piece.shape.may(UNDEFINED):
        return Piece(text, TEXT)
    return Piece(f"({text} if {held.wrapped} is defined)", TEXT.plus(UNDEFINED))


def from_entries(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`Object.fromEntries(pairs)`."""
    pairs = call.arg(0) or Piece("[]", Shape(LIST))
    out, pair = emitter.fresh(), emitter.fresh()
    inner = (pairs.shape.items or ANY).items or ANY
    key = emitter.as_text(Piece(f"{pair}[0]", inner))
    emitter.out.append(
        f"{{%-set {out} = namespace(v={{}}) -%}}{{%-for {pair} in {emitter.as_list(pairs)} -%}}"
        f"{{%-set {out}.v = dict({out}.v, **{{{key}: {pair}[1]}}) -%}}{{%-endfor-%}}"
    )
    return Piece(f"{out}.v", Shape(OBJECT, None, {}, inner.plus(UNDEFINED)))
