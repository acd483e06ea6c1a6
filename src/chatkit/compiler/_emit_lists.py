"""JavaScript's methods of lists as Jinja: loops written before the place that uses them."""

from __future__ import annotations

from . import _ast as ast
from ._emit_base import Piece, Scope, either
from ._emit_expressions import ExpressionEmitter, holds_elements
from ._emit_order import sort_list
from ._emit_texts import concat, cut, includes, index_of, item_at
from ._method_call import Maker, MethodCall
from ._shapes import (
    ANY,
    ANYTHING,
    BOOLEAN,
    COUNT,
    LIST,
    LOST,
    NULLISH,
    NUMBER,
    STRING,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)


class _Loop:
    """A `for` over a list with a function's body inside; writes its end when left."""

    def __init__(
        self,
        emitter: ExpressionEmitter,
        call: MethodCall,
        arrow: ast.Arrow,
        *,
        first: list[Piece] | None = None,
    ) -> None:
        self.emitter, self.arrow = emitter, arrow
        self.source = emitter.as_list(call.receiver)
        self.items = call.receiver.shape.items or ANY
        self.first = first or []
        self.scope = Scope(dict(emitter.scope.names), emitter.scope.present)
        self.item = emitter.fresh()

    def __enter__(self) -> _Loop:
        emitter = self.emitter
        emitter.out.append(f"{{%-for {self.item} in {self.source} -%}}")
        args = [*self.first, Piece(self.item, self.items)]
        if len(self.arrow.params) > len(args):
            index = emitter.fresh()
            emitter.out.append(f"{{%-set {index} = loop.index0 -%}}")
            args.append(Piece(index, COUNT))
        if len(self.arrow.params) > len(args):
            args.append(Piece(self.source, Shape(LIST, self.items)))
        self.body = emitter.inline(self.arrow, args, self.scope)
        return self

    def value(self) -> Piece:
        with self.emitter.within(self.scope):
            return self.emitter.expression(self.body)

    def test(self) -> str:
        with self.emitter.within(self.scope):
            return self.emitter.test(self.body)[0]

    def __exit__(self, *_: object) -> None:
        self.emitter.out.append("{%-endfor-%}")


def collect(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`map` and `flatMap` into a list."""
    arrow = call.arrow()
    if holds_elements(arrow.body):
        raise emitter.fail(call.node, "CK314", "A list of elements can only be drawn between tags.")
    name = emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace(v=[]) -%}}")
    with _Loop(emitter, call, arrow) as loop:
        value = loop.value()
        flat = call.name == "flatMap" and value.shape.may(LIST)
        added = f"({emitter.as_list(value)} | list)" if flat else f"[{emitter.defined(value)}]"
        emitter.out.append(f"{{%-set {name}.v = {name}.v + {added} -%}}")
    return Piece(f"{name}.v", Shape(LIST, (value.shape.items or ANY) if flat else value.shape))


def _keep(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`filter`."""
    name = emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace(v=[]) -%}}")
    with _Loop(emitter, call, call.arrow()) as loop:
        emitter.out.append(
            f"{{%-if {loop.test()} -%}}{{%-set {name}.v = {name}.v + [{loop.item}] -%}}{{%-endif-%}}"
        )
    return Piece(f"{name}.v", Shape(LIST, loop.items))


def _find(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`find` and `findIndex`: the first that passes."""
    name, wants_index = emitter.fresh(), call.name == "findIndex"
    emitter.out.append(f"{{%-set {name} = namespace(f=false{', v=-1' if wants_index else ''}) -%}}")
    with _Loop(emitter, call, call.arrow()) as loop:
        test = loop.test()
        found = "loop.index0" if wants_index else loop.item
        emitter.out.append(
            f"{{%-if not {name}.f and {test} -%}}{{%-set {name}.f = true -%}}{{%-set {name}.v = {found} -%}}{{%-endif-%}}"
        )
    return Piece(f"{name}.v", COUNT if wants_index else loop.items.plus(UNDEFINED))


def _find_last(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`findLast`: the last that passes."""
    name = emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace() -%}}")
    with _Loop(emitter, call, call.arrow()) as loop:
        emitter.out.append(f"{{%-if {loop.test()} -%}}{{%-set {name}.v = {loop.item} -%}}{{%-endif-%}}")
    return Piece(f"{name}.v", loop.items.plus(UNDEFINED))


def _quantify(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`some` and `every`."""
    some, name = call.name == "some", emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace(v={'false' if some else 'true'}) -%}}")
    with _Loop(emitter, call, call.arrow()) as loop:
        test = loop.test()
        condition = test if some else f"not {test}"
        emitter.out.append(
            f"{{%-if {condition} -%}}{{%-set {name}.v = {'true' if some else 'false'} -%}}{{%-endif-%}}"
        )
    return Piece(f"{name}.v", TRUTH)


def _reduce(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    start = call.arg(1)
    if start is None:
        # JavaScript begins with the first item; an empty list, at which it throws, draws nothing here.
        held = emitter.bound(Piece(emitter.as_list(call.receiver), ANY)).wrapped
        items = call.receiver.shape.items or ANY
        start = Piece(f"({held} | first)", items)
        call = MethodCall(
            emitter, call.node, call.name, Piece(f"{held}[1:]", call.receiver.shape), call.nodes
        )
        if len(call.arrow().params) > 2:
            raise emitter.fail(
                call.node, "CK316", "`reduce` needs a start value.", ".reduce((sum, item) => sum + item, 0)"
            )
    name = emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace(v={start.code}) -%}}")
    held = start.shape if start.shape.only(STRING | NUMBER | BOOLEAN) else Shape(ANYTHING)
    with _Loop(emitter, call, call.arrow(), first=[Piece(f"{name}.v", held)]) as loop:
        value = loop.value()
        emitter.out.append(f"{{%-set {name}.v = {value.code} -%}}")
    return Piece(f"{name}.v", either(held, value.shape))


def _join(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    source, items = emitter.as_list(call.receiver), call.receiver.shape.items or ANY
    mark = call.text(0, "','")
    if items.kinds == STRING:
        return Piece(f"({source} | join({mark}))", TEXT)
    name, item = emitter.fresh(), emitter.fresh()
    text = emitter.as_text(Piece(item, items.without(NULLISH)))
    shown = f"({text} if {item} is defined and {item} is not none else '')" if items.may(NULLISH) else text
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {source} -%}}{{%-set {name}.v = {name}.v + [{shown}] -%}}{{%-endfor-%}}"
    )
    return Piece(f"({name}.v | join({mark}))", TEXT)


def _flat(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    items = call.receiver.shape.items or ANY
    name, item = emitter.fresh(), emitter.fresh()
    added = f"({item} | list if {item} is iterable and {item} is not string and {item} is not mapping else [{item}])"
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {emitter.as_list(call.receiver)} -%}}"
        f"{{%-set {name}.v = {name}.v + {added} -%}}{{%-endfor-%}}"
    )
    return Piece(f"{name}.v", Shape(LIST, (items.items or ANY) if items.only(LIST) else ANY))


def _reversed(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    return Piece(
        f"({emitter.as_list(call.receiver)} | reverse | list)", Shape(LIST, call.receiver.shape.items)
    )


def _fill(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`fill(value)` of a whole list."""
    if len(call.nodes) > 1:
        raise emitter.fail(call.node, "CK316", "`fill` takes one value here.")
    value = call.arg(0) or Piece("none", LOST)
    held = emitter.bound(Piece(emitter.defined(value), value.shape)).wrapped
    return Piece(f"([{held}] * ({emitter.as_list(call.receiver)} | length))", Shape(LIST, value.shape))


def _places(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`keys` and `entries`."""
    source = emitter.bound(Piece(emitter.as_list(call.receiver), ANY)).wrapped
    counted = f"range({source} | length) | list"
    if call.name == "keys":
        return Piece(f"({counted})", Shape(LIST, COUNT))
    name, at = emitter.fresh(), emitter.fresh()
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {at} in {counted} -%}}{{%-set {name}.v = {name}.v + [[{at}, {source}[{at}]]] -%}}{{%-endfor-%}}"
    )
    items = call.receiver.shape.items or ANY
    return Piece(f"{name}.v", Shape(LIST, Shape(LIST, either(COUNT, items))))


def unique(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """The items of `new Set(list)`."""
    piece = call.arg(0) or Piece("[]", Shape(LIST))
    items = piece.shape.items or ANY
    if not items.only(STRING | NUMBER | BOOLEAN):
        raise emitter.fail(
            call.node,
            "CK318",
            "A set of objects keeps all of them, and what these items are is not known.",
            "Use a set of texts or numbers, and say so in the schema.",
        )
    name, item = emitter.fresh(), emitter.fresh()
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {emitter.as_list(piece)} -%}}"
        f"{{%-if {item} not in {name}.v -%}}{{%-set {name}.v = {name}.v + [{item}] -%}}{{%-endif-%}}{{%-endfor-%}}"
    )
    return Piece(f"{name}.v", Shape(LIST, items))


LIST_TABLE: dict[str, Maker] = {
    "map": collect,
    "flatMap": collect,
    "filter": _keep,
    "find": _find,
    "findIndex": _find,
    "findLast": _find_last,
    "fill": _fill,
    "keys": _places,
    "entries": _places,
    "some": _quantify,
    "every": _quantify,
    "reduce": _reduce,
    "join": _join,
    "flat": _flat,
    "slice": cut,
    "at": item_at,
    "includes": includes,
    "indexOf": index_of,
    "concat": concat,
    "reverse": _reversed,
    "toReversed": _reversed,
    "sort": sort_list,
    "toSorted": sort_list,
}
