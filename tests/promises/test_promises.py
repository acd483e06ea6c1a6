"""What a run promises, each promise really put to the test: processes, sockets, signals, a database file.

The table of docs/runs.md has one row for each test here.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from .world import PATIENCE, Chat, Worker

pytestmark = pytest.mark.slow


@pytest.fixture
async def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/chat.db"


@pytest.fixture
async def worker(database: str) -> AsyncIterator[Worker]:
    made = Worker(database)
    await made.start()
    yield made
    await made.kill()


@pytest.fixture
async def chat(worker: Worker) -> AsyncIterator[Chat]:
    made = Chat(worker.url)
    yield made
    await made.aclose()


@pytest.mark.behaviour("S2", "S3")
async def test_network_drop(chat: Chat) -> None:
    await chat.create("150 4", frames=8)
    await chat.follow()
    chat.assert_whole()
    assert len(chat.text.split()) == 150
    assert chat.reduced == await chat.stored()


@pytest.mark.behaviour("S5")
async def test_reload(chat: Chat, worker: Worker) -> None:
    await chat.create("150 4", frames=8)
    page = Chat(worker.url)
    page.thread_id = chat.thread_id
    loaded = await page.ask("threads.get_by_id", thread_id=chat.thread_id)
    assert loaded["run"]["id"]
    await page.follow()
    page.assert_whole()
    assert len(page.text.split()) == 150
    assert page.reduced == await page.stored()
    await page.aclose()


@pytest.mark.behaviour("S6")
@pytest.mark.parametrize("workers", [1, 2], ids=["second tab", "second device on another worker"])
async def test_second_reader(chat: Chat, worker: Worker, database: str, workers: int) -> None:
    async with AsyncExitStack() as stack:
        other = worker
        if workers == 2:
            other = Worker(database)
            await other.start()
            stack.push_async_callback(other.kill)
        reading = asyncio.ensure_future(chat.create("150 4"))
        async with asyncio.timeout(PATIENCE):
            while not chat.thread_id:
                await asyncio.sleep(0.01)
        second = Chat(other.url)
        stack.push_async_callback(second.aclose)
        second.thread_id = chat.thread_id
        await asyncio.gather(reading, second.follow())
        assert second.frames == chat.frames
        chat.assert_whole()


@pytest.mark.behaviour("S2")
async def test_tab_closed(chat: Chat) -> None:
    await chat.create("60 4", frames=4)
    async with asyncio.timeout(PATIENCE):
        while "run" in await chat.ask("threads.get_by_id", thread_id=chat.thread_id):
            await asyncio.sleep(0.05)
    stored = await chat.stored()
    assert stored[-1]["content"][0]["text"].split() == [str(n) for n in range(60)]


@pytest.mark.behaviour("S3")
async def test_a_proxy_that_cuts_every_line_after_a_moment(worker: Worker) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", worker.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()

        pumps = [
            asyncio.ensure_future(pump(reader, up_writer)),
            asyncio.ensure_future(pump(up_reader, writer)),
        ]
        await asyncio.wait(pumps, timeout=0.15, return_when=asyncio.ALL_COMPLETED)
        for each in pumps:
            each.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        for each in (writer, up_writer):
            each.close()

    proxy = await asyncio.start_server(cut, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    chat = Chat(f"http://127.0.0.1:{port}/chatkit")
    try:
        await chat.create("200 5", frames=4)
        await chat.follow()
        chat.assert_whole()
        assert len(chat.text.split()) == 200
    finally:
        await chat.aclose()
        proxy.close()
        await proxy.wait_closed()


@pytest.mark.behaviour("S13")
async def test_server_restart(database: str) -> None:
    worker, chat = Worker(database, drain=0.0), Chat()
    await worker.start()
    chat.urls.append(worker.url)
    try:
        await chat.create("5000 4", frames=8)
        reading = asyncio.ensure_future(chat.follow())
        await worker.stop()
        await worker.start()
        await reading
        chat.assert_whole()
        assert (chat.events[-1].code, chat.events[-1].allow_retry) == ("run.interrupted", True)
        assert chat.reduced == await chat.stored()
        assert chat.reduced[-1]["content"][0]["text"] == chat.text
    finally:
        await worker.kill()
        await chat.aclose()


@pytest.mark.behaviour("S13")
async def test_server_restart_with_time_to_finish(database: str) -> None:
    worker, chat = Worker(database, drain=30.0), Chat()
    await worker.start()
    chat.urls.append(worker.url)
    try:
        reading = asyncio.ensure_future(chat.create("100 5"))
        async with asyncio.timeout(PATIENCE):
            while not chat.thread_id:
                await asyncio.sleep(0.01)
        await worker.stop()
        await reading
        chat.assert_whole()
        assert len(chat.text.split()) == 100
    finally:
        await worker.kill()
        await chat.aclose()


@pytest.mark.behaviour("S12")
async def test_kill_9_and_restart_is_told_within_15_seconds(database: str) -> None:
    worker, chat = Worker(database, lease=9.0), Chat()
    await worker.start()
    chat.urls.append(worker.url)
    try:
        await chat.create("5000 4", frames=10)
        await worker.kill()
        await worker.start()
        looked = time.monotonic()
        await chat.follow()
        assert time.monotonic() - looked < 15
        chat.assert_whole()
        assert (chat.events[-1].code, chat.events[-1].allow_retry) == ("run.interrupted", True)
        stored = await chat.stored()
        assert chat.reduced == stored
        assert stored[-1]["content"][0]["text"] == chat.text
        page = Chat(worker.url)
        page.thread_id = chat.thread_id
        await page.follow()
        assert [e.type for e in page.events] == ["error"], "a page that comes later is told too"
        await page.aclose()
        await chat.read(
            "threads.retry_after_item", thread_id=chat.thread_id, item_id=stored[0]["id"], frames=8
        )
        assert "run" in await chat.ask("threads.get_by_id", thread_id=chat.thread_id)
    finally:
        await worker.kill()
        await chat.aclose()


@pytest.mark.behaviour("S7")
async def test_stop_twice_and_on_another_worker(chat: Chat, database: str) -> None:
    other = Worker(database)
    await other.start()
    device = Chat(other.url)
    try:
        await chat.create("5000 4", frames=8)
        reading = asyncio.ensure_future(chat.follow())
        asked = time.monotonic()
        for _ in range(2):
            assert await device.ask("threads.stop", thread_id=chat.thread_id) == {}
        await reading
        assert time.monotonic() - asked < 5
        chat.assert_whole()
        assert chat.reduced == await chat.stored()
        assert chat.reduced[-1]["content"][0]["text"] == chat.text
    finally:
        await device.aclose()
        await other.kill()


@pytest.mark.behaviour("S12", "S13", "T10")
async def test_rolling_deploy_of_three_workers_under_load(database: str) -> None:
    workers = [Worker(database, drain=10.0) for _ in range(3)]
    for each in workers:
        await each.start()
    chats = [Chat(*(w.url for w in workers[n % 3 :] + workers[: n % 3])) for n in range(9)]
    try:
        talking = [asyncio.ensure_future(_talk(chat, "120 5")) for chat in chats]
        for each in workers:
            await each.stop()
            await each.start()
        await asyncio.gather(*talking)
        for chat in chats:
            chat.assert_whole()
            assert len(chat.text.split()) == 120
            assert chat.reduced == await chat.stored()
    finally:
        await _end_all(workers, chats)


@pytest.mark.behaviour("S12", "T10")
async def test_workers_killed_at_random_under_load(database: str) -> None:
    dice = random.Random(7)
    workers = [Worker(database, lease=1.0) for _ in range(3)]
    for each in workers:
        await each.start()
    chats = [Chat(*(w.url for w in workers[n % 3 :] + workers[: n % 3])) for n in range(9)]
    try:
        talking = [asyncio.ensure_future(_talk(chat, "300 10")) for chat in chats]
        async with asyncio.timeout(PATIENCE):
            while not all(chat.thread_id for chat in chats):
                await asyncio.sleep(0.01)
        for _ in range(3):
            await asyncio.wait(talking, timeout=dice.uniform(0.2, 0.8))
            victim = dice.choice(workers)
            await victim.kill()
            await victim.start()
        await asyncio.gather(*talking)
        endings = set[str]()
        for chat in chats:
            chat.assert_whole()
            endings.add(chat.events[-1].type)
            if chat.events[-1].type == "error":
                assert chat.events[-1].code == "run.interrupted"
            else:
                assert len(chat.text.split()) == 300
            assert chat.reduced == await chat.stored()
        assert "error" in endings, "nobody was hit: the test has tested nothing"
    finally:
        await _end_all(workers, chats)


async def _talk(chat: Chat, text: str) -> None:
    """Send a message, again until one has been taken, and read its answer through everything that happens."""
    while not chat.thread_id:
        try:
            if await chat.read("threads.create", input=_input(text)):
                return
        except Exception:
            chat._next_worker()
            await asyncio.sleep(0.05)
    await chat.follow()


def _input(text: str) -> dict[str, object]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


async def _end_all(workers: list[Worker], chats: list[Chat]) -> None:
    for chat in chats:
        await chat.aclose()
    for worker in workers:
        await worker.kill()
