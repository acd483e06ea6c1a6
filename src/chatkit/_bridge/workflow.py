"""How a workflow ends."""

from __future__ import annotations

from chatkit._time import as_utc, utc_now
from chatkit.types import (
    DurationSummary,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadStreamEvent,
    WorkflowItem,
    WorkflowSummary,
)

__all__ = ["finished", "is_empty"]


def is_empty(item: WorkflowItem) -> bool:
    """Whether a workflow has nothing to show: reasoning always has its duration, a summary is something."""
    workflow = item.workflow
    return workflow.type == "custom" and not workflow.tasks and workflow.summary is None


def finished(
    item: WorkflowItem, stored: str | None, summary: WorkflowSummary | None = None, expanded: bool = False
) -> ThreadStreamEvent | None:
    """End a workflow and give the event that says so.

    ``stored`` is its JSON in the store when it was continued from an earlier turn: it is then saved in place,
    and only if it changed. A new workflow is done; one that stayed empty is removed again.
    """
    if summary is not None:
        item.workflow.summary = summary
    if stored is None and is_empty(item):
        return ThreadItemRemovedEvent(item_id=item.id)
    if item.workflow.summary is None:
        seconds = (utc_now() - as_utc(item.created_at)).total_seconds()
        item.workflow.summary = DurationSummary(duration=max(0, int(seconds)))
    item.workflow.expanded = expanded
    copy = item.model_copy(deep=True)
    if stored is None:
        return ThreadItemDoneEvent(item=copy)
    return None if copy.model_dump_json() == stored else ThreadItemReplacedEvent(item=copy)
