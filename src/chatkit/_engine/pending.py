"""The items of a turn that have begun and are not done, kept current so that a turn cut short can save them."""

from __future__ import annotations

from chatkit._engine.reducer import apply_update
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItem,
    ThreadItemUpdate,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    WorkflowItem,
)

__all__ = ["PendingItem", "has_substance"]


class PendingItem:
    """One item under way. What arrives in pieces is put together only when someone looks."""

    __slots__ = ("_item", "_root", "_texts", "_values", "visible")

    def __init__(self, item: ThreadItem, *, visible: bool) -> None:
        self._item = _own_copy(item)
        self._texts: dict[int, list[str]] = {}
        self._values: dict[str, list[WidgetStreamingTextValueDelta]] = {}
        self._root: WidgetRootUpdated | None = None
        self.visible = visible

    def update(self, update: ThreadItemUpdate) -> None:
        """Take an update in."""
        kind = type(update)
        if kind is AssistantMessageContentPartTextDelta:
            pieces = self._texts.get(update.content_index)
            if pieces is None:
                self._texts[update.content_index] = [update.delta]
            else:
                pieces.append(update.delta)
        elif kind is WidgetStreamingTextValueDelta:
            self._values.setdefault(update.component_id, []).append(update)
        elif kind is WidgetRootUpdated:
            self._root = update
            self._values.clear()
        else:
            self._item = apply_update(self.item, update)

    @property
    def item(self) -> ThreadItem:
        """The item as it is now."""
        if self._root is not None:
            self._item = apply_update(self._item, self._root)
            self._root = None
        for index in sorted(self._texts):
            text = "".join(self._texts.pop(index))
            self._item = apply_update(
                self._item, AssistantMessageContentPartTextDelta(content_index=index, delta=text)
            )
        for pieces in self._values.values():
            whole = pieces[-1].model_copy(update={"delta": "".join(piece.delta for piece in pieces)})
            self._item = apply_update(self._item, whole)
        self._values.clear()
        return self._item


def has_substance(item: ThreadItem) -> bool:
    """Whether an unfinished item is worth keeping: a message with text, a workflow with tasks."""
    if isinstance(item, AssistantMessageItem):
        return any(part.text.strip() for part in item.content)
    return isinstance(item, WorkflowItem) and bool(item.workflow.tasks)


def _own_copy(item: ThreadItem) -> ThreadItem:
    """A copy of what a handler is likely to go on changing itself."""
    if isinstance(item, AssistantMessageItem):
        return item.model_copy(update={"content": [part.model_copy() for part in item.content]})
    if isinstance(item, WorkflowItem):
        tasks = [task.model_copy() for task in item.workflow.tasks]
        return item.model_copy(update={"workflow": item.workflow.model_copy(update={"tasks": tasks})})
    return item
