"""Saying something else at an earlier point: a new thread branches off before the edited message."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from chatkit._engine.branches import BRANCH, join_family
from chatkit._engine.faults import UnfitRequestError
from chatkit._engine.host import Host
from chatkit._engine.keeping import INTERRUPTED, OF_ITEM
from chatkit._engine.messages import (
    load_item,
    load_thread,
    new_message,
    record_message,
    refuse_unless_active,
    undo_create,
)
from chatkit._engine.presenting import is_hidden, present_item
from chatkit._engine.turn import Opening
from chatkit._engine.wire import client_thread
from chatkit._time import utc_now
from chatkit.types import (
    Page,
    SDKHiddenContextItem,
    ThreadCreatedEvent,
    ThreadEditMessageParams,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

__all__ = ["edit_message"]

_Host = Host[Any]
_ID_KINDS = {
    "client_tool_call": "tool_call",
    "workflow": "workflow",
    "task": "task",
    "sdk_hidden_context": "sdk_hidden_context",
}
_PAGE = 100


async def edit_message(host: _Host, params: ThreadEditMessageParams, context: Any) -> Opening[Any]:
    """Branch off before a user message, and answer what it says now."""
    origin = await load_thread(host, params.thread_id, context)
    refuse_unless_active(origin)
    edited = await load_item(host, origin.id, params.item_id, context)
    if not isinstance(edited, UserMessageItem):
        raise UnfitRequestError(
            f"Item {edited.id} is no user message, so it cannot be edited.",
            path="params.item_id",
            hint="Send the id of a user message.",
        )
    thread = _branch_of(host, origin, context)
    message = await new_message(host, thread, params.input, context, origin.id)

    async def begin() -> Sequence[ThreadStreamEvent]:
        await host.store.save_thread(thread, context)
        try:
            copies = await _copy_items(host, origin, edited.id, thread, context)
            said = await record_message(host, thread, message, context)
            ids = {old.id: new.id for old, new in copies}
            await join_family(host, origin, edited.id, thread, message.id, ids, context)
        except Exception:
            await undo_create(host, thread.id, context)
            raise
        shown = [await present_item(host, item, context) for _, item in copies if not is_hidden(item)]
        created = client_thread(thread).model_copy(update={"items": Page[ThreadItem](data=shown)})
        return [ThreadCreatedEvent(thread=created), said]

    return Opening(thread=thread, begin=begin, source=lambda: host.respond(thread, message, context))


def _branch_of(host: _Host, origin: ThreadMetadata, context: Any) -> ThreadMetadata:
    metadata = {name: value for name, value in origin.metadata.items() if name not in (BRANCH, INTERRUPTED)}
    return ThreadMetadata(
        id=host.store.generate_thread_id(context),
        created_at=utc_now(),
        title=origin.title,
        allowed_image_domains=origin.allowed_image_domains,
        metadata=metadata,
    )


async def _copy_items(
    host: _Host, origin: ThreadMetadata, until_id: str, thread: ThreadMetadata, context: Any
) -> list[tuple[ThreadItem, ThreadItem]]:
    """Copy what was said before an item into another thread, under new ids; gives the items with their copies."""
    copies: list[tuple[ThreadItem, ThreadItem]] = []
    promised: dict[str, str] = {}
    cursor = None
    while True:
        page = await host.store.load_thread_items(origin.id, cursor, _PAGE, "asc", context)
        before = list(takewhile(lambda item: item.id != until_id, page.data))
        new = [_copy(host, item, thread, promised, context) for item in before]
        if new:
            await host.store.add_thread_items(thread.id, new, context)
        copies += zip(before, new, strict=True)
        if len(before) < len(page.data) or not page.has_more or page.after is None:
            return copies
        cursor = page.after


def _copy(
    host: _Host, item: ThreadItem, thread: ThreadMetadata, promised: dict[str, str], context: Any
) -> ThreadItem:
    """A copy under a new id.

    :param promised: the ids of items that one before them, which belongs to them, has been named after.
    """
    kind: Any = _ID_KINDS.get(item.type, "message")
    whose = item.id.removeprefix(OF_ITEM)
    if isinstance(item, SDKHiddenContextItem) and whose != item.id:
        promised[whose] = host.store.generate_item_id("message", thread, context)
        new_id = OF_ITEM + promised[whose]
    else:
        new_id = promised.pop(item.id, None) or host.store.generate_item_id(kind, thread, context)
    return item.model_copy(update={"id": new_id, "thread_id": thread.id})
