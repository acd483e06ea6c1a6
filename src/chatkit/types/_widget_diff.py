"""The updates that turn one state of a widget into the next."""

from __future__ import annotations

from chatkit.types._updates import WidgetComponentUpdated, WidgetRootUpdated, WidgetStreamingTextValueDelta
from chatkit.widgets import DynamicWidgetComponent, WidgetRoot
from chatkit.widgets._diff import ComponentChange, diff_trees
from chatkit.widgets._serialize import plain

WidgetUpdate = WidgetStreamingTextValueDelta | WidgetRootUpdated | WidgetComponentUpdated
"""An update of a widget item."""


def diff_widget(before: WidgetRoot, after: WidgetRoot) -> list[WidgetUpdate]:
    """Return the updates a client needs to go from ``before`` to ``after``.

    Text appended to a Text or Markdown that has an id is a delta; a change within one component that has an id sends
    that component; anything else sends the root. Equal states need nothing.
    """
    if before is after:
        return []
    changes = diff_trees(plain(before), plain(after))
    if changes is None:
        return [WidgetRootUpdated(widget=after)]
    return [
        WidgetComponentUpdated(
            component_id=change.component_id,
            component=DynamicWidgetComponent.model_validate(change.component),
        )
        if isinstance(change, ComponentChange)
        else WidgetStreamingTextValueDelta(
            component_id=change.component_id, delta=change.delta, done=change.done
        )
        for change in changes
    ]
