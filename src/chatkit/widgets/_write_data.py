"""From a plan to Python code that makes the widget's data out of a frame, named ``f``."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, ClassVar

from chatkit.widgets._plan import (
    Either,
    Entries,
    Fields,
    Fixed,
    Hole,
    Maybe,
    Plan,
    Rows,
    Splice,
    fixed_data,
    is_fixed,
    may_be_gone,
    may_be_none,
)
from chatkit.widgets._serialize import plain

GONE = object()
"""A member that its condition leaves out."""


def drop(data: dict[str, Any]) -> dict[str, Any]:
    """A component's properties without the absent ones."""
    for value in data.values():
        if value is None:
            return {name: kept for name, kept in data.items() if kept is not None}
    return data


def strip(data: dict[str, Any]) -> dict[str, Any]:
    """Members without those their conditions leave out."""
    return {name: value for name, value in data.items() if value is not GONE}


NAMES: dict[str, Any] = {"_drop": drop, "_strip": strip, "_gone": GONE, "_plain": plain, "_copy": deepcopy}
"""What the code below calls."""

Constant = Callable[[Any], str]
"""Gives a value a name that generated code may use."""


class DataWriter:
    """Writes an expression for a plan.

    :param raw: as Jinja's output would read, nothing shared with another build; else as it is written: without what
        is None, constant parts shared.
    """

    def __init__(self, constant: Constant, *, raw: bool) -> None:
        self._constant = constant
        self._raw = raw

    def code(self, plan: Plan) -> str:
        """Return the expression; of what goes into a list, with a star before it where it may be many."""
        if isinstance(plan, Fixed):
            return self._fixed(plan.value)
        if not self._raw and is_fixed(plan):
            return self._constant(fixed_data(plan))
        return self._TABLE[type(plan)](self, plan)

    def _fixed(self, value: Any) -> str:
        return repr(value) if type(value) is not float else self._constant(value)

    def _hole(self, hole: Hole) -> str:
        read = f"f[{hole.slot}]"
        if self._raw:
            return f"_copy({read})" if hole.again and hole.kind in ("data", "payload") else read
        return f"_plain({read})" if hole.kind == "data" else read

    def _either(self, plan: Either) -> str:
        return self._picked(plan.slot, self.code(plan.then), self.code(plan.other))

    def _maybe(self, plan: Maybe) -> str:
        one, two = ("_gone" if branch is None else self.code(branch) for branch in (plan.then, plan.other))
        return self._picked(plan.slot, one, two)

    def _splice(self, plan: Splice) -> str:
        one, two = (f"[{self._all(branch)}]" for branch in (plan.then, plan.other))
        return "*" + self._picked(plan.slot, one, two)

    def _picked(self, slot: int, one: str, two: str) -> str:
        one, two = (f"[{text} for f in (f[{slot}][1],)][0]" for text in (one, two))
        return f"({one} if f[{slot}][0] else {two})"

    def _rows(self, plan: Rows) -> str:
        entries = [self.code(entry) for entry in plan.entries]
        if len(entries) == 1 and not entries[0].startswith("*"):
            return f"*[{entries[0]} for f in f[{plan.slot}]]"
        return f"*[e for f in f[{plan.slot}] for e in [{', '.join(entries)}]]"

    def _entries(self, plan: Entries) -> str:
        return f"[{self._all(plan.entries)}]"

    def _all(self, entries: list[Plan]) -> str:
        return ", ".join(self.code(entry) for entry in entries)

    def _fields(self, plan: Fields) -> str:
        members = plan.members
        if not self._raw and not plan.keeps_null:
            members = {n: m for n, m in members.items() if not (isinstance(m, Fixed) and m.value is None)}
        text = f"{{{', '.join(f'{name!r}: {self.code(member)}' for name, member in members.items())}}}"
        if any(may_be_gone(member) for member in members.values()):
            text = f"_strip({text})"
        if not self._raw and not plan.keeps_null and any(map(may_be_none, members.values())):
            text = f"_drop({text})"
        return text

    _TABLE: ClassVar[dict[type, Callable[[DataWriter, Any], str]]] = {
        Hole: _hole, Either: _either, Maybe: _maybe, Splice: _splice, Rows: _rows, Entries: _entries,
        Fields: _fields,
    }  # fmt: skip
