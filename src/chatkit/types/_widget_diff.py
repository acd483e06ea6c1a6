"""The updates that turn one state of a widget into the next."""

from __future__ import annotations

from typing import Any

from chatkit.types._made import made
from chatkit.types._updates import WidgetComponentUpdated, WidgetRootUpdated, WidgetStreamingTextValueDelta
from chatkit.widgets import DynamicWidgetComponent, WidgetRoot
from chatkit.widgets._base import build_of, data_of
from chatkit.widgets._diff import ComponentChange, diff_trees

WidgetUpdate = WidgetStreamingTextValueDelta | WidgetRootUpdated | WidgetComponentUpdated
"""An update of a widget item."""


def diff_widget(before: WidgetRoot, after: WidgetRoot) -> list[WidgetUpdate]:
    """Return the updates a client needs to go from ``before`` to ``after``.

    Text appended to a Text or Markdown that has an id is a delta; a change within one component that has an id sends
    that component; anything else sends the root. Equal states need nothing.
    """
    if before is after:
        return []
    old, new = build_of(before), build_of(after)
    if old is not None and new is not None and old[0] is new[0]:
        grown = _grown_texts(old[0], old[1], new[1])
        if grown is not None:
            return grown
    changes = diff_trees(data_of(before), data_of(after))
    if changes is None:
        return [WidgetRootUpdated(widget=after)]
    return [
        WidgetComponentUpdated(
            component_id=change.component_id,
            component=DynamicWidgetComponent.model_validate(change.component),
        )
        if isinstance(change, ComponentChange)
        else _delta(change.component_id, change.delta, change.done)
        for change in changes
    ]


def _grown_texts(program: Any, old: tuple[Any, ...], new: tuple[Any, ...]) -> list[WidgetUpdate] | None:
    """Return the deltas when nothing but streaming texts grew between two builds of one template, else None."""
    updates: list[WidgetUpdate] = []
    texts = program.texts
    for place, one in enumerate(old):
        other = new[place]
        if one is other:
            continue
        text = texts.get(place)
        if text is None:
            if one == other:
                continue
            return None
        if type(one) is not str or type(other) is not str or not other.startswith(one):
            return None
        if len(one) < len(other):
            streaming = text.streaming if text.streaming_slot is None else new[text.streaming_slot]
            updates.append(_delta(text.component_id, other[len(one) :], not streaming))
    return updates


def _delta(component_id: str, delta: str, done: bool) -> WidgetStreamingTextValueDelta:
    fields = {
        "type": "widget.streaming_text.value_delta", "component_id": component_id, "delta": delta, "done": done,
    }  # fmt: skip
    return made(WidgetStreamingTextValueDelta, fields, {"component_id", "delta", "done"})
