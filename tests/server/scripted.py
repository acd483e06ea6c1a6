"""A server that yields what a test tells it to, and a client that reads what it sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from pydantic import TypeAdapter

from chatkit._time import utc_now
from chatkit.actions import Action
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.store import AttachmentStore, Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)

EVENT: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)
Script = Callable[["ScriptedServer", ThreadMetadata, Any], AsyncIterator[ThreadStreamEvent]]


class ScriptedServer(ChatKitServer[Any]):
    """`script(server, thread, what)` gives the events; `what` is the message, or the action."""

    def __init__(
        self, script: Script | None = None, store: Store[Any] | None = None, **settings: Any
    ) -> None:
        super().__init__(store or MemoryStore(), Uploads())
        self.script = script or answer("Hello")
        self.sync: Callable[..., SyncCustomActionResponse] = lambda *_: SyncCustomActionResponse()
        self.given: list[Any] = []
        self.half = asyncio.Event()
        self.closed = asyncio.Event()
        for name, value in settings.items():
            setattr(self, name, value)

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        self.given.append(input_user_message)
        return self.script(self, thread, input_user_message)

    def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        self.given.append((action, sender))
        return self.script(self, thread, action)

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Any
    ) -> SyncCustomActionResponse:
        self.given.append((action, sender))
        return self.sync(thread, action, sender)


class Uploads(AttachmentStore[Any]):
    """Two-phase upload to an address that is signed."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def create_attachment(self, input: AttachmentCreateParams, context: Any) -> Attachment:
        return FileAttachment(
            id=self.generate_attachment_id(input.mime_type, context),
            name=input.name,
            mime_type=input.mime_type,
            metadata={"secret": "path"},
            upload_descriptor=AttachmentUploadDescriptor.model_validate(
                {
                    "url": "https://files.example/put?signature=s3cret",
                    "method": "PUT",
                    "headers": {"X-Key": "k"},
                }
            ),
        )

    async def delete_attachment(self, attachment_id: str, context: Any) -> None:
        self.deleted.append(attachment_id)


def message(thread: ThreadMetadata, text: str = "", item_id: str = "msg_answer") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)] if text else []
    return AssistantMessageItem(id=item_id, thread_id=thread.id, created_at=utc_now(), content=content)


def added(thread: ThreadMetadata, item_id: str = "msg_answer") -> ThreadItemAddedEvent:
    return ThreadItemAddedEvent(item=message(thread, item_id=item_id))


def delta(text: str, item_id: str = "msg_answer", index: int = 0) -> ThreadItemUpdatedEvent:
    update = AssistantMessageContentPartTextDelta(content_index=index, delta=text)
    return ThreadItemUpdatedEvent(item_id=item_id, update=update)


def done(item: ThreadItem) -> ThreadItemDoneEvent:
    return ThreadItemDoneEvent(item=item)


def answer(*texts: str) -> Script:
    """One complete message for each text, under new ids."""

    async def script(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        for text in texts:
            item_id = server.store.generate_item_id("message", thread, None)
            yield added(thread, item_id)
            yield delta(text, item_id)
            yield done(message(thread, text, item_id))

    return script


def request(kind: str, /, **params: Any) -> bytes:
    metadata = params.pop("request_metadata", None)
    body: dict[str, Any] = {"type": kind, "params": params}
    if metadata is not None:
        body["metadata"] = metadata
    return json.dumps(body).encode()


def user_input(text: str = "hi", attachments: list[str] | None = None) -> dict[str, Any]:
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": attachments or [],
        "inference_options": {},
    }


def read_frame(frame: bytes) -> ThreadStreamEvent:
    assert frame.startswith(b"data: ")
    assert frame.endswith(b"\n\n")
    return EVENT.validate_json(frame[len(b"data: ") :])


async def stream(server: ChatKitServer[Any], kind: str, context: Any = None, /, **params: Any) -> list[Any]:
    """All events of a streaming request."""
    result = await server.process(request(kind, **params), context)
    assert isinstance(result, StreamingResult)
    return [read_frame(frame) async for frame in result]


async def single(server: ChatKitServer[Any], kind: str, context: Any = None, /, **params: Any) -> Any:
    """The answer of a single request."""
    result = await server.process(request(kind, **params), context)
    assert isinstance(result, NonStreamingResult)
    return json.loads(result.json)


async def new_thread(server: ChatKitServer[Any], text: str = "hi", context: Any = None) -> str:
    """A thread with one message and its answer."""
    events = await stream(server, "threads.create", context, input=user_input(text))
    return events[0].thread.id


async def items(server: ChatKitServer[Any], thread_id: str, context: Any = None) -> list[ThreadItem]:
    """Everything stored in a thread, oldest first."""
    page = await server.store.load_thread_items(thread_id, None, 1000, "asc", context)
    return page.data


def kinds(events: list[Any]) -> list[str]:
    return [event.type for event in events]


def texts(stored: list[ThreadItem]) -> list[str]:
    """Of each item: the text of a message, else its type."""
    return [
        "".join(getattr(part, "text", "") for part in item.content)
        if isinstance(item, AssistantMessageItem | UserMessageItem)
        else item.type
        for item in stored
    ]
