"""What each streaming request sends and stores, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit._time import utc_now
from chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit.types import (
    ClientEffectEvent,
    ClientToolCallItem,
    HiddenContextItem,
    NoticeEvent,
    ProgressUpdateEvent,
    StreamOptions,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
)
from chatkit.widgets import Card, Text

from .scripted import (
    ScriptedServer,
    added,
    answer,
    delta,
    done,
    items,
    kinds,
    message,
    new_thread,
    stream,
    texts,
    user_input,
)

ANSWER = ["thread.item.added", "thread.item.updated", "thread.item.done"]


@pytest.mark.behaviour("R1")
async def test_creating_a_thread_sends_thread_message_options_and_answer_in_this_order() -> None:
    server = ScriptedServer()
    events = await stream(server, "threads.create", input=user_input("Good evening"))
    assert kinds(events) == ["thread.created", "thread.item.done", "stream_options", *ANSWER]
    assert events[0].thread.id == events[1].item.thread_id
    assert events[2].stream_options == StreamOptions(allow_cancel=True)
    assert texts(await items(server, events[0].thread.id)) == ["Good evening", "Hello"]


@pytest.mark.behaviour("R2")
async def test_a_user_message_is_stored_and_sent_before_the_answer() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    events = await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("again"))
    assert kinds(events) == ["thread.item.done", "stream_options", *ANSWER]
    assert texts(await items(server, thread_id)) == ["hi", "Hello", "again", "Hello"]


@pytest.mark.behaviour("R3")
async def test_a_client_tools_output_completes_the_newest_call_and_drops_other_pending_ones() -> None:
    async def two_calls(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        for name in ("first", "second"):
            yield done(_call(thread, name))

    server = ScriptedServer(two_calls)
    thread_id = await new_thread(server)
    server.script = answer("Thanks")
    events = await stream(server, "threads.add_client_tool_output", thread_id=thread_id, result={"ok": None})
    assert kinds(events) == ["stream_options", *ANSWER]
    assert server.given[-1] is None
    stored = await items(server, thread_id)
    assert texts(stored) == ["hi", "client_tool_call", "Thanks"]
    call = stored[1]
    assert isinstance(call, ClientToolCallItem)
    assert (call.name, call.status, call.output) == ("second", "completed", {"ok": None})


@pytest.mark.behaviour("R3")
async def test_a_client_tools_output_without_a_waiting_call_is_refused() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    with pytest.raises(ValueError, match="does not wait"):
        await stream(server, "threads.add_client_tool_output", thread_id=thread_id, result=1)


@pytest.mark.behaviour("D53", "R4")
async def test_several_client_tools_answer_in_any_order_and_the_assistant_goes_on_after_the_last() -> None:
    async def two_calls(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        for name in ("first", "second"):
            yield done(_call(thread, name))

    server = ScriptedServer(two_calls)
    thread_id = await new_thread(server)
    server.script = answer("Thanks")
    late = {"thread_id": thread_id, "item_id": "tc_second", "result": 2}
    events = await stream(server, "threads.add_client_tool_output", **late)
    assert kinds(events) == ["thread.item.replaced"]
    failed = {"thread_id": thread_id, "item_id": "tc_first", "result": None, "error": "no camera"}
    events = await stream(server, "threads.add_client_tool_output", **failed)
    assert kinds(events) == ["thread.item.replaced", "stream_options", *ANSWER]
    outputs = [i.output for i in await items(server, thread_id) if isinstance(i, ClientToolCallItem)]
    assert outputs == [{"error": "no camera"}, 2]


@pytest.mark.behaviour("R5")
async def test_structured_input_is_answered_once_and_the_assistant_goes_on() -> None:
    server = ScriptedServer(_asking)
    thread_id = await new_thread(server)
    server.script = answer("Noted")
    given = {
        "answers": {
            "one": {"values": ["a", "b"]},
            "many": {"values": ["a", "b"]},
            "free": {"values": ["x"], "skipped": True},
            "unknown": {"values": ["?"]},
        }
    }
    events = await stream(
        server, "threads.add_structured_input", thread_id=thread_id, item_id="si_1", input=given
    )
    assert kinds(events) == ["stream_options", "thread.item.replaced", *ANSWER]
    item = events[1].item
    assert item.status == "answered"
    assert [(q.id, q.answer.values, q.answer.skipped) for q in item.inputs] == [
        ("one", ["a"], False),
        ("many", ["a", "b"], False),
        ("free", [], True),
        ("missing", [], True),
    ]
    assert (await items(server, thread_id))[1] == item
    with pytest.raises(ValueError, match="waits for answers"):
        await stream(server, "threads.add_structured_input", thread_id=thread_id, item_id="si_1", input={})


@pytest.mark.behaviour("R5")
async def test_skipping_structured_input_skips_every_question() -> None:
    server = ScriptedServer(_asking)
    thread_id = await new_thread(server)
    given = {"status": "skipped", "answers": {"one": {"values": ["a"]}}}
    events = await stream(
        server, "threads.add_structured_input", thread_id=thread_id, item_id="si_1", input=given
    )
    assert events[1].item.status == "skipped"
    assert all(q.answer.skipped and not q.answer.values for q in events[1].item.inputs)


@pytest.mark.behaviour("R7")
async def test_an_action_reaches_the_app_with_the_widget_it_came_from() -> None:
    server = ScriptedServer(_widget)
    thread_id = await new_thread(server)
    server.script = answer("Clicked")
    action = {"type": "card.click", "payload": {"n": [1, None]}}
    events = await stream(server, "threads.custom_action", thread_id=thread_id, item_id="w_1", action=action)
    assert kinds(events) == ["stream_options", *ANSWER]
    got, sender = server.given[-1]
    assert (got.type, got.payload, sender.id) == ("card.click", {"n": [1, None]}, "w_1")
    events = await stream(server, "threads.custom_action", thread_id=thread_id, action=action)
    assert server.given[-1][1] is None


@pytest.mark.behaviour("R7")
async def test_an_action_from_what_is_no_widget_is_one_error_event() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    message_id = (await items(server, thread_id))[0].id
    events = await stream(
        server, "threads.custom_action", thread_id=thread_id, item_id=message_id, action={"type": "x"}
    )
    assert kinds(events) == ["error"]
    assert (events[0].code, events[0].allow_retry) == (ErrorCode.STREAM_ERROR, False)


@pytest.mark.behaviour("T1")
async def test_events_are_stored_before_they_are_sent() -> None:
    seen: list[list[str]] = []

    async def watching(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread)
        yield done(message(thread, "one"))
        yield ThreadItemReplacedEvent(item=message(thread, "two"))

    server = ScriptedServer(watching)
    from .scripted import read_frame, request

    result = await server.process(request("threads.create", input=user_input()), None)
    thread_id = ""
    async for frame in result:  # type: ignore[union-attr]
        event = read_frame(frame)
        thread_id = thread_id or event.thread.id  # type: ignore[union-attr]
        seen.append(texts(await items(server, thread_id)))
    assert seen[-3:] == [["hi"], ["hi", "one"], ["hi", "two"]]


@pytest.mark.behaviour("T2")
async def test_hidden_items_are_stored_and_never_sent() -> None:
    async def hiding(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield done(
            HiddenContextItem(id="h_1", thread_id=thread.id, created_at=utc_now(), content={"a": [None]})
        )
        yield done(message(thread, "seen"))

    server = ScriptedServer(hiding)
    events = await stream(server, "threads.create", input=user_input())
    assert kinds(events) == ["thread.created", "thread.item.done", "stream_options", "thread.item.done"]
    stored = await items(server, events[0].thread.id)
    assert texts(stored) == ["hi", "hidden_context_item", "seen"]
    assert stored[1].content == {"a": [None]}  # type: ignore[union-attr]


@pytest.mark.behaviour("T3")
async def test_a_changed_thread_is_saved_and_sent_after_the_event_and_at_the_end() -> None:
    async def naming(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        thread.title = "First"
        yield NoticeEvent(level="info", message="x")
        yield NoticeEvent(level="info", message="y")
        thread.metadata.setdefault("deep", []).append({"k": 1})

    server = ScriptedServer(naming)
    events = await stream(server, "threads.create", input=user_input())
    assert kinds(events)[2:] == ["stream_options", "notice", "thread.updated", "notice", "thread.updated"]
    assert events[4].thread.title == "First"
    assert events[-1].thread.metadata == {}
    stored = await server.store.load_thread(events[0].thread.id, None)
    assert (stored.title, stored.metadata) == ("First", {"deep": [{"k": 1}]})


@pytest.mark.behaviour("T4")
async def test_passing_events_are_sent_and_not_stored() -> None:
    async def passing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield ProgressUpdateEvent(text="Looking", icon="search")
        yield ClientEffectEvent(name="flash", data={"colour": None})
        yield NoticeEvent(level="warning", message="**Careful**", title="Hm")

    server = ScriptedServer(passing)
    events = await stream(server, "threads.create", input=user_input())
    assert kinds(events)[3:] == ["progress_update", "client_effect", "notice"]
    assert events[4].data == {"colour": None}
    assert texts(await items(server, events[0].thread.id)) == ["hi"]


@pytest.mark.parametrize(
    ("raised", "code", "text", "retry"),
    [
        (CustomStreamError("No rooms left.", allow_retry=True), "custom", "No rooms left.", True),
        (CustomStreamError("No rooms left."), "custom", "No rooms left.", False),
        (StreamError(ErrorCode.STREAM_ERROR, allow_retry=False), ErrorCode.STREAM_ERROR, None, False),
        (RuntimeError("secret detail"), ErrorCode.STREAM_ERROR, None, True),
    ],
)
@pytest.mark.behaviour("T5")
async def test_what_a_handler_raises_becomes_one_error_event(
    raised: Exception, code: str, text: str | None, retry: bool
) -> None:
    async def failing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield NoticeEvent(level="info", message="so far")
        raise raised

    events = await stream(ScriptedServer(failing), "threads.create", input=user_input())
    assert kinds(events)[3:] == ["notice", "error"]
    assert (events[-1].code, events[-1].message, events[-1].allow_retry) == (code, text, retry)


@pytest.mark.behaviour("T5")
async def test_yielding_what_is_no_event_is_an_error_event() -> None:
    async def wrong(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield "hello"  # type: ignore[misc]

    events = await stream(ScriptedServer(wrong), "threads.create", input=user_input())
    assert kinds(events)[-1] == "error"


async def test_a_handler_that_fails_before_its_first_event_is_an_error_event() -> None:
    def refusing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        raise RuntimeError("no model")

    events = await stream(ScriptedServer(refusing), "threads.create", input=user_input())
    assert kinds(events) == ["thread.created", "thread.item.done", "stream_options", "error"]


async def test_an_item_that_is_done_twice_is_stored_once() -> None:
    async def twice(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield done(message(thread, "one"))
        yield done(message(thread, "two"))

    server = ScriptedServer(twice)
    thread_id = await new_thread(server)
    assert texts(await items(server, thread_id)) == ["hi", "two"]


def _call(thread: ThreadMetadata, name: str) -> ClientToolCallItem:
    return ClientToolCallItem(
        id=f"tc_{name}",
        thread_id=thread.id,
        created_at=utc_now(),
        call_id=f"call_{name}",
        name=name,
        arguments={"x": None},
    )


async def _asking(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    options = [StructuredInputMultipleChoiceOption(value=v) for v in "ab"]
    yield done(
        StructuredInputItem(
            id="si_1",
            thread_id=thread.id,
            created_at=utc_now(),
            inputs=[
                StructuredInputMultipleChoice(id="one", question="One?", options=options),
                StructuredInputMultipleChoice(id="many", question="Many?", options=options, multiple=True),
                StructuredInputFreeform(id="free", question="Free?"),
                StructuredInputFreeform(id="missing", question="Missing?"),
            ],
        )
    )


async def _widget(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    card = Card(children=[Text(id="t", value="Hello")])
    yield done(WidgetItem(id="w_1", thread_id=thread.id, created_at=utc_now(), widget=card))


async def test_the_pieces_of_a_message_are_sent_as_the_handler_gives_them() -> None:
    async def spelling(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread)
        for letter in 'hé"\n\u2028':
            yield delta(letter)
        yield done(message(thread, 'hé"\n\u2028'))

    events = await stream(ScriptedServer(spelling), "threads.create", input=user_input())
    assert "".join(e.update.delta for e in events if e.type == "thread.item.updated") == 'hé"\n\u2028'
