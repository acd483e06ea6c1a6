"""A model endpoint that says what a test wrote down, over real HTTP on 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Self

from . import _wire_agui, _wire_anthropic, _wire_chat, _wire_responses
from ._http import Answer, Incoming, LocalServer
from ._script import Drop, Fail, ModelRequest, Part, Reply, Wait, parts_of

__all__ = ["ScriptedModel"]

_ROUTES = {"/responses": "responses", "/chat/completions": "chat", "/messages": "anthropic", "/agui": "agui"}
_STREAMS: dict[str, Callable[[list[Part], dict[str, Any]], Iterator[dict[str, Any] | Wait | Drop]]] = {
    "responses": _wire_responses.stream,
    "chat": _wire_chat.stream,
    "anthropic": _wire_anthropic.stream,
    "agui": _wire_agui.stream,
}
_ANSWERS: dict[str, Callable[[list[Part], dict[str, Any]], dict[str, Any]]] = {
    "responses": _wire_responses.answer,
    "chat": _wire_chat.answer,
    "anthropic": _wire_anthropic.answer,
    "agui": _wire_agui.answer,
}


class ScriptedModel:
    """An endpoint for Responses, chat completions, Anthropic's messages and AG-UI that plays a script.

    Each reply answers one request: a text, parts such as :class:`Say`, :class:`Think` and :class:`Call`,
    or a function of the request. Point a client's base URL at :attr:`base_url`; any key and model name will
    do. What was asked is in :attr:`requests`. A request beyond the script is answered with HTTP 500 and a
    message that says so.

    ::

        async with ScriptedModel("Hello!", [Call("weather", {"city": "Rome"})], "Sunny.") as model:
            client = AsyncOpenAI(base_url=model.base_url, api_key="none")
    """

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[ModelRequest] = []
        self._replies = list(replies)
        self._arrived = asyncio.Condition()
        self._server = LocalServer(self._handle)

    @property
    def base_url(self) -> str:
        """The address to give to a client, ending in ``/v1``."""
        return f"{self._server.origin}/v1"

    @property
    def remaining(self) -> int:
        """How many replies nobody has asked for yet."""
        return len(self._replies)

    def add(self, *replies: Reply) -> None:
        """Append replies to the script."""
        self._replies.extend(replies)

    async def request(self, number: int) -> ModelRequest:
        """Wait for request ``number``, counted from 0."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) > number)
        return self.requests[number]

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    async def _handle(self, incoming: Incoming) -> Answer:
        wire = next((name for end, name in _ROUTES.items() if incoming.path.endswith(end)), None)
        if incoming.path.endswith("/models"):
            return Answer(json={"object": "list", "data": [{"id": "scripted", "object": "model"}]})
        if wire is None or incoming.method != "POST":
            return Answer(404, _error(f"No such endpoint: {incoming.method} {incoming.path}"))
        request = ModelRequest(wire, json.loads(incoming.body), incoming.headers)
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        if not self._replies:
            return Answer(500, _error(f"The script has ended: request {len(self.requests)} has no reply."))
        script = parts_of(self._replies.pop(0), request)
        failure = next((part for part in script if isinstance(part, Fail)), None)
        if failure is not None:
            return Answer(failure.status, _error(failure.message))
        if not request.streaming and wire != "agui":
            request.sent.set()
            return Answer(json=_ANSWERS[wire](script, request.body))
        return Answer(events=_events(_STREAMS[wire](script, request.body), request, incoming.closed))


def _error(message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": "scripted_error", "code": "scripted", "message": message}}


async def _events(
    frames: Iterator[dict[str, Any] | Wait | Drop], request: ModelRequest, closed: asyncio.Future[None]
) -> AsyncIterator[bytes]:
    try:
        for frame in frames:
            if isinstance(frame, Drop):
                raise ConnectionResetError("dropped by the script")
            if isinstance(frame, Wait):
                await _gate(frame.gate, closed)
            if closed.done():
                raise ConnectionResetError("the client hung up")
            if not isinstance(frame, Wait):
                yield _encode(frame, request.wire)
        if request.wire == "chat":
            yield b"data: [DONE]\n\n"
        request.sent.set()
    finally:
        if not request.sent.is_set():
            request.hung_up.set()


async def _gate(gate: asyncio.Event, closed: asyncio.Future[None]) -> None:
    opened = asyncio.ensure_future(gate.wait())
    await asyncio.wait({opened, closed}, return_when=asyncio.FIRST_COMPLETED)
    opened.cancel()


def _encode(frame: dict[str, Any], wire: str) -> bytes:
    data = f"data: {json.dumps(frame)}\n\n"
    return (data if wire in ("chat", "agui") else f"event: {frame['type']}\n{data}").encode()
