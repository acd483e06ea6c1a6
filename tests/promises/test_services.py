"""The same promises with PostgreSQL as the store and Redis as the log, while these are restarted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.backends.services import Redis, postgres, redis, restart_postgres

from .conversation import Conversation
from .test_promises import _end_all, _talk
from .world import PATIENCE, Chat, Worker

pytestmark = [pytest.mark.slow, pytest.mark.service]

DRAIN = 4.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, Path]]:
    with postgres() as made:
        yield made


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    with redis() as made:
        yield made


@pytest.fixture
async def workers(cluster: tuple[str, Path], redis_server: Redis) -> AsyncIterator[list[Worker]]:
    made = [Worker(cluster[0], redis_server.url, lease=9.0, drain=10.0) for _ in range(2)]
    for each in made:
        await each.start()
    yield made
    for each in made:
        await each.kill()


@pytest.mark.behaviour("S14")
async def test_redis_restart(workers: list[Worker], redis_server: Redis) -> None:
    chats = [Chat(workers[0].url, workers[1].url), Chat(workers[1].url, workers[0].url)]
    try:
        talking = [asyncio.ensure_future(_talk(chat, "400 5")) for chat in chats]
        await asyncio.wait(talking, timeout=0.5)
        redis_server.kill()
        redis_server.start()
        await asyncio.gather(*talking)
        for chat in chats:
            chat.assert_whole()
            assert len(chat.text.split()) == 400
            assert chat.reduced == await chat.stored()
    finally:
        await _end_all([], chats)


async def test_postgresql_restart(workers: list[Worker], cluster: tuple[str, Path]) -> None:
    chats = [Chat(workers[0].url, workers[1].url), Chat(workers[1].url, workers[0].url)]
    try:
        talking = [asyncio.ensure_future(_talk(chat, "400 5")) for chat in chats]
        await asyncio.wait(talking, timeout=0.5)
        await asyncio.to_thread(restart_postgres, cluster[1])
        await asyncio.gather(*talking)
        for chat in chats:
            chat.assert_whole()
            assert len(chat.text.split()) == 400
            assert chat.reduced == await chat.stored()
    finally:
        await _end_all([], chats)


@pytest.mark.behaviour("S12")
async def test_kill_9_of_a_worker_is_told_by_the_other(workers: list[Worker]) -> None:
    chat = Chat(workers[0].url, workers[1].url)
    try:
        await chat.create("5000 4", frames=10)
        await workers[0].kill()
        loop = asyncio.get_running_loop()
        killed = loop.time()
        await chat.follow()
        assert loop.time() - killed < 15
        chat.assert_whole()
        assert chat.events[-1].code == "run.interrupted"
        assert chat.reduced == await chat.stored()
    finally:
        await chat.aclose()


@pytest.fixture
async def three(cluster: tuple[str, Path], redis_server: Redis) -> AsyncIterator[list[Worker]]:
    made = [Worker(cluster[0], redis_server.url, lease=9.0, drain=DRAIN) for _ in range(3)]
    try:
        await asyncio.gather(*(each.start() for each in made))
        yield made
    finally:
        await asyncio.gather(*(each.kill() for each in made))


@pytest.mark.behaviour("S12", "S13", "T10")
async def test_rolling_deploy_of_three_workers_that_share_redis_and_postgresql(three: list[Worker]) -> None:
    chats, long = _conversations(three), Chat(three[0].url, three[1].url, three[2].url)
    deployed = asyncio.Event()
    talking = [asyncio.ensure_future(chat.talk("60 10", until=deployed)) for chat in chats]
    try:
        await long.create("5000 10", frames=5)
        reading = asyncio.ensure_future(long.follow())
        for each in three:
            await _until(lambda each=each: any(chat.at == each.url for chat in chats), talking)
            told = time.monotonic()
            await each.stop()
            assert time.monotonic() - told < DRAIN + 5
            said = [chat.whole_turns for chat in chats]
            await each.start()
            await _until(
                lambda said=said: all(c.whole_turns > n for c, n in zip(chats, said, strict=True)), talking
            )
        deployed.set()
        await asyncio.gather(reading, *talking)
        for chat in chats:
            chat.assert_nothing_lost()
            assert set(chat.endings()) == {"done"}
            assert set(chat.words()) == {60}
            assert len(chat.readers) > 1, "it read on at another worker"
            assert chat.longest_turn < DRAIN + 5
            assert chat.reduced == await chat.stored()
        long.assert_whole()
        assert long.events[-1].code == "run.interrupted", "it had no time to end, and says so"
        assert long.reduced == await long.stored()
    finally:
        await _end_talks(talking, [*chats, long])


@pytest.mark.behaviour("S12", "T10")
async def test_kill_9_under_load_is_told_by_workers_that_share_redis_and_postgresql(
    three: list[Worker],
) -> None:
    chats, hit = _conversations(three), Chat(three[0].url, three[1].url, three[2].url)
    told = asyncio.Event()
    talking = [asyncio.ensure_future(chat.talk("60 10", until=told)) for chat in chats]
    try:
        await hit.create("5000 10", frames=5)
        await _until(lambda: any(chat.at == three[0].url for chat in chats), talking)
        await three[0].kill()
        killed = time.monotonic()
        await hit.follow()
        assert time.monotonic() - killed < 15
        told.set()
        await asyncio.gather(*talking)
        hit.assert_whole()
        assert (hit.events[-1].code, hit.events[-1].allow_retry) == ("run.interrupted", True)
        assert hit.reduced == await hit.stored()
        for chat in chats:
            chat.assert_nothing_lost()
            endings = chat.endings()
            assert set(endings) <= {"done", "run.interrupted"}
            assert endings.count("run.interrupted") <= 1
            assert endings[-1] == "done", "the thread goes on"
            assert all(n == 60 for n, end in zip(chat.words(), endings, strict=True) if end == "done")
            assert chat.reduced == await chat.stored()
    finally:
        await _end_talks(talking, [*chats, hit])


def _conversations(workers: list[Worker]) -> list[Conversation]:
    """Nine people, three of whom begin at each worker."""
    urls = [each.url for each in workers]
    return [Conversation(*urls[n % 3 :], *urls[: n % 3]) for n in range(9)]


async def _until(true: Callable[[], bool], talking: list[asyncio.Task[None]]) -> None:
    """Wait for something while people talk; what goes wrong with one of them is told at once."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            for each in talking:
                if each.done():
                    each.result()
            await asyncio.sleep(0.01)


async def _end_talks(talking: list[asyncio.Task[None]], chats: list[Chat]) -> None:
    for each in talking:
        each.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    await _end_all([], chats)
