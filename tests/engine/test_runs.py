"""Runs: answers that belong to the server and not to a connection."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chatkit._engine.reducer import reduce
from chatkit._engine.runs import Runs, SingleReply, StreamReply
from chatkit.errors import ChatKitError, NotFoundError, RequestInvalidError, ThreadStateError
from chatkit.streams import MemoryStreamLog, RunInfo, StreamLog, StreamLogUnavailableError
from chatkit.types import Page, SyncCustomActionResponse, Thread, ThreadMetadata, ThreadStreamEvent
from tests.server.scripted import (
    EVENT,
    ScriptedServer,
    added,
    answer,
    delta,
    done,
    items,
    kinds,
    message,
    request,
    texts,
    user_input,
)

WAIT = 10.0


class Gate:
    """A handler that says what it is told, when it is told."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.closed = asyncio.Event()

    def say(self, *texts: str) -> None:
        for text in texts:
            self.lines.put_nowait(text)

    async def taken(self) -> None:
        """Return when the handler has said everything and waits for more."""
        async with asyncio.timeout(WAIT):
            while not self.lines.empty():
                await asyncio.sleep(0)
            await asyncio.sleep(0)

    def end(self) -> None:
        self.lines.put_nowait(None)

    async def script(
        self, server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        item_id = server.store.generate_item_id("message", thread, None)
        said = ""
        try:
            yield added(thread, item_id)
            while (line := await self.lines.get()) is not None:
                if isinstance(line, Exception):
                    raise line
                said += line
                yield delta(line, item_id)
            yield done(message(thread, said, item_id))
        finally:
            self.closed.set()


class Reader:
    """Reads a reply in the background, as a browser does."""

    def __init__(self, reply: StreamReply | SingleReply) -> None:
        assert isinstance(reply, StreamReply)
        self.reply = reply
        self.raw = b""
        self.frames: list[tuple[str, Any]] = []
        self.pings = 0
        self._news = asyncio.Event()
        self.task = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for chunk in self.reply:
            self.raw += chunk
            for block in chunk.decode().split("\n\n")[:-1]:
                self._take(block)
            self._news.set()

    def _take(self, block: str) -> None:
        if block == ": ping":
            self.pings += 1
            return
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        if "data" in fields:
            self.frames.append((fields.get("id", ""), EVENT.validate_json(fields["data"])))

    async def until(self, seen: Callable[[Reader], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not seen(self):
                self._news.clear()
                await self._news.wait()

    async def until_text(self, text: str) -> None:
        await self.until(lambda reader: text in reader.text)

    async def end(self) -> None:
        async with asyncio.timeout(WAIT):
            await self.task

    async def hang_up(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        await self.reply.aclose()

    @property
    def events(self) -> list[Any]:
        return [event for _, event in self.frames]

    @property
    def ids(self) -> list[str]:
        return [frame_id for frame_id, _ in self.frames]

    @property
    def text(self) -> str:
        return "".join(
            e.update.delta
            for e in self.events
            if e.type == "thread.item.updated" and hasattr(e.update, "delta")
        )


class Workers:
    """Several processes that share a store and a log, as objects of one process."""

    def __init__(self, server: ScriptedServer, log: StreamLog | None = None, **settings: Any) -> None:
        self.server = server
        self.log = log or MemoryStreamLog()
        self.settings = {"window": 0.0, "lease": 30.0, **settings}
        self.all: list[Runs] = []

    def new(self, **settings: Any) -> Runs:
        runs = Runs(self.server, self.log, **{**self.settings, **settings})
        self.all.append(runs)
        return runs


@pytest.fixture
async def gate() -> Gate:
    return Gate()


@pytest.fixture
async def workers(gate: Gate) -> AsyncIterator[Workers]:
    made = Workers(ScriptedServer(gate.script))
    yield made
    for runs in made.all:
        await runs.aclose()


@pytest.fixture
def runs(workers: Workers) -> Runs:
    return workers.new()


async def send(runs: Runs, kind: str, /, context: Any = None, **params: Any) -> Reader:
    last = params.pop("last_event_id", None)
    return Reader(await runs.handle(request(kind, **params), context, last))


async def ask(runs: Runs, kind: str, /, context: Any = None, **params: Any) -> Any:
    reply = await runs.handle(request(kind, **params), context)
    assert isinstance(reply, SingleReply)
    return json.loads(reply.json)


async def create(runs: Runs, text: str = "hi", **params: Any) -> tuple[Reader, str]:
    reader = await send(runs, "threads.create", input=user_input(text), **params)
    await reader.until(lambda r: "thread.item.added" in kinds(r.events))
    return reader, reader.events[0].thread.id


def reduced(events: list[Any], start: Thread | None = None) -> Thread:
    thread = start or events[0].thread
    for event in events:
        thread = reduce(thread, event)
    return thread


@pytest.mark.behaviour("S1", "D44")
async def test_frames_carry_the_run_and_numbers_from_one_without_a_gap(runs: Runs, gate: Gate) -> None:
    reader, _ = await create(runs)
    gate.say("Hello", " you")
    gate.end()
    await reader.end()
    run_id = reader.reply.run_id
    assert reader.ids == [f"{run_id}:{n}" for n in range(1, len(reader.ids) + 1)]
    assert reader.text == "Hello you"
    assert kinds(reader.events)[:3] == ["thread.created", "thread.item.done", "stream_options"]
    assert kinds(reader.events)[-1] == "thread.item.done"


@pytest.mark.behaviour("S2")
async def test_a_run_goes_on_when_its_reader_hangs_up(runs: Runs, gate: Gate, workers: Workers) -> None:
    reader, thread_id = await create(runs)
    gate.say("Half an ")
    await reader.until_text("Half an ")
    await reader.hang_up()
    gate.say("answer")
    gate.end()
    again = await send(runs, "threads.resume", thread_id=thread_id)
    await again.end()
    assert again.text == "Half an answer"
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half an answer"]


@pytest.mark.behaviour("S3")
async def test_resuming_after_a_frame_gives_the_rest_without_gap_or_repeat(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    for word in ("one ", "two ", "three "):
        gate.say(word)
        await reader.until_text(word)
    seen = reader.ids[-2]
    await reader.hang_up()
    by_param = await send(runs, "threads.resume", thread_id=thread_id, after=seen)
    by_header = await send(runs, "threads.resume", thread_id=thread_id, last_event_id=seen)
    gate.say("four")
    gate.end()
    for again in (by_param, by_header):
        await again.end()
        assert again.text == "three four"
        assert [*reader.ids[:-1], *again.ids] == [
            f"{reader.reply.run_id}:{n}" for n in range(1, len(again.ids) + len(reader.ids))
        ]


@pytest.mark.behaviour("S3")
async def test_the_end_of_a_finished_run_can_still_be_read_after_its_frame(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    gate.say("all of it")
    gate.end()
    await reader.end()
    again = await send(runs, "threads.resume", thread_id=thread_id, after=reader.ids[2])
    await again.end()
    assert again.frames == reader.frames[3:]


@pytest.mark.behaviour("S4")
async def test_resuming_where_nothing_runs_ends_at_once(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    gate.end()
    await reader.end()
    for after in (None, "run_nobody:7"):
        again = await send(runs, "threads.resume", thread_id=thread_id, after=after)
        await again.end()
        assert again.raw == b""
    with pytest.raises(RequestInvalidError) as caught:
        await send(runs, "threads.resume", thread_id=thread_id, after="nonsense")
    assert caught.value.path == "params.after"
    with pytest.raises(NotFoundError):
        await send(runs, "threads.resume", thread_id="thr_nowhere")


@pytest.mark.behaviour("S4")
async def test_a_run_of_another_thread_cannot_be_read(runs: Runs, gate: Gate) -> None:
    reader, _ = await create(runs)
    other, other_id = await create(runs)
    again = await send(runs, "threads.resume", thread_id=other_id, after=f"{reader.reply.run_id}:0")
    gate.end()
    gate.end()
    await again.end()
    assert again.reply.run_id == other.reply.run_id or again.ids[0].startswith(str(other.reply.run_id))


@pytest.mark.behaviour("S5")
async def test_a_thread_says_which_run_answers_in_it_and_only_while_it_does(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    got = await ask(runs, "threads.get_by_id", thread_id=thread_id)
    assert got["run"] == {"id": reader.reply.run_id}
    gate.end()
    await reader.end()
    assert "run" not in await ask(runs, "threads.get_by_id", thread_id=thread_id)


@pytest.mark.behaviour("S6")
async def test_any_number_of_readers_see_the_same_frames(workers: Workers, gate: Gate) -> None:
    first = workers.new()
    reader, thread_id = await create(first)
    others = [
        await send(w, "threads.resume", thread_id=thread_id) for w in (first, workers.new(), workers.new())
    ]
    gate.say("To ", "all")
    gate.end()
    for each in (reader, *others):
        await each.end()
        assert each.frames == reader.frames


@pytest.mark.behaviour("S7")
async def test_stop_on_another_worker_ends_the_model_call_and_keeps_what_was_written(
    workers: Workers, gate: Gate
) -> None:
    reader, thread_id = await create(workers.new())
    gate.say("Half an answer")
    await reader.until_text("answer")
    async with asyncio.timeout(WAIT):
        assert await ask(workers.new(), "threads.stop", thread_id=thread_id) == {}
        await gate.closed.wait()
    await reader.end()
    assert kinds(reader.events)[-1] == "thread.item.done"
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half an answer", "sdk_hidden_context"]


@pytest.mark.behaviour("S7")
async def test_stopping_twice_is_the_same_as_once(runs: Runs, gate: Gate, workers: Workers) -> None:
    reader, thread_id = await create(runs)
    gate.say("Half")
    await reader.until_text("Half")
    for _ in range(2):
        assert await ask(runs, "threads.stop", thread_id=thread_id) == {}
    await reader.end()
    assert await ask(runs, "threads.stop", thread_id=thread_id) == {}
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half", "sdk_hidden_context"]


@pytest.mark.behaviour("S7")
async def test_stop_of_a_run_that_has_gone_leaves_the_next_one_alone(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    gate.end()
    await reader.end()
    second = await send(runs, "threads.add_user_message", thread_id=thread_id, input=user_input())
    await second.until(lambda r: len(r.frames) >= 3)
    await ask(runs, "threads.stop", thread_id=thread_id, run_id=reader.reply.run_id)
    gate.say("still here")
    gate.end()
    await second.end()
    assert second.text == "still here"


@pytest.mark.behaviour("S7")
async def test_stop_while_a_second_reader_replays_ends_both_with_the_same_frames(
    runs: Runs, gate: Gate
) -> None:
    reader, thread_id = await create(runs)
    gate.say("a", "b", "c")
    await reader.until_text("abc")
    replay = await send(runs, "threads.resume", thread_id=thread_id)
    await ask(runs, "threads.stop", thread_id=thread_id)
    await reader.end()
    await replay.end()
    assert replay.frames == reader.frames


@pytest.mark.behaviour("S8")
async def test_hanging_up_means_stop_where_the_author_says_so(workers: Workers, gate: Gate) -> None:
    runs = workers.new(hangup="stop")
    reader, thread_id = await create(runs)
    watching = await send(runs, "threads.resume", thread_id=thread_id)
    gate.say("Half")
    await watching.until_text("Half")
    await reader.until_text("Half")
    await reader.hang_up()
    async with asyncio.timeout(WAIT):
        await gate.closed.wait()
    await watching.end()
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half", "sdk_hidden_context"]


@pytest.mark.behaviour("S9", "D44")
async def test_a_silent_stream_shows_signs_of_life(workers: Workers, gate: Gate) -> None:
    reader, _ = await create(workers.new(heartbeat=0.01))
    await reader.until(lambda r: r.pings >= 2)
    gate.end()
    await reader.end()


@pytest.mark.behaviour("S10")
async def test_text_is_merged_and_its_first_piece_goes_at_once(workers: Workers, gate: Gate) -> None:
    reader, _ = await create(workers.new(window=0.02))
    words = [f"word{n} " for n in range(200)]
    gate.say(*words)
    await reader.until_text("word199")
    gate.end()
    await reader.end()
    pieces = [e for e in reader.events if e.type == "thread.item.updated"]
    assert reader.text == "".join(words)
    assert len(pieces) < 20


@pytest.mark.behaviour("S11")
async def test_the_reduced_frames_are_the_stored_thread_after_done_stop_and_failure(
    workers: Workers,
) -> None:
    for ending in ("done", "stop", "failure"):
        gate = Gate()
        workers.server.script = gate.script
        runs = workers.new()
        reader, thread_id = await create(runs)
        gate.say("some ", "text")
        await reader.until_text("some text")
        if ending == "done":
            gate.end()
        elif ending == "stop":
            await ask(runs, "threads.stop", thread_id=thread_id)
        else:
            gate.lines.put_nowait(RuntimeError("no model"))
        await reader.end()
        stored = await ask(runs, "threads.get_by_id", thread_id=thread_id)
        got = reduced(reader.events).model_dump(mode="json", exclude_none=True)["items"]["data"]
        assert got == Page[Any](data=stored["items"]["data"]).data, ending


@pytest.mark.behaviour("A1")
async def test_a_request_with_a_key_is_performed_once_and_its_run_replayed(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs, client_request_id="key 1")
    gate.say("once")
    gate.end()
    await reader.end()
    again = await send(runs, "threads.create", input=user_input(), client_request_id="key 1")
    await again.end()
    assert again.frames == reader.frames
    assert len((await ask(runs, "threads.list"))["data"]) == 1
    params = {"thread_id": thread_id, "input": user_input("two"), "client_request_id": "key 2"}
    second = await send(runs, "threads.add_user_message", **params)
    repeat = await send(runs, "threads.add_user_message", **params)
    gate.say("twice")
    gate.end()
    await second.end()
    await repeat.end()
    assert second.frames == repeat.frames
    assert second.text == "twice"


@pytest.mark.behaviour("A1")
async def test_of_two_clicks_at_once_with_one_key_one_has_an_effect(workers: Workers) -> None:
    server = workers.server
    server.script = answer("Hello")
    first, second = workers.new(), workers.new()
    reader, thread_id = await create(first)
    await reader.end()
    server.given.clear()
    params = {"thread_id": thread_id, "action": {"type": "buy"}, "client_request_id": "click"}
    clicks = await asyncio.gather(
        *(send(w, "threads.custom_action", **params) for w in (first, second, first))
    )
    for click in clicks:
        await click.end()
        assert click.frames == clicks[0].frames
    assert len(server.given) == 1


@pytest.mark.behaviour("A1")
async def test_a_sync_action_with_a_key_is_performed_once(workers: Workers) -> None:
    server = workers.server
    server.script = answer("Hello")
    runs = workers.new()
    reader, thread_id = await create(runs)
    await reader.end()
    calls: list[int] = []

    def sync(*_: Any) -> SyncCustomActionResponse:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("try again")
        return SyncCustomActionResponse()

    server.sync = sync
    params = {"thread_id": thread_id, "action": {"type": "buy"}, "client_request_id": "click"}
    with pytest.raises(RuntimeError):
        await ask(runs, "threads.sync_custom_action", **params)
    assert await ask(runs, "threads.sync_custom_action", **params) == {}
    assert await ask(runs, "threads.sync_custom_action", **params) == {}
    assert len(calls) == 2


@pytest.mark.behaviour("D43")
async def test_d43_messages_from_two_workers_are_answered_one_after_the_other(workers: Workers) -> None:
    workers.server.script = answer("Hello")
    first, second = workers.new(), workers.new()
    reader, thread_id = await create(first)
    await reader.end()
    sent = await asyncio.gather(
        *(
            send(w, "threads.add_user_message", thread_id=thread_id, input=user_input(t))
            for w, t in ((first, "a"), (second, "b"), (first, "c"))
        )
    )
    for each in sent:
        await each.end()
    stored = texts(await items(workers.server, thread_id))
    assert stored[1::2] == ["Hello"] * 4
    assert sorted(stored[2::2]) == ["a", "b", "c"]


@pytest.mark.behaviour("D43")
async def test_d43_an_author_may_refuse_or_replace(workers: Workers, gate: Gate) -> None:
    runs = workers.new()
    reader, thread_id = await create(runs)
    gate.say("Half")
    await reader.until_text("Half")
    params = {"thread_id": thread_id, "input": user_input("b")}
    with pytest.raises(ThreadStateError) as caught:
        await send(workers.new(overlap="reject"), "threads.add_user_message", **params)
    assert caught.value.code == "thread.busy"
    second = await send(workers.new(overlap="replace"), "threads.add_user_message", **params)
    await reader.end()
    gate.say("New")
    gate.end()
    await second.end()
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half", "sdk_hidden_context", "b", "New"]


@pytest.mark.behaviour("D43")
async def test_d43_a_message_that_waits_too_long_is_told_so(workers: Workers, gate: Gate) -> None:
    workers.server.overlap_wait = 0.0
    runs = workers.new()
    reader, thread_id = await create(runs)
    second = await send(runs, "threads.add_user_message", thread_id=thread_id, input=user_input())
    await second.end()
    assert kinds(second.events) == ["error"]
    assert second.events[0].code == "thread.busy"
    gate.end()
    await reader.end()


@pytest.mark.behaviour("S12")
async def test_the_run_of_a_dead_worker_is_closed_honestly_by_whoever_looks(gate: Gate) -> None:
    workers = Workers(ScriptedServer(gate.script), lease=0.05)
    dead = workers.new()
    reader, thread_id = await create(dead)
    gate.say("Half an answer")
    await reader.until_text("Half an answer")
    await _kill(dead)
    again = await send(workers.new(), "threads.resume", thread_id=thread_id, after=reader.ids[-1])
    await again.end()
    assert kinds(again.events) == ["thread.item.done", "error"]
    assert (again.events[-1].code, again.events[-1].allow_retry) == ("run.interrupted", True)
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half an answer", "sdk_hidden_context"]
    got = await ask(workers.new(), "threads.get_by_id", thread_id=thread_id)
    assert "run" in got, "a page that loads the thread later learns of the interruption"
    later = await send(workers.new(), "threads.resume", thread_id=thread_id)
    await later.end()
    assert kinds(later.events) == ["error"]


@pytest.mark.behaviour("S11", "S12")
async def test_what_a_worker_stored_and_had_no_time_to_send_is_sent_by_who_ends_its_run(gate: Gate) -> None:
    workers = Workers(ScriptedServer(gate.script), lease=0.05, window=60.0)
    dead = workers.new()
    reader = await send(dead, "threads.create", input=user_input())
    await reader.until(lambda r: bool(r.frames))
    gate.say("never sent")
    await gate.taken()
    assert kinds(reader.events) == ["thread.created"]
    await _kill(dead)
    again = await send(
        workers.new(), "threads.resume", thread_id=reader.events[0].thread.id, after=reader.ids[-1]
    )
    await again.end()
    assert kinds(again.events) == ["thread.item.done", "error"]
    stored = await items(workers.server, reader.events[0].thread.id)
    assert [i.id for i in reduced([*reader.events, *again.events]).items.data] == [stored[0].id]


@pytest.mark.slow
@pytest.mark.behaviour("S12")
async def test_a_new_message_ends_the_run_of_a_dead_worker_and_clears_the_mark(gate: Gate) -> None:
    workers = Workers(ScriptedServer(gate.script), lease=0.05)
    dead = workers.new()
    reader, thread_id = await create(dead)
    gate.say("Half")
    await reader.until_text("Half")
    await _kill(dead)
    alive = workers.new()
    second = await send(alive, "threads.add_user_message", thread_id=thread_id, input=user_input("go on"))
    gate.say("Gladly")
    gate.end()
    await second.end()
    assert texts(await items(workers.server, thread_id)) == [
        "hi", "Half", "sdk_hidden_context", "go on", "Gladly",
    ]  # fmt: skip
    assert "run" not in await ask(alive, "threads.get_by_id", thread_id=thread_id)


@pytest.mark.behaviour("D37", "S12")
async def test_d37_the_old_answer_comes_back_when_the_worker_that_retried_died(gate: Gate) -> None:
    workers = Workers(ScriptedServer(answer("the old answer")), lease=0.05)
    dead = workers.new()
    reader, thread_id = await create(dead)
    await reader.end()
    before = await items(workers.server, thread_id)
    workers.server.script = gate.script
    retry = await send(dead, "threads.retry_after_item", thread_id=thread_id, item_id=before[0].id)
    gate.say("half of the new")
    await retry.until_text("half of the new")
    await _kill(dead)
    again = await send(workers.new(), "threads.resume", thread_id=thread_id, after=retry.ids[-1])
    await again.end()
    assert kinds(again.events) == ["thread.item.removed", "thread.item.done", "error"]
    assert (await items(workers.server, thread_id))[:2] == before


@pytest.mark.behaviour("S12")
async def test_a_worker_whose_clock_jumped_keeps_its_run(gate: Gate) -> None:
    class Jumped(MemoryStreamLog):
        """Says that every lease has run out, as after a jump of the clock."""

        async def info(self, run_id: str) -> RunInfo:
            from dataclasses import replace

            return replace(await super().info(run_id), expires_in=-1000.0)

        async def active(self, owner: str, thread_id: str) -> RunInfo | None:
            run = await super().active(owner, thread_id)
            return None if run is None else await self.info(run.id)

    workers = Workers(ScriptedServer(gate.script), Jumped(), lease=0.06)
    reader, thread_id = await create(workers.new())
    watcher = await send(workers.new(heartbeat=0.05), "threads.resume", thread_id=thread_id)
    await watcher.until(lambda r: r.pings >= 3)
    gate.say("still alive")
    gate.end()
    await watcher.end()
    await reader.end()
    assert watcher.frames == reader.frames
    for each in workers.all:
        await each.aclose()


@pytest.mark.behaviour("S12")
async def test_a_worker_that_lost_its_run_writes_no_more(gate: Gate) -> None:
    workers = Workers(ScriptedServer(gate.script), lease=0.05)
    frozen = workers.new()
    reader, thread_id = await create(frozen)
    gate.say("Half")
    await reader.until_text("Half")
    await _freeze(frozen)
    again = await send(workers.new(), "threads.resume", thread_id=thread_id, after=reader.ids[-1])
    await again.end()
    gate.say(" and more", " and more")
    async with asyncio.timeout(WAIT):
        await gate.closed.wait()
    await reader.end()
    assert reader.events[-1].code == "run.interrupted"
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half", "sdk_hidden_context"]


@pytest.mark.behaviour("S14")
async def test_a_log_that_forgets_a_run_does_not_end_its_turn(
    runs: Runs, gate: Gate, workers: Workers
) -> None:
    reader, thread_id = await create(runs)
    gate.say("Half an ")
    await reader.until_text("Half an ")
    await workers.log.forget("")
    await reader.end()
    gate.say("answer")
    gate.end()
    async with asyncio.timeout(WAIT):
        await gate.closed.wait()
        while runs.running:
            await asyncio.sleep(0)
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half an answer"]


@pytest.mark.behaviour("S13")
async def test_draining_lets_runs_end_and_interrupts_those_that_do_not(workers: Workers, gate: Gate) -> None:
    runs = workers.new()
    reader, thread_id = await create(runs)
    gate.say("Half")
    await reader.until_text("Half")
    await runs.drain(0.0)
    await reader.end()
    assert kinds(reader.events)[-2:] == ["thread.item.done", "error"]
    assert reader.events[-1].code == "run.interrupted"
    assert texts(await items(workers.server, thread_id)) == ["hi", "Half", "sdk_hidden_context"]
    with pytest.raises(ChatKitError) as caught:
        await create(runs)
    assert caught.value.status == 503
    assert runs.running == 0


@pytest.mark.behaviour("S13")
async def test_draining_waits_for_a_run_that_is_about_to_end(workers: Workers, gate: Gate) -> None:
    runs = workers.new()
    reader, _ = await create(runs)
    draining = asyncio.ensure_future(runs.drain(WAIT))
    gate.say("All of it")
    gate.end()
    await draining
    await reader.end()
    assert kinds(reader.events)[-1] == "thread.item.done"


@pytest.mark.behaviour("S13")
async def test_draining_gives_a_run_that_is_just_being_opened_its_time(
    workers: Workers, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, asked, go = workers.new(), asyncio.Event(), asyncio.Event()
    opened = workers.log.open

    async def slow_open(*args: Any, **named: Any) -> Any:
        asked.set()
        await go.wait()
        return await opened(*args, **named)

    monkeypatch.setattr(workers.log, "open", slow_open)
    creating = asyncio.ensure_future(create(runs))
    await asked.wait()
    draining = asyncio.ensure_future(runs.drain(WAIT))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not draining.done()
    go.set()
    reader, _ = await creating
    gate.say("All of it")
    gate.end()
    await draining
    await reader.end()
    assert kinds(reader.events)[-1] == "thread.item.done"


@pytest.mark.slow
@pytest.mark.behaviour("S14")
async def test_a_log_that_goes_away_for_a_moment_loses_and_repeats_nothing(gate: Gate) -> None:
    class Flaky(MemoryStreamLog):
        """Forgets to answer every other time, after or before it has written."""

        calls = 0

        async def append(self, run_id: str, worker: str, first: int, frames: Any) -> None:
            self.calls += 1
            if self.calls % 3 == 1:
                raise StreamLogUnavailableError("away")
            await super().append(run_id, worker, first, frames)
            if self.calls % 3 == 2:
                raise StreamLogUnavailableError("lost the answer")

    workers = Workers(ScriptedServer(gate.script), Flaky())
    reader, _ = await create(workers.new())
    for n in range(5):
        gate.say(f"{n} ")
        await reader.until_text(f"{n} ")
    gate.end()
    await reader.end()
    assert reader.text == "0 1 2 3 4 "
    assert reader.ids == [f"{reader.reply.run_id}:{n}" for n in range(1, len(reader.ids) + 1)]
    for each in workers.all:
        await each.aclose()


@pytest.mark.behaviour("S15")
async def test_a_slow_reader_costs_nobody_anything_and_misses_nothing(runs: Runs, gate: Gate) -> None:
    quick, thread_id = await create(runs)
    reply = await runs.handle(request("threads.resume", thread_id=thread_id), None)
    assert isinstance(reply, StreamReply)
    slow = aiter(reply)
    chunks = [await anext(slow)]
    for n in range(1000):
        gate.say(f"{n} ")
    gate.end()
    await quick.end()
    chunks += [chunk async for chunk in slow]
    assert b"".join(chunks) == quick.raw
    assert max(map(len, chunks)) < 100_000


@pytest.mark.behaviour("R12")
async def test_deleting_a_thread_stops_its_run_and_forgets_its_frames(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    gate.say("Half")
    await reader.until_text("Half")
    assert await ask(runs, "threads.delete", thread_id=thread_id) == {}
    await reader.end()
    assert gate.closed.is_set()
    with pytest.raises(NotFoundError):
        await send(runs, "threads.resume", thread_id=thread_id, after=reader.ids[0])


async def test_single_requests_are_answered_as_the_server_does(runs: Runs, gate: Gate) -> None:
    reader, thread_id = await create(runs)
    gate.end()
    await reader.end()
    assert (await ask(runs, "threads.update", thread_id=thread_id, title="T"))["title"] == "T"
    assert [t["id"] for t in (await ask(runs, "threads.list"))["data"]] == [thread_id]
    assert (await ask(runs, "items.list", thread_id=thread_id))["data"]


async def test_an_owner_cannot_reach_anothers_run(gate: Gate) -> None:
    from chatkit.backends.memory import MemoryStore

    workers = Workers(ScriptedServer(gate.script, MemoryStore(owner=str)), owner=str)
    runs = workers.new()
    reader = await send(runs, "threads.create", context="ann", input=user_input(), client_request_id="k")
    await reader.until(lambda r: len(r.frames) > 2)
    thread_id = reader.events[0].thread.id
    for kind in ("threads.resume", "threads.stop", "threads.get_by_id"):
        with pytest.raises(NotFoundError):
            await runs.handle(request(kind, thread_id=thread_id), "bob")
    theirs = await send(runs, "threads.create", context="bob", input=user_input(), client_request_id="k")
    gate.end()
    gate.end()
    await theirs.end()
    assert theirs.reply.run_id != reader.reply.run_id
    await runs.aclose()


async def _kill(runs: Runs) -> None:
    """What `kill -9` leaves: no clean-up, no renewal, no close."""
    keeper: Any = runs._keeper
    works = list(keeper._works.values())
    await _freeze(runs)
    for work in works:
        work._log = _Nowhere()
        work._writer._log = work._log
        work._turn._host = ScriptedServer()
        work._turn._recorder._host = work._turn._host
        work._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work._task
    keeper._works.clear()


async def _freeze(runs: Runs) -> None:
    """A process that stands still: it renews nothing."""
    keeper: Any = runs._keeper
    if keeper._tending is not None:
        keeper._tending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper._tending


class _Nowhere(MemoryStreamLog):
    async def append(self, run_id: str, worker: str, first: int, frames: Any) -> None:
        return

    async def close(self, run_id: str, worker: str, state: Any) -> None:
        return
