"""From a template's shape to functions: data → values of its slots, and those values → the widget as data or JSON.

The values of a build are its *frame*: a tuple with one entry for each slot, a pair for each condition and a list of
frames for each loop. Two frames of one program tell what changed without looking at the widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from chatkit.widgets import _write_data, _write_json
from chatkit.widgets._bounds import MAX_TEXT, MAX_TURNS
from chatkit.widgets._check import MAX_DEPTH, MAX_NODES
from chatkit.widgets._diff import STREAMING_TYPES
from chatkit.widgets._expressions import SPACE, Expressions, NeedsJinja, measure
from chatkit.widgets._macros import macros_of
from chatkit.widgets._plan import (
    Either,
    Entries,
    Fields,
    Fixed,
    Hole,
    HoleKind,
    Maybe,
    Plan,
    Rows,
    Splice,
    may_be_none,
)
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
    surely_reads,
)
from chatkit.widgets._skeleton import read
from chatkit.widgets._write_data import DataWriter
from chatkit.widgets._write_json import JsonWriter

Frame = tuple[Any, ...]
_FIRST = ("key", "id", "type", "children")
_ROOTS = ("Card", "ListView", "Basic")
_MAX_LEVELS = 60
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
    json: Callable[[Frame], str]
    """The JSON of ``plain``, without making it."""
    root_type: str
    texts: dict[int, StreamingText]


@dataclass(slots=True)
class _Known:
    """A value that is in the frame already. Asked for again it is only counted again."""

    slot: int
    line: int
    value: str
    levels: int
    uses: int = 1
    text_or_none: bool = False


@dataclass(slots=True)
class _Scope:
    """Where code is being written: the template's top, a branch, or a loop's body."""

    names: dict[str, str]
    indent: int
    top: bool = False
    entries: list[str] = field(default_factory=list[str])
    known: dict[str, _Known] = field(default_factory=dict[str, _Known])


def compile_template(tree: nodes.Template) -> Program:
    """Compile a guarded Jinja tree.

    :raises Unsupported: if the template does more than values, conditions and loops in plain JSON.
    """
    skeleton = read(tree)
    try:
        return _Compiler(skeleton).program(skeleton.root)
    except (SyntaxError, RecursionError, MemoryError) as too_deep:  # as Python's parser puts it
        raise Unsupported("nested too deeply") from too_deep


class _Compiler:
    def __init__(self, skeleton: Skeleton) -> None:
        self._macros = macros_of(skeleton.macros)
        self._free = self._macros.free
        self._expressions = Expressions(self._macros.functions)
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
        plan = self._object(root, "component", top)
        constant = self._expressions.constant
        source = [
            "def evaluate(c):",
            *(
                ["    if not _free.isdisjoint(c): raise _NeedsJinja", "    _spent[:] = 0, 0, 0"]
                if self._free
                else []
            ),
            f"    n = {self._nodes}; z = {self._weight}; t = 0",
            *self._lines,
            f"    if n > {MAX_NODES}: raise _NeedsJinja",
            f"    f = ({''.join(f'{entry}, ' for entry in top.entries)})",
            f"    if z > {_SURELY_FITS}: _measure(json(f), raw, f, z)",
            "    return f",
            f"def plain(f): return {DataWriter(constant, raw=False).code(plan)}",
            f"def raw(f): return {DataWriter(constant, raw=True).code(plan)}",
            "def json(f):",
            *JsonWriter(constant).lines(plan),
        ]
        space: dict[str, Any] = dict(
            self._expressions.constants, **_write_data.NAMES, **_write_json.NAMES, _NeedsJinja=NeedsJinja,
            _free=self._free, _spent=self._macros.spent, _measure=measure, _list=list, _int=int, _atoms=_ATOMS,
        )  # fmt: skip
        # The text is made from names, numbers and constants of our own; the template's words are all constants.
        exec(compile("\n".join(source), "<widget template>", "exec"), space)  # noqa: S102
        unique = not self._dynamic_ids and len(set(self._ids)) == len(self._ids)
        texts = self._texts if unique else {}
        return Program(space["evaluate"], space["raw"], space["plain"], space["json"], kind.value, texts)

    def _line(self, scope: _Scope, text: str) -> None:
        self._lines.append("    " * scope.indent + text)

    def _fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _entry(self, scope: _Scope, name: str) -> int:
        scope.entries.append(name)
        return len(scope.entries) - 1

    def _value(self, shape: Any, zone: str, scope: _Scope, *, alone: bool = False) -> Plan:
        """``alone`` gives the value a slot that no other has."""
        if isinstance(shape, After):
            self._statements(shape.before, scope)
            return self._value(shape.shape, zone, scope, alone=alone)
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
        return self._slot(shape, zone, scope, alone=alone)

    def _const(self, shape: Const, zone: str) -> Plan:
        if zone == "component" and shape.value is not None:
            raise Unsupported("children")
        if zone == "name" and not isinstance(shape.value, str | None):
            raise Unsupported("name")
        return Fixed(shape.value)

    def _slot(self, shape: Slot | TextParts, zone: str, scope: _Scope, *, alone: bool) -> Plan:
        if isinstance(shape, TextParts):
            return self._text(shape, scope)
        kind: HoleKind = "name" if zone == "name" else "payload" if zone == "payload" else "data"
        code = self._expressions.code(shape.expr, scope.names)
        levels = 2 * MAX_DEPTH - self._depth
        known = scope.known.get(code)
        if known is None or alone or SPACE in code or (kind == "name" and not known.text_or_none):
            name = self._fresh("v")
            self._line(scope, f"{name} = {code}")
            known = _Known(
                self._entry(scope, name), len(self._lines), name, levels, text_or_none=kind == "name"
            )
            self._lines.append("")
            if not alone:
                scope.known[code] = known
            again = False
        else:
            known.uses += 1
            known.levels = min(known.levels, levels)
            again = True
        self._lines[known.line] = "\n".join("    " * scope.indent + line for line in _check(known))
        return Hole(known.slot, kind, again)

    def _text(self, shape: TextParts, scope: _Scope) -> Plan:
        name = self._fresh("v")
        parts = [
            repr(part) if isinstance(part, str) else self._expressions.code(part, scope.names)
            for part in shape.parts
        ]
        self._line(scope, f"{name} = _join({', '.join(parts)}); z += len({name})")
        return Hole(self._entry(scope, name), "text")

    def _object(self, shape: Obj, zone: str, scope: _Scope) -> Plan:
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
        streams = component and scope.top and _streams(shape)
        members = self._members(shape.members, zone, scope, "value" if streams else None)
        self._level -= 1
        self._depth -= 1
        if component:
            self._note_ids(shape, members, streams=streams)
            members = {name: members[name] for name in _ordered(members)}
        return Fields(members, keeps_null=zone == "payload")

    def _members(
        self, members: dict[str, Any], zone: str, scope: _Scope, alone: str | None = None
    ) -> dict[str, Plan]:
        """In the template's order, which is the order its statements run in."""
        plans: dict[str, Plan] = {}
        chosen: dict[int, dict[str, Plan]] = {}
        for name, shape in members.items():
            if isinstance(shape, Chosen):
                key = id(shape.choice)
                if key not in chosen:
                    chosen[key] = self._choice(shape.choice, zone, scope)
                plans[name] = chosen[key][name]
            else:
                plans[name] = self._value(shape, _zone(name, zone), scope, alone=name == alone)
        return plans

    def _choice(self, choice: Choice, zone: str, scope: _Scope) -> dict[str, Plan]:
        self._statements(choice.before, scope)
        slot, (one, two) = self._fork(
            choice.test,
            choice.then,
            choice.other,
            scope,
            lambda some, inner: self._members(some, zone, inner),
        )
        return {member: Maybe(slot, one.get(member), two.get(member)) for member in one.keys() | two.keys()}

    def _fork(
        self, test: nodes.Expr, then: Any, other: Any, scope: _Scope, write: Callable[[Any, _Scope], Any]
    ) -> tuple[int, list[Any]]:
        """Write both branches of a condition; gives its slot, and what ``write`` gave for each."""
        name = self._fresh("e")
        found: list[Any] = []
        for head, flag, branch in (
            (f"if {self._expressions.code(test, scope.names)}:", "True", then),
            ("else:", "False", other),
        ):
            self._line(scope, head)
            inner = self._inside(scope)
            found.append(write(branch, inner))
            self._line(inner, f"{name} = ({flag}, ({''.join(f'{entry}, ' for entry in inner.entries)}))")
            self._forget(inner, scope)
        return self._entry(scope, name), found

    def _note_ids(self, shape: Obj, members: dict[str, Plan], *, streams: bool) -> None:
        named = shape.members.get("id")
        if named is None:
            return
        if not isinstance(named, Const):
            self._dynamic_ids = True
            return
        self._ids.append(named.value)
        value, flag = members.get("value"), members.get("streaming", Fixed(None))
        if streams and isinstance(value, Hole) and isinstance(flag, Fixed | Hole):
            fixed = isinstance(flag, Fixed) and bool(flag.value)
            slot = flag.slot if isinstance(flag, Hole) else None
            self._texts[value.slot] = StreamingText(named.value, fixed, slot)

    def _array(self, shape: Arr, zone: str, scope: _Scope) -> Plan:
        self._depth += 1
        if self._depth > 2 * MAX_DEPTH:
            raise Unsupported("depth")
        entries = self._entries(shape.entries, zone, scope)
        self._depth -= 1
        return Entries(entries)

    def _entries(self, entries: list[Any], zone: str, scope: _Scope) -> list[Plan]:
        plans: list[Plan] = []
        for entry in entries:
            if isinstance(entry, After) and entry.shape is None:
                self._statements(entry.before, scope)
            else:
                plans.append(self._in_list(entry, zone, scope))
        return plans

    def _in_list(self, entry: Any, zone: str, scope: _Scope) -> Plan:
        if isinstance(entry, LoopSplice):
            return self._loop(entry, zone, scope)
        if isinstance(entry, CondSplice):

            def write(branch: list[Any], inner: _Scope) -> list[Plan]:
                return self._entries(branch, zone, inner)

            slot, (one, two) = self._fork(entry.test, entry.then, entry.other, scope, write)
            return Splice(slot, one, two)
        plan = self._value(entry, zone, scope)
        if zone == "component" and may_be_none(plan):
            raise Unsupported("null among children")
        return plan

    def _condition(self, shape: Cond, zone: str, scope: _Scope) -> Plan:
        def write(branch: Any, inner: _Scope) -> Plan:
            return self._value(branch, zone, inner)

        slot, (one, two) = self._fork(shape.test, shape.then, shape.other, scope, write)
        return Either(slot, one, two)

    def _inside(self, scope: _Scope) -> _Scope:
        return _Scope(dict(scope.names), scope.indent + 1)

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
        test = self._expressions.code(statement.test, scope.names)
        for line, body in ((f"if {test}:", statement.then), ("else:", statement.other)):
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
        self._line(scope, f"if type({source}) is not _list: raise _NeedsJinja")
        self._line(scope, f"t += len({source})")
        self._line(scope, f"if t > {MAX_TURNS}: raise _NeedsJinja")

    def _loop(self, loop: LoopSplice, zone: str, scope: _Scope) -> Plan:
        rows, source, item, index = (self._fresh(letter) for letter in "rsxi")
        self._list_of(loop.iter, source, scope)
        self._line(scope, f"{rows} = []")
        head = len(self._lines)
        self._line(scope, "")
        inner = _Scope({**scope.names, loop.target: item, "loop": f"{index} {source}"}, scope.indent + 1)
        if surely_reads(loop, loop.target):
            self._line(inner, f"if type({item}) is not _dict: raise _NeedsJinja")
            self._expressions.dicts.add(item)
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
        return Rows(self._entry(scope, rows), entries)


_ATOMS = frozenset({float, bool, type(None)})
_LARGE = 10**18


def _check(known: _Known) -> list[str]:
    """Code that counts a value's characters and objects, and makes plain data of what is none."""
    value, times = known.value, "" if known.uses == 1 else f"{known.uses} * "
    head = f"if type({value}) is _str: z += {times}len({value})"
    if known.text_or_none:
        return [head, f"elif {value} is not None: raise _NeedsJinja"]
    return [
        head,
        f"elif type({value}) is _int:",
        f"    if not -{_LARGE} < {value} < {_LARGE}: raise _NeedsJinja",
        f"elif type({value}) not in _atoms:",
        f"    {value}, m, w = _norm({value}, {known.levels}); n += {times}m; z += {times}w",
    ]


def _streams(shape: Obj) -> bool:
    """Whether the ``value`` of a component may grow by deltas."""
    kind, named = shape.members.get("type"), shape.members.get("id")
    fits = isinstance(kind, Const) and kind.value in STREAMING_TYPES
    return fits and isinstance(named, Const) and isinstance(named.value, str)


def _zone(name: str, zone: str) -> str:
    if zone == "payload" or name == "payload":
        return "payload"
    if zone == "component":
        return {"children": "component", "key": "name", "id": "name"}.get(name, "data")
    return "data"


def _ordered(members: dict[str, Any]) -> list[str]:
    """As a component is written: its common fields first, the rest as the template has it."""
    return [name for name in _FIRST if name in members] + [name for name in members if name not in _FIRST]
