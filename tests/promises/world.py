"""Workers that can be stopped and killed, and a client that keeps its answer through it all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import httpx

from chatkit._engine.reducer import reduce
from chatkit.types import Thread
from tests.server.scripted import EVENT, request, user_input

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
GONE = (httpx.TransportError, httpx.StreamError)


class Worker:
    """One process of the app, on a port of its own."""

    def __init__(self, store: str, log: str = "-", *, lease: float = 1.0, drain: float = 0.0) -> None:
        self._given = (store, log, lease, drain)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/chatkit"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.promises.worker",
            *map(str, (self.port, *self._given)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        async with httpx.AsyncClient() as http, asyncio.timeout(PATIENCE):
            while True:
                assert self.process.returncode is None, "the worker ended before it was ready"
                try:
                    if (await http.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except GONE:
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, as a deploy does."""
        await self._end(signal.SIGTERM)

    async def _end(self, by: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(by)
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()


class Chat:
    """A browser's side of one thread: reads frames, and resumes after the last one whatever happens to the line.

    :param urls: where workers answer; after a failure the next one is asked.
    """

    def __init__(self, *urls: str) -> None:
        self.urls = list(urls)
        self.http = httpx.AsyncClient(timeout=httpx.Timeout(30, read=20))
        self.frames: list[tuple[str, Any]] = []
        self.thread_id = ""
        self.pings = 0

    async def aclose(self) -> None:
        await self.http.aclose()

    async def ask(self, kind: str, /, **params: Any) -> Any:
        """A request with one answer."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self.http.post(self.urls[0], content=request(kind, **params))
                    if answer.status_code < 500:
                        return answer.json()
                except GONE:
                    pass
                self._next_worker()
                await asyncio.sleep(0.05)

    async def create(self, text: str, *, frames: int | None = None) -> None:
        """Send the first message; read to the end, or so many frames."""
        await self.read("threads.create", frames=frames, input=user_input(text))

    async def read(self, kind: str, /, *, frames: int | None = None, **params: Any) -> bool:
        """Read a stream; True when it came to its end, False after `frames` frames, by hanging up."""
        until = None if frames is None else len(self.frames) + frames
        async with self.http.stream("POST", self.urls[0], content=request(kind, **params)) as answer:
            if answer.status_code != 200:
                await answer.aread()
                raise httpx.ReadError(answer.text)
            rest = ""
            async for text in answer.aiter_text():
                *blocks, rest = (rest + text).split("\n\n")
                for block in blocks:
                    self._take(block)
                    if until is not None and len(self.frames) >= until:
                        return False
        return True

    def _take(self, block: str) -> None:
        if block.startswith(":"):
            self.pings += 1
            return
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        if "data" in fields:
            event = EVENT.validate_json(fields["data"])
            self.frames.append((fields.get("id", ""), event))
            if event.type == "thread.created":
                self.thread_id = event.thread.id

    async def follow(self) -> None:
        """Read on after the last frame until the run has ended, over as many connections and workers as it takes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                after = next((i for i, _ in reversed(self.frames) if i), None)
                try:
                    if await self.read("threads.resume", thread_id=self.thread_id, after=after):
                        return
                except GONE:
                    self._next_worker()
                    await asyncio.sleep(0.05)

    def _next_worker(self) -> None:
        self.urls.append(self.urls.pop(0))

    @property
    def events(self) -> list[Any]:
        return [event for _, event in self.frames]

    @property
    def text(self) -> str:
        return "".join(e.update.delta for e in self.events if e.type == "thread.item.updated")

    @property
    def reduced(self) -> list[Any]:
        """The items, as this reader has put them together."""
        thread: Thread = self.events[0].thread
        for event in self.events:
            thread = reduce(thread, event)
        return json.loads(thread.model_dump_json(exclude_none=True))["items"]["data"]

    async def stored(self) -> list[Any]:
        """The items, as a page that loads the thread gets them."""
        return (await self.ask("threads.get_by_id", thread_id=self.thread_id))["items"]["data"]

    def assert_whole(self) -> None:
        """No frame is missing, repeated or out of order; no word either."""
        ids = [i for i, _ in self.frames if i]
        run = ids[0].rpartition(":")[0]
        assert ids == [f"{run}:{n}" for n in range(1, len(ids) + 1)]
        words = self.text.split()
        assert words == [str(n) for n in range(len(words))]
