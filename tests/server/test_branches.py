"""Versions of edited messages: every thread of the family shows, at each edited message, which others there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit._engine.runs import Runs
from chatkit.backends.memory import MemoryStore
from chatkit.streams import MemoryStreamLog
from chatkit.types import ClientToolCallItem, ProgressUpdateEvent, ThreadMetadata, UserMessageItem

from .scripted import (
    ScriptedServer,
    answer,
    items,
    new_thread,
    request,
    single,
    stream,
    texts,
    user_input,
)


async def _say(server: ScriptedServer, thread_id: str, text: str) -> None:
    await stream(server, "threads.add_user_message", thread_id=thread_id, input=user_input(text))


async def _edit(server: ScriptedServer, thread_id: str, item_id: str, text: str) -> str:
    edit = {"item_id": item_id, "input": user_input(text)}
    events = await stream(server, "threads.edit_message", thread_id=thread_id, **edit)
    return events[0].thread.id


async def _asked(server: ScriptedServer, thread_id: str, n: int) -> str:
    """The id of the n-th user message."""
    return [item for item in await items(server, thread_id) if isinstance(item, UserMessageItem)][n].id


async def _versions(server: ScriptedServer, thread_id: str) -> dict[str, tuple[int, list[str]]]:
    """Of each edited message its text, with the place of this thread's version and the threads of all."""
    got = await single(server, "threads.get_by_id", thread_id=thread_id)
    said = {item["id"]: item["content"][0]["text"] for item in got["items"]["data"] if "content" in item}
    return {said[v["item_id"]]: (v["index"], v["siblings"]) for v in got.get("branches", ())}


@pytest.mark.behaviour("D87", "R15")
async def test_a_thread_without_versions_names_none() -> None:
    server = ScriptedServer()
    thread_id = await new_thread(server)
    got = await single(server, "threads.get_by_id", thread_id=thread_id)
    assert "branches" not in got
    assert "branch" not in got


@pytest.mark.behaviour("D87", "R15")
async def test_every_edited_message_of_every_thread_names_its_versions() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    await _say(server, a, "two")
    b = await _edit(server, a, await _asked(server, a, 1), "zwei")
    assert await _versions(server, a) == {"two": (0, [a, b])}
    assert await _versions(server, b) == {"zwei": (1, [a, b])}

    c = await _edit(server, b, await _asked(server, b, 0), "eins")
    assert await _versions(server, a) == {"one": (0, [a, c]), "two": (0, [a, b])}
    assert await _versions(server, b) == {"one": (0, [b, c]), "zwei": (1, [a, b])}
    assert await _versions(server, c) == {"eins": (1, [b, c])}

    await _say(server, c, "more")
    d = await _edit(server, c, await _asked(server, c, 1), "mehr")
    assert await _versions(server, d) == {"eins": (1, [b, d]), "mehr": (1, [c, d])}
    assert await _versions(server, c) == {"eins": (1, [b, c]), "more": (0, [c, d])}

    e = await _edit(server, d, await _asked(server, d, 0), "un")
    assert await _versions(server, a) == {"one": (0, [a, c, e]), "two": (0, [a, b])}
    assert await _versions(server, d) == {"eins": (1, [b, d, e]), "mehr": (1, [c, d])}
    assert texts(await items(server, e)) == ["un", "Hello"]


@pytest.mark.behaviour("D87", "R15")
@pytest.mark.parametrize("ending", ["done", "fails", "interrupted"])
async def test_an_answer_under_way_that_changes_the_thread_keeps_the_versions_made_meanwhile(
    ending: str,
) -> None:
    server, edited, waiting = ScriptedServer(), asyncio.Event(), asyncio.Event()
    a = await new_thread(server, "one")
    asked = await _asked(server, a, 0)

    async def slow(server: ScriptedServer, thread: ThreadMetadata, what: Any) -> AsyncIterator[Any]:
        yield ProgressUpdateEvent(text="thinking")
        waiting.set()
        await edited.wait()
        thread.title = "A title"
        thread.metadata["topic"] = "food"
        yield ProgressUpdateEvent(text="nearly there")
        if ending == "fails":
            raise RuntimeError("no model")

    server.script = slow
    runs = Runs(server, MemoryStreamLog())
    two = request("threads.add_user_message", thread_id=a, input=user_input("two"))
    answering = asyncio.ensure_future(_read(await runs.handle(two, None)))
    await waiting.wait()
    server.script = answer("Hello")
    b = await _edit(server, a, asked, "eins")
    if ending == "interrupted":
        await runs.drain(0.0)
    edited.set()
    await answering
    await runs.aclose()
    thread = await server.store.load_thread(a, None)
    assert await _versions(server, a) == {"one": (0, [a, b])}
    assert await _versions(server, b) == {"eins": (1, [a, b])}
    if ending == "interrupted":
        assert "chatkit.interrupted" in thread.metadata
    else:
        assert (thread.title, thread.metadata["topic"]) == ("A title", "food")


async def _read(reply: Any) -> None:
    async for _ in reply:
        pass


@pytest.mark.behaviour("D87", "R15")
async def test_an_edit_takes_nothing_back_of_what_an_answer_changed_meanwhile() -> None:
    class Meanwhile(MemoryStore[Any]):
        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            if a and thread_id != a:
                thread = await self.load_thread(a, context)
                thread.title = "A new title"
                await self.save_thread(thread, context)
            await super().add_thread_item(thread_id, item, context)

    a = ""
    server = ScriptedServer(store=Meanwhile())
    a = await new_thread(server, "one")
    b = await _edit(server, a, await _asked(server, a, 0), "eins")
    assert (await server.store.load_thread(a, None)).title == "A new title"
    assert await _versions(server, a) == {"one": (0, [a, b])}


@pytest.mark.behaviour("R15")
async def test_a_client_tool_call_that_waits_is_answered_in_a_branch_for_itself() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    thread = await server.store.load_thread(a, None)
    call = ClientToolCallItem(
        id="tc_1", thread_id=a, created_at=thread.created_at, call_id="call_1", name="where", arguments={}
    )
    await server.store.add_thread_item(a, call, None)
    await _say(server, a, "two")
    b = await _edit(server, a, await _asked(server, a, 1), "zwei")
    (waits,) = [item for item in await items(server, b) if isinstance(item, ClientToolCallItem)]
    output = {"thread_id": b, "item_id": waits.id, "result": {"place": "Rome"}}
    await stream(server, "threads.add_client_tool_output", **output)
    done = await server.store.load_item(b, waits.id, None)
    still = await server.store.load_item(a, "tc_1", None)
    assert isinstance(done, ClientToolCallItem)
    assert (done.status, done.output) == ("completed", {"place": "Rome"})
    assert isinstance(still, ClientToolCallItem)
    assert still.status == "pending"


@pytest.mark.behaviour("R15")
async def test_the_new_thread_and_the_list_carry_the_versions_too() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    edit = {"item_id": await _asked(server, a, 0), "input": user_input("eins")}
    events = await stream(server, "threads.edit_message", thread_id=a, **edit)
    b = events[0].thread.id
    assert [v.model_dump() for v in events[0].thread.branches] == [
        {"item_id": events[1].item.id, "index": 1, "siblings": [a, b]}
    ]
    listed = await single(server, "threads.list")
    assert {thread["id"]: thread["branches"][0]["index"] for thread in listed["data"]} == {a: 0, b: 1}


@pytest.mark.behaviour("R15")
async def test_a_deleted_version_drops_out_and_the_others_can_still_be_edited() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    b = await _edit(server, a, await _asked(server, a, 0), "eins")
    c = await _edit(server, a, await _asked(server, a, 0), "un")
    await single(server, "threads.delete", thread_id=b)
    assert await _versions(server, a) == {"one": (0, [a, c])}
    assert await _versions(server, c) == {"un": (1, [a, c])}
    d = await _edit(server, c, await _asked(server, c, 0), "uno")
    assert await _versions(server, c) == {"un": (1, [a, c, d])}
    await single(server, "threads.delete", thread_id=a)
    await single(server, "threads.delete", thread_id=d)
    got = await single(server, "threads.get_by_id", thread_id=c)
    assert "branches" not in got


@pytest.mark.behaviour("R15")
async def test_another_thread_stands_for_the_version_of_a_deleted_one() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    await _say(server, a, "two")
    b = await _edit(server, a, await _asked(server, a, 1), "zwei")
    c = await _edit(server, a, await _asked(server, a, 0), "eins")
    assert await _versions(server, c) == {"eins": (1, [a, c])}
    await single(server, "threads.delete", thread_id=a)
    assert await _versions(server, c) == {"eins": (1, [b, c])}
    assert await _versions(server, b) == {"one": (0, [b, c])}


@pytest.mark.behaviour("R15")
async def test_an_edit_that_fails_leaves_no_thread_and_no_version_behind() -> None:
    class Full(MemoryStore[Any]):
        full = False

        async def add_thread_items(self, thread_id: str, items: Any, context: Any) -> None:
            if self.full:
                raise RuntimeError("the disk is full")
            await super().add_thread_items(thread_id, items, context)

    store = Full()
    server = ScriptedServer(store=store)
    a = await new_thread(server, "one")
    await _say(server, a, "two")
    store.full = True
    item_id = await _asked(server, a, 1)
    events = await stream(
        server, "threads.edit_message", thread_id=a, item_id=item_id, input=user_input("zwei")
    )
    assert [event.type for event in events] == ["error"]
    assert [thread.id for thread in (await store.load_threads(10, None, "asc", None)).data] == [a]
    assert await _versions(server, a) == {}


async def test_what_came_before_an_edit_is_copied_a_page_at_a_time() -> None:
    class Counting(MemoryStore[Any]):
        def __init__(self) -> None:
            super().__init__()
            self.calls: list[int] = []

        async def add_thread_items(self, thread_id: str, items: Any, context: Any) -> None:
            self.calls.append(len(items))
            await super().add_thread_items(thread_id, items, context)

    store = Counting()
    server = ScriptedServer(store=store)
    a = await new_thread(server, "0")
    for n in range(1, 60):
        await _say(server, a, str(n))
    await _edit(server, a, await _asked(server, a, 59), "last")
    assert store.calls == [100, 18]


async def test_metadata_of_another_shape_is_no_reason_to_fail() -> None:
    server = ScriptedServer()
    a = await new_thread(server, "one")
    thread = await server.store.load_thread(a, None)
    thread.metadata["chatkit.branch"] = {"points": "nonsense"}
    await server.store.save_thread(thread, None)
    assert "branches" not in await single(server, "threads.get_by_id", thread_id=a)
