"""Tools that the model's endpoint runs by itself: their calls as steps of a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from chatkit.types import ThreadStreamEvent, Workflow, WorkflowTaskAdded, WorkflowTaskUpdated

from .reading import read_text
from .turn import Turn

__all__ = ["HOSTED_TOOLS", "HostedTools"]

HOSTED_TOOLS: Final = (
    "web_search_call",
    "file_search_call",
    "code_interpreter_call",
    "mcp_call",
    "mcp_approval_request",
    "agent_step",
)
_INSTANT: Final = frozenset({"mcp_approval_request"})
"""Complete as soon as it is added, but waiting for someone."""


class HostedTools:
    """The calls of a run."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._places: dict[str, tuple[str, int]] = {}

    async def added(self, call: Any) -> Sequence[ThreadStreamEvent]:
        """A call begins."""
        task = await self._turn.converter.hosted_tool_to_task(call, False)
        if task is None:
            return []
        events: list[ThreadStreamEvent] = []
        if self._turn.context.workflow_item is None:
            events.append(self._turn.begin_workflow(Workflow(type="custom", tasks=[])))
        item = self._turn.context.workflow_item
        if item is None:
            return events
        item.workflow.tasks.append(task)
        index = len(item.workflow.tasks) - 1
        self._places[read_text(call, "id")] = (item.id, index)
        update = WorkflowTaskAdded(task_index=index, task=task.model_copy(deep=True))
        return [*events, self._turn.updated(item.id, update)]

    async def done(self, call: Any) -> Sequence[ThreadStreamEvent]:
        """A call is complete."""
        place = self._places.pop(read_text(call, "id"), None)
        if place is None:
            return await self._late(call)
        item = self._turn.context.workflow_item
        if item is None or item.id != place[0]:
            return []
        complete = read_text(call, "type") not in _INSTANT
        task = await self._turn.converter.hosted_tool_to_task(call, complete)
        if task is None:
            return []
        item.workflow.tasks[place[1]] = task
        update = WorkflowTaskUpdated(task_index=place[1], task=task.model_copy(deep=True))
        return [self._turn.updated(item.id, update)]

    async def _late(self, call: Any) -> Sequence[ThreadStreamEvent]:
        """A call that was never announced."""
        added = await self.added(call)
        return [*added, *(await self.done(call) if added else ())]
