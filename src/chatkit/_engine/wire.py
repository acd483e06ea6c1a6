"""Events, items and threads as the bytes that go to a client.

The few events that come in thousands are written by hand, beside the general path through Pydantic; a property
test holds both together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from chatkit._engine.branches import branch_of, versions_of
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    Attachment,
    Page,
    Thread,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
    WidgetRoot,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
)
from chatkit.widgets._base import build_of, data_of
from chatkit.widgets._serialize import odd_json

__all__ = [
    "Encoder",
    "TextDelta",
    "client_attachment",
    "client_item",
    "client_thread",
    "event_json",
    "item_json",
    "json_of",
    "page_json",
    "thread_json",
]

_SHORT: Final = 400
_quote = json.encoder.encode_basestring
_NO_ITEMS: Final = b'{"data":[],"has_more":false}'
_ITEM_EVENTS: Final = (ThreadItemDoneEvent, ThreadItemReplacedEvent, ThreadItemAddedEvent)
_REMOVED: Final = '{"type":"thread.item.removed","item_id":'
_OF_THREAD: Final = set(ThreadMetadata.model_fields) - {"metadata"}
_SERVER_ONLY: Final = {"metadata": None, "upload_descriptor": None}

TextDelta = AssistantMessageContentPartTextDelta | WidgetStreamingTextValueDelta
"""What makes a text grow."""


class Encoder:
    """Writes the events of one stream, each between `before` and `after`."""

    __slots__ = ("_after", "_before", "_done", "_item_id", "_more", "_place", "_prefix", "_tail")

    def __init__(self, before: str = "", after: str = "") -> None:
        self._before, self._after = before.encode(), after.encode()
        self._tail, self._more, self._done = (
            end + after for end in ("}}", ',"done":false}}', ',"done":true}}')
        )
        self._prefix = ""
        self._item_id: str | None = None
        self._place: int | str = -1
        """Where text grows: a content part's index or a component's id."""

    def encode(self, event: ThreadStreamEvent) -> bytes:
        """The event as the client gets it."""
        if type(event) is ThreadItemUpdatedEvent:
            update = event.update
            if (
                type(update) is AssistantMessageContentPartTextDelta
                or type(update) is WidgetStreamingTextValueDelta
            ):
                short = self._short(event.item_id, update, update.delta)
                if short is not None:
                    return short
        elif type(event) is ThreadItemRemovedEvent:  # of a long thread that is retried early, there are many
            return self._before + _utf8(f"{_REMOVED}{_quote(event.item_id)}}}") + self._after
        return self._before + event_json(event) + self._after

    def encode_delta(self, item_id: str, delta: TextDelta, text: str) -> bytes:
        """The event that `delta` would be with another text."""
        short = self._short(item_id, delta, text)
        if short is not None:
            return short
        update = delta.model_copy(update={"delta": text})
        return self._before + event_json(ThreadItemUpdatedEvent(item_id=item_id, update=update)) + self._after

    def _short(self, item_id: str, update: TextDelta, text: str) -> bytes | None:
        """The event of a short text, written by hand; None when it is for Pydantic."""
        if type(text) is not str or len(text) >= _SHORT:
            return None
        if type(update) is AssistantMessageContentPartTextDelta:
            if item_id is not self._item_id or update.content_index != self._place:
                self._begin_text(item_id, update.content_index)
            return _utf8(f"{self._prefix}{_quote(text)}{self._tail}")
        if type(update) is WidgetStreamingTextValueDelta:
            if item_id is not self._item_id or update.component_id != self._place:
                self._begin_value(item_id, update.component_id)
            return _utf8(f"{self._prefix}{_quote(text)}{self._done if update.done else self._more}")
        return None

    def _begin_text(self, item_id: str, index: int) -> None:
        kind = f'"assistant_message.content_part.text_delta","content_index":{index:d}'
        self._begin(item_id, index, kind)

    def _begin_value(self, item_id: str, component_id: str) -> None:
        kind = f'"widget.streaming_text.value_delta","component_id":{_quote(component_id)}'
        self._begin(item_id, component_id, kind)

    def _begin(self, item_id: str, place: int | str, kind: str) -> None:
        self._item_id, self._place = item_id, place
        self._prefix = (
            f'{self._before.decode()}{{"type":"thread.item.updated","item_id":{_quote(item_id)},"update":'
            f'{{"type":{kind},"delta":'
        )


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def event_json(event: ThreadStreamEvent) -> bytes:
    """Any event through Pydantic, without what only the server may know."""
    if isinstance(event, _ITEM_EVENTS):
        return f'{{"type":"{event.type}","item":'.encode() + item_json(event.item) + b"}"
    if isinstance(event, ThreadItemUpdatedEvent) and type(event.update) is WidgetRootUpdated:
        head = f'{{"type":"thread.item.updated","item_id":{_quote(event.item_id)},"update":'
        return (
            _utf8(head)
            + b'{"type":"widget.root.updated","widget":'
            + _widget_json(event.update.widget)
            + b"}}"
        )
    return json_of(event)


def item_json(item: ThreadItem) -> bytes:
    """An item as a client sees it. A widget is written without looking into what its template made."""
    if type(item) is WidgetItem:
        head = f'{{"id":{_quote(item.id)},"thread_id":{_quote(item.thread_id)},"created_at":'
        tail = "}" if item.copy_text is None else f',"copy_text":{_quote(item.copy_text)}}}'
        written = to_json(item.created_at) + b',"type":"widget","widget":' + _widget_json(item.widget)
        return _utf8(head) + written + _utf8(tail)
    if type(item) is not AssistantMessageItem and isinstance(item, UserMessageItem) and item.attachments:
        return json_of(client_item(item))
    return json_of(item)


def _widget_json(widget: WidgetRoot) -> bytes:
    build = build_of(widget)
    if build is not None:
        return _utf8(build[0].json(build[1]))
    try:
        return to_json(data_of(widget), inf_nan_mode="null")
    except PydanticSerializationError:
        return json_of(widget)


def json_of(model: BaseModel) -> bytes:
    """A model as JSON: by alias, fields that are None left out, nulls inside the app's own data kept."""
    try:
        return type(model).__pydantic_serializer__.to_json(model, by_alias=True, exclude_none=True)
    except PydanticSerializationError:
        # Half a surrogate pair in a model's text: the rest of the answer is worth more than that character.
        return _mended(model.model_dump(by_alias=True, exclude_none=True))


def _mended(data: dict[str, Any]) -> bytes:
    return _utf8(odd_json(data, _plain))


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_none=True)
    return str(value)


def page_json(rows: Iterable[bytes], *, has_more: bool, after: str | None) -> bytes:
    """A page whose rows are already JSON."""
    tail = b"true" if has_more else b"false"
    if after is not None:
        tail += b',"after":' + _quote(after).encode()
    return b'{"data":[' + b",".join(rows) + b'],"has_more":' + tail + b"}"


def thread_json(thread: ThreadMetadata, items: bytes = _NO_ITEMS, run_id: str | None = None) -> bytes:
    """A thread as a client sees it: never its metadata."""
    try:
        head = ThreadMetadata.__pydantic_serializer__.to_json(
            thread, by_alias=True, exclude_none=True, exclude={"metadata"}
        )
    except PydanticSerializationError:
        head = _mended(thread.model_dump(by_alias=True, exclude_none=True, include=_OF_THREAD))
    tail = b',"metadata":{},"items":' + items
    if run_id is not None:
        tail += b',"run":{"id":' + _quote(run_id).encode() + b"}"
    branch = branch_of(thread)
    if branch is not None:
        tail += b',"branch":' + json_of(branch)
        versions = [json_of(version) for version in versions_of(thread) or ()]
        tail += b',"branches":[' + b",".join(versions) + b"]"
    return head[:-1] + tail + b"}"


def client_thread(thread: ThreadMetadata) -> Thread:
    """The thread that `thread.created` and `thread.updated` carry: no metadata, no items."""
    return Thread(
        title=thread.title,
        id=thread.id,
        created_at=thread.created_at,
        updated_at=thread.updated_at,
        status=thread.status,
        allowed_image_domains=thread.allowed_image_domains,
        items=Page(),
        branch=branch_of(thread),
        branches=versions_of(thread),
    )


def client_item(item: UserMessageItem) -> UserMessageItem:
    """The message without what only the server may know of its attachments."""
    return item.model_copy(update={"attachments": [client_attachment(a) for a in item.attachments]})


def client_attachment(attachment: Attachment) -> Attachment:
    """The attachment of a message as a client sees it: where to upload it is no longer its business."""
    return attachment.model_copy(update=_SERVER_ONLY)
