"""Saying something else at an earlier point: a new thread branches off before the edited message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatkit._engine.faults import UnfitRequestError
from chatkit._engine.host import Host
from chatkit._engine.keeping import INTERRUPTED
from chatkit._engine.messages import load_item, load_thread, new_message, record_message, refuse_unless_active
from chatkit._engine.presenting import is_hidden, present_item
from chatkit._engine.turn import Opening
from chatkit._engine.wire import BRANCH, client_thread
from chatkit._time import utc_now
from chatkit.types import (
    Page,
    ThreadBranch,
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
        family = await _join_family(host, origin, edited.id, thread, message.id, context)
        thread.metadata[BRANCH] = family
        await host.store.save_thread(thread, context)
        copies = await _copy_items(host, origin, edited.id, thread, context)
        shown = [await present_item(host, item, context) for item in copies if not is_hidden(item)]
        created = client_thread(thread).model_copy(update={"items": Page[ThreadItem](data=shown)})
        return [ThreadCreatedEvent(thread=created), await record_message(host, thread, message, context)]

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


async def _join_family(
    host: _Host, origin: ThreadMetadata, edited_id: str, thread: ThreadMetadata, message_id: str, context: Any
) -> dict[str, Any]:
    """Make the new thread known to all versions of the same point; gives its own place among them.

    Editing the message that made a branch is another version of the same point, not a branch of the branch.
    """
    kept = origin.metadata.get(BRANCH)
    if kept is not None and kept.get("item_id") == edited_id:
        place = ThreadBranch.model_validate(kept)
        siblings = [*place.siblings, thread.id]
    else:
        place = ThreadBranch(of_thread_id=origin.id, of_item_id=edited_id)
        siblings = [origin.id, thread.id]
    family: dict[str, Any] = {
        "of_thread_id": place.of_thread_id,
        "of_item_id": place.of_item_id,
        "siblings": siblings,
    }
    for sibling_id in siblings[:-1]:
        sibling = origin if sibling_id == origin.id else await load_thread(host, sibling_id, context)
        own = sibling.metadata.get(BRANCH, {}).get("item_id", edited_id)
        sibling.metadata[BRANCH] = {**family, "item_id": own}
        await host.store.save_thread(sibling, context)
    return {**family, "item_id": message_id}


async def _copy_items(
    host: _Host, origin: ThreadMetadata, until_id: str, thread: ThreadMetadata, context: Any
) -> list[ThreadItem]:
    """Copy what was said before an item into another thread, under new ids."""
    copies: list[ThreadItem] = []
    cursor = None
    while True:
        page = await host.store.load_thread_items(origin.id, cursor, _PAGE, "asc", context)
        for item in page.data:
            if item.id == until_id:
                return copies
            kind: Any = _ID_KINDS.get(item.type, "message")
            new_id = host.store.generate_item_id(kind, thread, context)
            copy = item.model_copy(update={"id": new_id, "thread_id": thread.id})
            await host.store.add_thread_item(thread.id, copy, context)
            copies.append(copy)
        if not page.has_more or page.after is None:
            return copies
        cursor = page.after
