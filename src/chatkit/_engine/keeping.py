"""What is kept of an answer that did not come to its end, and how the model learns of it."""

from __future__ import annotations

from typing import Final, TypeVar

from chatkit._engine.branches import save_in_family
from chatkit._engine.host import Host
from chatkit._engine.settling import has_substance, settled
from chatkit._time import utc_now
from chatkit.errors import NotFoundError
from chatkit.store import Store
from chatkit.types import (
    SDKHiddenContextItem,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
)

__all__ = ["INTERRUPTED", "OF_ITEM", "is_stored", "keep_interrupted", "keep_stopped"]

TContext = TypeVar("TContext")

INTERRUPTED: Final = "chatkit.interrupted"
"""Key in a thread's metadata that says its last answer was interrupted; the value is the run's id."""

OF_ITEM: Final = "shcx_"
"""With the id of an item after it this is the id of the hidden one that belongs to it, such as a run that waits for its
answer; with the id of a run, of the note that it was interrupted."""

_STOPPED_NOTE: Final = "The user stopped this answer before it was complete."
_INTERRUPTED_NOTE: Final = (
    "This answer was cut off by a failure of the server; the user did not see the rest of it."
)


async def keep_stopped(
    store: Store[TContext], thread: ThreadMetadata, pending_items: list[ThreadItem], context: TContext
) -> None:
    """Store what was written, and a note for the model that the user stopped here."""
    for item in pending_items:
        if has_substance(item):
            await store.add_thread_item(thread.id, settled(item), context)
    note_id = store.generate_item_id("sdk_hidden_context", thread, context)
    await _note(store, thread, note_id, _STOPPED_NOTE, context)


async def keep_interrupted(
    host: Host[TContext],
    thread: ThreadMetadata,
    pending_items: list[ThreadItem],
    context: TContext,
    run_id: str,
) -> list[ThreadStreamEvent]:
    """Store what was said before the process went, and that it was interrupted; gives the events of it.

    Safe to repeat: whoever keeps the same run again stores nothing twice.
    """
    store = host.store
    events: list[ThreadStreamEvent] = []
    for item in pending_items:
        if await is_stored(store, thread, item.id, context):
            events.append(ThreadItemDoneEvent(item=await store.load_item(thread.id, item.id, context)))
        elif has_substance(item):
            left = settled(item)
            await store.add_thread_item(thread.id, left, context)
            events.append(ThreadItemDoneEvent(item=left))
        else:
            events.append(ThreadItemRemovedEvent(item_id=item.id))
    note_id = OF_ITEM + run_id
    if not await is_stored(store, thread, note_id, context):
        await _note(store, thread, note_id, _INTERRUPTED_NOTE, context)
    if thread.metadata.get(INTERRUPTED) != run_id:
        thread.metadata[INTERRUPTED] = run_id
        await save_in_family(host, thread, context)
    return events


async def is_stored(store: Store[TContext], thread: ThreadMetadata, item_id: str, context: TContext) -> bool:
    """Whether the store has the item."""
    try:
        await store.load_item(thread.id, item_id, context)
    except (NotFoundError, LookupError):
        return False
    return True


async def _note(
    store: Store[TContext], thread: ThreadMetadata, note_id: str, text: str, context: TContext
) -> None:
    note = SDKHiddenContextItem(id=note_id, thread_id=thread.id, created_at=utc_now(), content=text)
    await store.add_thread_item(thread.id, note, context)
