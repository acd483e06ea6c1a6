"""Changing one component of a widget, wherever it nests, without changing the widget in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from chatkit.widgets import WidgetComponentBase

__all__ = ["append_value", "end_streaming", "replace_component"]

_Widget = TypeVar("_Widget")
_Change = Callable[[Any], Any]


def replace_component(root: _Widget, component_id: str, component: Any) -> _Widget:
    """The widget with another component in the place of the one with that id; itself when there is none."""
    return _changed(root, component_id, lambda _: component)


def append_value(root: _Widget, component_id: str, delta: str, *, done: bool) -> _Widget:
    """The widget with text appended to a component's `value`; when `done`, it no longer says it streams."""
    return _changed(root, component_id, lambda found: _appended(found, delta, done))


def end_streaming(root: _Widget) -> _Widget:
    """The widget with no component that says it streams; itself when there is none."""
    return _ended(root)


def _ended(node: Any) -> Any:
    if isinstance(node, list):
        before = cast("list[Any]", node)
        after = [_ended(child) for child in before]
        return after if any(new is not old for new, old in zip(after, before, strict=True)) else before
    if not _is_node(node):
        return node
    changes: dict[str, Any] = {"streaming": False} if _get(node, "streaming") is True else {}
    for name, value in _properties(node):
        if name != "payload" and (ended := _ended(value)) is not value:
            changes[name] = ended
    return _with(node, changes) if changes else node


def _appended(found: Any, delta: str, done: bool) -> Any:
    value = _get(found, "value")
    changes: dict[str, Any] = {"value": (value if isinstance(value, str) else "") + delta}
    if done and _get(found, "streaming") is True:
        changes["streaming"] = False
    return _with(found, changes)


def _changed(node: Any, component_id: str, change: _Change) -> Any:
    """The node with the first component of that id changed; the same object when it holds none."""
    if isinstance(node, list):
        return _in_list(cast("list[Any]", node), component_id, change)
    if not _is_node(node):
        return node
    if _get(node, "id") == component_id:
        return change(node)
    for name, value in _properties(node):
        if name != "payload" and isinstance(value, WidgetComponentBase | list | dict):
            after = _changed(value, component_id, change)
            if after is not value:
                return _with(node, {name: after})
    return node


def _is_node(value: Any) -> bool:
    return isinstance(value, WidgetComponentBase | dict)


def _in_list(nodes: list[Any], component_id: str, change: _Change) -> list[Any]:
    for n, node in enumerate(nodes):
        after = _changed(node, component_id, change)
        if after is not node:
            return [*nodes[:n], after, *nodes[n + 1 :]]
    return nodes


def _properties(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, dict):
        return list(cast("dict[str, Any]", node).items())
    extra: dict[str, Any] = node.__pydantic_extra__ or {}
    return [*node.__dict__.items(), *extra.items()]


def _get(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return cast("dict[str, Any]", node).get(name)
    return getattr(node, name, None)


def _with(node: Any, changes: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        return {**cast("dict[str, Any]", node), **changes}
    return node.model_copy(update=changes)
