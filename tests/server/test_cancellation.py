"""Stop and hang-up: the model call ends, and what was said is kept, however slow the store and rough the cancelling."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from chatkit._time import utc_now
from chatkit.backends.memory import MemoryStore
from chatkit.server import StreamingResult
from chatkit.types import (
    CustomTask,
    GeneratedImageItem,
    TaskItem,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
    WidgetStreamingTextValueDelta,
    Workflow,
    WorkflowItem,
)
from chatkit.widgets import Card, Row, Text

from .scripted import (
    ScriptedServer,
    added,
    answer,
    delta,
    done,
    items,
    message,
    read_frame,
    request,
    single,
    stream,
    texts,
    user_input,
)


class SlowStore(MemoryStore[Any]):
    """Every write gives way to the event loop many times, as one over a network does."""

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Any) -> None:
        await _many_turns_of_the_loop()
        await super().add_thread_item(thread_id, item, context)

    async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
        await _many_turns_of_the_loop()
        await super().save_thread(thread, context)


async def _many_turns_of_the_loop() -> None:
    for _ in range(25):
        await asyncio.sleep(0)


KEPT = ["hi", "Half an answer", "sdk_hidden_context"]


async def _half(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    """Says half an answer, and then waits for a model that says no more."""
    try:
        yield added(thread, "msg_half")
        yield delta("Half an ", "msg_half")
        yield delta("answer", "msg_half")
        thread.title = "Half"
        server.half.set()
        await asyncio.Event().wait()
    finally:
        server.closed.set()


async def _start(server: ScriptedServer) -> tuple[StreamingResult, str]:
    result = await server.process(request("threads.create", input=user_input()), None)
    assert isinstance(result, StreamingResult)
    await anext(result.json_events)
    (thread,) = (await server.store.load_threads(10, None, "desc", None)).data
    return result, thread.id


async def _read(result: StreamingResult) -> None:
    async for _ in result:
        pass


@pytest.mark.behaviour("D61", "T7")
async def test_d61_a_reader_cancelled_again_and_again_loses_nothing() -> None:
    server = ScriptedServer(_half, SlowStore())
    result, thread_id = await _start(server)
    async with anyio.create_task_group() as group:
        group.start_soon(_read, result)
        await server.half.wait()
        group.cancel_scope.cancel()
    assert texts(await items(server, thread_id)) == KEPT
    assert (await server.store.load_thread(thread_id, None)).title == "Half"


@pytest.mark.behaviour("D61", "T7")
async def test_d61_a_task_that_is_cancelled_ends_cancelled_with_everything_kept() -> None:
    server = ScriptedServer(_half, SlowStore())
    result, thread_id = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert texts(await items(server, thread_id)) == KEPT


@pytest.mark.behaviour("D62", "T8")
async def test_d62_the_model_call_ends_with_its_reader() -> None:
    server = ScriptedServer(_half)
    result, _ = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    assert not server.closed.is_set()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    assert server.closed.is_set()


@pytest.mark.behaviour("D62", "T8")
async def test_d62_a_handler_that_stands_at_an_event_is_closed_at_once() -> None:
    async def talking(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        try:
            yield added(thread, "msg_half")
            while True:
                yield delta("more ", "msg_half")
        finally:
            server.closed.set()

    server = ScriptedServer(talking)
    result, _ = await _start(server)
    for _ in range(5):
        await anext(result.json_events)
    await result.json_events.aclose()
    assert server.closed.is_set()


@pytest.mark.behaviour("D63", "T7")
async def test_d63_closing_the_stream_keeps_what_was_said() -> None:
    async def talking(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread, "msg_half")
        yield delta("Half an ", "msg_half")
        yield delta("answer", "msg_half")
        yield delta(" never seen", "msg_half")

    server = ScriptedServer(talking, SlowStore())
    result, thread_id = await _start(server)
    for _ in range(5):
        await anext(result.json_events)
    await result.json_events.aclose()
    assert texts(await items(server, thread_id)) == KEPT


@pytest.mark.behaviour("T7")
async def test_an_app_decides_itself_what_is_kept_of_a_stopped_answer() -> None:
    class Choosy(ScriptedServer):
        async def handle_stream_cancelled(
            self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: Any
        ) -> None:
            kept.append((texts(pending_items), context))

    kept: list[Any] = []
    server = Choosy(_half)
    result = await server.process(request("threads.create", input=user_input()), "ann")
    assert isinstance(result, StreamingResult)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    assert kept == [(["Half an answer"], "ann")]


@pytest.mark.behaviour("T7")
async def test_a_message_without_a_word_is_not_kept() -> None:
    async def nothing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread)
        yield delta("  \n")
        server.half.set()
        await asyncio.Event().wait()

    server = ScriptedServer(nothing)
    result, thread_id = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    assert texts(await items(server, thread_id)) == ["hi", "sdk_hidden_context"]


@pytest.mark.behaviour("T7")
async def test_a_thread_goes_on_after_a_stop() -> None:
    server = ScriptedServer(_half)
    result, thread_id = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    server.script = answer("Next")
    await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("go on"))
    assert texts(await items(server, thread_id)) == [*KEPT, "go on", "Next"]


async def test_no_task_is_left_behind_by_a_stop() -> None:
    server = ScriptedServer(_half, SlowStore())
    result, _ = await _start(server)
    before = asyncio.all_tasks()
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    assert asyncio.all_tasks() == before


async def test_a_failing_clean_up_does_not_hide_the_cancellation() -> None:
    class Broken(ScriptedServer):
        async def handle_stream_cancelled(self, *_: Any) -> None:
            raise OSError("disk full")

    server = Broken(_half)
    result, _ = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_what_was_stored_before_the_stop_is_not_stored_again() -> None:
    async def one_and_a_half(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread, "msg_one")
        yield done(message(thread, "one", "msg_one"))
        yield added(thread, "msg_half")
        yield delta("and a half", "msg_half")
        server.half.set()
        await asyncio.Event().wait()

    server = ScriptedServer(one_and_a_half)
    thread_id = await _stopped_thread(server)
    assert texts(await items(server, thread_id)) == ["hi", "one", "and a half", "sdk_hidden_context"]


async def _stopped_thread(server: ScriptedServer) -> str:
    result, thread_id = await _start(server)
    reading = asyncio.ensure_future(_read(result))
    await server.half.wait()
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    return thread_id


@pytest.mark.behaviour("D61", "D63", "T7")
async def test_stop_keeps_widgets_tasks_and_workflows_as_far_as_they_were_written() -> None:
    server = ScriptedServer(_much_at_once)
    result, thread_id = await _start(server)
    reading = asyncio.ensure_future(_collect(result))
    await server.half.wait()
    await single(server, "threads.stop", thread_id=thread_id)
    events = await reading
    stored = {item.id: item for item in await items(server, thread_id)}
    assert list(stored)[1:-1] == ["msg_half", "w_1", "wf_1", "t_1"]
    shown = {event.item.id: event.item for event in events if event.type == "thread.item.done"}
    gone = {event.item_id for event in events if event.type == "thread.item.removed"}
    assert gone == {"wf_empty", "img_1"}
    for item_id in ("msg_half", "w_1", "wf_1", "t_1"):
        assert shown[item_id] == stored[item_id]
    card = stored["w_1"].model_dump(exclude_none=True)["widget"]
    assert card["children"][0] == {"type": "Text", "id": "body", "value": "Dear An", "streaming": False}
    assert card["children"][1]["children"][0]["streaming"] is False
    workflow: Any = stored["wf_1"]
    assert [task.status_indicator for task in workflow.workflow.tasks] == ["complete", "none"]
    assert workflow.workflow.summary.duration >= 0
    task: Any = stored["t_1"]
    assert task.task.status_indicator == "none"


async def _much_at_once(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    def about(item_id: str) -> dict[str, Any]:
        return {"id": item_id, "thread_id": thread.id, "created_at": utc_now()}

    tasks = [
        CustomTask(title="a", status_indicator="complete"),
        CustomTask(title="b", status_indicator="loading"),
    ]
    texts_of = [Text(id="body", value="Dear", streaming=True), Row(children=[Text(value="", streaming=True)])]
    typed = WidgetStreamingTextValueDelta(component_id="body", delta=" An", done=False)
    yield added(thread, "msg_half")
    yield delta("Half", "msg_half")
    yield ThreadItemAddedEvent(item=WidgetItem(**about("w_1"), widget=Card(children=texts_of)))
    yield ThreadItemUpdatedEvent(item_id="w_1", update=typed)
    yield ThreadItemAddedEvent(
        item=WorkflowItem(**about("wf_1"), workflow=Workflow(type="custom", tasks=tasks))
    )
    yield ThreadItemAddedEvent(
        item=WorkflowItem(**about("wf_empty"), workflow=Workflow(type="custom", tasks=[]))
    )
    yield ThreadItemAddedEvent(
        item=TaskItem(**about("t_1"), task=CustomTask(title="c", status_indicator="loading"))
    )
    yield ThreadItemAddedEvent(item=GeneratedImageItem(**about("img_1")))
    server.half.set()
    await asyncio.Event().wait()


async def _collect(result: StreamingResult) -> list[Any]:
    return [read_frame(frame) async for frame in result]
