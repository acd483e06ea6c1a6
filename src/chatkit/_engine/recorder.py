"""What each event of a handler does to the store, before it is passed on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from chatkit._engine.host import Host
from chatkit._engine.pending import PendingItem
from chatkit._engine.presenting import is_hidden, present_item
from chatkit._engine.settling import has_substance, settled
from chatkit.store import NotFoundError
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ClientEffectEvent,
    ErrorEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    StreamOptionsEvent,
    ThreadCreatedEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    WidgetFieldErrors,
    WidgetStreamingTextValueDelta,
    WorkflowTaskUpdated,
)

__all__ = ["Recorder"]

TContext = TypeVar("TContext")


class Recorder(Generic[TContext]):
    """Records the events of one turn, and knows which of its items are pending, stored or revised."""

    def __init__(self, host: Host[TContext], thread: ThreadMetadata, context: TContext) -> None:
        self._host, self._thread, self._context = host, thread, context
        self.pending: dict[str, PendingItem] = {}
        self.stored_visible = False
        """Whether the turn has stored an item that a client sees."""
        self._stored: set[str] = set()
        self._revised: dict[str, PendingItem] = {}

    async def record(self, event: ThreadStreamEvent) -> ThreadStreamEvent | None:
        """Record an event; gives what a client gets of it, None for nothing.

        :raises TypeError: when a handler yields something that is no event.
        """
        rule = _RULES.get(type(event)) or _rule_for(event)
        return await rule(self, event)

    async def pass_on(self, event: ThreadStreamEvent) -> ThreadStreamEvent:
        """Nothing is recorded of a passing event."""
        return event

    async def added(self, event: ThreadItemAddedEvent) -> ThreadStreamEvent | None:
        """The item is pending."""
        hidden = is_hidden(event.item)
        self.pending[event.item.id] = PendingItem(event.item, visible=not hidden)
        return None if hidden else event

    async def done(self, event: ThreadItemDoneEvent) -> ThreadStreamEvent | None:
        """The item is added."""
        item = event.item
        await self._store(item)
        self.pending.pop(item.id, None)
        return await self._shown(event)

    async def replaced(self, event: ThreadItemReplacedEvent) -> ThreadStreamEvent | None:
        """The item is saved in place."""
        item = event.item
        await self._host.store.save_item(self._thread.id, item, self._context)
        self._note_stored(item)
        self.pending.pop(item.id, None)
        return await self._shown(event)

    async def removed(self, event: ThreadItemRemovedEvent) -> ThreadStreamEvent:
        """The item is deleted, if it was ever stored."""
        only_pending = self.pending.pop(event.item_id, None) is not None and event.item_id not in self._stored
        self._revised.pop(event.item_id, None)
        if not only_pending:
            with suppress(NotFoundError):
                await self._host.store.delete_thread_item(self._thread.id, event.item_id, self._context)
            self._stored.discard(event.item_id)
        return event

    async def updated(self, event: ThreadItemUpdatedEvent) -> ThreadStreamEvent | None:
        """An update of an item that is not pending: what is stored changes with it."""
        pending = self.pending.get(event.item_id)
        if pending is not None:
            pending.update(event.update)
            return event if pending.visible else None
        if type(event.update) is WidgetFieldErrors:
            return event
        revised = await self._revise(event.item_id)
        if revised is None:
            return event
        revised.update(event.update)
        if not _more_to_come(event.update):
            await self._save_revised(event.item_id)
        return event if revised.visible else None

    async def _revise(self, item_id: str) -> PendingItem | None:
        revised = self._revised.get(item_id)
        if revised is None:
            try:
                item = await self._host.store.load_item(self._thread.id, item_id, self._context)
            except (NotFoundError, LookupError):
                return None
            revised = self._revised[item_id] = PendingItem(item, visible=not is_hidden(item))
        return revised

    async def _save_revised(self, item_id: str) -> None:
        item = self._revised.pop(item_id).item
        await self._host.store.save_item(self._thread.id, item, self._context)

    async def _store(self, item: ThreadItem) -> None:
        self._revised.pop(item.id, None)
        if item.id in self._stored:
            await self._host.store.save_item(self._thread.id, item, self._context)
        else:
            await self._host.store.add_thread_item(self._thread.id, item, self._context)
        self._note_stored(item)

    def _note_stored(self, item: ThreadItem) -> None:
        self._stored.add(item.id)
        self._revised.pop(item.id, None)
        self.stored_visible = self.stored_visible or not is_hidden(item)

    async def _shown(self, event: ThreadItemDoneEvent | ThreadItemReplacedEvent) -> ThreadStreamEvent | None:
        if is_hidden(event.item):
            return None
        item = await present_item(self._host, event.item, self._context)
        return event if item is event.item else event.model_copy(update={"item": item})

    async def flush(self) -> None:
        """Save stored items whose updates were still coming."""
        for item_id in list(self._revised):
            await self._save_revised(item_id)

    def has_substance(self) -> bool:
        """Whether something visible that is pending is worth keeping."""
        return any(pending.visible and has_substance(pending.item) for pending in self.pending.values())

    async def keep_pending(self) -> list[ThreadStreamEvent]:
        """Store the pending items worth keeping; gives the events that say so."""
        events: list[ThreadStreamEvent] = []
        for item_id, pending in list(self.pending.items()):
            if has_substance(pending.item):
                left = settled(pending.item)
                await self._store(left)
                del self.pending[item_id]
                events.append(ThreadItemDoneEvent(item=left))
        return events

    def drop_pending(self) -> list[ThreadStreamEvent]:
        """Forget the pending items; gives the events that say so."""
        gone = [item_id for item_id, pending in self.pending.items() if pending.visible]
        self.pending.clear()
        return [ThreadItemRemovedEvent(item_id=item_id) for item_id in gone]

    async def settle_pending(self) -> list[ThreadStreamEvent]:
        """Tell what became of the pending items, from what the store has of them now."""
        events: list[ThreadStreamEvent] = []
        for item_id, pending in self.pending.items():
            if not pending.visible:
                continue
            try:
                item = await self._host.store.load_item(self._thread.id, item_id, self._context)
            except (NotFoundError, LookupError):
                events.append(ThreadItemRemovedEvent(item_id=item_id))
            else:
                events.append(ThreadItemDoneEvent(item=item))
        self.pending.clear()
        return events

    async def restore(self, items: list[ThreadItem]) -> list[ThreadStreamEvent]:
        """Put items back that were taken away; gives the events that say so."""
        events: list[ThreadStreamEvent] = []
        for item in items:
            await self._host.store.add_thread_item(self._thread.id, item, self._context)
            if not is_hidden(item):
                shown = await present_item(self._host, item, self._context)
                events.append(ThreadItemDoneEvent(item=shown))
        return events


def _more_to_come(update: ThreadItemUpdate) -> bool:
    """Whether the next update follows in a moment, so that saving can wait."""
    if isinstance(update, WidgetStreamingTextValueDelta):
        return not update.done
    return isinstance(update, AssistantMessageContentPartTextDelta | WorkflowTaskUpdated)


def _rule_for(event: object) -> _Rule:
    """The rule of an event's class, or of the class it derives from."""
    for kind in type(event).__mro__:
        if kind in _RULES:
            return _RULES[kind]
    raise TypeError(
        f"A handler yielded {type(event).__name__}, which is no event: yield the events of chatkit.types."
    )


_NOT_STORED: Final = (
    ThreadCreatedEvent,
    ThreadUpdatedEvent,
    StreamOptionsEvent,
    ProgressUpdateEvent,
    ClientEffectEvent,
    NoticeEvent,
    ErrorEvent,
)
_Rule = Callable[[Recorder[Any], Any], Awaitable[ThreadStreamEvent | None]]
_Any = Recorder[Any]
_RULES: Final[dict[type, _Rule]] = {
    ThreadItemAddedEvent: _Any.added,
    ThreadItemDoneEvent: _Any.done,
    ThreadItemReplacedEvent: _Any.replaced,
    ThreadItemRemovedEvent: _Any.removed,
    ThreadItemUpdatedEvent: _Any.updated,
    **dict.fromkeys(_NOT_STORED, _Any.pass_on),
}
