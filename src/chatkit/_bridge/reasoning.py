"""Reasoning: thoughts as the tasks of a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel

from chatkit.types import (
    ThoughtTask,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

from .reading import read_text
from .turn import Handlers, Turn

__all__ = ["Reasoning", "StreamingThoughtTracker"]

_GROWTH: Final = 8
"""A thought is sent again when it has grown by one part in so many."""


class StreamingThoughtTracker(BaseModel):
    """The thought that streams: which part of which reasoning item, and the task that shows it."""

    item_id: str
    index: int
    task: ThoughtTask


class Reasoning:
    """The thoughts of a run.

    Every update carries the whole task, so an update for each token would cost the square of the text. A thought is
    sent again only when it has grown by an eighth: then all updates together carry at most nine times its text.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._tracker: StreamingThoughtTracker | None = None
        self._task_index = 0
        self._pieces: list[str] = []
        self._length = 0
        self._sent = 0
        self._summarised = False
        self._finished: set[tuple[str, int]] = set()

    @property
    def events(self) -> Handlers:
        """What to do with the model's events."""
        return {
            "response.reasoning_summary_text.delta": self.summary_delta,
            "response.reasoning_summary_text.done": self.summary_done,
            "response.reasoning_summary_part.done": self.part_done,
            "response.reasoning_text.delta": self.text_delta,
            "response.reasoning_text.done": self.text_done,
        }

    async def added(self, item: Any) -> Sequence[ThreadStreamEvent]:
        """Reasoning begins: it goes into the open workflow, or opens one."""
        self._tracker = None
        self._summarised = False
        self._finished.clear()
        if self._turn.context.workflow_item is not None:
            return []
        return [self._turn.begin_workflow(Workflow(type="reasoning", tasks=[]))]

    async def summary_delta(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """More of a thought."""
        self._summarised = True
        return self._grow(event.item_id, event.summary_index, event.delta)

    async def summary_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A thought is complete."""
        self._summarised = True
        return self._complete(event.item_id, event.summary_index, event.text)

    async def part_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A thought is complete, from endpoints that say so only of the part."""
        return self._complete(event.item_id, event.summary_index, read_text(event.part, "text"))

    async def text_delta(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """More raw reasoning, which open models give in place of a summary."""
        return [] if self._summarised else self._grow(event.item_id, event.content_index, event.delta)

    async def text_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """Raw reasoning is complete."""
        return [] if self._summarised else self._complete(event.item_id, event.content_index, event.text)

    def _grow(self, item_id: str, index: int, delta: str) -> Sequence[ThreadStreamEvent]:
        item = self._turn.context.workflow_item
        if item is None:
            return []
        if self._tracks(item_id, index):
            self._pieces.append(delta)
            self._length += len(delta)
            grown = (self._length - self._sent) * _GROWTH >= self._sent
            return [self._send(item)] if grown else []
        if item.workflow.type != "reasoning" or item.workflow.tasks:
            return []
        self._tracker = StreamingThoughtTracker(item_id=item_id, index=index, task=ThoughtTask(content=delta))
        self._pieces, self._length, self._sent = [delta], len(delta), len(delta)
        return [self._add(item, self._tracker.task)]

    def _complete(self, item_id: str, index: int, text: str) -> Sequence[ThreadStreamEvent]:
        item = self._turn.context.workflow_item
        if item is None or (item_id, index) in self._finished:
            return []
        self._finished.add((item_id, index))
        if not self._tracks(item_id, index):
            return [self._add(item, ThoughtTask(content=text))]
        self._pieces = [text]
        event = self._send(item)
        self._tracker = None
        return [event]

    def _tracks(self, item_id: str, index: int) -> bool:
        tracker = self._tracker
        return tracker is not None and (tracker.item_id, tracker.index) == (item_id, index)

    def _add(self, item: WorkflowItem, task: ThoughtTask) -> ThreadStreamEvent:
        item.workflow.tasks.append(task)
        self._task_index = len(item.workflow.tasks) - 1
        return self._turn.updated(
            item.id, WorkflowTaskAdded(task_index=self._task_index, task=task.model_copy())
        )

    def _send(self, item: WorkflowItem) -> ThreadStreamEvent:
        task = ThoughtTask(content="".join(self._pieces))
        self._pieces, self._length = [task.content], len(task.content)
        self._sent = self._length
        if self._tracker is not None:
            self._tracker.task.content = task.content
        return self._turn.updated(item.id, WorkflowTaskUpdated(task_index=self._task_index, task=task))
