"""The run context: how tools and hooks put things into the conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, SkipValidation

from chatkit._time import utc_now
from chatkit.server import stream_widget
from chatkit.store import Store, StoreItemType
from chatkit.types import (
    GeneratedImageItem,
    Task,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowSummary,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit.widgets import WidgetRoot

from .channel import Channel, FromContext
from .workflow import finished

__all__ = ["AgentContext", "ClientToolCall", "TContext"]

TContext = TypeVar("TContext")

_QUIET = frozenset({"client_tool_call", "hidden_context_item", "sdk_hidden_context", "workflow"})
"""Items that leave an open workflow open."""


class ClientToolCall(BaseModel):
    """A tool that the page carries out: its name and arguments."""

    name: str
    arguments: dict[str, Any]


class AgentContext(BaseModel, Generic[TContext]):
    """What a run knows of its conversation; tools reach it as ``ctx.context``.

    Set :attr:`client_tool_call` in a tool to have the page carry something out. Each assignment is one call,
    so several tools of one turn may each make theirs.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    thread: ThreadMetadata
    store: Annotated[Store[TContext], SkipValidation]
    request_context: TContext
    previous_response_id: str | None = None
    client_tool_call: ClientToolCall | None = None
    workflow_item: WorkflowItem | None = None
    generated_image_item: GeneratedImageItem | None = None

    _channel: Channel = PrivateAttr(default_factory=Channel)
    _client_tool_calls: list[ClientToolCall] = PrivateAttr(default_factory=list[ClientToolCall])
    _announced: set[str] = PrivateAttr(default_factory=set[str])
    _resumed_calls: list[Any] = PrivateAttr(default_factory=list[Any])
    _stored: dict[str, str] = PrivateAttr(default_factory=dict[str, str])

    def model_post_init(self, context: Any, /) -> None:
        """Take a client tool call that was given to the constructor."""
        if self.client_tool_call is not None:
            self._client_tool_calls.append(self.client_tool_call)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "client_tool_call":
            if value is None:
                self._client_tool_calls.clear()
            else:
                self._client_tool_calls.append(value)

    def generate_id(self, type: StoreItemType, thread: ThreadMetadata | None = None) -> str:
        """Make an id for an item of ``type`` with the store's own generator."""
        if type == "thread":
            return self.store.generate_thread_id(self.request_context)
        return self.store.generate_item_id(type, thread or self.thread, self.request_context)

    async def stream(self, event: ThreadStreamEvent) -> None:
        """Send an event to the client, in order with what the model says.

        A visible item ends the open workflow. Waits while the client is far behind.
        """
        if isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent) and event.item.type not in _QUIET:
            await self.end_workflow()
        await self._put(event)

    async def stream_widget(
        self,
        widget: WidgetRoot | AsyncGenerator[WidgetRoot, None] | AsyncIterator[WidgetRoot],
        copy_text: str | None = None,
    ) -> None:
        """Show a widget, or keep one current while ``widget`` yields its states.

        :raises ValueError: text that was streamed shrank, or its component vanished.
        """
        events = stream_widget(self.thread, widget, copy_text, self.generate_id)  # type: ignore[arg-type]
        async for event in events:
            await self.stream(event)

    async def start_workflow(self, workflow: Workflow) -> None:
        """Begin a workflow; it shows at once, and is dropped again if it ends without a task."""
        await self._announce(self._new_workflow(workflow))

    async def add_workflow_task(self, task: Task) -> None:
        """Append a task to the open workflow; without one, a custom workflow begins with it."""
        item = self.workflow_item
        if item is None:
            await self._announce(self._new_workflow(Workflow(type="custom", tasks=[task])))
            return
        item.workflow.tasks.append(task)
        added = WorkflowTaskAdded(task_index=len(item.workflow.tasks) - 1, task=task.model_copy(deep=True))
        await self._put(ThreadItemUpdatedEvent(item_id=item.id, update=added))

    async def update_workflow_task(self, task: Task, task_index: int) -> None:
        """Put ``task`` in place of the one at ``task_index`` of the open workflow.

        :raises ValueError: no workflow is open, or it has no task of that index.
        """
        item = self.workflow_item
        if item is None:
            raise ValueError("No workflow is open. Call start_workflow() or add_workflow_task() first.")
        if not 0 <= task_index < len(item.workflow.tasks):
            raise ValueError(
                f"The workflow has {len(item.workflow.tasks)} tasks, none of them at index {task_index}."
            )
        item.workflow.tasks[task_index] = task
        updated = WorkflowTaskUpdated(task_index=task_index, task=task.model_copy(deep=True))
        await self._put(ThreadItemUpdatedEvent(item_id=item.id, update=updated))

    async def end_workflow(self, summary: WorkflowSummary | None = None, expanded: bool = False) -> None:
        """End the open workflow, if there is one. Without a summary it says how long it took, in seconds."""
        event = self._finish_workflow(summary, expanded)
        if event is not None:
            await self._put(event)

    def _finish_workflow(
        self, summary: WorkflowSummary | None = None, expanded: bool = False
    ) -> ThreadStreamEvent | None:
        item = self.workflow_item
        if item is None:
            return None
        self.workflow_item = None
        return finished(item, self._stored.get(item.id), summary, expanded)

    def _new_workflow(self, workflow: Workflow) -> WorkflowItem:
        return WorkflowItem(
            id=self.generate_id("workflow"), thread_id=self.thread.id, created_at=utc_now(), workflow=workflow
        )

    async def _announce(self, item: WorkflowItem) -> None:
        await self.end_workflow()
        self.workflow_item = item
        self._announced.add(item.id)
        await self._put(ThreadItemAddedEvent(item=item.model_copy(deep=True)))

    async def _put(self, event: ThreadStreamEvent) -> None:
        self._channel.append(FromContext(event))
        if self._channel.full:
            await self._channel.room()
