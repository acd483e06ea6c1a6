"""The widget a compiled template writes, as a tree with places for what a frame holds.

The compiler makes one plan for each template; :mod:`chatkit.widgets._write_data` and
:mod:`chatkit.widgets._write_json` turn it into functions from a frame to data and to JSON text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from chatkit.widgets._shapes import Unsupported

HoleKind = Literal["name", "text", "data", "payload"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """An atom the template writes as it is."""

    value: Any


@dataclass(frozen=True, slots=True)
class Hole:
    """A value of the frame.

    A ``name`` is text or nothing, a ``text`` is always text, ``data`` and ``payload`` are any plain data; of data, what
    is None is left out.
    """

    slot: int
    kind: HoleKind
    again: bool = False
    """Whether another hole has the same slot, so that who wants a copy of its own has to make one."""


@dataclass(frozen=True, slots=True)
class Either:
    """One of two values. The slot holds which, and the frame of that one."""

    slot: int
    then: Plan
    other: Plan


@dataclass(frozen=True, slots=True)
class Maybe:
    """A member under a condition; None where a branch has no such member."""

    slot: int
    then: Plan | None
    other: Plan | None


@dataclass(frozen=True, slots=True)
class Fields:
    """An object; of its members that are None only a payload's are written."""

    members: dict[str, Plan]
    keeps_null: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """A list."""

    entries: list[Plan]


@dataclass(frozen=True, slots=True)
class Splice:
    """Entries of one of two branches, among those of a list."""

    slot: int
    then: list[Plan]
    other: list[Plan]


@dataclass(frozen=True, slots=True)
class Rows:
    """Entries of each turn of a loop, among those of a list. The slot holds a list of frames."""

    slot: int
    entries: list[Plan]


Plan = Fixed | Hole | Either | Maybe | Fields | Entries | Splice | Rows


def is_fixed(plan: Plan | None) -> bool:
    """Whether the plan needs nothing of a frame."""
    if isinstance(plan, Fields):
        return all(map(is_fixed, plan.members.values()))
    if isinstance(plan, Entries):
        return all(map(is_fixed, plan.entries))
    return plan is None or isinstance(plan, Fixed)


def fixed_data(plan: Plan | None) -> Any:
    """Return the data of a fixed plan as it is written."""
    if isinstance(plan, Fields):
        written = {name: fixed_data(member) for name, member in plan.members.items()}
        if plan.keeps_null:
            return written
        return {name: value for name, value in written.items() if value is not None}
    if isinstance(plan, Entries):
        return [fixed_data(entry) for entry in plan.entries]
    if isinstance(plan, Fixed):
        return plan.value
    raise Unsupported("not fixed")


def may_be_none(plan: Plan | None) -> bool:
    """Whether the value may be None or, in a branch, missing."""
    if isinstance(plan, Fixed):
        return plan.value is None
    if isinstance(plan, Either | Maybe):
        return may_be_none(plan.then) or may_be_none(plan.other)
    return plan is None or (isinstance(plan, Hole) and plan.kind != "text")


def may_be_gone(plan: Plan) -> bool:
    """Whether the member is missing in a branch of its conditions."""
    return isinstance(plan, Maybe) and any(
        branch is None or may_be_gone(branch) for branch in (plan.then, plan.other)
    )
