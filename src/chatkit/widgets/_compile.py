"""From a template's shape to three functions: data → values of its slots, and those values → the widget as data.

The values of a build are its *frame*: a tuple with one entry for each slot, a pair for each condition and a list of
frames for each loop. Two frames of one program tell what changed without looking at the widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from chatkit.widgets._check import MAX_DEPTH, MAX_NODES
from chatkit.widgets._diff import STREAMING_TYPES
from chatkit.widgets._expressions import GONE, SPACE, Expressions, NeedsJinja, drop, measure, strip
from chatkit.widgets._jinja import MAX_TEXT
from chatkit.widgets._macros import macros_of
from chatkit.widgets._serialize import plain
from chatkit.widgets._shapes import (
    After,
    Arr,
    Choice,
    Chosen,
    Cond,
    CondSplice,
    Const,
    Each,
    LoopSplice,
    NewSpace,
    Obj,
    Set,
    SetIn,
    Skeleton,
    Slot,
    Statement,
    TextParts,
    Unsupported,
    When,
)
from chatkit.widgets._skeleton import read

Frame = tuple[Any, ...]
_FIRST = ("key", "id", "type", "children")
_ROOTS = ("Card", "ListView", "Basic")
_MAX_LEVELS = 60
_MAX_ROWS = 100_000
# A character is at most twelve in JSON, so a widget with no more than these needs no exact count.
_SURELY_FITS = MAX_TEXT // 12 - 1_000


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
    maybe_gone: bool = False
    slot: int | None = None


def compile_template(tree: nodes.Template) -> Program:
    """Compile a guarded Jinja tree.

    :raises Unsupported: if the template does more than values, conditions and loops in plain JSON.
    """
    skeleton = read(tree)
    return _Compiler(skeleton).program(skeleton.root)


class _Compiler:
    def __init__(self, skeleton: Skeleton) -> None:
        macros, self._free = macros_of(skeleton.macros)
        self._expressions = Expressions(macros)
        self._weight = skeleton.weight
        self._depth = 0
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
            *(["    if not _free.isdisjoint(c): raise _NeedsJinja"] if self._free else []),
            f"    n = {self._nodes}; z = {self._weight}",
            *self._lines,
            f"    if n > {MAX_NODES}: raise _NeedsJinja",
            f"    f = ({''.join(f'{entry}, ' for entry in top.entries)})",
            f"    if z > {_SURELY_FITS}: _measure(raw(f), z)",
            "    return f",
            f"def plain(f): return {code.plain}",
            f"def raw(f): return {code.raw}",
        ]
        space: dict[str, Any] = dict(
            self._expressions.constants, _drop=drop, _plain=plain, _NeedsJinja=NeedsJinja,
            _free=self._free, _strip=strip, _gone=GONE, _measure=measure, _list=list, _atoms=_ATOMS,
        )  # fmt: skip
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
        if isinstance(shape, After):
            self._statements(shape.before, scope)
            return self._value(shape.shape, zone, scope)
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
            self._line(scope, f"{name} = _join({', '.join(parts)}); z += len({name})")
        elif zone == "name":
            self._line(scope, f"{name} = _name({self._expressions.code(shape.expr, scope.names)})")
            self._line(scope, f"if {name}: z += len({name})")
        else:
            self._line(scope, f"{name} = {self._expressions.code(shape.expr, scope.names)}")
            self._line(scope, f"if type({name}) is _str: z += len({name})")
            levels = 2 * MAX_DEPTH - self._depth
            self._line(scope, f"elif type({name}) not in _atoms:")
            self._line(scope, f"    {name}, m, w = _norm({name}, {levels}); n += m; z += w")
        slot = self._entry(scope, name)
        simple = zone in ("payload", "name") or isinstance(shape, TextParts)
        reading = f"f[{slot}]" if simple else f"_plain(f[{slot}])"
        return _Code(reading, f"f[{slot}]", maybe_none=not isinstance(shape, TextParts), slot=slot)

    def _object(self, shape: Obj, zone: str, scope: _Scope) -> _Code:
        self._nodes += 1
        self._level += 1
        self._depth += 1
        if self._level > _MAX_LEVELS:
            raise Unsupported("depth")
        component = zone == "component"
        if component:
            kind = shape.members.get("type")
            if not isinstance(kind, Const) or not isinstance(kind.value, str):
                raise Unsupported("type")
        members = self._members(shape.members, zone, scope)
        self._level -= 1
        self._depth -= 1
        if component:
            self._note_ids(shape, members, scope)
            members = {name: members[name] for name in _ordered(members)}
        return self._written(members, zone)

    def _members(self, members: dict[str, Any], zone: str, scope: _Scope) -> dict[str, _Code]:
        """In the template's order, which is the order its statements run in."""
        codes: dict[str, _Code] = {}
        chosen: dict[int, dict[str, _Code]] = {}
        for name, shape in members.items():
            if isinstance(shape, Chosen):
                key = id(shape.choice)
                if key not in chosen:
                    chosen[key] = self._choice(shape.choice, zone, scope)
                codes[name] = chosen[key][name]
            else:
                codes[name] = self._value(shape, _zone(name, zone), scope)
        return codes

    def _choice(self, choice: Choice, zone: str, scope: _Scope) -> dict[str, _Code]:
        self._statements(choice.before, scope)
        name = self._fresh("e")
        self._line(scope, f"if {self._expressions.code(choice.test, scope.names)}:")
        one = self._some(choice.then, zone, scope, name, "True")
        self._line(scope, "else:")
        two = self._some(choice.other, zone, scope, name, "False")
        slot = self._entry(scope, name)
        gone = _Code("_gone" if zone == "payload" else "None", "_gone", maybe_none=True, maybe_gone=True)
        return {
            member: _picked(slot, one.get(member, gone), two.get(member, gone))
            for member in one.keys() | two.keys()
        }

    def _some(
        self, members: dict[str, Any], zone: str, scope: _Scope, name: str, flag: str
    ) -> dict[str, _Code]:
        inner = self._inside(scope)
        codes = self._members(members, zone, inner)
        self._finish_branch(inner, scope, name, flag)
        return codes

    def _written(self, members: dict[str, _Code], zone: str) -> _Code:
        raw = "{" + ", ".join(f"{name!r}: {code.raw}" for name, code in members.items()) + "}"
        gone = any(code.maybe_gone for code in members.values())
        if gone:
            raw = f"_strip({raw})"
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
        if keeps_null and gone:
            text = f"_strip({text})"
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
        self._depth += 1
        if self._depth > 2 * MAX_DEPTH:
            raise Unsupported("depth")
        entries = self._entries(shape.entries, zone, scope)
        self._depth -= 1
        raw = f"[{', '.join(entry.raw for entry in entries)}]"
        text = f"[{', '.join(entry.plain for entry in entries)}]"
        if all(entry.const for entry in entries):
            constants = self._expressions.constants
            return _Code(self._expressions.constant(eval(text, dict(constants))), raw, const=True)  # noqa: S307
        return _Code(text, raw)

    def _entries(self, entries: list[Any], zone: str, scope: _Scope) -> list[_Code]:
        codes: list[_Code] = []
        for entry in entries:
            if isinstance(entry, After) and entry.shape is None:
                self._statements(entry.before, scope)
            else:
                codes.append(self._in_list(entry, zone, scope))
        return codes

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

        code = _picked(slot, one, two)
        code.plain, code.raw = star + code.plain, star + code.raw
        return code

    def _branch(self, shape: Any, zone: str, scope: _Scope, name: str, flag: str) -> _Code:
        inner = self._inside(scope)
        code = self._value(shape, zone, inner)
        self._finish_branch(inner, scope, name, flag)
        return code

    def _inside(self, scope: _Scope) -> _Scope:
        return _Scope(dict(scope.names), scope.indent + 1)

    def _finish_branch(self, inner: _Scope, outer: _Scope, name: str, flag: str) -> None:
        self._line(inner, f"{name} = ({flag}, ({''.join(f'{entry}, ' for entry in inner.entries)}))")
        self._forget(inner, outer)

    def _forget(self, inner: _Scope, outer: _Scope) -> None:
        """Names a branch has set are those of nobody knows which branch afterwards."""
        outer.names.update({
            name: "" for name, local in inner.names.items() if outer.names.get(name) != local
        })  # fmt: skip

    def _statements(self, statements: list[Statement], scope: _Scope) -> None:
        for statement in statements:
            if isinstance(statement, When):
                self._when(statement, scope)
            elif isinstance(statement, Each):
                self._each(statement, scope)
            else:
                self._assign(statement, scope)

    def _assign(self, statement: Set | NewSpace | SetIn, scope: _Scope) -> None:
        if statement.name in self._free:
            raise Unsupported("a macro may read this")
        if isinstance(statement, NewSpace):
            local = self._fresh(SPACE)
            given = [
                f"{name!r}: {self._expressions.code(expr, scope.names)}"
                for name, expr in statement.values.items()
            ]
            self._line(scope, f"{local} = {{{', '.join(given)}}}")
            scope.names[statement.name] = local
            return
        value = self._expressions.code(statement.expr, scope.names)
        if isinstance(statement, SetIn):
            space = scope.names.get(statement.name, "")
            if not space.startswith(SPACE):
                raise Unsupported("namespace")
            self._line(scope, f"{space}[{statement.attr!r}] = {value}")
            return
        local = self._fresh("t")
        self._line(scope, f"{local} = {value}")
        scope.names[statement.name] = local

    def _when(self, statement: When, scope: _Scope) -> None:
        head = "if {}:"
        test = self._expressions.code(statement.test, scope.names)
        for line, body in ((head.format(test), statement.then), ("else:", statement.other)):
            self._line(scope, line)
            inner = self._inside(scope)
            self._line(inner, "pass")
            self._statements(body, inner)
            self._forget(inner, scope)

    def _each(self, statement: Each, scope: _Scope) -> None:
        source, item, index = (self._fresh(letter) for letter in "sxi")
        self._list_of(statement.iter, source, scope)
        self._line(scope, f"for {index}, {item} in enumerate({source}):")
        names = {**scope.names, statement.target: item, "loop": f"{index} {source}"}
        inner = _Scope(names, scope.indent + 1)
        self._line(inner, "pass")
        self._statements(statement.body, inner)

    def _list_of(self, iterated: nodes.Expr, source: str, scope: _Scope) -> None:
        self._line(scope, f"{source} = {self._expressions.code(iterated, scope.names)}")
        self._line(scope, f"if type({source}) is not _list or len({source}) > {_MAX_ROWS}: raise _NeedsJinja")

    def _loop(self, loop: LoopSplice, zone: str, scope: _Scope) -> _Code:
        rows, source, item, index = (self._fresh(letter) for letter in "rsxi")
        self._list_of(loop.iter, source, scope)
        self._line(scope, f"{rows} = []")
        head = len(self._lines)
        self._line(scope, "")
        inner = _Scope({**scope.names, loop.target: item, "loop": f"{index} {source}"}, scope.indent + 1)
        before = self._nodes
        self._statements([Set(name, expr) for name, expr in loop.sets], inner)
        entries = self._entries(loop.entries, zone, inner)
        each, self._nodes = self._nodes - before, before
        self._line(inner, f"{rows}.append(({''.join(f'{entry}, ' for entry in inner.entries)}))")
        indexed = any(index in line for line in self._lines[head + 1 :])
        pair = f"{index}, {item} in enumerate({source})" if indexed else f"{item} in {source}"
        self._lines[head] = "    " * scope.indent + f"for {pair}:"
        self._line(scope, f"n += {each} * len({rows}); z += {loop.weight} * len({rows})")
        if not scope.top:
            self._line(scope, f"if n > {MAX_NODES} or z > {MAX_TEXT}: raise _NeedsJinja")
        slot = self._entry(scope, rows)
        return _Code(
            _repeated([entry.plain for entry in entries], slot),
            _repeated([entry.raw for entry in entries], slot),
        )


def _picked(slot: int, one: _Code, two: _Code) -> _Code:
    def pick(yes: str, no: str) -> str:
        return f"({yes} if f[{slot}][0] else {no})"

    def within(code: _Code, text: str) -> str:
        return text if code.const or text in ("_gone", "None") else f"[{text} for f in (f[{slot}][1],)][0]"

    return _Code(
        pick(within(one, one.plain), within(two, two.plain)),
        pick(within(one, one.raw), within(two, two.raw)),
        maybe_none=one.maybe_none or two.maybe_none,
        maybe_gone=one.maybe_gone or two.maybe_gone,
    )


_ATOMS = frozenset({float, bool, type(None)})


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
