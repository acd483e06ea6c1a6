"""Answers as raw ASGI messages: no response object, no thread pool, nothing kept while a stream is idle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final

from starlette.types import Receive, Send

from chatkit.errors import ChatKitError

__all__ = ["Headers", "error_body", "send_error", "send_json", "send_stream"]

Headers = Sequence[tuple[bytes, bytes]]

_JSON: Final = (b"content-type", b"application/json")
_PRIVATE: Final = (b"cache-control", b"no-store")
_SSE: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
)


async def send_json(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send a whole JSON answer, which no cache keeps."""
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [_JSON, _PRIVATE, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})


async def send_error(
    send: Send, error: ChatKitError, request_id: str, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send an error of ours as ``{"error": {code, message, path?, hint?, request_id}}`` with its status."""
    extra = list(headers)
    if error.status == 401:
        extra.append((b"www-authenticate", b"Bearer"))
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        extra.append((b"retry-after", str(max(1, round(wait))).encode()))
    await send_json(send, error.status, error_body(error, request_id), extra)


def error_body(error: ChatKitError, request_id: str) -> bytes:
    fields: dict[str, Any] = {**error.as_json(), "request_id": request_id}
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        fields["retry_after"] = max(1, round(wait))
    return json.dumps({"error": fields}, ensure_ascii=False).encode()


async def send_stream(
    chunks: AsyncIterator[bytes], receive: Receive, send: Send, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send server-sent events as they come. When the client goes away, the iterator is closed.

    The chunks are pulled in this task and only the watch for a disconnect has a task of its own: a stream costs one
    small task and no queue.
    """
    await send({"type": "http.response.start", "status": 200, "headers": [*_SSE, *headers]})
    watch = _Watch(receive)
    try:
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except asyncio.CancelledError:
        if not watch.gone():
            raise
    finally:
        watch.end()
        close = getattr(chunks, "aclose", None)
        if close is not None:
            await close()


class _Watch:
    """Cancels the task that made it when the client disconnects."""

    def __init__(self, receive: Receive) -> None:
        self._owner = asyncio.current_task()
        self._gone = False
        self._task = asyncio.create_task(self._wait(receive))

    async def _wait(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._owner is not None:
            self._owner.cancel()

    def gone(self) -> bool:
        """Whether the cancellation that was just caught is only this watch's own."""
        return self._gone and self._owner is not None and self._owner.uncancel() == 0

    def end(self) -> None:
        self._task.cancel()
