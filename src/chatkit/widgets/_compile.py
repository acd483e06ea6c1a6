"""From a template's shape to three functions: data → values of its slots, and those values → the widget as data.

The values of a build are its *frame*: a tuple with one entry for each slot, a pair for each condition and a list of
frames for each loop. Two frames of one program tell what changed without looking at the widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from chatkit.widgets._check import MAX_NODES
from chatkit.widgets._diff import STREAMING_TYPES
from chatkit.widgets._expressions import Expressions, NeedsJinja
from chatkit.widgets._serialize import plain
from chatkit.widgets._skeleton import (
    Arr,
    Cond,
    CondSplice,
    Const,
    LoopSplice,
    Obj,
    Slot,
    TextParts,
    Unsupported,
    read,
)

Frame = tuple[Any, ...]
_FIRST = ("key", "id", "type", "children")
_ROOTS = ("Card", "ListView", "Basic")
_MAX_LEVELS = 60


@dataclass(frozen=True, slots=True)
class StreamingText:
    """A slot that is the ``value`` of a Text or Markdown with a fixed id."""

    component_id: str
    streaming: bool
    streaming_slot: int | None


@dataclass(slots=True)
class Program:
    """A compiled template."""

    evaluate: Callable[[dict[str, Any]], Frame]
    raw: Callable[[Frame], dict[str, Any]]
    """The widget as Jinja's output would read, nothing shared with another build."""
    plain: Callable[[Frame], dict[str, Any]]
    """The widget as it is written: without absent properties; constant parts are shared, so only to be read."""
    root_type: str
    texts: dict[int, StreamingText]


@dataclass(slots=True)
class _Scope:
    """Where code is being written: the template's top, a branch, or a loop's body."""

    names: dict[str, str]
    indent: int
    top: bool = False
    entries: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Code:
    """How a value is written from the frame ``f``: for reading, and for keeping."""

    plain: str
    raw: str
    const: bool = False
    maybe_none: bool = False
    slot: int | None = None


def compile_template(tree: nodes.Template) -> Program:
    """Compile a guarded Jinja tree.

    :raises Unsupported: if the template does more than values, conditions and loops in plain JSON.
    """
    return _Compiler().program(read(tree))


def _drop(data: dict[str, Any]) -> dict[str, Any]:
    for value in data.values():
        if value is None:
            return {name: kept for name, kept in data.items() if kept is not None}
    return data


class _Compiler:
    def __init__(self) -> None:
        self._expressions = Expressions()
        self._lines: list[str] = []
        self._count = 0
        self._level = 0
        self._nodes = 0
        self._texts: dict[int, StreamingText] = {}
        self._ids: list[str] = []
        self._dynamic_ids = False

    def program(self, root: Obj) -> Program:
        kind = root.members.get("type")
        if not isinstance(kind, Const) or kind.value not in _ROOTS:
            raise Unsupported("root type")
        top = _Scope({}, 1, top=True)
        code = self._object(root, "component", top)
        source = [
            "def evaluate(c):",
            f"    n = {self._nodes}",
            *self._lines,
            f"    if n > {MAX_NODES}: raise _NeedsJinja",
            f"    return ({''.join(f'{entry}, ' for entry in top.entries)})",
            f"def plain(f): return {code.plain}",
            f"def raw(f): return {code.raw}",
        ]
        space: dict[str, Any] = dict(
            self._expressions.constants, _drop=_drop, _plain=plain, _NeedsJinja=NeedsJinja
        )
        # The text is made from names, numbers and constants of our own; the template's words are all constants.
        exec(compile("\n".join(source), "<widget template>", "exec"), space)  # noqa: S102
        unique = not self._dynamic_ids and len(set(self._ids)) == len(self._ids)
        return Program(
            space["evaluate"], space["raw"], space["plain"], kind.value, self._texts if unique else {}
        )

    def _line(self, scope: _Scope, text: str) -> None:
        self._lines.append("    " * scope.indent + text)

    def _fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _entry(self, scope: _Scope, name: str) -> int:
        scope.entries.append(name)
        return len(scope.entries) - 1

    def _value(self, shape: Any, zone: str, scope: _Scope) -> _Code:
        if isinstance(shape, Const):
            return self._const(shape, zone)
        if isinstance(shape, Obj):
            return self._object(shape, zone, scope)
        if isinstance(shape, Arr):
            return self._array(shape, zone, scope)
        if isinstance(shape, Cond):
            return self._condition(shape, zone, scope)
        if zone == "component":
            raise Unsupported("children from data")
        return self._slot(shape, zone, scope)

    def _const(self, shape: Const, zone: str) -> _Code:
        if zone == "component" and shape.value is not None:
            raise Unsupported("children")
        if zone == "name" and not isinstance(shape.value, str | None):
            raise Unsupported("name")
        text = repr(shape.value)
        return _Code(text, text, const=True, maybe_none=shape.value is None)

    def _slot(self, shape: Slot | TextParts, zone: str, scope: _Scope) -> _Code:
        name = self._fresh("v")
        if isinstance(shape, TextParts):
            parts = [
                repr(part) if isinstance(part, str) else self._expressions.code(part, scope.names)
                for part in shape.parts
            ]
            self._line(scope, f"{name} = _join({', '.join(parts)})")
        elif zone == "name":
            self._line(scope, f"{name} = _name({self._expressions.code(shape.expr, scope.names)})")
        else:
            self._line(scope, f"{name} = {self._expressions.code(shape.expr, scope.names)}")
            self._line(scope, f"if type({name}) is not _str: {name} = _norm({name})")
        if scope.top:
            self._line(scope, f"if type({name}) is _str and len({name}) > 100000: raise _NeedsJinja")
        slot = self._entry(scope, name)
        simple = zone in ("payload", "name") or isinstance(shape, TextParts)
        reading = f"f[{slot}]" if simple else f"_plain(f[{slot}])"
        return _Code(reading, f"f[{slot}]", maybe_none=not isinstance(shape, TextParts), slot=slot)

    def _object(self, shape: Obj, zone: str, scope: _Scope) -> _Code:
        self._nodes += 1
        self._level += 1
        if self._level > _MAX_LEVELS:
            raise Unsupported("depth")
        component = zone == "component"
        if component:
            kind = shape.members.get("type")
            if not isinstance(kind, Const) or not isinstance(kind.value, str):
                raise Unsupported("type")
        members = {
            name: self._value(shape.members[name], _zone(name, zone), scope)
            for name in (_ordered(shape.members) if component else shape.members)
        }
        self._level -= 1
        if component:
            self._note_ids(shape, members, scope)
        return self._written(members, zone)

    def _written(self, members: dict[str, _Code], zone: str) -> _Code:
        raw = "{" + ", ".join(f"{name!r}: {code.raw}" for name, code in members.items()) + "}"
        keeps_null = zone == "payload"
        kept = {
            name: code for name, code in members.items() if keeps_null or not (code.const and code.maybe_none)
        }
        text = "{" + ", ".join(f"{name!r}: {code.plain}" for name, code in kept.items()) + "}"
        if all(code.const for code in members.values()):
            constants = self._expressions.constants
            return _Code(self._expressions.constant(eval(text, dict(constants))), raw, const=True)  # noqa: S307
        if not keeps_null and any(code.maybe_none for code in kept.values()):
            text = f"_drop({text})"
        return _Code(text, raw)

    def _note_ids(self, shape: Obj, members: dict[str, _Code], scope: _Scope) -> None:
        named = shape.members.get("id")
        if named is None:
            return
        if not isinstance(named, Const):
            self._dynamic_ids = True
            return
        self._ids.append(named.value)
        kind, value = shape.members["type"], shape.members.get("value")
        streams = kind.value in STREAMING_TYPES and isinstance(value, Slot) and isinstance(named.value, str)
        if not (scope.top and streams):
            return
        flag = shape.members.get("streaming", Const(None))
        slot = members["value"].slot
        if slot is not None and isinstance(flag, Const | Slot):
            fixed = flag.value if isinstance(flag, Const) else None
            self._texts[slot] = StreamingText(
                named.value, bool(fixed), members["streaming"].slot if isinstance(flag, Slot) else None
            )

    def _array(self, shape: Arr, zone: str, scope: _Scope) -> _Code:
        entries = [self._in_list(entry, zone, scope) for entry in shape.entries]
        raw = f"[{', '.join(entry.raw for entry in entries)}]"
        text = f"[{', '.join(entry.plain for entry in entries)}]"
        if all(entry.const for entry in entries):
            constants = self._expressions.constants
            return _Code(self._expressions.constant(eval(text, dict(constants))), raw, const=True)  # noqa: S307
        return _Code(text, raw)

    def _in_list(self, entry: Any, zone: str, scope: _Scope) -> _Code:
        if isinstance(entry, LoopSplice):
            return self._loop(entry, zone, scope)
        if isinstance(entry, CondSplice):
            return self._branches(entry.test, Arr(entry.then), Arr(entry.other), zone, scope, "*")
        code = self._value(entry, zone, scope)
        if zone == "component" and code.maybe_none:
            raise Unsupported("null among children")
        return code

    def _condition(self, shape: Cond, zone: str, scope: _Scope) -> _Code:
        return self._branches(shape.test, shape.then, shape.other, zone, scope, "")

    def _branches(
        self, test: nodes.Expr, then: Any, other: Any, zone: str, scope: _Scope, star: str
    ) -> _Code:
        name = self._fresh("e")
        self._line(scope, f"if {self._expressions.code(test, scope.names)}:")
        one = self._branch(then, zone, scope, name, "True")
        self._line(scope, "else:")
        two = self._branch(other, zone, scope, name, "False")
        slot = self._entry(scope, name)

        def pick(yes: str, no: str) -> str:
            chosen = f"({yes} if f[{slot}][0] else {no})"
            return f"{star}{chosen}"

        into = f"for f in (f[{slot}][1],)"
        return _Code(
            pick(f"[{one.plain} {into}][0]", f"[{two.plain} {into}][0]"),
            pick(f"[{one.raw} {into}][0]", f"[{two.raw} {into}][0]"),
            maybe_none=one.maybe_none or two.maybe_none,
        )

    def _branch(self, shape: Any, zone: str, scope: _Scope, name: str, flag: str) -> _Code:
        inner = _Scope(scope.names, scope.indent + 1)
        code = self._value(shape, zone, inner)
        self._line(inner, f"{name} = ({flag}, ({''.join(f'{entry}, ' for entry in inner.entries)}))")
        return code

    def _loop(self, loop: LoopSplice, zone: str, scope: _Scope) -> _Code:
        rows, source, item, index = (self._fresh(letter) for letter in "rsxi")
        self._line(scope, f"{source} = {self._expressions.code(loop.iter, scope.names)}")
        self._line(scope, f"if type({source}) is not list: raise _NeedsJinja")
        self._line(scope, f"{rows} = []")
        head = len(self._lines)
        self._line(scope, "")
        inner = _Scope({**scope.names, loop.target: item, "loop": index}, scope.indent + 1)
        for name, expr in loop.sets:
            local = self._fresh("t")
            self._line(inner, f"{local} = {self._expressions.code(expr, inner.names)}")
            inner.names[name] = local
        before = self._nodes
        entries = [self._in_list(entry, zone, inner) for entry in loop.entries]
        each, self._nodes = self._nodes - before, before
        self._line(inner, f"{rows}.append(({''.join(f'{entry}, ' for entry in inner.entries)}))")
        indexed = any(index in line for line in self._lines[head + 1 :])
        pair = f"{index}, {item} in enumerate({source})" if indexed else f"{item} in {source}"
        self._lines[head] = "    " * scope.indent + f"for {pair}:"
        self._line(scope, f"n += {each} * len({rows})")
        slot = self._entry(scope, rows)
        return _Code(
            _repeated([entry.plain for entry in entries], slot),
            _repeated([entry.raw for entry in entries], slot),
        )


def _repeated(entries: list[str], slot: int) -> str:
    if len(entries) == 1 and not entries[0].startswith("*"):
        return f"*[{entries[0]} for f in f[{slot}]]"
    return f"*[e for f in f[{slot}] for e in [{', '.join(entries)}]]"


def _zone(name: str, zone: str) -> str:
    if zone == "payload" or name == "payload":
        return "payload"
    if zone == "component":
        return {"children": "component", "key": "name", "id": "name"}.get(name, "data")
    return "data"


def _ordered(members: dict[str, Any]) -> list[str]:
    """As a component is written: its common fields first, the rest as the template has it."""
    return [name for name in _FIRST if name in members] + [name for name in members if name not in _FIRST]
