"""From a plan to a Python function that writes the widget's JSON straight from a frame, without making its data.

What the template says is text already; only what the frame holds is encoded. The text is that of ``to_json`` over
the data :mod:`chatkit.widgets._write_data` makes; a property test holds both together.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from chatkit.widgets._plan import (
    Either,
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
from chatkit.widgets._serialize import odd_json, plain

_LONG = 1 << 63

quote = json.encoder.encode_basestring
"""Text as a JSON string: as pydantic-core writes it, only faster for short text."""


def as_json(value: Any) -> str:
    """Plain data as JSON. Half of a surrogate pair, which is no Unicode, may stay to be dealt with by who encodes."""
    try:
        return to_json(value, inf_nan_mode="null").decode()
    except PydanticSerializationError:
        return odd_json(value)


def _payload_json(value: Any) -> str:
    if value is None:
        return "null"
    if type(value) is int and -_LONG < value < _LONG:  # longer ones Python may refuse to write
        return str(value)
    return as_json(value)


def _data_json(value: Any) -> str:
    return (
        _payload_json(value) if type(value) is not dict and type(value) is not list else as_json(plain(value))
    )


NAMES: dict[str, Any] = {
    "_quote": quote,
    "_data_json": _data_json,
    "_payload_json": _payload_json,
    "_str": str,
}
"""What the code below calls."""


@dataclass(frozen=True, slots=True)
class _Local:
    """A local variable of the generated code that holds JSON text, or None for what is left out."""

    name: str


_Pieces = list["str | _Local"]


@dataclass(slots=True)
class _Level:
    """One block of the generated code, and the frame it reads."""

    frame: str
    indent: int
    encoded: dict[tuple[int, bool], str] = field(default_factory=dict[tuple[int, bool], str])


class JsonWriter:
    """Writes the body of ``def json(f)``.

    :param constant: gives a value a name that generated code may use.
    """

    def __init__(self, constant: Callable[[Any], str]) -> None:
        self._constant = constant
        self._lines: list[str] = []
        self._count = 0

    def lines(self, plan: Plan) -> list[str]:
        """Return the function's lines."""
        level = _Level("f", 1)
        pieces, _ = self._value(plan, level, null=True)
        self._line(level, f"return {self._joined(pieces)}")
        return self._lines

    def _line(self, level: _Level, text: str) -> None:
        self._lines.append("    " * level.indent + text)

    def _fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _joined(self, pieces: _Pieces) -> str:
        """An expression for the text of the pieces."""
        parts: list[str] = []
        text = ""
        for piece in [*pieces, _Local("")]:
            if isinstance(piece, str):
                text += piece
                continue
            if text:
                parts.append(self._constant(text))
                text = ""
            parts.append(piece.name)
        parts.pop()
        if not parts:
            return "''"
        return parts[0] if len(parts) == 1 else "f'" + "".join(f"{{{part}}}" for part in parts) + "'"

    def _value(self, plan: Plan, level: _Level, *, null: bool) -> tuple[_Pieces, bool]:
        """The pieces of a value, and whether they are one local that may be None: not written.

        :param null: whether None is written.
        """
        if is_fixed(plan):
            return [as_json(fixed_data(plan))], False
        if isinstance(plan, Hole):
            return self._hole(plan, level, null=null)
        if isinstance(plan, Either | Maybe):
            local = self._branches(plan, level, null=null)
            return [_Local(local)], may_be_gone(plan) or (not null and may_be_none(plan))
        return (self._fields(plan, level) if isinstance(plan, Fields) else self._list(plan, level)), False

    def _hole(self, hole: Hole, level: _Level, *, null: bool) -> tuple[_Pieces, bool]:
        optional = hole.kind in ("name", "data")
        key = (hole.slot, optional)
        if key not in level.encoded:
            level.encoded[key] = self._encoded(hole, level, optional=optional)
        local = level.encoded[key]
        if optional and null:
            kept = self._fresh("j")
            self._line(level, f"{kept} = 'null' if {local} is None else {local}")
            return [_Local(kept)], False
        return [_Local(local)], optional

    def _encoded(self, hole: Hole, level: _Level, *, optional: bool) -> str:
        """Encode a value of the frame into a local. Text is encoded once, however often it occurs."""
        read, local = f"{level.frame}[{hole.slot}]", self._fresh("j")
        other = level.encoded.get((hole.slot, not optional))
        if hole.kind == "text":
            self._line(level, f"{local} = _quote({read})")
            return local
        value = self._fresh("v")
        self._line(level, f"{value} = {read}")
        text = other or f"_quote({value})"
        rest = f"None if {value} is None else _data_json({value})" if optional else f"_payload_json({value})"
        self._line(level, f"{local} = {text} if type({value}) is _str else {rest}")
        return local

    def _branches(self, plan: Either | Maybe, level: _Level, *, null: bool) -> str:
        local = self._fresh("b")

        def write(branch: Plan | None, inner: _Level) -> None:
            absent = branch is None or (not null and isinstance(branch, Fixed) and branch.value is None)
            text = "None"
            if branch is not None and not absent:
                text = self._joined(self._value(branch, inner, null=null)[0])
            self._line(inner, f"{local} = {text}")

        self._either(plan, level, write)
        return local

    def _either(
        self, plan: Either | Maybe | Splice, level: _Level, write: Callable[[Any, _Level], None]
    ) -> None:
        frame = self._fresh("f")
        self._line(level, f"{frame} = {level.frame}[{plan.slot}][1]")
        for head, branch in ((f"if {level.frame}[{plan.slot}][0]:", plan.then), ("else:", plan.other)):
            self._line(level, head)
            write(branch, _Level(frame, level.indent + 1))

    def _fields(self, plan: Fields, level: _Level) -> _Pieces:
        null = plan.keeps_null
        written: list[tuple[str, _Pieces, bool]] = []
        for name, member in plan.members.items():
            if null or not (isinstance(member, Fixed) and member.value is None):
                pieces, optional = self._value(member, level, null=null)
                written.append((f"{quote(name)}:", pieces, optional))
        sure = next((place for place, (_, _, optional) in enumerate(written) if not optional), None)
        out: _Pieces = []
        for place, (name, pieces, optional) in enumerate(written):
            text = _with_comma([name, *pieces], place, sure)
            out += [self._optional(pieces, text, level)] if optional else text
        return ["{", *self._begun(out, level, sure), "}"]

    def _optional(self, pieces: _Pieces, text: _Pieces, level: _Level) -> _Local:
        local = self._fresh("m")
        self._line(level, f"{local} = '' if {self._joined(pieces)} is None else {self._joined(text)}")
        return _Local(local)

    def _begun(self, out: _Pieces, level: _Level, sure: int | None) -> _Pieces:
        """Without the first comma, where nothing is sure to stand before it."""
        if sure is not None or not out:
            return out
        local = self._fresh("l")
        self._line(level, f"{local} = {self._joined(out)}[1:]")
        return [_Local(local)]

    def _list(self, plan: Any, level: _Level) -> _Pieces:
        entries: list[Plan] = plan.entries
        if len(entries) == 1 and isinstance(entries[0], Rows) and len(entries[0].entries) == 1:
            row = entries[0].entries[0]
            if not isinstance(row, Rows | Splice):
                return ["[", self._rows(entries[0], level, None, "','"), "]"]
        sure = next((n for n, entry in enumerate(entries) if not isinstance(entry, Rows | Splice)), None)
        out: _Pieces = []
        for place, entry in enumerate(entries):
            if place == sure:
                out += self._value(entry, level, null=True)[0]
            else:
                out += self._run([entry], level, trailing=sure is not None and place < sure)
        return ["[", *self._begun(out, level, sure), "]"]

    def _run(self, entries: list[Plan], level: _Level, *, trailing: bool) -> _Pieces:
        """Entries that each have a comma: after them, or else before."""
        out: _Pieces = []
        for entry in entries:
            if isinstance(entry, Rows):
                out.append(self._rows(entry, level, trailing, "''"))
            elif isinstance(entry, Splice):
                out.append(self._splice(entry, level, trailing=trailing))
            else:
                pieces = self._value(entry, level, null=True)[0]
                out += [*pieces, ","] if trailing else [",", *pieces]
        return out

    def _rows(self, rows: Rows, level: _Level, trailing: bool | None, between: str) -> _Local:
        """All rows in one local; without commas of their own when ``trailing`` is None."""
        local, frame = self._fresh("r"), self._fresh("f")
        self._line(level, f"{local} = []")
        self._line(level, f"for {frame} in {level.frame}[{rows.slot}]:")
        inner = _Level(frame, level.indent + 1)
        if trailing is None:
            pieces = self._value(rows.entries[0], inner, null=True)[0]
        else:
            pieces = self._run(rows.entries, inner, trailing=trailing)
        self._line(inner, f"{local}.append({self._joined(pieces)})")
        self._line(level, f"{local} = {between}.join({local})")
        return _Local(local)

    def _splice(self, plan: Splice, level: _Level, *, trailing: bool) -> _Local:
        local = self._fresh("s")

        def write(branch: list[Plan], inner: _Level) -> None:
            pieces = self._run(branch, inner, trailing=trailing)
            self._line(inner, f"{local} = {self._joined(pieces)}")

        self._either(plan, level, write)
        return _Local(local)


def _with_comma(text: _Pieces, place: int, sure: int | None) -> _Pieces:
    """A member with its comma: after it when it stands before the first that is sure to be there, else before it."""
    if place == sure:
        return text
    return [*text, ","] if sure is not None and place < sure else [",", *text]
