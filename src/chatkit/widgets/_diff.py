"""What changed between two states of a widget, found in one pass over both trees.

Trees here are plain data, as :mod:`chatkit.widgets._serialize` writes them. The answer is the least a client needs:
text to append, one component anew, or (``None``) the whole root anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Tree = dict[str, Any]

STREAMING_TYPES = frozenset({"Text", "Markdown"})
"""Components whose ``value`` may grow by deltas: the ones the wire names."""


@dataclass(frozen=True, slots=True)
class TextGrowth:
    """Text to append to the component with this id; ``done`` when it no longer streams."""

    component_id: str
    delta: str
    done: bool


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """The component with this id is to be drawn anew."""

    component_id: str
    component: Tree


Change = TextGrowth | ComponentChange


@dataclass(slots=True)
class _Pass:
    changes: list[Change] = field(default_factory=list[Change])
    replaced: bool = False


def diff_trees(before: Tree, after: Tree) -> list[Change] | None:
    """Return the changes, or None when the root must be sent as a whole."""
    found = _Pass()
    if before is after or before == after:
        return []
    if before.keys() != after.keys() or not _compare_properties(before, after, found):
        return None
    if not _ids_name_one_component(after, found.changes):
        return None
    return found.changes


def _compare_components(before: Tree, after: Tree, found: _Pass) -> bool:
    """Collect changes within a component; False when an ancestor has to be sent instead."""
    if before is after or before == after:
        return True
    mark = len(found.changes)
    if before.get("type") == after.get("type") and before.get("id") == after.get("id"):
        if _text_grew(before, after, found):
            return True
        if before.keys() == after.keys() and _compare_properties(before, after, found):
            return True
    return _send_component(before, after, found, mark)


def _send_component(before: Tree, after: Tree, found: _Pass, mark: int) -> bool:
    del found.changes[mark:]
    component_id = after.get("id")
    if found.replaced or not isinstance(component_id, str) or before.get("id") != component_id:
        return False
    found.replaced = True
    found.changes.append(ComponentChange(component_id, after))
    return True


def _compare_properties(before: Tree, after: Tree, found: _Pass) -> bool:
    replaced = found.replaced
    for name, old in before.items():
        new = after[name]
        if old is new or old == new:
            continue
        if name in _NEVER_COMPONENTS or name.endswith("Action") or not _compare_values(old, new, found):
            found.replaced = replaced
            return False
    return True


def _compare_values(old: Any, new: Any, found: _Pass) -> bool:
    if is_component(old) and is_component(new):
        return _compare_components(old, new, found)
    if not (isinstance(old, list) and isinstance(new, list)) or len(old) != len(new):  # pyright: ignore[reportUnknownArgumentType]
        return False
    pairs: list[tuple[Any, Any]] = list(zip(old, new, strict=True))  # pyright: ignore[reportUnknownArgumentType]
    return all(
        one is other
        or one == other
        or (is_component(one) and is_component(other) and _compare_components(one, other, found))
        for one, other in pairs
    )


_NEVER_COMPONENTS = frozenset(
    {"type", "id", "key", "payload", "action", "confirm", "cancel", "status", "data"}
)


def is_component(value: Any) -> bool:
    """Whether plain data is a component: an object whose ``type`` names one (actions and series are lowercase)."""
    if not isinstance(value, dict):
        return False
    kind: Any = value.get("type")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return isinstance(kind, str) and kind[:1].isupper()


def _text_grew(before: Tree, after: Tree, found: _Pass) -> bool:
    if after.get("type") not in STREAMING_TYPES or not isinstance(after.get("id"), str):
        return False
    old, new = before.get("value"), after.get("value")
    if not isinstance(old, str) or not isinstance(new, str) or old == new or not new.startswith(old):
        return False
    if {**before, "value": None} != {**after, "value": None}:
        return False
    found.changes.append(TextGrowth(after["id"], new[len(old) :], not after.get("streaming")))
    return True


def _ids_name_one_component(tree: Tree, changes: list[Change]) -> bool:
    """Whether each changed id occurs once, so that the client cannot pick the wrong component."""
    counts = {change.component_id: 0 for change in changes}
    _count_ids(tree, counts)
    return all(count == 1 for count in counts.values())


def _count_ids(value: Any, counts: dict[str, int]) -> None:
    if isinstance(value, dict):
        if is_component(value):
            component_id: Any = value.get("id")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            if component_id in counts:
                counts[component_id] += 1
        for entry in value.values():  # pyright: ignore[reportUnknownVariableType]
            if type(entry) in _CONTAINERS:  # pyright: ignore[reportUnknownArgumentType]
                _count_ids(entry, counts)
    elif isinstance(value, list):
        for entry in value:  # pyright: ignore[reportUnknownVariableType]
            if type(entry) in _CONTAINERS:  # pyright: ignore[reportUnknownArgumentType]
                _count_ids(entry, counts)


_CONTAINERS = (dict, list)
