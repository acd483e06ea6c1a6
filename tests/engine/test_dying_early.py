"""A worker that dies between taking a request and saying the first word of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.streams import MemoryStreamLog
from chatkit.types import ThreadMetadata

from ..server.scripted import ScriptedServer, answer, items, kinds, texts, user_input
from .test_runs import WAIT, Reader, Workers, _kill, reduced, send


class _Held(MemoryStreamLog):
    """Takes no event while it is held, and tells that one came. What a run is remembered by is no event."""

    def __init__(self) -> None:
        super().__init__()
        self.held = True
        self.came = asyncio.Event()

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        if self.held and frames[0].startswith(b"{"):
            self.came.set()
            await asyncio.Event().wait()
        await super().append(run_id, worker, first, frames)


class _HeldStore(MemoryStore[Any]):
    """Stores no thread while it is held, and tells that one came."""

    def __init__(self) -> None:
        super().__init__()
        self.held = True
        self.came = asyncio.Event()
        self.release = asyncio.Event()

    async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
        if self.held:
            self.came.set()
            await self.release.wait()
        await super().save_thread(thread, context)


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    made = Workers(ScriptedServer(answer("Hello"), _HeldStore()), _Held(), lease=0.05)
    yield made
    for runs in made.all:
        await runs.aclose()


async def _ask(workers: Workers, came: asyncio.Event) -> Reader:
    """A first message to a worker that dies as soon as `came` is set."""
    dying = workers.new()
    reader = await send(dying, "threads.create", input=user_input("hi"), client_request_id="once")
    async with asyncio.timeout(WAIT):
        await came.wait()
    await _kill(dying)
    await reader.hang_up()
    return await send(workers.new(), "threads.create", input=user_input("hi"), client_request_id="once")


@pytest.mark.behaviour("S11", "S12")
async def test_who_asked_again_gets_the_thread_and_the_message_that_were_stored(workers: Workers) -> None:
    store, log = workers.server.store, workers.log
    assert isinstance(store, _HeldStore)
    assert isinstance(log, _Held)
    store.held = False
    asking = asyncio.ensure_future(_ask(workers, log.came))
    async with asyncio.timeout(WAIT):
        await log.came.wait()
    log.held = False
    again = await asking
    await again.end()
    assert kinds(again.events) == ["thread.created", "thread.item.done", "thread.item.done", "error"]
    assert (again.events[-1].code, again.events[-1].allow_retry) == ("run.interrupted", True)
    thread_id = again.events[0].thread.id
    stored = [i for i in await items(workers.server, thread_id) if i.type != "sdk_hidden_context"]
    assert [item.id for item in reduced(again.events).items.data] == [item.id for item in stored]


@pytest.mark.behaviour("S11", "S12")
async def test_who_asked_again_is_answered_when_nothing_had_been_stored(workers: Workers) -> None:
    store, log = workers.server.store, workers.log
    assert isinstance(store, _HeldStore)
    assert isinstance(log, _Held)
    log.held = False
    asking = asyncio.ensure_future(_ask(workers, store.came))
    async with asyncio.timeout(WAIT):
        await store.came.wait()
    store.held = False
    again = await asking
    await again.end()
    assert kinds(again.events)[0] == "thread.created"
    assert kinds(again.events)[-1] == "thread.item.done"
    assert texts(await items(workers.server, again.events[0].thread.id)) == ["hi", "Hello"]
    assert len((await store.load_threads(10, None, "asc", None)).data) == 1


@pytest.mark.behaviour("S11")
async def test_a_first_message_sent_again_before_its_thread_is_stored_is_answered_once(
    workers: Workers,
) -> None:
    store, log = workers.server.store, workers.log
    assert isinstance(store, _HeldStore)
    assert isinstance(log, _Held)
    log.held = False
    first = await send(
        workers.new(lease=30.0), "threads.create", input=user_input("hi"), client_request_id="once"
    )
    async with asyncio.timeout(WAIT):
        await store.came.wait()
    sending = asyncio.ensure_future(
        send(workers.new(lease=30.0), "threads.create", input=user_input("hi"), client_request_id="once")
    )
    await asyncio.sleep(0)
    store.release.set()
    again = await sending
    await asyncio.gather(first.end(), again.end())
    assert again.frames == first.frames
    assert texts(await items(workers.server, again.events[0].thread.id)) == ["hi", "Hello"]
