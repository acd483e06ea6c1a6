"""A tiny HTTP server on 127.0.0.1 for test endpoints: one request a connection, answers in one piece or streamed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "Handler", "Incoming", "LocalServer"]

_LIMIT = 64 * 1024 * 1024
_PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True)
class Incoming:
    """A request: ``closed`` is done as soon as the client hangs up."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    closed: asyncio.Future[None]


@dataclass(frozen=True)
class Answer:
    """What goes back: a JSON value, or chunks of an event stream."""

    status: int = 200
    json: Any = None
    events: AsyncIterator[bytes] | None = None


Handler = Callable[[Incoming], Awaitable[Answer]]


class LocalServer:
    """Serve ``handler`` on a free port of 127.0.0.1 while the context is open."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        """The address, ``http://127.0.0.1:<port>``."""
        if self._server is None:
            raise RuntimeError("The server is not running. Use it inside `async with`.")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Stop listening and end what is still open."""
        if self._server is None:
            return
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, headers = _head(await reader.readuntil(b"\r\n\r\n"))
        length = int(headers.get("content-length", "0"))
        if length > _LIMIT:
            raise ConnectionError("body too large")
        body = await reader.readexactly(length)
        closed = asyncio.get_running_loop().create_future()
        watch = asyncio.create_task(_watch(reader, closed))
        try:
            await _send(writer, await self._handler(Incoming(method, path, headers, body, closed)))
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)


def _head(raw: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = raw.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return method, path.split("?", 1)[0], {name.strip().lower(): value.strip() for name, value in pairs}


async def _watch(reader: asyncio.StreamReader, closed: asyncio.Future[None]) -> None:
    with contextlib.suppress(ConnectionError):
        while await reader.read(1024):
            pass
    if not closed.done():
        closed.set_result(None)


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    status = f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Error')}\r\nConnection: close\r\n"
    if answer.events is None:
        body = json.dumps(answer.json).encode()
        writer.write(
            f"{status}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        await writer.drain()
        return
    writer.write(f"{status}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    async for chunk in answer.events:
        writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
