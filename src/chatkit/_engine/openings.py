"""One function for each streaming request: it checks everything, and gives the turn that may then begin.

Nothing is written before `begin` runs, so a request that is refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from chatkit._engine.editing import edit_message
from chatkit._engine.faults import UnfitRequestError
from chatkit._engine.host import Host
from chatkit._engine.keeping import INTERRUPTED
from chatkit._engine.messages import (
    load_item,
    load_thread,
    new_message,
    record_message,
    refuse_unless_active,
    undo_create,
)
from chatkit._engine.presenting import is_hidden
from chatkit._engine.structured_input import answered
from chatkit._engine.turn import Opening
from chatkit._engine.wire import client_thread
from chatkit._time import utc_now
from chatkit.errors import ErrorCode
from chatkit.logger import logger
from chatkit.types import (
    ClientToolCallItem,
    ErrorEvent,
    StructuredInputItem,
    ThreadAddClientToolOutputParams,
    ThreadAddStructuredInputParams,
    ThreadAddUserMessageParams,
    ThreadCreatedEvent,
    ThreadCreateParams,
    ThreadCustomActionParams,
    ThreadItem,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadRetryAfterItemParams,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit.types._made import made

__all__ = ["OPENINGS"]

TContext = TypeVar("TContext")
_Host = Host[Any]

_NEWEST = 20
_GROWN = 500


async def _new_turn(host: _Host, thread: ThreadMetadata, context: Any) -> None:
    """A new answer begins: the last one is no longer what the thread is about."""
    if thread.metadata.pop(INTERRUPTED, None) is not None:
        await host.store.save_thread(thread, context)


async def _create(host: _Host, params: ThreadCreateParams, context: Any) -> Opening[Any]:
    thread = ThreadMetadata(id=host.store.generate_thread_id(context), created_at=utc_now())
    message = await new_message(host, thread, params.input, context)

    async def begin() -> Sequence[ThreadStreamEvent]:
        await host.store.save_thread(thread, context)
        created = ThreadCreatedEvent(thread=client_thread(thread))
        try:
            return [created, await record_message(host, thread, message, context)]
        except Exception:
            await undo_create(host, thread.id, context)
            raise

    return Opening(thread=thread, begin=begin, source=lambda: host.respond(thread, message, context))


async def _add_user_message(host: _Host, params: ThreadAddUserMessageParams, context: Any) -> Opening[Any]:
    thread = await load_thread(host, params.thread_id, context)
    refuse_unless_active(thread)
    message = await new_message(host, thread, params.input, context)

    async def begin() -> Sequence[ThreadStreamEvent]:
        await _new_turn(host, thread, context)
        return [await record_message(host, thread, message, context)]

    return Opening(thread=thread, begin=begin, source=lambda: host.respond(thread, message, context))


async def _retry_after_item(host: _Host, params: ThreadRetryAfterItemParams, context: Any) -> Opening[Any]:
    thread = await load_thread(host, params.thread_id, context)
    refuse_unless_active(thread)
    message = await load_item(host, thread.id, params.item_id, context)
    if not isinstance(message, UserMessageItem):
        raise UnfitRequestError(
            f"Item {message.id} is no user message, so it cannot be answered again.",
            path="params.item_id",
            hint="Send the id of the user message before the answer.",
        )
    opening = Opening[Any](
        thread=thread, begin=_nothing, source=lambda: host.respond(thread, message, context)
    )

    async def begin() -> Sequence[ThreadStreamEvent]:
        await _new_turn(host, thread, context)
        after = await _items_after(host, thread.id, message.id, context)
        if after and opening.before_replacing is not None:
            await opening.before_replacing(after)
        if after:
            await host.store.delete_thread_items(thread.id, [item.id for item in after], context)
        opening.replaces = after
        return [_removed(item.id) for item in after if not is_hidden(item)]

    opening.begin = begin
    return opening


def _removed(item_id: str) -> ThreadItemRemovedEvent:
    return made(ThreadItemRemovedEvent, {"type": "thread.item.removed", "item_id": item_id}, {"item_id"})


async def _nothing() -> Sequence[ThreadStreamEvent]:
    return ()


async def _items_after(host: _Host, thread_id: str, item_id: str, context: Any) -> list[ThreadItem]:
    """The items after one, oldest first. Read from the newest, in growing pages: it is nearly always the last turn."""
    found: list[ThreadItem] = []
    cursor, want = None, _NEWEST
    while True:
        page = await host.store.load_thread_items(thread_id, cursor, want, "desc", context)
        for item in page.data:
            if item.id == item_id:
                return found[::-1]
            found.append(item)
        if not page.has_more or page.after is None:
            return []
        cursor, want = page.after, min(want * 2, _GROWN)


async def _add_client_tool_output(
    host: _Host, params: ThreadAddClientToolOutputParams, context: Any
) -> Opening[Any]:
    thread = await load_thread(host, params.thread_id, context)
    page = await host.store.load_thread_items(thread.id, None, _NEWEST, "desc", context)
    pending = [i for i in page.data if isinstance(i, ClientToolCallItem) and i.status == "pending"]
    item_id = params.item_id
    if item_id is None:
        newest = next((item for item in page.data if not is_hidden(item)), None)
        call = newest if newest in pending else None
    else:
        call = next((item for item in pending if item.id == item_id), None)
    if not isinstance(call, ClientToolCallItem):
        raise UnfitRequestError(
            f"Thread {thread.id} does not wait for the output of a client tool.",
            path="params.thread_id" if item_id is None else "params.item_id",
            hint="Send one output for each pending client_tool_call item.",
        )
    output = params.result if params.error is None else {"error": params.error}
    completed = call.model_copy(update={"output": output, "status": "completed"})
    others = [item for item in pending if item is not call]

    async def begin() -> Sequence[ThreadStreamEvent]:
        await host.store.save_item(thread.id, completed, context)
        if item_id is not None:
            return [ThreadItemReplacedEvent(item=completed)]
        if others:
            await host.store.delete_thread_items(thread.id, [item.id for item in others], context)
        return ()

    waits = item_id is not None and bool(others)
    return Opening(
        thread=thread, begin=begin, source=None if waits else lambda: host.respond(thread, None, context)
    )


async def _add_structured_input(
    host: _Host, params: ThreadAddStructuredInputParams, context: Any
) -> Opening[Any]:
    thread = await load_thread(host, params.thread_id, context)
    item = await load_item(host, thread.id, params.item_id, context)
    if not isinstance(item, StructuredInputItem) or item.status != "pending":
        raise UnfitRequestError(
            f"Item {item.id} is no structured input that waits for answers.",
            path="params.item_id",
            hint="Load the thread again: it may have been answered elsewhere.",
        )
    done = answered(item, params.input)

    async def begin() -> Sequence[ThreadStreamEvent]:
        await host.store.save_item(thread.id, done, context)
        return [ThreadItemReplacedEvent(item=done)]

    return Opening(
        thread=thread,
        begin=begin,
        options_first=True,
        source=lambda: host.respond(thread, None, context),
    )


async def _custom_action(host: _Host, params: ThreadCustomActionParams, context: Any) -> Opening[Any]:
    thread = await load_thread(host, params.thread_id, context)
    sender = None
    if params.item_id is not None:
        sender = await load_item(host, thread.id, params.item_id, context)
        if not isinstance(sender, WidgetItem):
            logger.warning("Action %s came from item %s, which is no widget", params.action.type, sender.id)
            refusal = ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=False)
            return Opening(thread=thread, begin=_giving([refusal]), source=None, exclusive=False)
    return Opening(
        thread=thread,
        begin=_nothing,
        source=lambda: host.action(thread, params.action, sender, context),
        exclusive=False,
    )


def _giving(events: Sequence[ThreadStreamEvent]) -> Callable[[], Awaitable[Sequence[ThreadStreamEvent]]]:
    async def begin() -> Sequence[ThreadStreamEvent]:
        return events

    return begin


OPENINGS: Final[dict[str, Callable[[_Host, Any, Any], Awaitable[Opening[Any]]]]] = {
    "threads.create": _create,
    "threads.add_user_message": _add_user_message,
    "threads.add_client_tool_output": _add_client_tool_output,
    "threads.add_structured_input": _add_structured_input,
    "threads.retry_after_item": _retry_after_item,
    "threads.custom_action": _custom_action,
    "threads.edit_message": edit_message,
}
"""What each streaming request does."""
