"""The items of a turn that have begun and are not done, kept current so that a turn cut short can save them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

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

__all__ = ["PendingItem"]

_NO_TEXT: Final = -1
_MANY: Final = 4096


class PendingItem:
    """One item under way. What arrives is put together only when someone looks, or when it has become much."""

    __slots__ = ("_index", "_item", "_pieces", "_updates", "visible")

    def __init__(self, item: ThreadItem, *, visible: bool) -> None:
        self._item = _own_copy(item)
        self._updates: list[ThreadItemUpdate] = []
        self._pieces: list[str] = []
        self._index = _NO_TEXT
        self.visible = visible

    def update(self, update: ThreadItemUpdate) -> None:
        """Take an update in."""
        if type(update) is AssistantMessageContentPartTextDelta:
            if update.content_index != self._index:
                self._end_text()
                self._index = update.content_index
            self._pieces.append(update.delta)
            return
        if self._pieces:
            self._end_text()
        updates = self._updates
        if type(update) is WidgetRootUpdated:
            updates.clear()
        updates.append(update)
        if len(updates) > _MANY:
            self._fold()

    @property
    def item(self) -> ThreadItem:
        """The item as it is now."""
        self._end_text()
        self._fold()
        return self._item

    def _end_text(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._updates.append(AssistantMessageContentPartTextDelta(content_index=self._index, delta=text))
            self._pieces.clear()
        self._index = _NO_TEXT

    def _fold(self) -> None:
        for update in _joined(self._updates):
            self._item = apply_update(self._item, update)
        self._updates.clear()


def _joined(updates: list[ThreadItemUpdate]) -> Iterator[ThreadItemUpdate]:
    """The same updates, with those that grow one component's text put into one."""
    for _, group in groupby(updates, _grows):
        run = list(group)
        last = run[-1]
        if len(run) > 1 and isinstance(last, WidgetStreamingTextValueDelta):
            text = "".join(
                update.delta for update in run if isinstance(update, WidgetStreamingTextValueDelta)
            )
            yield last.model_copy(update={"delta": text})
        else:
            yield from run


def _grows(update: ThreadItemUpdate) -> object:
    """Equal for updates that grow the same text, different for all others."""
    return update.component_id if isinstance(update, WidgetStreamingTextValueDelta) else id(update)


def _own_copy(item: ThreadItem) -> ThreadItem:
    """A copy of what a handler is likely to go on changing itself."""
    if isinstance(item, AssistantMessageItem):
        if not item.content:
            return item.model_copy(update={"content": []})
        return item.model_copy(update={"content": [part.model_copy() for part in item.content]})
    if isinstance(item, WorkflowItem):
        tasks = [task.model_copy() for task in item.workflow.tasks]
        return item.model_copy(update={"workflow": item.workflow.model_copy(update={"tasks": tasks})})
    return item
