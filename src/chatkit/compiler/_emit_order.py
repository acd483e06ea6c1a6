"""Orders of lists and texts as Jinja: `sort` by any function of two items, and `localeCompare`."""

from __future__ import annotations

from . import _ast as ast
from ._emit_base import Piece, Scope
from ._emit_expressions import ExpressionEmitter
from ._jsvalue import UNDEFINED as ABSENT
from ._jsvalue import quoted
from ._method_call import MethodCall
from ._shapes import ANY, BOOLEAN, COUNT, LIST, NUMBER, STRING, Shape


def sort_list(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`sort` and `toSorted`."""
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
    arrow = call.arrow()
    order = _order_of(arrow)
    if order is not None and _sortable(items, order[0], textual=order[2]):
        return Piece(_by_key(emitter, source, order), shape)
    return Piece(_inserted(emitter, call, arrow, source, items), shape)


def _sortable(items: Shape, path: str, *, textual: bool) -> bool:
    """Whether every item surely has the key: Jinja's own sort stops at others."""
    for part in path.split(".") if path else ():
        items = items.key(part)
    return items.only(STRING) if textual else items.only(NUMBER)


def _by_key(emitter: ExpressionEmitter, source: str, order: tuple[str, bool, bool]) -> str:
    path, reverse, textual = order
    # Equal items keep their order, also in a descending sort: JavaScript's sort is stable, Python's reversed one too.
    backwards = ", reverse=true" if reverse else ""
    if not textual:
        by = f"attribute={quoted(path)}, " if path else ""
        return f"({source} | sort({by}case_sensitive=true{backwards}))"
    held, item = emitter.fresh(), emitter.fresh()
    key = emitter.macro("_q", f"{item}.{path}" if path else item, "false")
    emitter.out.append(
        f"{{%-set {held} = namespace(v=[]) -%}}{{%-for {item} in {source} -%}}"
        f"{{%-set {held}.v = {held}.v + [{{'k': {key}, 'v': {item}}}] -%}}{{%-endfor-%}}"
    )
    return f"({held}.v | sort(attribute='k', case_sensitive=true{backwards}) | map(attribute='v') | list)"


def _inserted(
    emitter: ExpressionEmitter, call: MethodCall, arrow: ast.Arrow, source: str, items: Shape
) -> str:
    """A sort by insertion: each item goes before those at the end that the function says come after it."""
    out, item, place, other = (emitter.fresh() for _ in range(4))
    emitter.out.append(
        f"{{%-set {out} = namespace(v=[]) -%}}{{%-for {item} in {source} -%}}"
        f"{{%-set {place} = namespace(i={out}.v | length, go=true) -%}}"
        f"{{%-for {other} in {out}.v | reverse -%}}{{%-if {place}.go -%}}"
    )
    scope = Scope(dict(emitter.scope.names), emitter.scope.present)
    body = emitter.inline(arrow, [Piece(other, items), Piece(item, items)], scope)
    with emitter.within(scope):
        result = emitter.expression(body)
        if result.shape.only(BOOLEAN):
            raise emitter.fail(
                call.node,
                "CK321",
                "This function tells true or false, which leaves the list as it is; an order is a number.",
                "(a, b) => a.key - b.key, or a.key < b.key ? -1 : 1",
            )
        number = emitter.as_number(result)
        emitter.out.append(
            f"{{%-if {number.wrapped} > 0 -%}}{{%-set {place}.i = {place}.i - 1 -%}}"
            f"{{%-else-%}}{{%-set {place}.go = false -%}}{{%-endif-%}}{{%-endif-%}}{{%-endfor-%}}"
        )
    emitter.out.append(
        f"{{%-set {out}.v = {out}.v[:{place}.i] + [{item}] + {out}.v[{place}.i:] -%}}{{%-endfor-%}}"
    )
    return f"{out}.v"


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
        and len(body.args) == 1
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


def locale_compare(emitter: ExpressionEmitter, call: MethodCall) -> Piece:
    """`a.localeCompare(b)`: -1, 0 or 1."""
    base = _compares_letters(emitter, call)
    keys = [
        emitter.bound(Piece(emitter.macro("_q", code, base), Shape(STRING))).wrapped
        for code in (emitter.as_string_receiver(call.receiver), call.text(0))
    ]
    return Piece(f"(({keys[0]} > {keys[1]}) | int - ({keys[0]} < {keys[1]}) | int)", COUNT)


def _compares_letters(emitter: ExpressionEmitter, call: MethodCall) -> str:
    options = call.constant(2)
    given: object = options.get("sensitivity", "variant") if isinstance(options, dict) else "variant"  # type: ignore[reportUnknownVariableType]
    known = options is ABSENT or (isinstance(options, dict) and set(options) <= {"sensitivity"})  # type: ignore[reportUnknownArgumentType]
    if not known or given not in ("base", "variant"):
        raise emitter.fail(
            call.node, "CK317", "`localeCompare` takes { sensitivity: 'base' } and nothing else here."
        )
    return "true" if given == "base" else "false"
