"""What an event does to a thread: the same rules as the client's, so that both always agree.

Nothing is changed in place: an item that an event does not touch is the same object before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chatkit._engine.widget_tree import append_value, replace_component
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    GeneratedImageItem,
    GeneratedImageUpdated,
    Thread,
    ThreadCreatedEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    WidgetComponentUpdated,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

__all__ = ["apply_update", "reduce"]


def reduce(thread: Thread, event: ThreadStreamEvent) -> Thread:
    """The thread after the event; the same object when the event does not change it."""
    rule = _EVENTS.get(type(event))
    return thread if rule is None else rule(thread, event)


def apply_update(item: ThreadItem, update: ThreadItemUpdate) -> ThreadItem:
    """The item after the update; the same object when the update does not fit the item."""
    rule = _UPDATES.get(type(update))
    return item if rule is None else rule(item, update)


def _created(thread: Thread, event: ThreadCreatedEvent) -> Thread:
    return event.thread


def _updated(thread: Thread, event: ThreadUpdatedEvent) -> Thread:
    return event.thread.model_copy(update={"items": thread.items})


def _put(
    thread: Thread, event: ThreadItemAddedEvent | ThreadItemDoneEvent | ThreadItemReplacedEvent
) -> Thread:
    items = list(thread.items.data)
    at = _position(items, event.item.id)
    if at is None:
        items.append(event.item)
    else:
        items[at] = event.item
    return _with_items(thread, items)


def _changed(thread: Thread, event: ThreadItemUpdatedEvent) -> Thread:
    at = _position(thread.items.data, event.item_id)
    if at is None:
        return thread
    before = thread.items.data[at]
    after = apply_update(before, event.update)
    if after is before:
        return thread
    items = list(thread.items.data)
    items[at] = after
    return _with_items(thread, items)


def _removed(thread: Thread, event: ThreadItemRemovedEvent) -> Thread:
    at = _position(thread.items.data, event.item_id)
    if at is None:
        return thread
    return _with_items(thread, [item for n, item in enumerate(thread.items.data) if n != at])


def _position(items: list[ThreadItem], item_id: str) -> int | None:
    for n in range(len(items) - 1, -1, -1):
        if items[n].id == item_id:
            return n
    return None


def _with_items(thread: Thread, items: list[ThreadItem]) -> Thread:
    return thread.model_copy(update={"items": thread.items.model_copy(update={"data": items})})


_EVENTS: Final[dict[type, Callable[[Thread, Any], Thread]]] = {
    ThreadCreatedEvent: _created,
    ThreadUpdatedEvent: _updated,
    ThreadItemAddedEvent: _put,
    ThreadItemDoneEvent: _put,
    ThreadItemReplacedEvent: _put,
    ThreadItemUpdatedEvent: _changed,
    ThreadItemRemovedEvent: _removed,
}


def _parts(item: ThreadItem, upto: int) -> list[AssistantMessageContent] | None:
    """A copy of a message's parts with at least `upto + 1` of them; None when it is no message."""
    if not isinstance(item, AssistantMessageItem) or upto < 0:
        return None
    missing = upto + 1 - len(item.content)
    return [*item.content, *(AssistantMessageContent(text="") for _ in range(missing))]


def _part_added(item: ThreadItem, update: AssistantMessageContentPartAdded) -> ThreadItem:
    parts = _parts(item, update.content_index)
    if parts is None:
        return item
    parts[update.content_index] = update.content
    return item.model_copy(update={"content": parts})


def _part_done(item: ThreadItem, update: AssistantMessageContentPartDone) -> ThreadItem:
    """Servers that learn of citations last send none here: what has come already stays."""
    parts = _parts(item, update.content_index)
    if parts is None:
        return item
    cited = update.content.annotations or parts[update.content_index].annotations
    parts[update.content_index] = update.content.model_copy(update={"annotations": cited})
    return item.model_copy(update={"content": parts})


def _text(item: ThreadItem, update: AssistantMessageContentPartTextDelta) -> ThreadItem:
    parts = _parts(item, update.content_index)
    if parts is None:
        return item
    part = parts[update.content_index]
    parts[update.content_index] = part.model_copy(update={"text": part.text + update.delta})
    return item.model_copy(update={"content": parts})


def _annotation(item: ThreadItem, update: AssistantMessageContentPartAnnotationAdded) -> ThreadItem:
    parts = _parts(item, update.content_index)
    if parts is None:
        return item
    part = parts[update.content_index]
    placed = _inserted(part.annotations, update.annotation_index, update.annotation)
    parts[update.content_index] = part.model_copy(update={"annotations": placed})
    return item.model_copy(update={"content": parts})


def _inserted(values: list[Any], at: int, value: Any) -> list[Any]:
    """A copy with `value` before what is at that index, or at the end when nothing is."""
    if 0 <= at < len(values):
        return [*values[:at], value, *values[at:]]
    return [*values, value]


def _task_added(item: ThreadItem, update: WorkflowTaskAdded) -> ThreadItem:
    if not isinstance(item, WorkflowItem):
        return item
    return _with_tasks(item, _inserted(item.workflow.tasks, update.task_index, update.task))


def _task_updated(item: ThreadItem, update: WorkflowTaskUpdated) -> ThreadItem:
    if not isinstance(item, WorkflowItem):
        return item
    tasks, at = list(item.workflow.tasks), update.task_index
    if 0 <= at < len(tasks):
        tasks[at] = update.task
    else:
        tasks.append(update.task)
    return _with_tasks(item, tasks)


def _with_tasks(item: WorkflowItem, tasks: list[Any]) -> ThreadItem:
    return item.model_copy(update={"workflow": item.workflow.model_copy(update={"tasks": tasks})})


def _image(item: ThreadItem, update: GeneratedImageUpdated) -> ThreadItem:
    return item.model_copy(update={"image": update.image}) if isinstance(item, GeneratedImageItem) else item


def _root(item: ThreadItem, update: WidgetRootUpdated) -> ThreadItem:
    return item.model_copy(update={"widget": update.widget}) if isinstance(item, WidgetItem) else item


def _component(item: ThreadItem, update: WidgetComponentUpdated) -> ThreadItem:
    if not isinstance(item, WidgetItem):
        return item
    return _with_widget(item, replace_component(item.widget, update.component_id, update.component))


def _value(item: ThreadItem, update: WidgetStreamingTextValueDelta) -> ThreadItem:
    if not isinstance(item, WidgetItem):
        return item
    return _with_widget(item, append_value(item.widget, update.component_id, update.delta, done=update.done))


def _with_widget(item: WidgetItem, widget: Any) -> ThreadItem:
    return item if widget is item.widget else item.model_copy(update={"widget": widget})


_UPDATES: Final[dict[type, Callable[[ThreadItem, Any], ThreadItem]]] = {
    AssistantMessageContentPartAdded: _part_added,
    AssistantMessageContentPartDone: _part_done,
    AssistantMessageContentPartTextDelta: _text,
    AssistantMessageContentPartAnnotationAdded: _annotation,
    GeneratedImageUpdated: _image,
    WidgetComponentUpdated: _component,
    WidgetRootUpdated: _root,
    WidgetStreamingTextValueDelta: _value,
    WorkflowTaskAdded: _task_added,
    WorkflowTaskUpdated: _task_updated,
}
