"""A stream as an ASGI answer: together what is ready together, nothing held back, and an end whatever happens."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit._engine.sending import send_stream
from chatkit.server import StreamingResult
from chatkit.types import ThreadMetadata, ThreadStreamEvent

from .scripted import ScriptedServer, added, delta, done, items, message, request, texts, user_input

Pause = Callable[[], Awaitable[None]]


class Client:
    """The other end of an answer."""

    def __init__(self, pause: Pause | None = None) -> None:
        self.bodies: list[bytes] = []
        self.open = True
        self.came = asyncio.Event()
        self.gone = asyncio.Event()
        self._pause = pause

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, sent: Any) -> None:
        assert self.open
        if sent["type"] == "http.response.start":
            assert (b"content-type", b"text/event-stream; charset=utf-8") in sent["headers"]
            return
        self.bodies.append(sent["body"])
        self.open = sent.get("more_body", False)
        self.came.set()
        if self._pause is not None:
            await self._pause()


async def _sent(frames: AsyncGenerator[bytes, None], client: Client) -> Client:
    await send_stream(frames, client.receive, client.send)
    return client


async def test_frames_that_are_ready_together_leave_in_one_message() -> None:
    async def frames() -> AsyncGenerator[bytes, None]:
        for n in range(24):
            if n % 8 == 7:
                await asyncio.sleep(0)
            yield b"%d;" % n

    client = await _sent(frames(), Client())
    assert client.bodies == [b"0;1;2;3;4;5;6;", b"7;8;9;10;11;12;13;14;", b"15;16;17;18;19;20;21;22;", b"23;"]
    assert not client.open


async def test_what_is_ready_is_sent_before_the_handler_is_waited_for() -> None:
    told = asyncio.Event()

    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"first;"
        await told.wait()
        yield b"second;"

    client = Client()
    answering = asyncio.create_task(_sent(frames(), client))
    await client.came.wait()
    assert client.bodies == [b"first;"]
    told.set()
    await answering
    assert client.bodies == [b"first;", b"second;"]


async def test_a_handler_that_never_waits_fills_no_memory() -> None:
    async def frames() -> AsyncGenerator[bytes, None]:
        for _ in range(300):
            yield b"x" * 1024

    client = await _sent(frames(), Client())
    assert sum(map(len, client.bodies)) == 300 * 1024
    assert max(map(len, client.bodies)) <= 65 * 1024


async def test_frames_before_a_failure_are_sent() -> None:
    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"said;"
        raise ValueError("broken")

    client = Client()
    with pytest.raises(ValueError, match="broken"):
        await _sent(frames(), client)
    assert client.bodies == [b"said;"]


async def test_when_sending_fails_the_handler_is_cancelled_where_it_waits() -> None:
    ended: list[str] = []

    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"said;"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            await asyncio.sleep(0)
            ended.append("and cleaned up")
            raise

    async def fail() -> None:
        raise OSError("broken pipe")

    with pytest.raises(OSError, match="broken pipe"):
        await _sent(frames(), Client(fail))
    assert ended == ["cancelled", "and cleaned up"]


async def test_a_handler_that_answers_its_own_cancellation_is_heard_to_the_end() -> None:
    slow = asyncio.Event()

    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"said;"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
        yield b"stopped;"

    async def pause() -> None:
        await slow.wait()

    client = Client(pause)
    answering = asyncio.create_task(_sent(frames(), client))
    await client.came.wait()
    answering.cancel()  # the message is being sent, and the handler waits already
    slow.set()
    await answering
    assert client.bodies == [b"said;", b"stopped;"]


async def _talk(
    server: ScriptedServer, thread: ThreadMetadata, what: Any
) -> AsyncIterator[ThreadStreamEvent]:
    yield added(thread, "msg_1")
    yield delta("half", "msg_1")
    server.half.set()
    try:
        await asyncio.Event().wait()
    finally:
        server.closed.set()


async def test_when_the_client_goes_away_the_handler_ends_and_what_was_said_is_kept() -> None:
    server, client = ScriptedServer(_talk), Client()
    result = await server.process(request("threads.create", input=user_input("Hi")), None)
    assert isinstance(result, StreamingResult)
    answering = asyncio.create_task(result.asgi({}, client.receive, client.send))
    await server.half.wait()
    client.gone.set()
    await answering
    assert server.closed.is_set()
    assert b'"delta":"half"' in b"".join(client.bodies)
    thread = (await server.store.load_threads(1, None, "desc", None)).data[0]
    assert "half" in texts(await items(server, thread.id))


async def test_an_answer_leaves_nothing_for_the_garbage_collector() -> None:
    async def talk(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield added(thread, "msg_1")
        await asyncio.sleep(0)
        yield done(message(thread, "whole", "msg_1"))

    server = ScriptedServer(talk)

    async def ask(times: int) -> None:
        for _ in range(times):
            result = await server.process(request("threads.create", input=user_input("Hi")), None)
            assert isinstance(result, StreamingResult)
            client = Client()
            await result.asgi({}, client.receive, client.send)
            await asyncio.sleep(0)

    await ask(2)
    gc.collect()
    gc.disable()
    try:
        await ask(20)
        assert gc.collect() < 20
    finally:
        gc.enable()


STEPS = st.lists(st.sampled_from(["frame", "turn", "timer", "task"]), max_size=25)


@given(steps=STEPS, sends=st.lists(st.sampled_from(["at once", "turn", "timer"]), min_size=1, max_size=6))
async def test_whatever_waits_the_bytes_are_those_of_the_frames(steps: list[str], sends: list[str]) -> None:
    async def wait(how: str) -> None:
        if how == "turn":
            await asyncio.sleep(0)
        elif how == "timer":
            await asyncio.sleep(1e-5)
        elif how == "task":
            await asyncio.create_task(asyncio.sleep(0))

    async def frames() -> AsyncGenerator[bytes, None]:
        for n, step in enumerate(steps):
            await wait(step)
            if step == "frame":
                yield b"%d;" % n

    turns = iter(sends * 30)

    async def pause() -> None:
        await wait(next(turns))

    client = await _sent(frames(), Client(pause))
    assert b"".join(client.bodies) == b"".join(b"%d;" % n for n, step in enumerate(steps) if step == "frame")
    assert not client.open


@given(steps=STEPS, after=st.integers(0, 12))
async def test_wherever_it_is_cancelled_the_frames_are_closed(steps: list[str], after: int) -> None:
    ends: list[str] = []

    async def frames() -> AsyncGenerator[bytes, None]:
        try:
            for step in steps:
                if step == "frame":
                    yield b";"
                else:
                    await asyncio.sleep(0)
        finally:
            ends.append("closed")
            await asyncio.sleep(0)

    async def pause() -> None:
        await asyncio.sleep(0)

    answering = asyncio.create_task(_sent(frames(), Client(pause)))
    for _ in range(after):
        await asyncio.sleep(0)
    answering.cancel()
    await asyncio.wait({answering})
    assert answering.cancelled() or answering.exception() is None
    assert ends == (["closed"] if after else [])  # before its first turn it has not begun
