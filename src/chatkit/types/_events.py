"""Events: what a stream carries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from chatkit.errors import ErrorCode
from chatkit.icons import IconName
from chatkit.types._items import ThreadItem
from chatkit.types._late import LateModel
from chatkit.types._threads import Thread
from chatkit.types._updates import ThreadItemUpdate


class ThreadCreatedEvent(LateModel):
    """A thread was created."""

    type: Literal["thread.created"] = "thread.created"
    thread: Thread


class ThreadUpdatedEvent(LateModel):
    """A thread's title, status or other metadata changed."""

    type: Literal["thread.updated"] = "thread.updated"
    thread: Thread


class ThreadItemAddedEvent(LateModel):
    """An item began; it is pending until its ``thread.item.done``."""

    type: Literal["thread.item.added"] = "thread.item.added"
    item: ThreadItem


def _any_of(schema: dict[str, Any]) -> None:
    """Looked up by its type, which is quicker; published as it always was."""
    del schema["discriminator"]
    schema["anyOf"] = schema.pop("oneOf")


class ThreadItemUpdatedEvent(LateModel):
    """Part of an item changed."""

    type: Literal["thread.item.updated"] = "thread.item.updated"
    item_id: str
    update: ThreadItemUpdate = Field(discriminator="type", json_schema_extra=_any_of)


class ThreadItemDoneEvent(LateModel):
    """An item is complete and stored."""

    type: Literal["thread.item.done"] = "thread.item.done"
    item: ThreadItem


class ThreadItemRemovedEvent(LateModel):
    """An item was deleted."""

    type: Literal["thread.item.removed"] = "thread.item.removed"
    item_id: str


class ThreadItemReplacedEvent(LateModel):
    """An item was replaced as a whole."""

    type: Literal["thread.item.replaced"] = "thread.item.replaced"
    item: ThreadItem


class StreamOptions(LateModel):
    """What the client may do while the stream runs."""

    allow_cancel: bool


class StreamOptionsEvent(LateModel):
    """Sent once, before the handler's own events."""

    type: Literal["stream_options"] = "stream_options"
    stream_options: StreamOptions


class ProgressUpdateEvent(LateModel):
    """A passing line about what is being done; never stored."""

    type: Literal["progress_update"] = "progress_update"
    icon: IconName | None = None
    text: str


class ClientEffectEvent(LateModel):
    """Something for the page to do, fire and forget."""

    type: Literal["client_effect"] = "client_effect"
    name: str
    data: dict[str, Any] = Field(default_factory=dict)


AppErrorCode = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
"""An app's own error code: lowercase words with dots."""


class ErrorEvent(LateModel):
    """The turn failed."""

    type: Literal["error"] = "error"
    code: Annotated[ErrorCode | Literal["custom"] | AppErrorCode, Field(union_mode="left_to_right")] = (
        "custom"
    )
    message: str | None = None
    allow_retry: bool = False
    request_id: str | None = None


class NoticeEvent(LateModel):
    """A note about the conversation, in Markdown."""

    type: Literal["notice"] = "notice"
    level: Literal["info", "warning", "danger"]
    message: str
    title: str | None = None


ThreadItemUpdated = ThreadItemUpdatedEvent
"""The older name of the same event."""

ThreadStreamEvent = Annotated[
    ThreadCreatedEvent
    | ThreadUpdatedEvent
    | ThreadItemDoneEvent
    | ThreadItemAddedEvent
    | ThreadItemUpdatedEvent
    | ThreadItemRemovedEvent
    | ThreadItemReplacedEvent
    | StreamOptionsEvent
    | ProgressUpdateEvent
    | ClientEffectEvent
    | ErrorEvent
    | NoticeEvent,
    Field(discriminator="type"),
]
"""Any event of a stream."""
