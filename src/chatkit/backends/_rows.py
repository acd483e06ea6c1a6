"""Stored rows: threads, items and attachments as JSON text, the way they go over the wire."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, to_jsonable_python

from chatkit.backends._search import search_text
from chatkit.types import Attachment, ThreadItem, ThreadMetadata, UserMessageItem
from chatkit.widgets._serialize import odd_json

__all__ = [
    "HIDDEN_TYPES",
    "attachment_json",
    "item_json",
    "item_text",
    "micros",
    "moment",
    "parse_attachment",
    "parse_item",
    "parse_thread",
    "searchable",
    "thread_json",
]

HIDDEN_TYPES: Final = ("hidden_context_item", "sdk_hidden_context")
"""Item types that no client ever sees."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_THREAD: TypeAdapter[ThreadMetadata] = TypeAdapter(ThreadMetadata)
_ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
_METADATA: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)


def micros(time: datetime) -> int:
    """Microseconds since 1970, exactly; a time without an offset is UTC."""
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The inverse of :func:`micros`."""
    return _EPOCH + timedelta(microseconds=microseconds)


def thread_json(thread: ThreadMetadata) -> str:
    """A thread without its items and without the time of its last change, which the store keeps itself."""
    return _dump(_THREAD, thread, exclude={"updated_at", "items"})


def parse_thread(data: str, updated_us: int) -> ThreadMetadata:
    thread = _THREAD.validate_json(data)
    thread.updated_at = moment(updated_us)
    return thread


def item_json(item: ThreadItem) -> str:
    """An item as it goes over the wire, and with the metadata of its attachments. Signed addresses are left out."""
    if isinstance(item, UserMessageItem) and item.attachments:
        kept = [attachment.model_copy(update={"upload_descriptor": None}) for attachment in item.attachments]
        item = item.model_copy(update={"attachments": kept})
    return _dump(_ITEM, item)


def parse_item(data: str) -> ThreadItem:
    return _ITEM.validate_json(data)


def attachment_json(attachment: Attachment) -> str:
    """An attachment without its upload descriptor: a signed address is never stored."""
    return _dump(_ATTACHMENT, attachment, exclude={"upload_descriptor"})


def parse_attachment(data: str) -> Attachment:
    return _ATTACHMENT.validate_json(data)


def item_text(item: ThreadItem) -> str:
    """What a person can search for in an item; nothing for items that no one sees."""
    read = _TEXT.get(item.type)
    return "" if read is None else search_text("\n".join(filter(None, read(item))))


def searchable(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata for the column that filters look at."""
    written = _dump(_METADATA, metadata, exclude_none=False)
    return json.loads(written.replace("\\u0000", "") if "\\u0000" in written else written)


def _dump(
    adapter: TypeAdapter[Any], value: Any, exclude: set[str] | None = None, *, exclude_none: bool = True
) -> str:
    try:
        return adapter.dump_json(value, by_alias=True, exclude_none=exclude_none, exclude=exclude).decode()
    except PydanticSerializationError:  # half a character costs that character, and not what was said
        data = adapter.dump_python(value, by_alias=True, exclude_none=exclude_none, exclude=exclude)
        return odd_json(data, _plain).encode("utf-8", "replace").decode()


def _plain(value: Any) -> Any:
    """What is no JSON yet, as Pydantic would write it."""
    return to_jsonable_python(value, by_alias=True, exclude_none=True, fallback=str)


def _user_text(item: Any) -> list[str | None]:
    return [*(part.text for part in item.content), item.quoted_text, *(a.name for a in item.attachments)]


def _workflow_text(item: Any) -> list[str | None]:
    return [text for task in item.workflow.tasks for text in _task_text(task)]


def _task_text(task: Any) -> list[str | None]:
    return [getattr(task, "title", None), getattr(task, "content", None)]


_TEXT: dict[str, Callable[[Any], list[str | None]]] = {
    "user_message": _user_text,
    "assistant_message": lambda item: [part.text for part in item.content],
    "widget": lambda item: [item.copy_text],
    "workflow": _workflow_text,
    "task": lambda item: _task_text(item.task),
}
