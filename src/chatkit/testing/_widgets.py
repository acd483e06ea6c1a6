"""Checks of what a widget shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel

from chatkit.types import WidgetItem

__all__ = ["assert_widget", "find_components"]


def find_components(widget: Any, type: str | None = None, **props: Any) -> list[dict[str, Any]]:
    """The components of a widget, in the order they show, that have the type and all of the properties.

    ``widget`` is a ``WidgetItem``, a widget or its JSON.
    """
    return [node for node in _walk(_as_json(widget)) if _fits(node, type, props)]


def assert_widget(
    widget: Any, type: str | None = None, *, count: int | None = None, **props: Any
) -> dict[str, Any]:
    """Check that a widget has a component, and give it (the first of several).

    ::

        button = assert_widget(item, "Button", label="Send")
        assert button["onClickAction"]["type"] == "email.send"

    ``count`` is how many there must be, when that matters.

    :raises AssertionError: no component fits, or not ``count``; the message lists those of the same type.
    """
    found = find_components(widget, type, **props)
    if found and count in (None, len(found)):
        return found[0]
    wanted = f"{'any component' if type is None else type} with {props}" if props else str(type)
    expected = "at least one" if count is None else str(count)
    near = [_brief(node) for node in find_components(widget, type)] or [
        _brief(node) for node in find_components(widget)
    ]
    raise AssertionError(
        f"Expected {expected} of {wanted}, found {len(found)}. The widget has:\n  " + "\n  ".join(near)
    )


def _as_json(widget: Any) -> Any:
    shown = widget.widget if isinstance(widget, WidgetItem) else widget
    return (
        shown.model_dump(mode="json", by_alias=True, exclude_none=True)
        if isinstance(shown, BaseModel)
        else shown
    )


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every dict with a type, outside in: components, wherever they nest."""
    if isinstance(value, Mapping):
        node = cast("dict[str, Any]", value)
        if isinstance(node.get("type"), str):
            yield node
        for name, inner in node.items():
            if not name.endswith("Action"):
                yield from _walk(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _walk(inner)


def _fits(node: Mapping[str, Any], type: str | None, props: Mapping[str, Any]) -> bool:
    return type in (None, node["type"]) and all(
        name in node and node[name] == want for name, want in props.items()
    )


def _brief(node: Mapping[str, Any]) -> str:
    plain = {
        name: value for name, value in node.items() if name != "type" and not isinstance(value, list | dict)
    }
    return f"{node['type']} {plain}"
