"""Stop pressed on one worker ends the model call that another one holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from chatkit._engine.runs import Runs, StreamReply
from chatkit.backends.memory import MemoryStore
from chatkit.backends.sql import SQLStreamLog
from chatkit.models import (
    AgentContext,
    Anthropic,
    ChatCompletions,
    simple_to_agent_input,
    stream_model_response,
)
from chatkit.server import ChatKitServer
from chatkit.streams import MemoryStreamLog, StreamLog
from chatkit.testing import Say, ScriptedModel, Wait
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem

LONG = 30.0


class Talker(ChatKitServer[None]):
    def __init__(self, model: Any) -> None:
        super().__init__(MemoryStore())
        self.model = model

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 100, "asc", context)
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await simple_to_agent_input(page.data)
        async for event in stream_model_response(run, self.model, given):
            yield event


def _counted(log: Any) -> list[float]:
    """The log's waits for stops, written down."""
    waits: list[float] = []
    original = log.wait_stops

    async def wait_stops(worker: str, wait: float) -> Sequence[str]:
        waits.append(wait)
        return await original(worker, wait)

    log.wait_stops = wait_stops
    return waits


def _body(kind: str, **params: Any) -> bytes:
    return json.dumps({"type": kind, "params": params}).encode()


@pytest.fixture(params=["memory", "sqlite"])
async def logs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[StreamLog, StreamLog]]:
    """The log as two workers see it."""
    if request.param == "memory":
        log = MemoryStreamLog()
        yield log, log
        return
    both = SQLStreamLog(tmp_path / "log.db"), SQLStreamLog(tmp_path / "log.db")
    for each in both:
        await each.start()
    yield both
    for each in both:
        await each.aclose()


@pytest.mark.behaviour("D62", "S7")
@pytest.mark.parametrize("wire", [ChatCompletions, Anthropic])
async def test_the_model_call_ends_with_the_next_word_of_the_log(
    wire: Any, logs: tuple[StreamLog, StreamLog]
) -> None:
    wait = Wait()
    async with ScriptedModel([Say("Once upon a time"), wait, Say("never said")]) as model:
        server = Talker(wire("m", base_url=model.base_url))
        waits = _counted(logs[0])
        here, there = Runs(server, logs[0]), Runs(server, logs[1])
        said = {"content": [{"type": "input_text", "text": "Hi"}], "attachments": [], "inference_options": {}}
        reply = await here.handle(_body("threads.create", input=said), None)
        assert isinstance(reply, StreamReply)
        async with asyncio.timeout(LONG):
            async for chunk in reply:
                if b" time" in chunk:
                    break
            (thread,) = (await server.store.load_threads(1, None, "asc", None)).data
            call = await model.request(0)
            assert not call.hung_up.is_set()
            before = len(waits)
            await there.handle(_body("threads.stop", thread_id=thread.id), None)
            await call.hung_up.wait()
        # The wait that was under way brought the stop, and at most one more had begun: nobody slept a lease away.
        assert len(waits) - before <= 1
        assert not call.sent.is_set()
        assert not wait.gate.is_set()
        await here.drain(LONG)
        stored = (await server.store.load_thread_items(thread.id, None, 10, "asc", None)).data
        assert [item.type for item in stored] == ["user_message", "assistant_message", "sdk_hidden_context"]
        assert "Once upon a time" in stored[1].model_dump_json()
        assert len(model.requests) == 1
        await here.aclose()
        await there.aclose()
