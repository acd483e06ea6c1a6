"""What stays of an item that was begun and will not go on."""

from __future__ import annotations

from typing import Final

from chatkit._engine.widget_tree import end_streaming
from chatkit._time import as_utc, utc_now
from chatkit.types import (
    AssistantMessageItem,
    DurationSummary,
    Task,
    TaskItem,
    ThreadItem,
    WidgetItem,
    WorkflowItem,
)

__all__ = ["has_substance", "settled"]

_KEPT: Final = (WidgetItem, TaskItem)


def has_substance(item: ThreadItem) -> bool:
    """Whether an unfinished item is worth keeping: a message with text, a workflow with tasks, a widget."""
    if isinstance(item, AssistantMessageItem):
        return any(part.text.strip() for part in item.content)
    if isinstance(item, WorkflowItem):
        return bool(item.workflow.tasks)
    return isinstance(item, _KEPT)


def settled(item: ThreadItem) -> ThreadItem:
    """The item as it stays: what was written, with nothing that still loads or streams."""
    if isinstance(item, WidgetItem):
        return item.model_copy(update={"widget": end_streaming(item.widget)})
    if isinstance(item, TaskItem):
        return item.model_copy(update={"task": _ended(item.task)})
    if isinstance(item, WorkflowItem):
        seconds = int((utc_now() - as_utc(item.created_at)).total_seconds())
        changes = {
            "tasks": [_ended(task) for task in item.workflow.tasks],
            "summary": item.workflow.summary or DurationSummary(duration=max(0, seconds)),
        }
        return item.model_copy(update={"workflow": item.workflow.model_copy(update=changes)})
    return item


def _ended(task: Task) -> Task:
    return (
        task.model_copy(update={"status_indicator": "none"}) if task.status_indicator == "loading" else task
    )
