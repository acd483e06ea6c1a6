"""Faults of openai-chatkit 1.6.5 that this server does not have, each under its number."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit._time import utc_now
from chatkit.backends.memory import MemoryStore
from chatkit.errors import (
    AccessDeniedError,
    ChatKitError,
    ErrorCode,
    NotFoundError,
    RequestInvalidError,
    ThreadStateError,
)
from chatkit.server import ChatKitServer, StreamingResult, stream_widget
from chatkit.types import (
    ClosedStatus,
    HiddenContextItem,
    LockedStatus,
    NoticeEvent,
    SyncCustomActionResponse,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetComponentUpdated,
    WidgetFieldErrors,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
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
    read_frame,
    request,
    single,
    stream,
    texts,
    user_input,
)


@pytest.mark.behaviour("D14", "W1")
async def test_d14_a_widget_that_never_comes_shows_nothing() -> None:
    async def nothing() -> AsyncIterator[Card]:
        return
        yield Card(children=[])

    thread = ThreadMetadata(id="thr_1", created_at=utc_now())
    assert [event async for event in stream_widget(thread, nothing())] == []


@pytest.mark.behaviour("D14")
async def test_d14_any_async_iterable_of_states_can_be_streamed() -> None:
    class States:
        def __init__(self) -> None:
            self.left = ["He", "Hello"]

        def __aiter__(self) -> States:
            return self

        async def __anext__(self) -> Card:
            if not self.left:
                raise StopAsyncIteration
            return Card(children=[Text(id="t", value=self.left.pop(0), streaming=True)])

    thread = ThreadMetadata(id="thr_1", created_at=utc_now())
    events = [event async for event in stream_widget(thread, States(), copy_text="copy")]
    assert kinds(events) == ["thread.item.added", "thread.item.updated", "thread.item.done"]
    assert events[1].update == WidgetStreamingTextValueDelta(component_id="t", delta="llo", done=False)  # type: ignore[union-attr]


@pytest.mark.behaviour("D30")
async def test_d30_a_store_only_ever_gets_thread_metadata() -> None:
    async def naming(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        saved.append(type(thread))
        thread.title = "Named in the first turn"
        yield NoticeEvent(level="info", message="x")

    saved: list[type] = []

    class Watched(MemoryStore[Any]):
        async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
            saved.append(type(thread))
            await super().save_thread(thread, context)

    server = ScriptedServer(naming, Watched())
    thread_id = await new_thread(server)
    assert set(saved) == {ThreadMetadata}
    assert (await single(server, "threads.get_by_id", thread_id=thread_id))[
        "title"
    ] == "Named in the first turn"


@pytest.mark.behaviour("D31", "R9")
@pytest.mark.parametrize("store", ["parsed", "rows"])
async def test_d31_hidden_items_do_not_make_pages_shorter(store: str) -> None:
    class Parsed(MemoryStore[Any]):
        async def load_item_rows(self, *args: Any, hidden: bool = False) -> Any:
            return await super().load_item_rows(*args, hidden=True) if hidden else None

    server = ScriptedServer(store=Parsed() if store == "parsed" else MemoryStore())
    thread_id = await new_thread(server)
    thread = await server.store.load_thread(thread_id, None)
    for n in range(70):
        hidden = HiddenContextItem(
            id=f"h_{n:03}", thread_id=thread_id, created_at=utc_now(), content="between"
        )
        await server.store.add_thread_item(thread_id, hidden, None)
    for n in range(30):
        await server.store.add_thread_item(thread_id, message(thread, f"m{n}", f"msg_{n:03}"), None)
    page = await single(server, "threads.get_by_id", thread_id=thread_id)
    assert len(page["items"]["data"]) == 20
    assert page["items"]["has_more"] is True
    seen = [i["id"] for i in page["items"]["data"]]
    while page.get("items", page)["has_more"]:
        after = page.get("items", page)["after"]
        page = await single(server, "items.list", thread_id=thread_id, order="asc", limit=7, after=after)
        assert page["data"]
        seen += [i["id"] for i in page["data"]]
    stored = await items(server, thread_id)
    assert seen == [i.id for i in stored if i.type != "hidden_context_item"]


@pytest.mark.behaviour("D32", "R8")
@pytest.mark.parametrize(
    ("kind", "params", "code", "path"),
    [
        ("threads.add_user_message", {"input": user_input()}, "thread.not_found", "params.thread_id"),
        ("threads.get_by_id", {}, "thread.not_found", "params.thread_id"),
        ("threads.update", {"title": "x"}, "thread.not_found", "params.thread_id"),
        ("threads.retry_after_item", {"item_id": "msg_x"}, "thread.not_found", "params.thread_id"),
        ("threads.custom_action", {"action": {"type": "x"}}, "thread.not_found", "params.thread_id"),
        ("threads.sync_custom_action", {"action": {"type": "x"}}, "thread.not_found", "params.thread_id"),
        ("threads.add_client_tool_output", {"result": 1}, "thread.not_found", "params.thread_id"),
        (
            "threads.add_structured_input",
            {"item_id": "x", "input": {}},
            "thread.not_found",
            "params.thread_id",
        ),
        (
            "threads.edit_message",
            {"item_id": "x", "input": user_input()},
            "thread.not_found",
            "params.thread_id",
        ),
        ("threads.stop", {}, "thread.not_found", "params.thread_id"),
        ("threads.resume", {}, "thread.not_found", "params.thread_id"),
        (
            "items.feedback",
            {"item_ids": ["x"], "kind": "positive"},
            "thread.not_found",
            "params.thread_id",
        ),
    ],
)
async def test_d32_a_missing_thread_is_told_before_any_answer_begins(
    kind: str, params: dict[str, Any], code: str, path: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        await ScriptedServer().process(request(kind, thread_id="thr_nowhere", **params), None)
    assert (caught.value.code, caught.value.path, caught.value.status) == (code, path, 404)


@pytest.mark.behaviour("D32")
@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("threads.retry_after_item", {"item_id": "msg_nowhere"}),
        ("threads.custom_action", {"item_id": "w_nowhere", "action": {"type": "x"}}),
        ("threads.sync_custom_action", {"item_id": "w_nowhere", "action": {"type": "x"}}),
        ("threads.add_structured_input", {"item_id": "si_nowhere", "input": {}}),
        ("threads.edit_message", {"item_id": "msg_nowhere", "input": user_input()}),
    ],
)
async def test_d32_a_missing_item_is_told_before_any_answer_begins(kind: str, params: dict[str, Any]) -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    with pytest.raises(NotFoundError) as caught:
        await server.process(request(kind, thread_id=thread_id, **params), None)
    assert (caught.value.code, caught.value.path) == ("item.not_found", "params.item_id")


@pytest.mark.behaviour("D32")
async def test_d32_a_thread_with_a_missing_attachment_is_not_created() -> None:
    server = ScriptedServer()
    with pytest.raises(NotFoundError) as caught:
        await server.process(request("threads.create", input=user_input("hi", ["atc_nowhere"])), None)
    assert (caught.value.code, caught.value.path) == ("attachment.not_found", "params.input.attachments[0]")
    assert (await single(server, "threads.list"))["data"] == []


@pytest.mark.behaviour("D32")
async def test_d32_a_thread_whose_first_message_cannot_be_stored_is_taken_back() -> None:
    class Full(MemoryStore[Any]):
        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            raise OSError("disk full")

    server = ScriptedServer(store=Full())
    events = await stream(server, "threads.create", input=user_input())
    assert kinds(events) == ["error"]
    assert (await single(server, "threads.list"))["data"] == []


@pytest.mark.behaviour("D33", "R14")
@pytest.mark.parametrize(
    ("status", "code"), [(LockedStatus(reason="Lunch"), "thread.locked"), (ClosedStatus(), "thread.closed")]
)
async def test_d33_locked_and_closed_threads_take_no_messages(status: Any, code: str) -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    first = (await items(server, thread_id))[0].id
    thread = await server.store.load_thread(thread_id, None)
    thread.status = status
    await server.store.save_thread(thread, None)
    refused: list[tuple[str, dict[str, Any]]] = [
        ("threads.add_user_message", {"input": user_input()}),
        ("threads.retry_after_item", {"item_id": first}),
        ("threads.edit_message", {"item_id": first, "input": user_input()}),
    ]
    for kind, params in refused:
        with pytest.raises(ThreadStateError) as caught:
            await server.process(request(kind, thread_id=thread_id, **params), None)
        assert (caught.value.code, caught.value.status) == (code, 409)
    assert texts(await items(server, thread_id)) == ["hi", "Hello"]
    action = {"type": "unlock"}
    assert kinds(await stream(server, "threads.custom_action", thread_id=thread_id, action=action))


@pytest.mark.behaviour("D34")
async def test_d34_an_attachment_stays_with_its_thread() -> None:
    server = ScriptedServer()
    made = await single(server, "attachments.create", name="a.txt", size=3, mime_type="text/plain")
    events = await stream(server, "threads.create", input=user_input("hi", [made["id"]]))
    mine = events[0].thread.id
    with pytest.raises(AccessDeniedError) as caught:
        await server.process(request("threads.create", input=user_input("steal", [made["id"]])), None)
    assert (caught.value.code, caught.value.status) == ("attachment.denied", 403)
    assert (await server.store.load_attachment(made["id"], None)).thread_id == mine
    again = await stream(
        server, "threads.add_user_message", thread_id=mine, input=user_input("mine", [made["id"]])
    )
    assert again[0].item.attachments[0].id == made["id"]


@pytest.mark.behaviour("D34")
async def test_d34_where_to_upload_and_metadata_are_never_stored_in_or_sent_with_a_message() -> None:
    server = ScriptedServer()
    made = await single(server, "attachments.create", name="a.txt", size=3, mime_type="text/plain")
    assert made["upload_descriptor"]["url"].endswith("signature=s3cret")
    assert "metadata" not in made
    kept = await server.store.load_attachment(made["id"], None)
    assert kept.upload_descriptor is None
    assert kept.metadata == {"secret": "path"}
    result = await server.process(request("threads.create", input=user_input("hi", [made["id"]])), None)
    assert isinstance(result, StreamingResult)
    sent = b"".join([frame async for frame in result])
    thread_id = json.loads(sent.split(b"\n")[0][6:])["thread"]["id"]
    for body in (
        sent,
        json.dumps(await single(server, "threads.get_by_id", thread_id=thread_id)).encode(),
        json.dumps(await single(server, "items.list", thread_id=thread_id)).encode(),
    ):
        assert made["id"].encode() in body
        assert b"s3cret" not in body
        assert b"secret" not in body
    (stored, _) = await items(server, thread_id)
    assert isinstance(stored, UserMessageItem)
    assert stored.attachments[0].upload_descriptor is None
    assert stored.attachments[0].metadata == {"secret": "path"}


@pytest.mark.behaviour("D34")
async def test_d34_another_owners_attachment_is_not_found() -> None:
    server = ScriptedServer(store=MemoryStore(owner=str))
    made = await single(server, "attachments.create", "ann", name="a", size=3, mime_type="text/plain")
    with pytest.raises(NotFoundError):
        await server.process(request("threads.create", input=user_input("hi", [made["id"]])), "bob")
    with pytest.raises(NotFoundError):
        await server.process(request("attachments.delete", attachment_id=made["id"]), "bob")
    assert server.attachment_store.deleted == []  # type: ignore[union-attr]
    assert await single(server, "attachments.delete", "ann", attachment_id=made["id"]) == {}
    assert server.attachment_store.deleted == [made["id"]]  # type: ignore[union-attr]


@pytest.mark.behaviour("D35")
async def test_d35_an_action_without_a_type_is_refused() -> None:
    for action in ({"payload": 1}, {"type": None}, {"type": 5}, {}):
        with pytest.raises(RequestInvalidError) as caught:
            await ScriptedServer().process(
                request("threads.custom_action", thread_id="t", action=action), None
            )
        assert caught.value.path == "params.action.type"


@pytest.mark.behaviour("D36", "R10")
async def test_d36_pages_have_bounds() -> None:
    asked: list[int] = []

    class Watched(MemoryStore[Any]):
        async def load_threads(self, limit: int, *rest: Any) -> Any:
            asked.append(limit)
            return await super().load_threads(limit, *rest)

    server = ScriptedServer(store=Watched(), max_page_size=50)
    for limit in (0, -1):
        for kind, more in (("threads.list", {}), ("items.list", {"thread_id": "t"})):
            with pytest.raises(RequestInvalidError) as caught:
                await server.process(request(kind, limit=limit, **more), None)
            assert caught.value.path == "params.limit"
    await single(server, "threads.list", limit=51)
    await single(server, "threads.list")
    assert asked == [50, 20]


@pytest.mark.behaviour("D37", "R6")
async def test_d37_a_retry_takes_the_old_answer_back_in_front_of_the_reader() -> None:
    server = ScriptedServer(answer("one", "two"))
    thread_id = await new_thread(server)
    first, *old = [i.id for i in await items(server, thread_id)]
    server.script = answer("better")
    events = await stream(server, "threads.retry_after_item", thread_id=thread_id, item_id=first)
    assert kinds(events)[:3] == ["thread.item.removed", "thread.item.removed", "stream_options"]
    assert [e.item_id for e in events[:2]] == old
    assert server.given[-1].id == first
    assert texts(await items(server, thread_id)) == ["hi", "better"]


@pytest.mark.behaviour("D37")
async def test_d37_the_old_answer_comes_back_when_the_new_one_fails() -> None:
    async def failing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        during.append(texts(await items(server, thread.id)))
        yield added(thread)
        yield delta("half an ans")
        raise RuntimeError("no model")

    during: list[list[str]] = []
    server = ScriptedServer(answer("one", "two"))
    thread_id = await new_thread(server)
    before = await items(server, thread_id)
    server.script = failing
    events = await stream(server, "threads.retry_after_item", thread_id=thread_id, item_id=before[0].id)
    assert during == [["hi"]], "the model must not see the old answer"
    assert kinds(events)[-4:] == ["thread.item.removed", "thread.item.done", "thread.item.done", "error"]
    assert await items(server, thread_id) == before


@pytest.mark.behaviour("D37")
async def test_d37_the_old_answer_comes_back_when_the_new_one_is_stopped_before_it_says_anything() -> None:
    server = ScriptedServer(answer("one"))
    thread_id = await new_thread(server)
    before = await items(server, thread_id)
    server.script = _silent
    result = await server.process(
        request("threads.retry_after_item", thread_id=thread_id, item_id=before[0].id), None
    )
    assert isinstance(result, StreamingResult)
    await anext(result.json_events)
    await anext(result.json_events)
    await result.json_events.aclose()
    assert texts(await items(server, thread_id)) == ["hi", "one", "sdk_hidden_context"]


@pytest.mark.behaviour("D38", "T6")
async def test_d38_what_was_said_before_a_failure_is_stored_and_the_reader_told() -> None:
    async def failing(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread)
        yield delta("Half an ")
        yield delta("answer")
        raise RuntimeError("no model")

    server = ScriptedServer(failing)
    events = await stream(server, "threads.create", input=user_input())
    assert kinds(events)[-2:] == ["thread.item.done", "error"]
    assert texts([events[-2].item]) == ["Half an answer"]
    assert texts(await items(server, events[0].thread.id)) == ["hi", "Half an answer"]


def _card(*lines: str, **more: Any) -> Card:
    return Card(children=[Text(id=f"t{n}", value=line, **more) for n, line in enumerate(lines)])


@pytest.mark.behaviour("D39", "T9")
async def test_d39_updates_of_a_stored_widget_are_stored() -> None:
    server = ScriptedServer(_with_widget)
    thread_id = await new_thread(server)

    def updating(*updates: Any) -> Any:
        async def script(
            server: ScriptedServer, thread: ThreadMetadata, what: Any
        ) -> AsyncIterator[ThreadStreamEvent]:
            for update in updates:
                yield ThreadItemUpdatedEvent(item_id="w_1", update=update)

        return script

    async def widget() -> Any:
        item = await server.store.load_item(thread_id, "w_1", None)
        assert isinstance(item, WidgetItem)
        return item.widget.model_dump(exclude_none=True)

    click = {"thread_id": thread_id, "item_id": "w_1", "action": {"type": "x"}}
    server.script = updating(WidgetRootUpdated(widget=_card("New", "b")))
    events = await stream(server, "threads.custom_action", **click)
    assert kinds(events) == ["stream_options", "thread.item.updated"]
    assert await widget() == _card("New", "b").model_dump(exclude_none=True)

    server.script = updating(WidgetComponentUpdated(component_id="t1", component=Text(id="t1", value="B")))
    await stream(server, "threads.custom_action", **click)
    assert await widget() == _card("New", "B").model_dump(exclude_none=True)

    pieces = [
        WidgetStreamingTextValueDelta(component_id="t0", delta=c, done=n == 4) for n, c in enumerate(" text")
    ]
    server.script = updating(*pieces)
    await stream(server, "threads.custom_action", **click)
    assert await widget() == _card("New text", "B").model_dump(exclude_none=True)

    server.script = updating(WidgetFieldErrors(errors={"email": "Not an address"}))
    events = await stream(server, "threads.custom_action", **click)
    assert events[-1].update.errors == {"email": "Not an address"}
    assert await widget() == _card("New text", "B").model_dump(exclude_none=True)


@pytest.mark.behaviour("D39")
async def test_d39_streaming_into_a_stored_widget_saves_it_once_and_not_for_every_piece() -> None:
    saves: list[str] = []

    class Watched(MemoryStore[Any]):
        async def save_item(self, thread_id: str, item: Any, context: Any) -> None:
            saves.append(item.id)
            await super().save_item(thread_id, item, context)

    async def streaming(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        for _ in range(50):
            update = WidgetStreamingTextValueDelta(component_id="t0", delta="x", done=False)
            yield ThreadItemUpdatedEvent(item_id="w_1", update=update)

    server = ScriptedServer(_with_widget, Watched())
    thread_id = await new_thread(server)
    server.script = streaming
    saves.clear()
    await stream(server, "threads.custom_action", thread_id=thread_id, action={"type": "x"})
    assert saves == ["w_1"]
    item = await server.store.load_item(thread_id, "w_1", None)
    assert "Old" + "x" * 50 in item.model_dump_json()


@pytest.mark.behaviour("D40", "R13")
async def test_d40_what_a_sync_action_changes_is_stored() -> None:
    server = ScriptedServer(_with_widget)
    thread_id = await new_thread(server)

    def sync(thread: ThreadMetadata, action: Any, sender: WidgetItem) -> SyncCustomActionResponse:
        thread.title = "Renamed"
        return SyncCustomActionResponse(updated_item=sender.model_copy(update={"widget": _card("Set")}))

    server.sync = sync
    given = {"thread_id": thread_id, "item_id": "w_1", "action": {"type": "x"}}
    got = await single(server, "threads.sync_custom_action", **given)
    assert got["updated_item"]["widget"]["children"][0]["value"] == "Set"
    stored = await server.store.load_item(thread_id, "w_1", None)
    assert stored.widget == _card("Set")  # type: ignore[union-attr]
    assert (await server.store.load_thread(thread_id, None)).title == "Renamed"


@pytest.mark.behaviour("D40", "R13")
async def test_a_sync_action_from_what_is_no_widget_is_refused() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    item_id = (await items(server, thread_id))[0].id
    with pytest.raises(ValueError, match="no widget"):
        await single(
            server, "threads.sync_custom_action", thread_id=thread_id, item_id=item_id, action={"type": "x"}
        )


@pytest.mark.behaviour("D41")
async def test_d41_the_metadata_of_a_request_reaches_the_handler() -> None:
    async def looking(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        current = server.current_request()
        assert current is not None
        yield NoticeEvent(level="info", message=f"{current.type} {current.metadata['page']}")

    server = ScriptedServer(looking)
    events = await stream(server, "threads.create", input=user_input(), request_metadata={"page": 7})
    assert events[-1].message == "threads.create 7"
    assert server.current_request() is None


@pytest.mark.behaviour("D42")
async def test_d42_times_carry_their_zone() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    got = await single(server, "threads.get_by_id", thread_id=thread_id)
    for moment in (got["created_at"], *(i["created_at"] for i in got["items"]["data"])):
        assert moment.endswith("Z")


@pytest.mark.behaviour("D43", "T11")
async def test_d43_two_messages_at_once_are_answered_one_after_the_other() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    sends = [
        stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input(text))
        for text in ("a", "b", "c")
    ]
    for events in await asyncio.gather(*sends):
        assert kinds(events)[-1] == "thread.item.done"
    assert texts(await items(server, thread_id)) == ["hi", "Hello", "a", "Hello", "b", "Hello", "c", "Hello"]


@pytest.mark.behaviour("D43")
async def test_d43_an_author_may_refuse_messages_while_a_thread_answers() -> None:
    server = ScriptedServer(overlap="reject")
    thread_id = await new_thread(server)
    server.script = _silent
    first = await _begun(server, thread_id)
    with pytest.raises(ThreadStateError) as caught:
        await server.process(
            request("threads.add_user_message", thread_id=thread_id, input=user_input()), None
        )
    assert (caught.value.code, caught.value.status) == ("thread.busy", 409)
    await first.json_events.aclose()
    server.script = answer("ok")
    assert await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("now"))


@pytest.mark.behaviour("D43")
async def test_d43_an_author_may_let_a_new_message_stop_the_answer() -> None:
    server = ScriptedServer(overlap="replace")
    thread_id = await new_thread(server)
    server.script = _half
    first = await server.process(
        request("threads.add_user_message", thread_id=thread_id, input=user_input("a")), None
    )
    assert isinstance(first, StreamingResult)
    reading = asyncio.ensure_future(_read_all(first))
    await server.half.wait()
    server.script = answer("done")
    await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("b"))
    events = await reading
    assert kinds(events)[-1] == "thread.item.done"
    assert texts(await items(server, thread_id)) == [
        "hi", "Hello", "a", "Half an answer", "sdk_hidden_context", "b", "done",
    ]  # fmt: skip


@pytest.mark.behaviour("D43")
async def test_d43_a_message_does_not_wait_for_ever() -> None:
    server = ScriptedServer(overlap_wait=0.0)
    thread_id = await new_thread(server)
    server.script = _silent
    first = await _begun(server, thread_id)
    events = await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("b"))
    assert kinds(events) == ["error"]
    assert (events[0].code, events[0].allow_retry) == (ErrorCode.THREAD_BUSY, True)
    await first.json_events.aclose()
    assert texts(await items(server, thread_id)) == ["hi", "Hello", "a", "sdk_hidden_context"]


@pytest.mark.behaviour("D43")
async def test_d43_an_action_does_not_wait_for_the_answer() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    server.script = _silent
    first = await _begun(server, thread_id)
    server.script = answer("clicked")
    events = await stream(server, "threads.custom_action", thread_id=thread_id, action={"type": "x"})
    assert kinds(events)[-1] == "thread.item.done"
    await first.json_events.aclose()


@pytest.mark.behaviour("R16")
async def test_stop_ends_the_answer_for_its_reader_and_keeps_what_was_said() -> None:
    server = ScriptedServer(_half)
    result = await server.process(request("threads.create", input=user_input("a")), None)
    assert isinstance(result, StreamingResult)
    first = read_frame(await anext(result.json_events))
    thread_id: str = first.thread.id  # type: ignore[union-attr]
    reading = asyncio.ensure_future(_read_all(result))
    await server.half.wait()
    assert await single(server, "threads.stop", thread_id=thread_id) == {}
    assert kinds(await reading)[-1] == "thread.item.done"
    assert server.closed.is_set()
    assert texts(await items(server, thread_id)) == ["a", "Half an answer", "sdk_hidden_context"]
    assert await single(server, "threads.stop", thread_id=thread_id) == {}


@pytest.mark.behaviour("D87", "R15")
async def test_d87_editing_a_message_branches_off_a_new_thread() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server, "one")
    await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("two"))
    second = (await items(server, thread_id))[2]
    server.script = answer("Hello again")
    edit = {"item_id": second.id, "input": user_input("2")}
    events = await stream(server, "threads.edit_message", thread_id=thread_id, **edit)
    assert kinds(events)[:3] == ["thread.created", "thread.item.done", "stream_options"]
    branch = events[0].thread
    assert branch.id != thread_id
    assert texts(branch.items.data) == ["one", "Hello"]
    assert texts(await items(server, branch.id)) == ["one", "Hello", "2", "Hello again"]
    assert texts(await items(server, thread_id)) == ["one", "Hello", "two", "Hello"]
    assert not {i.id for i in await items(server, branch.id)} & {i.id for i in await items(server, thread_id)}

    edited = events[1].item.id
    again = await stream(
        server, "threads.edit_message", thread_id=branch.id, item_id=edited, input=user_input("II")
    )
    family = [thread_id, branch.id, again[0].thread.id]
    for member in family:
        got = await single(server, "threads.get_by_id", thread_id=member)
        assert got["branch"] == {
            "of_thread_id": thread_id, "of_item_id": second.id, "siblings": family,
        }  # fmt: skip
        assert got["metadata"] == {}


@pytest.mark.behaviour("D80")
async def test_d80_ids_cannot_be_guessed() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    ids = [thread_id, *(i.id for i in await items(server, thread_id))]
    assert all(len(bytes.fromhex(i.partition("_")[2])) * 8 >= 122 for i in ids)


@pytest.mark.parametrize(
    ("kind", "params", "kinds_of_error"),
    [
        ("attachments.create", {"name": "a", "size": 1, "mime_type": "x"}, (ChatKitError, RuntimeError)),
        (
            "input.transcribe",
            {"audio_base64": "AAAA", "mime_type": "audio/webm"},
            (ChatKitError, NotImplementedError),
        ),
    ],
)
async def test_what_a_server_does_not_offer_is_told_with_its_cure(
    kind: str, params: dict[str, Any], kinds_of_error: tuple[type[Exception], ...]
) -> None:
    class Bare(ChatKitServer[Any]):
        async def respond(self, thread: Any, input_user_message: Any, context: Any) -> Any:
            yield ThreadItemRemovedEvent(item_id="x")

    for expected in kinds_of_error:
        with pytest.raises(expected) as caught:
            await Bare(MemoryStore()).process(request(kind, **params), None)
        assert caught.value.status == 501  # type: ignore[union-attr]
        assert caught.value.hint  # type: ignore[union-attr]


async def _with_widget(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    item = WidgetItem(id="w_1", thread_id=thread.id, created_at=utc_now(), widget=_card("Old", "b"))
    yield done(item)


async def _silent(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    yield added(thread)
    await asyncio.Event().wait()


async def _half(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    try:
        yield added(thread, "msg_half")
        yield delta("Half an ", "msg_half")
        yield delta("answer", "msg_half")
        server.half.set()
        await asyncio.Event().wait()
    finally:
        server.closed.set()


async def _begun(server: ScriptedServer, thread_id: str) -> StreamingResult:
    """A second message whose answer has begun and does not go on."""
    result = await server.process(
        request("threads.add_user_message", thread_id=thread_id, input=user_input("a")), None
    )
    assert isinstance(result, StreamingResult)
    for _ in range(2):
        await anext(result.json_events)
    return result


async def _read_all(result: StreamingResult) -> list[Any]:
    return [read_frame(frame) async for frame in result]
