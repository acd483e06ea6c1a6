"""A turn: the handler's events are recorded, then passed on; and whatever ends it, what was said is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from chatkit._engine.branches import save_in_family
from chatkit._engine.changes import ThreadWatch
from chatkit._engine.faults import error_event, interrupted_event
from chatkit._engine.host import Host
from chatkit._engine.keeping import keep_interrupted
from chatkit._engine.recorder import Recorder
from chatkit._engine.shielding import close_source, finish_despite_cancellation
from chatkit._engine.wire import client_thread
from chatkit._ids import new_id
from chatkit.logger import logger
from chatkit.types import (
    StreamOptionsEvent,
    ThreadItem,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
)

if TYPE_CHECKING:  # loading the log costs a server that has none some milliseconds
    from chatkit.streams import RunState

__all__ = ["Opening", "StopReason", "Turn"]

TContext = TypeVar("TContext")

StopReason = Literal["stopped", "interrupted", "lost"]
"""Why a turn is ended from outside: a person stopped it, the process shuts down, or another worker has taken it."""


@dataclass(slots=True, kw_only=True)
class Opening(Generic[TContext]):
    """A turn that was checked and can begin. Nothing has been written yet."""

    thread: ThreadMetadata
    begin: Callable[[], Awaitable[Sequence[ThreadStreamEvent]]]
    """Writes what the request says, and gives the events of it."""
    source: Callable[[], AsyncIterator[ThreadStreamEvent]] | None
    """The handler's events; None when the request ends with what `begin` gave."""
    options_first: bool = False
    """Whether `stream_options` comes before the events of `begin`."""
    exclusive: bool = True
    """Whether no other exclusive turn may run in the thread."""
    replaces: list[ThreadItem] = field(default_factory=list[ThreadItem])
    """The old answer that `begin` took away; it comes back if no new one is stored."""
    before_replacing: Callable[[list[ThreadItem]], Awaitable[None]] | None = None
    """Is told of the old answer before `begin` takes it away."""


class Turn(Generic[TContext]):
    """One turn under way. `events` runs it; `stop` ends it from outside."""

    def __init__(
        self, host: Host[TContext], opening: Opening[TContext], context: TContext, run_id: str | None = None
    ) -> None:
        self._host = host
        self._context = context
        self._run_id = run_id or new_id("run")
        self.reopen(opening)
        self._stopping: StopReason | None = None
        self._pulling: asyncio.Task[Any] | None = None
        self.count = 0
        """How many events the handler has given."""
        self.outcome: RunState = "done"

    def reopen(self, opening: Opening[TContext]) -> None:
        """Begin from what was checked anew. Only before `events`."""
        self._opening = opening
        self._recorder = Recorder(self._host, opening.thread, self._context)
        self._watch = ThreadWatch(opening.thread)

    @property
    def waits_for_reader(self) -> bool:
        """Whether the turn stands still because nobody asks for its next event."""
        return self._pulling is None

    def stop(self, reason: StopReason = "stopped") -> None:
        """End the turn: the handler is cancelled where it waits, and what was said is kept."""
        if self._stopping is None:
            self._stopping = reason
            if self._pulling is not None:
                self._pulling.cancel()

    async def events(self) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Run the turn. Each event has been recorded when it comes out.

        Closing or cancelling the iteration is how a client's going away arrives.
        """
        opening = self._opening
        beginning = await opening.begin()
        if opening.source is None:
            for event in beginning:
                yield event
            return
        self._watch.remember()
        source: AsyncIterator[ThreadStreamEvent] | None = None
        try:
            for event in self._leading(beginning):
                yield event
            beginning = event = None  # a stream may be open for long
            source = aiter(opening.source())
            async with aclosing(self._recorded(source)) as recorded:
                async for event in recorded:
                    yield event
            closing = await (self._finish() if self._stopping is None else self._end_early(source))
        except GeneratorExit:
            await self._abandon(source)
            raise
        except asyncio.CancelledError:
            if not self._is_own_stop():
                await self._abandon(source)
                raise
            closing = await self._end_early(source)
        except Exception as error:
            closing = await self._fail(error)
        for event in closing:
            yield event

    def _leading(self, beginning: Sequence[ThreadStreamEvent]) -> Iterator[ThreadStreamEvent]:
        """The events before the handler's own."""
        first = self._opening.options_first
        if not first:
            yield from beginning
        options = self._host.get_stream_options(self._opening.thread, self._context)
        yield StreamOptionsEvent(stream_options=options)
        if first:
            yield from beginning

    async def _recorded(
        self, source: AsyncIterator[ThreadStreamEvent]
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The handler's events, each recorded; and `thread.updated` whenever the handler changed the thread."""
        pull, task = source.__anext__, asyncio.current_task()
        recorder, pending, watch = self._recorder, self._recorder.pending, self._watch
        while self._stopping is None:
            self._pulling = task
            try:
                event = await pull()
            except StopAsyncIteration:
                return
            finally:
                self._pulling = None
            self.count += 1
            if type(event) is ThreadItemUpdatedEvent and (item := pending.get(event.item_id)) is not None:
                item.update(event.update)
                if item.visible:
                    yield event
            elif (shown := await recorder.record(event)) is not None:
                yield shown
            if watch.changed():
                yield await self._save_thread()

    def _is_own_stop(self) -> bool:
        """Whether this cancellation came from `stop`; if so it goes no further."""
        if self._stopping is None:
            return False
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            task.uncancel()
        return True

    async def _save_thread(self) -> ThreadUpdatedEvent:
        thread = self._opening.thread
        await save_in_family(self._host, thread, self._context)
        self._watch.remember()
        return ThreadUpdatedEvent(thread=client_thread(thread))

    async def _finish(self) -> list[ThreadStreamEvent]:
        await self._recorder.flush()
        return [await self._save_thread()] if self._watch.changed() else []

    async def _fail(self, error: Exception) -> list[ThreadStreamEvent]:
        self.outcome = "failed"
        events: list[ThreadStreamEvent] = []
        failure = error_event(error, f"The handler of thread {self._opening.thread.id}")
        try:
            events += await self._keep_of_failed()
            events.append(failure)
            events += await self._finish()
        except Exception as again:
            logger.error("Keeping what a failed turn had said failed too", exc_info=again)
            if failure not in events:
                events.append(failure)
        return events

    async def _keep_of_failed(self) -> list[ThreadStreamEvent]:
        recorder = self._recorder
        if self._opening.replaces and not recorder.stored_visible:
            return [*recorder.drop_pending(), *await recorder.restore(self._opening.replaces)]
        return await recorder.keep_pending()

    async def _abandon(self, source: AsyncIterator[ThreadStreamEvent] | None) -> None:
        """The reader has gone: keep what should be kept, whatever else is cancelled meanwhile."""
        self.outcome = "stopped"
        await close_source(source)
        await finish_despite_cancellation(self._keep_of_stopped())

    async def _end_early(self, source: AsyncIterator[ThreadStreamEvent] | None) -> list[ThreadStreamEvent]:
        await close_source(source)
        reason = self._stopping
        if reason == "lost":
            self.outcome = "interrupted"
            return []
        self.outcome = "stopped" if reason == "stopped" else "interrupted"
        events: list[ThreadStreamEvent] = []
        await finish_despite_cancellation(self._settle(events))
        return events

    async def _settle(self, events: list[ThreadStreamEvent]) -> None:
        if self.outcome == "interrupted":
            events += await self._finish()
            events += await self._keep_of_interrupted()
            return
        events += await self._keep_of_stopped()
        events += await self._recorder.settle_pending()
        events += await self._finish()

    async def _keep_of_stopped(self) -> list[ThreadStreamEvent]:
        recorder = self._recorder
        events: list[ThreadStreamEvent] = []
        try:
            await recorder.flush()
            items = [pending.item for pending in recorder.pending.values()]
            if self._opening.replaces and not recorder.stored_visible and not recorder.has_substance():
                events += await recorder.restore(self._opening.replaces)
            await self._host.handle_stream_cancelled(self._opening.thread, items, self._context)
            if self._watch.changed():
                events.append(await self._save_thread())
        except Exception as error:
            logger.error(
                "Keeping a stopped answer of thread %s failed", self._opening.thread.id, exc_info=error
            )
        return events

    async def _keep_of_interrupted(self) -> list[ThreadStreamEvent]:
        recorder, thread = self._recorder, self._opening.thread
        events: list[ThreadStreamEvent] = []
        items = [pending.item for pending in recorder.pending.values() if pending.visible]
        if self._opening.replaces and not recorder.stored_visible:
            events += [*recorder.drop_pending(), *await recorder.restore(self._opening.replaces)]
            items = []
        events += await keep_interrupted(self._host, thread, items, self._context, self._run_id)
        return [*events, interrupted_event()]
