"""What a paced answer costs a SQLite log: counted exactly, by a clock that jumps, so that no machine is too slow for it."""

from __future__ import annotations

import asyncio
import inspect
import json
import math
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatkit._engine.runs import Runs
from chatkit._engine.writing import FrameWriter
from chatkit.asgi import ChatKitApp
from chatkit.backends._sql import line as sql_line
from chatkit.backends._sql.line import SQLiteLine
from chatkit.backends.memory import MemoryStore
from chatkit.backends.sql import SQLStreamLog
from chatkit.server import ChatKitServer
from chatkit.streams import RunLostError
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

PACE = 0.020


class JumpingLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is work, also in other threads, and jumps to the next timer when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.elsewhere = 0
        self.woken = 0

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        self.elsewhere += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._came_back)
        return future

    def _came_back(self, _: Any) -> None:
        self.elsewhere -= 1

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready and loop._scheduled and not self.elsewhere:
            self.woken += loop._scheduled[0]._when > self.now
            self.now = max(self.now, loop._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


class Counted(SQLStreamLog):
    """Counts what it does."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.counts = Counter[str]()
        assert self._line is not None
        self.line: SQLiteLine = self._line

    async def open_run(self, run_id: str) -> None:
        await self.open(run_id, owner="", thread_id=f"thr_{run_id}", worker="w", lease=60)

    def watch(self) -> None:
        """Count from here on."""
        self.counts.clear()
        run = self.line._run

        async def hop(work: Any) -> Any:
            self.counts["hops"] += 1
            return await run(work)

        self.line._run = hop  # type: ignore[method-assign]
        self.line._here().connection.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        self.counts[statement.split()[0]] += 1


@pytest.fixture(autouse=True)
def no_disk_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_line, "_SLOW", math.inf)


@pytest.fixture
def path(tmp_path: Path, fresh_database: Callable[[Path], Path]) -> Path:
    return fresh_database(tmp_path / "log.db")


def _in_jumping_time(work: Callable[[], Awaitable[None]]) -> None:
    loop = JumpingLoop()
    try:
        loop.run_until_complete(work())
    finally:
        loop.close()


def _writer(log: SQLStreamLog, run_id: str) -> FrameWriter:
    window = inspect.signature(Runs).parameters["window"].default
    return FrameWriter(log, run_id, "w", window, lambda: None)


def _token(n: int) -> ThreadItemUpdatedEvent:
    update = AssistantMessageContentPartTextDelta(content_index=0, delta=f"{n} ")
    return ThreadItemUpdatedEvent(item_id="m", update=update)


@pytest.mark.slow
@pytest.mark.behaviour("S3")
def test_a_lone_paced_answer_is_one_short_transaction_for_three_tokens_and_nothing_else(path: Path) -> None:
    async def work() -> None:
        log = Counted(path)
        await log.start()
        await log.open_run("run_1")
        log.watch()
        waiting = asyncio.ensure_future(log.wait_stops("w", 60.0))
        writer = _writer(log, "run_1")
        for n in range(300):
            writer.add(_token(n))
            await asyncio.sleep(PACE)
        await writer.flush()
        counts = dict(log.counts)
        frames = (await log.read("run_1", 0)).last
        waiting.cancel()
        assert frames == 101
        assert counts == {
            "BEGIN": frames,
            "UPDATE": frames,
            "INSERT": frames,
            "COMMIT": frames,
            "SELECT": 1,  # who waits for stops looks once; the writes tell it the rest
        }, "no change of threads, and no look for stops beside the writes"
        await log.aclose()

    _in_jumping_time(work)


class Paced(ChatKitServer[None]):
    """Says tokens at a pace that is never quite the same, as models do; counts from the first to the last."""

    def __init__(self, log: Counted) -> None:
        super().__init__(MemoryStore())
        self.log = log
        self.sends = self.woken = 0

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        item = AssistantMessageItem(id="m", thread_id=thread.id, created_at=datetime.now(UTC), content=[])
        yield ThreadItemAddedEvent(item=item)
        loop, chance = asyncio.get_running_loop(), random.Random(7)
        assert isinstance(loop, JumpingLoop)
        await asyncio.sleep(1.0)
        self.log.watch()
        self.sends, self.woken, due = 0, loop.woken, loop.time()
        for n in range(300):
            yield _token(n)
            due += PACE
            await asyncio.sleep(due + chance.uniform(0.0, 0.003) - loop.time())
        self.counted = dict(self.log.counts), self.sends, loop.woken - self.woken
        yield ThreadItemDoneEvent(item=item)


@pytest.mark.behaviour("S3")
def test_three_tokens_of_a_lone_answer_wake_the_process_thrice_write_once_and_send_once(path: Path) -> None:
    async def work() -> None:
        log = Counted(path)
        await log.start()
        server = Paced(log)
        app = ChatKitApp(server, auth="open", log=log, lease=3600)
        words = [{"type": "input_text", "text": "go"}]
        given = {"content": words, "attachments": [], "inference_options": {}}
        body = json.dumps({"type": "threads.create", "params": {"input": given}}).encode()
        asked = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            return next(asked, None) or await asyncio.Event().wait()

        async def send(message: Any) -> None:
            server.sends += 1

        scope = {"type": "http", "method": "POST", "path": "/chatkit", "headers": [], "query_string": b""}
        await app(scope, receive, send)
        statements, sends, woken = server.counted
        assert statements == dict.fromkeys(("BEGIN", "UPDATE", "INSERT", "COMMIT"), 101)
        assert (sends, woken) == (101, 300)
        await log.aclose()

    _in_jumping_time(work)


@pytest.mark.behaviour("S3")
def test_of_fifty_answers_that_write_at_once_the_frames_go_in_two_transactions(path: Path) -> None:
    async def work() -> None:
        log = Counted(path)
        await log.start()
        runs = [f"run_{n}" for n in range(50)]
        for run_id in runs:
            await log.open_run(run_id)
        log.watch()
        writers = [_writer(log, run_id) for run_id in runs]
        for writer in writers:
            writer.add(_token(0))
        for writer in writers:
            await writer.flush()
        assert (log.counts["BEGIN"], log.counts["hops"]) == (1, 1)
        for run_id in runs:
            assert (await log.read(run_id, 0)).last == 1
        await log.aclose()

    _in_jumping_time(work)


@pytest.mark.behaviour("S7")
def test_a_silent_answer_is_looked_at_for_stops_every_80_ms_without_a_change_of_threads(path: Path) -> None:
    async def work() -> None:
        log = Counted(path)
        await log.start()
        await log.open_run("run_1")
        log.watch()
        assert await log.wait_stops("w", 1.0) == ()
        assert log.counts == {"SELECT": 13}
        await log.aclose()

    _in_jumping_time(work)


async def test_what_is_appended_at_once_is_durable_before_it_is_read(path: Path) -> None:
    log = Counted(path)
    await log.start()
    await log.open_run("run_1")
    assert log.append_now("run_1", "w", 1, [b"a", b"b"])
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT n, data FROM chatkit_frames").fetchall() == [(1, b"a"), (2, b"b")]
    plain.close()
    await log.aclose()


@pytest.mark.slow
async def test_what_grows_is_moved_into_the_file_and_no_write_waits_for_the_disk(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_line, "_MOVE_AFTER", 100)
    log = Counted(path)
    await log.start()
    await log.open_run("run_1")
    log.watch()
    moves: list[asyncio.Future[None]] = []
    ahead = Path(f"{path}-wal")
    before = ahead.stat().st_size
    for n in range(1, 501):
        if not log.append_now("run_1", "w", n, [b"a" * 100]):  # another was written in this moment
            await log.append("run_1", "w", n, [b"a" * 100])
        moving = log.line._moving
        if moving is not None and moving not in moves:
            moves.append(moving)
            await moving
    assert len(moves) >= 10
    assert ahead.stat().st_size < before + 500 * 4120, (
        "less than half of what was written: each move lets a write begin anew"
    )
    await log.aclose()


async def test_while_another_process_writes_nothing_waits_in_the_event_loop(path: Path) -> None:
    log = Counted(path)
    await log.start()
    await log.open_run("run_1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not log.append_now("run_1", "w", 1, [b"a"])
    appending = asyncio.ensure_future(log.append("run_1", "w", 1, [b"a"]))
    other.execute("ROLLBACK")
    other.close()
    await appending
    assert [f.data for f in (await log.read("run_1", 0)).frames] == [b"a"]
    await log.aclose()


async def test_a_disk_that_was_slow_is_left_to_the_other_thread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_line, "_SLOW", -1.0)  # so is every one
    monkeypatch.setattr(sql_line, "_FIRST_REST", 3600.0)
    log = Counted(path)
    await log.start()
    await log.open_run("run_1")
    assert log.line.append_now("run_1", "w", 1, [b"a"]), "it may have been the processor"
    assert log.line.append_now("run_1", "w", 2, [b"b"])
    assert not log.line.append_now("run_1", "w", 3, [b"c"])
    await log.append("run_1", "w", 3, [b"c"])
    await log.aclose()


async def test_a_run_that_another_worker_has_taken_gets_no_frame_from_the_old_one(path: Path) -> None:
    log, other = Counted(path), SQLStreamLog(path)
    await log.start()
    run = await log.open("run_1", owner="", thread_id="thr_1", worker="w", lease=0.0)
    assert await other.take_over("run_1", "another", lease=60, beat=run.beat)
    assert not log.append_now("run_1", "w", 1, [b"late"])
    with pytest.raises(RunLostError):
        await log.append("run_1", "w", 1, [b"late"])
    assert (await other.read("run_1", 0)).last == 0
    await other.aclose()
    await log.aclose()


async def test_a_stop_asked_for_elsewhere_is_heard_with_the_next_frame(path: Path) -> None:
    log, other = Counted(path), SQLStreamLog(path)
    await log.start()
    await log.open_run("run_1")
    assert await log.wait_stops("w", 0.0) == ()
    assert await other.request_stop("run_1")
    heard: list[str] = []
    log._stops.changed = heard.append  # type: ignore[method-assign]
    assert not log.append_now("run_1", "w", 1, [b"a"])
    await log.append("run_1", "w", 1, [b"a"])
    assert heard == ["w"]
    assert list(await log.wait_stops("w", 10.0)) == ["run_1"]
    await other.aclose()
    await log.aclose()
