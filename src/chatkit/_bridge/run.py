"""A streamed run as events of the conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from chatkit.types import (
    ClientToolCallItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadStreamEvent,
    WorkflowItem,
)

from .approvals import Paused, ask
from .channel import Channel, Ended, FromContext, pump
from .client_tools import ClientTools
from .context import AgentContext
from .converter import ResponseStreamConverter
from .hosted_tools import HOSTED_TOOLS, HostedTools
from .images import Images
from .messages import Messages, text_delta
from .reading import read_text
from .reasoning import Reasoning
from .tool_history import ToolHistory
from .turn import Handler, Turn, loose_citation
from .watching import Steps
from .workflow import is_empty

__all__ = ["ModelRun", "stream_run"]

_HANGING_UP: Final = 0.3


class ModelRun:
    """A run of a model as its adapter gives it: where its events come from, and how it ends.

    :param source: events with ``type`` ``raw_response_event`` (``data`` is an event of the Responses API, or shaped
        like one) and ``run_item_stream_event`` (``name`` and ``item.raw_item`` of a tool call or its result)
    :param cancel: ends the model call at once; called when the stream is left early
    :param retracts: errors after which everything the run produced goes away
    :param typed_citation: gives a citation the class that an app's converter expects
    :param steps: tells of answers and tools by their events, where the adapter does not do so itself
    :param paused: asked when the source has ended: what the run waits for, None when it is complete. Without it
        nobody is asked to approve a tool call
    """

    def __init__(
        self,
        source: AsyncIterator[Any],
        *,
        cancel: Callable[[], Any] | None = None,
        retracts: tuple[type[Exception], ...] = (),
        typed_citation: Callable[[str, Any], Any] = loose_citation,
        steps: Steps | None = None,
        paused: Callable[[], Paused | None] | None = None,
    ) -> None:
        self.source = source
        self.steps = steps
        self.cancel = cancel
        self.retracts = retracts
        self.typed_citation = typed_citation
        self.paused = paused


async def stream_run(
    context: AgentContext[Any], model: ModelRun, converter: ResponseStreamConverter, tool_history: bool
) -> AsyncIterator[ThreadStreamEvent]:
    """Give the events of a run and what tools put on ``context``, in the order of arrival.

    :raises Exception: whatever the run raises
    """
    turn = Turn(context, converter, model.typed_citation)
    run = _Run(context, turn, model, tool_history)
    channel: Channel = context._channel  # pyright: ignore[reportPrivateUsage]
    await run.resume_workflow()
    channel.attach()
    pumping = asyncio.create_task(pump(model.source, channel))
    try:
        async for event in run.events(channel):
            yield event
    finally:
        channel.detach()
        if model.steps is not None:
            model.steps.close()
        if not pumping.done():
            await _abandon(model.cancel, pumping)


async def _abandon(cancel: Callable[[], Any] | None, pumping: asyncio.Task[None]) -> None:
    """End the model call of a run that nobody reads any longer, and leave no task behind."""
    try:
        if cancel is not None:
            cancel()
            # It ends by itself now. Cancelled once more while it hangs up, SDK 0.8 leaves the line to the model open.
            await asyncio.wait({pumping}, timeout=_HANGING_UP)
    finally:
        pumping.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await pumping


class _Run:
    """One run on its way: dispatches what arrives, and knows what it has produced."""

    def __init__(
        self,
        context: AgentContext[Any],
        turn: Turn,
        model: ModelRun,
        tool_history: bool,
    ) -> None:
        self._turn = turn
        self._model, self._steps = model, model.steps
        self._context = context
        self._produced: dict[str, None] = {}
        self._client_tools = ClientTools(turn)
        self._keeps_tools, self._history = tool_history, ToolHistory(turn)
        messages, reasoning, images, hosted = Messages(turn), Reasoning(turn), Images(turn), HostedTools(turn)
        self._handlers: dict[str, Handler] = {
            **messages.events,
            **reasoning.events,
            **images.events,
            "response.output_item.added": self._item_added,
            "response.output_item.done": self._item_done,
        }
        self._added: dict[str, Handler] = {
            "message": messages.added,
            "reasoning": reasoning.added,
            "image_generation_call": images.added,
            **dict.fromkeys(HOSTED_TOOLS, hosted.added),
        }
        self._done: dict[str, Handler] = {
            "message": messages.done,
            "image_generation_call": images.done,
            **dict.fromkeys(HOSTED_TOOLS, hosted.done),
        }
        if model.paused is not None:  # the question shows it
            del self._added["mcp_approval_request"], self._done["mcp_approval_request"]
        for call in context._resumed_calls:  # pyright: ignore[reportPrivateUsage]
            self._client_tools.remember(call)
            self._history.record("tool_called", call)

    async def events(self, channel: Channel) -> AsyncIterator[ThreadStreamEvent]:
        """Give the events until the model has ended."""
        entries, known = channel.entries, self._turn.ids.known
        while True:
            if not entries:
                await channel.arrival()
                continue
            entry = entries.popleft()
            data: Any = getattr(entry, "data", None)
            if data is not None and data.type == "response.output_text.delta" and data.delta:
                upstream: str = data.item_id
                yield text_delta(known.get(upstream, upstream), data.content_index, data.delta)
                continue
            kind = getattr(entry, "type", None)
            if kind == "raw_response_event":
                for event in await self._model_event(data):
                    yield self._note(event)
            elif kind == "run_item_stream_event":
                self._run_item(entry)
            elif type(entry) is FromContext:
                yield self._note(entry.event)
            elif type(entry) is Ended:
                async for event in self._end(entry.error):
                    yield self._note(event)
                return

    async def resume_workflow(self) -> None:
        """Continue the workflow that the thread ends with, if it does."""
        context = self._context
        if context.workflow_item is not None:
            return
        page = await context.store.load_thread_items(
            context.thread.id, None, 2, "desc", context.request_context
        )
        newest = list(page.data)
        if newest and isinstance(newest[0], ClientToolCallItem):
            newest.pop(0)
        if newest and isinstance(newest[0], WorkflowItem):
            item = newest[0].model_copy(deep=True)
            context.workflow_item = item
            context._stored[item.id] = item.model_dump_json()  # pyright: ignore[reportPrivateUsage]

    async def _model_event(self, data: Any) -> Sequence[ThreadStreamEvent]:
        if self._steps is not None:
            self._steps.model_event(data)
        handler = self._handlers.get(data.type)
        return () if handler is None else await handler(data)

    async def _item_added(self, event: Any) -> Sequence[ThreadStreamEvent]:
        kind = read_text(event.item, "type")
        handler = self._added.get(kind)
        events = () if handler is None else await handler(event.item)
        return [*self._history.flush(), *events] if kind == "message" else events

    async def _item_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        kind = read_text(event.item, "type")
        if kind == "function_call":
            self._client_tools.remember(event.item)
        handler = self._done.get(kind)
        return () if handler is None else await handler(event.item)

    def _run_item(self, event: Any) -> None:
        item = getattr(event.item, "raw_item", None)
        if self._steps is not None:
            self._steps.run_item(event.name, item)
        if event.name == "tool_called" and read_text(item, "type") == "function_call":
            self._client_tools.remember(item)
        if self._keeps_tools:
            self._history.record(event.name, item)

    def _note(self, event: ThreadStreamEvent) -> ThreadStreamEvent:
        if isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent):
            self._produced[event.item.id] = None
            self._context._announced.discard(event.item.id)  # pyright: ignore[reportPrivateUsage]
        elif isinstance(event, ThreadItemRemovedEvent):
            self._produced.pop(event.item_id, None)
        return event

    async def _end(self, error: Exception | None) -> AsyncIterator[ThreadStreamEvent]:
        if self._steps is not None:
            self._steps.close(error)
        if error is not None:
            for event in self._after_failure(error):
                yield event
            raise error
        paused = None if self._model.paused is None else self._model.paused()
        for event in await self._end_workflow(goes_on=paused is None):
            yield event
        calls = await self._client_tools.pending()
        for event in self._history.flush({call.call_id for call in calls}):
            yield event
        for call in calls:
            yield ThreadItemDoneEvent(item=call)
        if paused is not None:
            for event in await ask(self._turn, paused):
                yield event

    def _after_failure(self, error: Exception) -> Sequence[ThreadStreamEvent]:
        if not isinstance(error, self._model.retracts):
            return self._turn.end_workflow()
        self._context.workflow_item = None
        return [ThreadItemRemovedEvent(item_id=item_id) for item_id in self._produced]

    async def _end_workflow(self, *, goes_on: bool) -> Sequence[ThreadStreamEvent]:
        """What becomes of a workflow that is open: the next turn goes on with it, unless a person is asked first."""
        event = await self._keep_workflow() if goes_on else self._context._finish_workflow()  # pyright: ignore[reportPrivateUsage]
        return () if event is None else (event,)

    async def _keep_workflow(self) -> ThreadStreamEvent | None:
        """Store a workflow that is still open: the next turn goes on with it."""
        context = self._context
        item = context.workflow_item
        if item is None:
            return None
        stored = context._stored  # pyright: ignore[reportPrivateUsage]
        known, now = stored.get(item.id), item.model_dump_json()
        if known == now:
            return None
        if known is None and is_empty(item):
            context.workflow_item = None
            return ThreadItemRemovedEvent(item_id=item.id)
        write = context.store.add_thread_item if known is None else context.store.save_item
        await write(context.thread.id, item, context.request_context)
        stored[item.id] = now
        return None
