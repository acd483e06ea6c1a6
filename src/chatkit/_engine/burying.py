"""Ending honestly what a worker that died had begun."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chatkit._engine.faults import interrupted_event
from chatkit._engine.host import Host
from chatkit._engine.keeping import is_stored, keep_interrupted
from chatkit._engine.notes import is_note, replaced_items
from chatkit._engine.pending import PendingItem
from chatkit._engine.presenting import is_hidden, present_item
from chatkit._engine.wire import client_thread, event_json
from chatkit.errors import NotFoundError
from chatkit.logger import logger
from chatkit.streams import Frame, RunInfo, StreamLog
from chatkit.types import (
    ThreadCreatedEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

__all__ = ["bury"]

_NEWEST = 20
_EVENT: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)


async def bury(host: Host[Any], log: StreamLog, run: RunInfo, worker: str, context: Any) -> None:
    """End a run that `worker` has just taken over from a dead one: keep what was said, and say so to the readers."""
    frames = await _all_frames(log, run.id)
    try:
        thread = await host.store.load_thread(run.thread_id, context)
    except NotFoundError:  # it died before it had stored the thread that it was to create
        await _end(log, run, worker, len(frames), [interrupted_event()])
        return
    events: list[ThreadStreamEvent] = []
    pending, known = _under_way(frames)
    newest = (await host.store.load_thread_items(thread.id, None, _NEWEST, "desc", context)).data
    replaced = replaced_items(frames)
    if replaced and not _answered(newest, replaced):
        events += [ThreadItemRemovedEvent(item_id=item.id) for item in pending]
        events += await _bring_back(host, thread, replaced, context)
        pending, newest = [], []
    if run.exclusive:
        if not frames and _is_first_turn(newest):  # who asked for the thread does not know it yet
            events.append(ThreadCreatedEvent(thread=client_thread(thread)))
        unsaid = takewhile(lambda item: item.id not in known, newest)
        taken = {item.id for item in pending}
        events += await _said_now(host, [item for item in unsaid if item.id not in taken], context)
        events += await keep_interrupted(host, thread, pending, context, run.id)
    await _end(log, run, worker, len(frames), [*events, interrupted_event()])


def _is_first_turn(newest: list[ThreadItem]) -> bool:
    return len(newest) < _NEWEST and sum(isinstance(item, UserMessageItem) for item in newest) <= 1


async def _end(log: StreamLog, run: RunInfo, worker: str, last: int, events: list[ThreadStreamEvent]) -> None:
    await log.append(run.id, worker, last + 1, [event_json(event) for event in events])
    await log.close(run.id, worker, "interrupted")


async def _all_frames(log: StreamLog, run_id: str) -> list[Frame]:
    frames: list[Frame] = []
    while True:
        chunk = await log.read(run_id, len(frames))
        frames += chunk.frames
        if not chunk.frames or len(frames) >= chunk.last:
            return frames


def _answered(newest: list[ThreadItem], replaced: list[ThreadItem]) -> bool:
    """Whether a new answer, in place of the replaced one, had been stored."""
    old = {item.id for item in replaced}
    answer = takewhile(lambda item: not isinstance(item, UserMessageItem), newest)
    return any(item.id not in old and not is_hidden(item) for item in answer)


async def _said_now(host: Host[Any], unsaid: list[ThreadItem], context: Any) -> list[ThreadStreamEvent]:
    """Events of items whose frames the worker took with it: they are stored before they are sent.

    A reader that has an item already merely gets it again, in the same place.
    """
    shown = [await present_item(host, item, context) for item in reversed(unsaid) if not is_hidden(item)]
    return [ThreadItemDoneEvent(item=item) for item in shown]


def _under_way(frames: list[Frame]) -> tuple[list[ThreadItem], set[str]]:
    """The items that had begun and were not done, and the ids of those that were."""
    pending: dict[str, PendingItem] = {}
    known: set[str] = set()
    for frame in frames:
        event = _event_of(frame)
        if isinstance(event, ThreadItemAddedEvent):
            pending[event.item.id] = PendingItem(event.item, visible=True)
        elif isinstance(event, ThreadItemDoneEvent | ThreadItemReplacedEvent):
            pending.pop(event.item.id, None)
            known.add(event.item.id)
        elif isinstance(event, ThreadItemRemovedEvent):
            pending.pop(event.item_id, None)
        elif isinstance(event, ThreadItemUpdatedEvent) and event.item_id in pending:
            pending[event.item_id].update(event.update)
    return [item.item for item in pending.values()], known


def _event_of(frame: Frame) -> ThreadStreamEvent | None:
    if is_note(frame.data):
        return None
    try:
        return _EVENT.validate_json(frame.data)
    except ValidationError as error:
        logger.error("Frame %d of a run in the log is no event", frame.n, exc_info=error)
        return None


async def _bring_back(
    host: Host[Any], thread: ThreadMetadata, items: list[ThreadItem], context: Any
) -> list[ThreadStreamEvent]:
    events: list[ThreadStreamEvent] = []
    for item in items:
        if not await is_stored(host.store, thread, item.id, context):
            await host.store.add_thread_item(thread.id, item, context)
        if not is_hidden(item):
            events.append(ThreadItemDoneEvent(item=await present_item(host, item, context)))
    return events
