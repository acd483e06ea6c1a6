"""What belongs to one owner does not exist for another, whatever the request, with and without runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chatkit._engine.answers import ANSWERS
from chatkit._engine.openings import OPENINGS
from chatkit._engine.runs import Runs, SingleReply
from chatkit._time import utc_now
from chatkit.backends.memory import MemoryStore
from chatkit.backends.owned import OwnedStore
from chatkit.errors import AuthRequiredError, ChatKitError
from chatkit.server import NonStreamingResult
from chatkit.store import NotFoundError, Store, ThreadQuery
from chatkit.streams import MemoryStreamLog
from chatkit.types import (
    ClientToolCallItem,
    Page,
    StructuredInputFreeform,
    StructuredInputItem,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
)
from chatkit.widgets import Card, Text

from .scripted import ScriptedServer, done, items, message, request, single, stream, user_input

Params = Callable[["Ann"], dict[str, Any]]

REQUESTS: dict[str, Params] = {
    "threads.create": lambda ann: {"input": user_input("mine?", [ann.attachment])},
    "threads.add_user_message": lambda ann: {"thread_id": ann.thread, "input": user_input()},
    "threads.add_client_tool_output": lambda ann: {"thread_id": ann.thread, "result": 1},
    "threads.add_structured_input": lambda ann: {"thread_id": ann.thread, "item_id": "si_1", "input": {}},
    "threads.retry_after_item": lambda ann: {"thread_id": ann.thread, "item_id": ann.message},
    "threads.edit_message": lambda ann: {"thread_id": ann.thread, "item_id": ann.message, "input": user_input()},
    "threads.custom_action": lambda ann: {"thread_id": ann.thread, "item_id": "w_1", "action": {"type": "x"}},
    "threads.sync_custom_action": lambda ann: {
        "thread_id": ann.thread, "item_id": "w_1", "action": {"type": "x"},
    },
    "threads.get_by_id": lambda ann: {"thread_id": ann.thread},
    "threads.list": lambda ann: {},
    "threads.update": lambda ann: {"thread_id": ann.thread, "title": "taken"},
    "threads.delete": lambda ann: {"thread_id": ann.thread},
    "threads.stop": lambda ann: {"thread_id": ann.thread},
    "threads.resume": lambda ann: {"thread_id": ann.thread},
    "items.list": lambda ann: {"thread_id": ann.thread},
    "items.feedback": lambda ann: {"thread_id": ann.thread, "item_ids": [ann.message], "kind": "positive"},
    "attachments.create": lambda ann: {"name": "b.txt", "size": 1, "mime_type": "text/plain"},
    "attachments.delete": lambda ann: {"attachment_id": ann.attachment},
    "input.transcribe": lambda ann: {"audio_base64": "AAAA", "mime_type": "audio/webm"},
}  # fmt: skip
NOTHING_TO_REFUSE = {"threads.list", "attachments.create", "input.transcribe"}


class Ann:
    """Somebody with a thread, a widget, a question, a tool call and a file."""

    thread: str
    message: str
    attachment: str

    async def settle(self, server: ScriptedServer) -> None:
        made = await single(server, "attachments.create", "ann", name="a.txt", size=1, mime_type="text/plain")
        self.attachment = made["id"]
        events = await stream(server, "threads.create", "ann", input=user_input("Ann's secret"))
        self.thread, self.message = events[0].thread.id, events[1].item.id


async def _everything(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    common: dict[str, Any] = {"thread_id": thread.id, "created_at": utc_now()}
    yield done(message(thread, "An answer"))
    yield done(WidgetItem(id="w_1", widget=Card(children=[Text(value="x")]), **common))
    yield done(
        StructuredInputItem(id="si_1", inputs=[StructuredInputFreeform(id="q", question="?")], **common)
    )
    yield done(ClientToolCallItem(id="tc_1", call_id="c", name="tool", arguments={}, **common))


def test_every_request_is_tried() -> None:
    assert set(REQUESTS) == {*ANSWERS, *OPENINGS, "threads.stop", "threads.resume"}


class PlainStore(MemoryStore[Any]):
    """A store as apps for openai-chatkit write them: without owners and without search."""

    find_threads = Store.find_threads  # type: ignore[assignment]

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Any
    ) -> Page[ThreadMetadata]:
        return await MemoryStore.find_threads(self, ThreadQuery(), limit, after, order, context)


STORES: dict[str, Callable[[], Store[Any]]] = {
    "scoped": lambda: MemoryStore(owner=str),
    "owned": lambda: OwnedStore(MemoryStore(), owner=str),
    "owned, drop-in": lambda: OwnedStore(PlainStore(), owner=str),
}


@pytest.mark.parametrize("store", sorted(STORES))
@pytest.mark.parametrize("with_runs", [False, True], ids=["process", "runs"])
@pytest.mark.parametrize("kind", sorted(REQUESTS))
async def test_another_owner_finds_and_changes_nothing(kind: str, with_runs: bool, store: str) -> None:
    server = ScriptedServer(_everything, STORES[store]())
    runs = Runs(server, MemoryStreamLog(), owner=str)
    ann = Ann()
    await ann.settle(server)
    before = await items(server, ann.thread, "ann")
    server.given.clear()
    body = request(kind, **REQUESTS[kind](ann))

    refused: ChatKitError | None = None
    answer = b""
    try:
        result: Any = await (runs.handle(body, "bob") if with_runs else server.process(body, "bob"))
        if isinstance(result, NonStreamingResult | SingleReply):
            answer = result.json
        else:
            answer = b"".join([chunk async for chunk in result])
    except ChatKitError as error:
        refused = error
    await runs.aclose()

    assert b"secret" not in answer
    assert ann.thread.encode() not in answer
    if kind not in NOTHING_TO_REFUSE and kind != "threads.delete":
        assert refused is not None
        assert refused.status == 404
    assert server.given == [], "no handler of the app was asked"
    assert await items(server, ann.thread, "ann") == before
    assert (await server.store.load_thread(ann.thread, "ann")).title is None
    assert (await server.store.load_attachment(ann.attachment, "ann")).thread_id is None
    assert server.attachment_store.deleted == []  # type: ignore[union-attr]


def _thread(thread_id: str) -> ThreadMetadata:
    return ThreadMetadata(id=thread_id, created_at=utc_now(), title=thread_id)


@pytest.mark.parametrize("inner", [MemoryStore, PlainStore])
async def test_pages_of_an_owned_store_hold_the_owner_s_threads_only(inner: Any) -> None:
    store: Store[Any] = OwnedStore(inner(), owner=str)
    for n in range(30):
        await store.save_thread(_thread(f"thr_{n:02}"), "ann" if n % 3 else "bob")
    got: list[str] = []
    after: str | None = None
    while True:
        page = await store.load_threads(4, after, "asc", "bob")
        got += [thread.id for thread in page.data]
        if not page.has_more:
            break
        after = page.after
    assert got == [f"thr_{n:02}" for n in range(0, 30, 3)]
    with pytest.raises(NotFoundError):
        await store.load_threads(4, "thr_01", "asc", "bob")


async def test_what_is_older_than_the_owners_belongs_to_nobody() -> None:
    inner: MemoryStore[Any] = MemoryStore()
    await inner.save_thread(_thread("thr_old"), None)
    store: Store[Any] = OwnedStore(inner, owner=str)
    with pytest.raises(NotFoundError):
        await store.load_thread("thr_old", "ann")
    with pytest.raises(NotFoundError):
        await store.save_thread(_thread("thr_old"), "ann")
    await store.delete_thread("thr_old", "ann")
    assert (await inner.load_thread("thr_old", None)).title == "thr_old"


async def test_a_thread_is_loaded_once_to_know_whose_it_is() -> None:
    class Counting(MemoryStore[Any]):
        loads = 0

        async def load_thread(self, thread_id: str, context: Any) -> ThreadMetadata:
            self.loads += 1
            return await super().load_thread(thread_id, context)

    inner = Counting()
    await OwnedStore(inner, owner=str).save_thread(_thread("thr_1"), "ann")
    inner.loads = 0
    store: Store[Any] = OwnedStore(inner, owner=str)
    for n in range(5):
        await store.add_thread_item("thr_1", message(_thread("thr_1"), "x", f"msg_{n}"), "ann")
    assert inner.loads == 1
    with pytest.raises(NotFoundError):
        await store.load_item("thr_1", "msg_1", "bob")


async def test_a_context_without_an_owner_is_refused() -> None:
    store: Store[Any] = OwnedStore(MemoryStore(), owner=lambda context: context)
    with pytest.raises(AuthRequiredError):
        await store.load_threads(10, None, "asc", None)
