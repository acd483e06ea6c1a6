"""JavaScript's built-ins as Jinja: what `_builtins` does at once, written out for the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from . import _ast as ast
from ._builtins import GLOBALS, LIST_METHODS, NUMBER_METHODS, STRING_METHODS
from ._dates import DATE_METHODS, DATE_OPTIONS, MONTHS, WEEKDAYS, DateStyle
from ._diagnostics import did_you_mean
from ._emit_base import Deferred, Piece, Scope, either
from ._emit_expressions import ExpressionEmitter, holds_elements, in_chain
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted
from ._numbers import NumberStyle
from ._shapes import (
    ANY,
    ANYTHING,
    BOOLEAN,
    COUNT,
    DATE,
    LIST,
    LOST,
    NAN,
    NULLISH,
    NUMBER,
    OBJECT,
    STRING,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)
from ._throw import Thrown

Args = list[ast.Expr]
_Maker = Callable[[ExpressionEmitter, "_Call"], Piece]
_SPACE = quoted(
    " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class _Call:
    """A method call while it is translated: its receiver and its arguments."""

    def __init__(
        self, emitter: ExpressionEmitter, node: ast.Call | ast.New, name: str, receiver: Piece, args: Args
    ) -> None:
        self.emitter, self.node, self.name, self.receiver, self.nodes = emitter, node, name, receiver, args

    def arg(self, at: int) -> Piece | None:
        """An argument as a piece, None when it is not given."""
        return self.emitter.expression(self.nodes[at]) if at < len(self.nodes) else None

    def text(self, at: int, default: str = "'undefined'") -> str:
        """An argument as a text."""
        piece = self.arg(at)
        return default if piece is None else self.emitter.as_text(piece)

    def number(self, at: int) -> str | None:
        """An argument as a whole number."""
        piece = self.arg(at)
        if piece is None:
            return None
        node = self.nodes[at]
        if isinstance(node, ast.Num) or (isinstance(node, ast.Unary) and isinstance(node.value, ast.Num)):
            return piece.code
        return f"({self.emitter.as_number(piece).wrapped} | int)"

    def constant(self, at: int) -> object:
        """An argument that must be known while compiling."""
        if at >= len(self.nodes):
            return ABSENT
        return _constant(self.emitter, self.nodes[at], self.name)

    def arrow(self, at: int = 0) -> ast.Arrow:
        """An argument that is a function."""
        node = self.nodes[at] if at < len(self.nodes) else None
        if isinstance(node, ast.Arrow):
            return node
        if isinstance(node, ast.Name):
            held = self.emitter.scope.names.get(node.id)
            if isinstance(held, Deferred) and isinstance(held.node, ast.Arrow):
                return held.node
            if node.id in {"Boolean", "String", "Number"}:
                param = ast.NamePattern(node.span, "x")
                call = ast.Call(node.span, node, [ast.Name(node.span, "x")], False)
                return ast.Arrow(node.span, [ast.Param(node.span, param, None)], call)
        raise self.emitter.fail(
            node or self.node, "CK316", f"`{self.name}` needs a function here.", "(item) => …"
        )


def _constant(emitter: ExpressionEmitter, node: ast.Expr, name: str) -> object:
    if isinstance(node, (ast.Str, ast.Num, ast.Bool)):
        return node.value
    if isinstance(node, ast.Undefined):
        return ABSENT
    if isinstance(node, ast.Object) and all(
        isinstance(prop, ast.Prop) and isinstance(prop.key, str) for prop in node.props
    ):
        props = cast("list[ast.Prop]", node.props)
        return {cast(str, prop.key): _constant(emitter, prop.value, name) for prop in props}
    raise emitter.fail(
        node,
        "CK317",
        f"This option of `{name}` must be written out.",
        "A template cannot choose formats while it runs.",
    )


def emit_call(emitter: ExpressionEmitter, node: ast.Call) -> Piece:
    """Translate a call."""
    args = _plain_arguments(emitter, node)
    callee = node.callee
    if isinstance(callee, ast.Name):
        held = emitter.scope.names.get(callee.id)
        if isinstance(held, Deferred) and isinstance(held.node, ast.Arrow):
            return _apply_constant(emitter, held, args)
        return _global(emitter, node, callee.id, args)
    if not isinstance(callee, ast.Member):
        raise emitter.fail(node, "CK318", "This cannot be called in a view.")
    base = callee.object
    if (
        isinstance(base, ast.Name)
        and f"{base.id}.{callee.name}" in GLOBALS
        and base.id not in emitter.scope.names
    ):
        return _global(emitter, node, f"{base.id}.{callee.name}", args)
    if isinstance(base, ast.Name) and base.id in {"Math", "Object", "Array", "JSON"}:
        raise emitter.fail(
            node,
            "CK318",
            f"`{base.id}.{callee.name}` is not supported.",
            did_you_mean(f"{base.id}.{callee.name}", GLOBALS),
        )
    if isinstance(base, ast.New) and callee.name == "format":
        return _number_format(emitter, node, base, args)
    return _method(emitter, node, callee, args)


def _plain_arguments(emitter: ExpressionEmitter, node: ast.Call | ast.New) -> Args:
    spread = next((arg for arg in node.args if isinstance(arg, ast.Spread)), None)
    if spread is not None:
        extreme = (
            isinstance(node.callee, ast.Member) and node.callee.name in {"max", "min"} and len(node.args) == 1
        )
        if not extreme:
            raise emitter.fail(spread, "CK318", "A call cannot take a spread here.")
    return [arg.value if isinstance(arg, ast.Spread) else arg for arg in node.args]


def _apply_constant(emitter: ExpressionEmitter, held: Deferred, args: Args) -> Piece:
    arrow = cast("ast.Arrow", held.node)
    pieces = [emitter.bound(emitter.expression(arg)) for arg in args]
    with emitter.within(Scope(dict(held.scope.names), emitter.scope.present)):
        return emitter.applied(arrow, pieces)


def _method(emitter: ExpressionEmitter, node: ast.Call, callee: ast.Member, args: Args) -> Piece:
    receiver = emitter.expression(callee.object)
    optional = in_chain(callee) and receiver.shape.may(NULLISH)
    if optional:
        receiver = emitter.bound(receiver)
    made = _on_kind(
        emitter,
        node,
        callee,
        Piece(receiver.code, receiver.shape.without(NULLISH)) if optional else receiver,
        args,
    )
    if not optional:
        return made
    return Piece(f"({made.wrapped} if {emitter.there(receiver)})", made.shape.plus(UNDEFINED))


def _on_kind(
    emitter: ExpressionEmitter, node: ast.Call, callee: ast.Member, receiver: Piece, args: Args
) -> Piece:
    name, shape = callee.name, receiver.shape
    tables = [(kind, table[name]) for kind, table in _TABLES if shape.may(kind) and name in table]
    if name == "toString" and not args:
        return Piece(emitter.as_text(receiver), TEXT)
    if not tables:
        raise emitter.fail(callee, "CK318", *_unknown_method(callee, shape))
    if len(tables) == 1:
        return tables[0][1](emitter, _Call(emitter, node, name, receiver, args))
    held = emitter.bound(receiver)
    first, second = (
        maker(emitter, _Call(emitter, node, name, Piece(held.code, _narrowed(held.shape, kind)), args))
        for kind, maker in tables[:2]
    )
    test = _KIND_TESTS[tables[0][0]].format(held.wrapped)
    return Piece(f"({first.wrapped} if {test} else {second.wrapped})", either(first.shape, second.shape))


def _narrowed(shape: Shape, kind: int) -> Shape:
    return Shape(kind, shape.items, shape.keys, shape.rest)


_KIND_TESTS = {STRING: "{} is string", LIST: "{} is sequence", NUMBER: "{} is number"}


def _unknown_method(callee: ast.Member, shape: Shape) -> tuple[str, str | None]:
    known = {**STRING_TABLE, **LIST_TABLE, **NUMBER_TABLE, **DATE_TABLE}
    if callee.name in known:
        what = {STRING: "text", LIST: "list", NUMBER: "number", OBJECT: "object", BOOLEAN: "truth value"}
        kinds = [word for kind, word in what.items() if shape.may(kind)]
        return f"`{callee.name}` does not exist on a {' or '.join(kinds) or 'missing value'}.", None
    if callee.name in {**STRING_METHODS, **LIST_METHODS, **NUMBER_METHODS, **DATE_METHODS}:
        return (
            f"`{callee.name}` cannot be written as a template.",
            "Compute it on the server and put it into the data.",
        )
    return f"`{callee.name}` is not a method known here.", did_you_mean(callee.name, known)


# ---- texts -----------------------------------------------------------------------------------


def _string(code: Callable[[str, _Call], str], shape: Shape = TEXT) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        receiver = emitter.as_string_receiver(call.receiver)
        return Piece(code(receiver, call), shape)

    return make


def _cut(emitter: ExpressionEmitter, call: _Call) -> Piece:
    """`slice` of a text or a list: Python's slices agree with JavaScript's for whole numbers."""
    on_list = call.receiver.shape.only(LIST | NULLISH)
    source = emitter.as_list(call.receiver) if on_list else emitter.as_string_receiver(call.receiver)
    start, end = call.number(0) or "", call.number(1) or ""
    shape = Shape(LIST, call.receiver.shape.items) if on_list else TEXT
    return Piece(f"{source}[{start}:{end}]", shape)


def _substring(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    start = f"[{call.number(0) or '0'}, 0] | max"
    end = call.number(1)
    if end is None:
        return Piece(f"{source}[({start}):]", TEXT)
    low, high = emitter.fresh(), emitter.fresh()
    emitter.out.append(f"{{%-set {low} = {start} -%}}{{%-set {high} = [{end}, 0] | max -%}}")
    return Piece(f"{source}[([{low}, {high}] | min):([{low}, {high}] | max)]", TEXT)


def _character(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source, at = emitter.as_string_receiver(call.receiver), call.number(0) or "0"
    held = emitter.bound(Piece(at, COUNT)).wrapped
    return Piece(f"({source}[{held}:{held} + 1] if {held} >= 0 else '')", TEXT)


def _at(emitter: ExpressionEmitter, call: _Call) -> Piece:
    on_list = call.receiver.shape.only(LIST | NULLISH)
    source = emitter.as_list(call.receiver) if on_list else emitter.as_string_receiver(call.receiver)
    held = emitter.bound(Piece(source, ANY)).wrapped
    at = emitter.bound(Piece(call.number(0) or "0", COUNT)).wrapped
    shape = (call.receiver.shape.items or ANY) if on_list else TEXT
    return Piece(f"({held}[{at}] if -({held} | length) <= {at} < {held} | length)", shape.plus(UNDEFINED))


def _split(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    mark = call.nodes[0] if call.nodes else None
    if mark is None:
        return Piece(f"[{source}]", Shape(LIST, TEXT))
    if isinstance(mark, ast.Regex):
        raise emitter.fail(mark, "CK319", "A template has no regular expressions.", "Split at a text.")
    limit = f"[:{call.number(1)}]" if len(call.nodes) > 1 else ""
    if isinstance(mark, ast.Str) and mark.value == "":
        return Piece(f"({source} | list){limit}", Shape(LIST, TEXT))
    return Piece(f"{source}.split({call.text(0)}){limit}", Shape(LIST, TEXT))


def _replace(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source = emitter.as_string_receiver(call.receiver)
    search, with_ = [*call.nodes, None, None][:2]
    every = call.name == "replaceAll"
    if isinstance(with_, ast.Arrow):
        raise emitter.fail(with_, "CK319", "A template cannot replace by a function.")
    if isinstance(search, ast.Regex):
        plain = _plain_pattern(search)
        if plain is None:
            raise emitter.fail(search, "CK319", "A template has no regular expressions.", "Replace a text.")
        every, needle = every or "g" in search.flags, quoted(plain)
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


def _pad(before: bool) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        source = emitter.bound(Piece(emitter.as_string_receiver(call.receiver), TEXT)).wrapped
        width, fill = call.number(0) or "0", call.text(1, "' '")
        missing = f"[{width} - {source} | length, 0] | max"
        padding = f"({fill} * ({missing}))[:({missing})]"
        return Piece(f"({padding} ~ {source})" if before else f"({source} ~ {padding})", TEXT)

    return make


def _includes(emitter: ExpressionEmitter, call: _Call) -> Piece:
    if call.receiver.shape.only(LIST | NULLISH):
        wanted = call.arg(0) or Piece("none", LOST)
        test = emitter.defined(wanted)
        return Piece(
            f"({test if test == wanted.code else f'({test})'} in {emitter.as_list(call.receiver)})", TRUTH
        )
    return Piece(f"({call.text(0)} in {emitter.as_string_receiver(call.receiver)})", TRUTH)


def _index_of(emitter: ExpressionEmitter, call: _Call) -> Piece:
    if call.receiver.shape.only(LIST | NULLISH):
        source = emitter.bound(Piece(emitter.as_list(call.receiver), ANY)).wrapped
        wanted = emitter.bound(call.arg(0) or Piece("none", LOST)).wrapped
        return Piece(
            f"({source}.index({wanted}) if {wanted} is defined and {wanted} in {source} else -1)", COUNT
        )
    return Piece(f"{emitter.as_string_receiver(call.receiver)}.find({call.text(0)})", COUNT)


def _concat(emitter: ExpressionEmitter, call: _Call) -> Piece:
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


STRING_TABLE: dict[str, _Maker] = {
    "toUpperCase": _string(lambda source, _: f"({source} | upper)"),
    "toLowerCase": _string(lambda source, _: f"({source} | lower)"),
    "trim": _string(lambda source, _: f"{source}.strip({_SPACE})"),
    "trimStart": _string(lambda source, _: f"{source}.lstrip({_SPACE})"),
    "trimEnd": _string(lambda source, _: f"{source}.rstrip({_SPACE})"),
    "startsWith": _string(lambda source, call: f"{source}.startswith({call.text(0)})", TRUTH),
    "endsWith": _string(lambda source, call: f"{source}.endswith({call.text(0)})", TRUTH),
    "repeat": _string(lambda source, call: f"({source} * {call.number(0) or '0'})"),
    "lastIndexOf": _string(lambda source, call: f"{source}.rfind({call.text(0)})", COUNT),
    "slice": _cut,
    "substring": _substring,
    "charAt": _character,
    "at": _at,
    "split": _split,
    "replace": _replace,
    "replaceAll": _replace,
    "padStart": _pad(True),
    "padEnd": _pad(False),
    "includes": _includes,
    "indexOf": _index_of,
    "concat": _concat,
}


# ---- lists -----------------------------------------------------------------------------------


class _Loop:
    """A `for` over a list with a function's body inside; writes its end when left."""

    def __init__(
        self, emitter: ExpressionEmitter, call: _Call, arrow: ast.Arrow, *, first: list[Piece] | None = None
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


def _collect(emitter: ExpressionEmitter, call: _Call) -> Piece:
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


def _keep(emitter: ExpressionEmitter, call: _Call) -> Piece:
    """`filter`."""
    name = emitter.fresh()
    emitter.out.append(f"{{%-set {name} = namespace(v=[]) -%}}")
    with _Loop(emitter, call, call.arrow()) as loop:
        emitter.out.append(
            f"{{%-if {loop.test()} -%}}{{%-set {name}.v = {name}.v + [{loop.item}] -%}}{{%-endif-%}}"
        )
    return Piece(f"{name}.v", Shape(LIST, loop.items))


def _find(emitter: ExpressionEmitter, call: _Call) -> Piece:
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


def _quantify(emitter: ExpressionEmitter, call: _Call) -> Piece:
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


def _reduce(emitter: ExpressionEmitter, call: _Call) -> Piece:
    start = call.arg(1)
    if start is None:
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


def _join(emitter: ExpressionEmitter, call: _Call) -> Piece:
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


def _flat(emitter: ExpressionEmitter, call: _Call) -> Piece:
    items = call.receiver.shape.items or ANY
    name, item = emitter.fresh(), emitter.fresh()
    added = f"({item} | list if {item} is iterable and {item} is not string and {item} is not mapping else [{item}])"
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {emitter.as_list(call.receiver)} -%}}"
        f"{{%-set {name}.v = {name}.v + {added} -%}}{{%-endfor-%}}"
    )
    return Piece(f"{name}.v", Shape(LIST, (items.items or ANY) if items.only(LIST) else ANY))


def _reversed(emitter: ExpressionEmitter, call: _Call) -> Piece:
    return Piece(
        f"({emitter.as_list(call.receiver)} | reverse | list)", Shape(LIST, call.receiver.shape.items)
    )


def _sort(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source, items = emitter.as_list(call.receiver), call.receiver.shape.items or ANY
    shape = Shape(LIST, items)
    if not call.nodes:
        if not items.only(STRING):
            raise emitter.fail(
                call.node,
                "CK321",
                "`sort` without a function orders by text, 10 before 9.",
                ".sort((a, b) => a - b)",
            )
        return Piece(f"({source} | sort(case_sensitive=true))", shape)
    order = _order_of(call.arrow())
    if order is None:
        raise emitter.fail(
            call.node,
            "CK321",
            "Only simple orders can be written as a template.",
            "(a, b) => a.key - b.key, or a.key.localeCompare(b.key); or sort on the server.",
        )
    path, reverse, textual = order
    options = [f"attribute={quoted(path)}"] if path else []
    options += ["reverse=true"] if reverse else []
    options += [] if textual else ["case_sensitive=true"]
    return Piece(f"({source} | sort({', '.join(options)}))", shape)


def _order_of(arrow: ast.Arrow) -> tuple[str, bool, bool] | None:
    """The key, direction and kind of `(a, b) => a.key - b.key` and `a.key.localeCompare(b.key)`."""
    names = [param.pattern.id for param in arrow.params if isinstance(param.pattern, ast.NamePattern)]
    body = arrow.body
    if len(names) != 2:
        return None
    if isinstance(body, ast.Binary) and body.op == "-":
        left, right, textual = body.left, body.right, False
    elif (
        isinstance(body, ast.Call)
        and isinstance(body.callee, ast.Member)
        and body.callee.name == "localeCompare"
        and body.args
    ):
        left, right, textual = body.callee.object, body.args[0], True
    else:
        return None
    first, second = _key_path(left), _key_path(right)
    if first is None or second is None or first[1] != second[1] or {first[0], second[0]} != set(names):
        return None
    return first[1], first[0] == names[1], textual


def _key_path(node: ast.Expr | ast.Spread) -> tuple[str, str] | None:
    parts: list[str] = []
    while isinstance(node, ast.Member):
        parts.insert(0, node.name)
        node = node.object
    return (node.id, ".".join(parts)) if isinstance(node, ast.Name) else None


LIST_TABLE: dict[str, _Maker] = {
    "map": _collect,
    "flatMap": _collect,
    "filter": _keep,
    "find": _find,
    "findIndex": _find,
    "some": _quantify,
    "every": _quantify,
    "reduce": _reduce,
    "join": _join,
    "flat": _flat,
    "slice": _cut,
    "at": _at,
    "includes": _includes,
    "indexOf": _index_of,
    "concat": _concat,
    "reverse": _reversed,
    "toReversed": _reversed,
    "sort": _sort,
    "toSorted": _sort,
}


# ---- numbers and dates -----------------------------------------------------------------------


def _to_fixed(emitter: ExpressionEmitter, call: _Call) -> Piece:
    digits = call.constant(0)
    count = 0 if digits is ABSENT else digits
    if not isinstance(count, int) or not 0 <= count <= 20:
        raise emitter.fail(call.node, "CK317", "`toFixed` takes 0 to 20 digits.")
    return Piece(emitter.macro("_x", emitter.as_number(call.receiver).code, str(count)), TEXT)


def _locale_number(
    emitter: ExpressionEmitter, call: _Call, number: Piece, locale: object, options: object
) -> Piece:
    try:
        style = NumberStyle(locale, options)
    except Thrown as thrown:
        raise emitter.fail(call.node, "CK317", str(thrown), thrown.hint) from thrown
    args = [
        number.code,
        str(style.low),
        str(style.high),
        quoted(style.prefix),
        quoted(style.suffix),
        str(style.scale),
    ]
    return Piece(emitter.macro("_l", *args, "true" if style.grouping else "false"), TEXT)


def _number_text(emitter: ExpressionEmitter, call: _Call) -> Piece:
    return _locale_number(emitter, call, emitter.as_number(call.receiver), call.constant(0), call.constant(1))


def _number_format(emitter: ExpressionEmitter, node: ast.Call, base: ast.New, args: Args) -> Piece:
    callee = base.callee
    known = (
        isinstance(callee, ast.Member) and isinstance(callee.object, ast.Name) and callee.object.id == "Intl"
    )
    if not known or cast("ast.Member", callee).name != "NumberFormat" or not args:
        raise emitter.fail(
            node, "CK318", "Only `new Intl.NumberFormat(…).format(number)` can be written here."
        )
    made = _Call(emitter, node, "NumberFormat", Piece("none", LOST), _plain_arguments(emitter, base))
    number = emitter.as_number(emitter.expression(args[0]))
    return _locale_number(emitter, made, number, made.constant(0), made.constant(1))


NUMBER_TABLE: dict[str, _Maker] = {"toFixed": _to_fixed, "toLocaleString": _number_text}
_FIELDS = ("FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds")


def _fields(emitter: ExpressionEmitter, receiver: Piece) -> str:
    name = emitter.fresh()
    emitter.out.append(
        f"{{%-set {name} = {emitter.macro('_y', receiver.code)}.split(',') | map('int') | list -%}}"
    )
    return name


def _date_field(at: int) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        less = " - 1" if at == 1 else ""
        return Piece(
            f"({_fields(emitter, call.receiver)}[{at if at < 2 else (2, 3, 4, 5, 6)[at - 2]}]{less})", COUNT
        )

    return make


def _date_text(default: tuple[str, ...]) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        try:
            style = DateStyle(call.constant(0), call.constant(1), default)
        except Thrown as thrown:
            raise emitter.fail(call.node, "CK317", str(thrown), thrown.hint) from thrown
        held = emitter.bound(call.receiver)
        fields = _fields(
            emitter, Piece(f"({held.wrapped} if {held.wrapped} == {held.wrapped} else 0)", COUNT)
        )
        parts = [part for part in (_date_code(fields, style.parts), _time_code(fields, style)) if part]
        return Piece(
            f"({' ~ quote ~ '.join(parts)} if {held.wrapped} == {held.wrapped} else 'Invalid Date')".replace(
                " ~ quote ~ ", " ~ ', ' ~ "
            ),
            TEXT,
        )

    return make


def _padded(code: str, style: str | None) -> str:
    return f"'%02d' | format({code})" if style == "2-digit" else f"{code}"


def _wrapped(code: str) -> str:
    return f"({code})" if "|" in code else code


def _date_code(fields: str, parts: dict[str, str]) -> str:
    day = _wrapped(_padded(f"{fields}[2]", parts["day"])) if "day" in parts else ""
    year = ""
    if "year" in parts:
        year = (
            _wrapped(f"'%02d' | format({fields}[0] % 100)") if parts["year"] == "2-digit" else f"{fields}[0]"
        )
    weekday = ""
    if "weekday" in parts:
        names = [name[:3] if parts["weekday"] == "short" else name for name in WEEKDAYS]
        weekday = f"{_listed(names)}[{fields}[3]]"
    month = parts.get("month")
    if month in ("long", "short"):
        names = [name[:3] if month == "short" else name for name in MONTHS]
        head = f"{_listed(names)}[{fields}[1] - 1]" + (f" ~ ' ' ~ {day}" if day else "")
        body = f"{head} ~ {quoted(', ' if day else ' ')} ~ {year}" if year else head
        return f"{weekday} ~ ', ' ~ {body}" if weekday else body
    numeric = [
        part for part in (_wrapped(_padded(f"{fields}[1]", month)) if month else "", day, year) if part
    ]
    body = " ~ '/' ~ ".join(numeric)
    if weekday and body == day and day:
        return f"{day} ~ ' ' ~ {weekday}"
    return f"{weekday} ~ ', ' ~ {body}" if weekday and body else weekday or body


def _time_code(fields: str, style: DateStyle) -> str:
    clock = [(key, at) for key, at in (("minute", 5), ("second", 6)) if key in style.parts]
    texts = [f"('%02d' | format({fields}[{at}]))" for _, at in clock]
    if "hour" not in style.parts:
        return " ~ ':' ~ ".join(texts)
    hour = f"(({fields}[4] + 11) % 12 + 1)" if style.hour12 else f"{fields}[4]"
    padded = style.parts["hour"] == "2-digit" or not style.hour12
    texts.insert(0, f"('%02d' | format({hour}))" if padded else hour)
    suffix = f" ~ (' AM' if {fields}[4] < 12 else ' PM')" if style.hour12 else ""
    return " ~ ':' ~ ".join(texts) + suffix


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


_DAY, _CLOCK = ("month", "day", "year"), ("hour", "minute", "second")
DATE_TABLE: dict[str, _Maker] = {
    **{f"get{name}": _date_field(at) for at, name in enumerate(_FIELDS)},
    **{f"getUTC{name}": _date_field(at) for at, name in enumerate(_FIELDS)},
    "getTime": lambda _, call: Piece(call.receiver.code, Shape(NUMBER | NAN), call.receiver.tight),
    "toISOString": lambda emitter, call: Piece(f"({emitter.iso(call.receiver)})", TEXT),
    "toLocaleDateString": _date_text(_DAY),
    "toLocaleTimeString": _date_text(_CLOCK),
    "toLocaleString": _date_text((*_DAY, *_CLOCK)),
}
_TABLES: tuple[tuple[int, dict[str, _Maker]], ...] = (
    (STRING, STRING_TABLE),
    (LIST, LIST_TABLE),
    (NUMBER, NUMBER_TABLE),
    (DATE, DATE_TABLE),
)


def emit_new(emitter: ExpressionEmitter, node: ast.New) -> Piece:
    """Translate `new Date(value)`."""
    if not isinstance(node.callee, ast.Name) or node.callee.id != "Date":
        raise emitter.fail(node, "CK318", "Only `new Date(value)` can be written here.")
    args = _plain_arguments(emitter, node)
    if len(args) != 1:
        raise emitter.fail(
            node,
            "CK318",
            "A view must draw the same each time, so a date needs one value.",
            "new Date(createdAt)",
        )
    value = emitter.expression(args[0])
    if value.shape.only(DATE):
        return value
    return Piece(f"({emitter.macro('_t', value.code)} | float)", Shape(DATE | NAN))


# ---- functions without a receiver ------------------------------------------------------------


def _number_function(code: str, extra: int = 0) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        number = emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))
        held = emitter.bound(number)
        body = code.format(x=held.wrapped)
        if not held.shape.may(NAN):
            return Piece(f"({body})", Shape(NUMBER | extra))
        return Piece(
            f"({body} if {held.wrapped} - {held.wrapped} == 0 else {held.wrapped})", Shape(NUMBER | NAN)
        )

    return make


def _extreme(word: str) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        assert isinstance(call.node, ast.Call)
        empty = f"('{'-inf' if word == 'max' else 'inf'}'.strip() | float)"
        if len(call.node.args) == 1 and isinstance(call.node.args[0], ast.Spread):
            items = call.arg(0) or Piece("[]", Shape(LIST))
            source = emitter.bound(Piece(_numbers_of(emitter, items), ANY)).wrapped
            return Piece(f"({source} | {word} if {source} else {empty})", Shape(NUMBER | NAN))
        numbers = [emitter.as_number(emitter.expression(node)) for node in call.nodes]
        if not numbers:
            return Piece(empty, Shape(NUMBER | NAN))
        listed = f"[{', '.join(number.code for number in numbers)}]"
        if not any(number.shape.may(NAN) for number in numbers):
            return Piece(f"({listed} | {word})", COUNT)
        held = emitter.bound(Piece(listed, ANY)).wrapped
        return Piece(
            f"({held} | {word} if {held} | sum == {held} | sum else 'nan'.strip() | float)",
            Shape(NUMBER | NAN),
        )

    return make


def _numbers_of(emitter: ExpressionEmitter, items: Piece) -> str:
    """A list piece as a list of numbers."""
    source, shape = emitter.as_list(items), items.shape.items or ANY
    if shape.only(NUMBER):
        return source
    name, item = emitter.fresh(), emitter.fresh()
    number = emitter.as_number(Piece(item, shape)).code
    emitter.out.append(
        f"{{%-set {name} = namespace(v=[]) -%}}{{%-for {item} in {source} -%}}{{%-set {name}.v = {name}.v + [{number}] -%}}{{%-endfor-%}}"
    )
    return f"{name}.v"


def _parse(whole: bool) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        piece = call.arg(0) or Piece("(0 if false)", LOST)
        parsed = emitter.macro("_p", piece.code, "true" if whole else "false")
        return Piece(f"({parsed} | float)", Shape(NUMBER | NAN))

    return make


def _object_part(word: str) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST))
        source = f"({held.wrapped} if {held.wrapped} is mapping else {{}})"
        value = _value_shape(held.shape)
        if word == "keys":
            return Piece(f"({source} | list)", Shape(LIST, TEXT))
        if word == "values":
            return Piece(f"({source} | items | map('last') | list)", Shape(LIST, value))
        return Piece(
            f"({source} | items | map('list') | list)", Shape(LIST, Shape(LIST, either(TEXT, value)))
        )

    return make


def _value_shape(shape: Shape) -> Shape:
    if shape.keys is None:
        return ANY.without(UNDEFINED)
    found = [*shape.keys.values(), *([shape.rest] if shape.rest else [])]
    if not found:
        return ANY
    out = found[0]
    for one in found[1:]:
        out = either(out, one)
    return out.without(UNDEFINED)


def _array_from(emitter: ExpressionEmitter, call: _Call) -> Piece:
    source = call.nodes[0] if call.nodes else None
    if isinstance(source, ast.Object):
        length = next((p.value for p in source.props if isinstance(p, ast.Prop) and p.key == "length"), None)
        if length is None:
            raise emitter.fail(
                source, "CK316", "Array.from needs a length.", "Array.from({ length: 3 }, (_, i) => i)"
            )
        count = emitter.as_number(emitter.expression(length))
        listed = Piece(f"(range({count.wrapped} | int) | list)", Shape(LIST, COUNT))
        undefined = len(call.nodes) < 2
        receiver = (
            Piece(f"([none] * ({count.wrapped} | int))", Shape(LIST, Shape(NULLISH))) if undefined else listed
        )
    else:
        piece = call.arg(0) or Piece("[]", Shape(LIST))
        receiver = (
            Piece(f"({emitter.as_text(piece)} | list)", Shape(LIST, TEXT))
            if piece.shape.only(STRING)
            else piece
        )
    if len(call.nodes) < 2:
        return receiver
    return _collect(emitter, _Call(emitter, call.node, "map", receiver, call.nodes[1:]))


def _conversion(code: Callable[[ExpressionEmitter, Piece], Piece], empty: Piece) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        piece = call.arg(0)
        return empty if piece is None else code(emitter, piece)

    return make


def _is_list(emitter: ExpressionEmitter, call: _Call) -> Piece:
    held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST)).wrapped
    return Piece(f"({held} is sequence and {held} is not string and {held} is not mapping)", TRUTH)


def _number_test(code: str) -> _Maker:
    def make(emitter: ExpressionEmitter, call: _Call) -> Piece:
        held = emitter.bound(call.arg(0) or Piece("(0 if false)", LOST)).wrapped
        return Piece(f"({held} is number and {held} is not boolean and {code.format(x=held)})", TRUTH)

    return make


def _is_nan(emitter: ExpressionEmitter, call: _Call) -> Piece:
    held = emitter.bound(emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))).wrapped
    return Piece(f"({held} != {held})", TRUTH)


def _encode(emitter: ExpressionEmitter, call: _Call) -> Piece:
    return Piece(emitter.macro("_u", call.text(0)), TEXT)


_FLOOR = "({x} | round(0, 'floor') | int)"
FUNCTIONS: dict[str, _Maker] = {
    "Math.round": _number_function(f"{_FLOOR} + (1 if {{x}} - {_FLOOR} >= 0.5 else 0)"),
    "Math.floor": _number_function("{x} | round(0, 'floor') | int"),
    "Math.ceil": _number_function("{x} | round(0, 'ceil') | int"),
    "Math.trunc": _number_function("{x} | int"),
    "Math.abs": _number_function("{x} | abs"),
    "Math.sign": _number_function("1 if {x} > 0 else -1 if {x} < 0 else 0"),
    "Math.sqrt": _number_function("{x} ** 0.5 if {x} >= 0 else 'nan'.strip() | float", NAN),
    "Math.pow": lambda emitter, call: _power(emitter, call),
    "Math.min": _extreme("min"),
    "Math.max": _extreme("max"),
    "Number": _conversion(lambda emitter, piece: emitter.as_number(piece), Piece("0", COUNT)),
    "String": _conversion(lambda emitter, piece: Piece(emitter.as_text(piece), TEXT), Piece("''", TEXT)),
    "Boolean": _conversion(
        lambda emitter, piece: Piece(f"(not not {emitter.truth(piece)})", TRUTH), Piece("false", TRUTH)
    ),
    "parseFloat": _parse(False),
    "Number.parseFloat": _parse(False),
    "parseInt": _parse(True),
    "Number.parseInt": _parse(True),
    "isNaN": _is_nan,
    "Number.isNaN": _number_test("{x} != {x}"),
    "Number.isFinite": _number_test("{x} - {x} == 0"),
    "Number.isInteger": _number_test("{x} - {x} == 0 and {x} == {x} | round(0, 'floor')"),
    "Array.isArray": _is_list,
    "Array.from": _array_from,
    "Object.keys": _object_part("keys"),
    "Object.values": _object_part("values"),
    "Object.entries": _object_part("entries"),
    "encodeURIComponent": _encode,
}


def _power(emitter: ExpressionEmitter, call: _Call) -> Piece:
    base = emitter.as_number(call.arg(0) or Piece("(0 if false)", LOST))
    power = emitter.as_number(call.arg(1) or Piece("(0 if false)", LOST))
    return Piece(f"({base.wrapped} ** {power.wrapped})", Shape(NUMBER | NAN))


def _global(emitter: ExpressionEmitter, node: ast.Call, name: str, args: Args) -> Piece:
    maker = FUNCTIONS.get(name)
    if maker is not None:
        return maker(emitter, _Call(emitter, node, name, Piece("none", LOST), args))
    if name in {"Math.random", "Date.now"}:
        raise emitter.fail(
            node,
            "CK322",
            "A view must draw the same each time, so it cannot ask for chance or the present time.",
            "Put the value into the data.",
        )
    if name in GLOBALS:
        raise emitter.fail(
            node,
            "CK318",
            f"`{name}` cannot be written as a template.",
            "Compute it on the server and put it into the data.",
        )
    raise emitter.fail(
        node, "CK318", f"`{name}` is not a function known here.", did_you_mean(name, FUNCTIONS)
    )


__all__ = [
    "DATE_OPTIONS",
    "DATE_TABLE",
    "FUNCTIONS",
    "LIST_TABLE",
    "NUMBER_TABLE",
    "STRING_TABLE",
    "emit_call",
    "emit_new",
]
