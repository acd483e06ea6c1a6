"""The same promises with PostgreSQL as the store and Redis as the log, while these are restarted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.backends.services import Redis, postgres, redis, restart_postgres

from .test_promises import _end_all, _talk
from .world import Chat, Worker

pytestmark = [pytest.mark.slow, pytest.mark.service]


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
