"""What the parts of one run share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from chatkit._time import utc_now
from chatkit.types import (
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
)

from .context import AgentContext
from .converter import ResponseStreamConverter
from .identity import ItemIds

__all__ = ["Handler", "Handlers", "Turn", "loose_citation"]


def loose_citation(kind: str, citation: Any) -> Any:
    """A citation as an object; adapters whose SDK has classes for citations give those instead."""
    return SimpleNamespace(**citation) if isinstance(citation, dict) else citation


Handler = Callable[[Any], Awaitable[Sequence[ThreadStreamEvent]]]
"""Takes a model event, or an output item, and gives what the client is to see."""
Handlers = Mapping[str, Handler]


class Turn:
    """One streamed run: its context, its converter, and the ids it has used."""

    def __init__(
        self,
        context: AgentContext[Any],
        converter: ResponseStreamConverter,
        typed_citation: Callable[[str, Any], Any] = loose_citation,
    ) -> None:
        self.context = context
        self.converter = converter
        self.typed_citation = typed_citation
        self.ids = ItemIds(context)

    def base(self, item_id: str) -> dict[str, Any]:
        """The fields that every new item has."""
        return {"id": item_id, "thread_id": self.context.thread.id, "created_at": utc_now()}

    def end_workflow(self) -> list[ThreadStreamEvent]:
        """End the open workflow because something else begins.

        One that a tool has only just announced stays: its beginning is still on its way to the client.
        """
        item = self.context.workflow_item
        if item is None or item.id in self.context._announced:  # pyright: ignore[reportPrivateUsage]
            return []
        event = self.context._finish_workflow()  # pyright: ignore[reportPrivateUsage]
        return [] if event is None else [event]

    def begin_workflow(self, workflow: Workflow) -> ThreadStreamEvent:
        """Open a workflow and give the event that shows it."""
        item = WorkflowItem(**self.base(self.context.generate_id("workflow")), workflow=workflow)
        self.context.workflow_item = item
        return ThreadItemAddedEvent(item=item.model_copy(deep=True))

    def updated(self, item_id: str, update: Any) -> ThreadItemUpdatedEvent:
        """The event for a change of an item."""
        return ThreadItemUpdatedEvent(item_id=item_id, update=update)
