"""What each request with one answer gives, and what it asks of the store."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit._engine.reducer import reduce
from chatkit._time import utc_now
from chatkit.backends.memory import MemoryStore
from chatkit.errors import RequestInvalidError
from chatkit.server import stream_widget
from chatkit.types import AudioInput, Page, Thread, ThreadMetadata, TranscriptionResult
from chatkit.widgets import Card, Text

from .scripted import (
    ScriptedServer,
    answer,
    items,
    kinds,
    message,
    new_thread,
    single,
    stream,
    texts,
    user_input,
)


@pytest.mark.behaviour("R9", "R10")
async def test_pages_of_threads_and_items_lose_and_repeat_nothing() -> None:
    server = ScriptedServer(answer("one", "two", "three"))
    ids = [await new_thread(server) for _ in range(5)]
    for order, expected in (("asc", ids), ("desc", ids[::-1])):
        seen: list[str] = []
        after = None
        while True:
            page = await single(server, "threads.list", limit=2, order=order, after=after)
            assert all(thread["items"] == {"data": [], "has_more": False} for thread in page["data"])
            seen += [thread["id"] for thread in page["data"]]
            if not page["has_more"]:
                break
            after = page["after"]
        assert seen == expected
    stored = [i.id for i in await items(server, ids[0])]
    first = await single(server, "items.list", thread_id=ids[0], limit=3, order="asc")
    rest = await single(server, "items.list", thread_id=ids[0], order="asc", after=first["after"])
    assert [i["id"] for i in first["data"] + rest["data"]] == stored
    newest = await single(server, "items.list", thread_id=ids[0], limit=1)
    assert newest["data"][0]["id"] == stored[-1]


@pytest.mark.behaviour("R11")
async def test_a_thread_is_renamed_and_answered() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    got = await single(server, "threads.update", thread_id=thread_id, title="Röd")
    assert (got["id"], got["title"], got["items"]) == (thread_id, "Röd", {"data": [], "has_more": False})
    assert (await server.store.load_thread(thread_id, None)).title == "Röd"


@pytest.mark.behaviour("R11")
async def test_feedback_reaches_the_app() -> None:
    class Listening(ScriptedServer):
        async def add_feedback(self, *given: Any) -> None:
            heard.append(given)

    heard: list[Any] = []
    server = Listening()
    thread_id = await new_thread(server)
    given = {"thread_id": thread_id, "item_ids": ["a", "b"], "kind": "negative"}
    assert await single(server, "items.feedback", "ann", **given) == {}
    assert heard == [(thread_id, ["a", "b"], "negative", "ann")]


@pytest.mark.behaviour("R11")
async def test_a_recording_reaches_the_app_decoded() -> None:
    class Hearing(ScriptedServer):
        async def transcribe(self, audio_input: AudioInput, context: Any) -> TranscriptionResult:
            return TranscriptionResult(text=f"{audio_input.data!r} {audio_input.media_type}")

    server = Hearing()
    audio = {"audio_base64": base64.b64encode(b"\x00la").decode(), "mime_type": "audio/webm;codecs=opus"}
    assert await single(server, "input.transcribe", **audio) == {"text": r"b'\x00la' audio/webm"}
    for broken in ("not base64!", "AAA", "é"):
        with pytest.raises(RequestInvalidError) as caught:
            await single(server, "input.transcribe", audio_base64=broken, mime_type="audio/webm")
        assert caught.value.path == "params.audio_base64"


@pytest.mark.behaviour("R12")
async def test_a_deleted_thread_is_gone() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    assert await single(server, "threads.delete", thread_id=thread_id) == {}
    assert (await single(server, "threads.list"))["data"] == []


@pytest.mark.behaviour("W1")
async def test_a_widget_that_is_complete_is_one_event() -> None:
    thread = ThreadMetadata(id="thr_1", created_at=utc_now())
    card = Card(children=[Text(value="x")])
    (event,) = [e async for e in stream_widget(thread, card, "copy", lambda kind: f"{kind}_1")]
    assert event.type == "thread.item.done"
    assert (event.item.id, event.item.widget, event.item.copy_text) == ("message_1", card, "copy")  # type: ignore[union-attr]


@pytest.mark.behaviour("W2")
async def test_every_change_of_a_widget_reaches_its_reader() -> None:
    shown = [
        [Text(id="t", value="Hel")],
        [Text(id="t", value="Hello")],
        [Text(id="t", value="Hell")],
        [Text(id="t", value="Hell", weight="bold")],
        [Text(value="no id"), Text(id="t", value="Hell")],
        [Text(value="no id at all"), Text(id="t", value="Hell")],
    ]

    async def states() -> AsyncIterator[Card]:
        for children in shown:
            yield Card(children=[*children])

    thread = Thread(id="thr_1", created_at=utc_now(), items=Page())
    seen: list[Any] = []
    async for event in stream_widget(thread, states()):
        thread = reduce(thread, event)
        seen.append(thread.items.data[0].widget.model_dump(exclude_none=True))  # type: ignore[union-attr]
    expected = [Card(children=[*children]).model_dump(exclude_none=True) for children in shown]
    assert [state for n, state in enumerate(seen) if n == 0 or state != seen[n - 1]] == expected


class Counting(MemoryStore[Any]):
    """Counts its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    inside = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if not name.startswith(("load_", "save_", "add_", "delete_")):
            return found

        async def counted(*given: Any, **named: Any) -> Any:
            if self.inside:
                return await found(*given, **named)
            self.calls[name] += 1
            self.inside = True
            try:
                return await found(*given, **named)
            finally:
                self.inside = False

        return counted


@pytest.mark.parametrize("length", [3, 400])
async def test_the_calls_of_the_store_do_not_grow_with_the_thread(length: int) -> None:
    store = Counting()
    server = ScriptedServer(store=store)
    thread_id = await new_thread(server)
    thread = await store.load_thread(thread_id, None)
    for n in range(length):
        await MemoryStore.save_item(store, thread_id, message(thread, "x", f"msg_{n}"), None)
    first = (await items(server, thread_id))[0].id

    async def calls(kind: str, **params: Any) -> dict[str, int]:
        store.calls.clear()
        result = await server.process(_request(kind, **params), None)
        if hasattr(result, "json_events"):
            async for _ in result.json_events:
                pass
        return dict(store.calls)

    given = {"thread_id": thread_id}
    written = {"load_thread": 1, "add_thread_item": 2}
    assert await calls("threads.add_user_message", input=user_input(), **given) == written
    assert await calls("threads.get_by_id", **given) == {"load_thread": 1, "load_item_rows": 1}
    assert await calls("items.list", **given) == {"load_item_rows": 1}
    assert await calls("threads.update", title="x", **given) == {"load_thread": 1, "save_thread": 1}
    retry = await calls("threads.retry_after_item", item_id=first, **given)
    assert retry.pop("load_thread_items") <= (1 if length < 20 else 6)
    assert retry == {
        "load_thread": 1,
        "load_item": 1,
        "delete_thread_items": 1,
        "add_thread_item": 1,
    }


def _request(kind: str, /, **params: Any) -> bytes:
    from .scripted import request

    return request(kind, **params)


async def test_the_answer_of_a_renamed_thread_has_no_metadata() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    thread = await server.store.load_thread(thread_id, None)
    thread.metadata["secret"] = "x"
    await server.store.save_thread(thread, None)
    for kind, more in (("threads.update", {"title": "y"}), ("threads.get_by_id", {})):
        assert (await single(server, kind, thread_id=thread_id, **more))["metadata"] == {}
    assert texts(await items(server, thread_id)) == ["hi", "Hello"]
    events = await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input("b"))
    assert "thread.updated" not in kinds(events)
