"""A widget as events: at once, or growing state by state."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable

from chatkit._time import utc_now
from chatkit.store import StoreItemType, default_generate_id
from chatkit.types import (
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
    WidgetRoot,
    diff_widget,
)
from chatkit.types._made import made
from chatkit.widgets import WidgetComponentBase

__all__ = ["stream_widget"]


async def stream_widget(
    thread: ThreadMetadata,
    widget: WidgetRoot | AsyncIterable[WidgetRoot],
    copy_text: str | None = None,
    generate_id: Callable[[StoreItemType], str] = default_generate_id,
) -> AsyncIterator[ThreadStreamEvent]:
    """Show a widget in a thread; with an async iterable, its states one after the other.

    Only what changed between two states is sent. An iterable without any state shows nothing.

    :param copy_text: what "copy" puts on the clipboard.
    :raises ValueError: when text that streams does not grow out of what was there.
    """
    item_id = generate_id("message")

    def item(state: WidgetRoot) -> WidgetItem:
        return WidgetItem(
            id=item_id, thread_id=thread.id, created_at=created_at, widget=state, copy_text=copy_text
        )

    created_at = utc_now()
    if isinstance(widget, WidgetComponentBase):
        yield ThreadItemDoneEvent(item=item(widget))
        return
    last: WidgetRoot | None = None
    async for state in widget:
        if last is None:
            yield ThreadItemAddedEvent(item=item(state))
        else:
            for update in diff_widget(last, state):
                fields = {"type": "thread.item.updated", "item_id": item_id, "update": update}
                yield made(ThreadItemUpdatedEvent, fields, {"item_id", "update"})
        last = state
    if last is not None:
        yield ThreadItemDoneEvent(item=item(last))
