"""A stream of frames as an ASGI answer: what is ready goes in one message, and nothing that is ready waits."""

from __future__ import annotations

import asyncio
import types
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, MutableMapping
from contextlib import suppress
from typing import Any, Final

__all__ = ["Headers", "Receive", "Scope", "Send", "send_json", "send_stream"]

Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[_Message]]
Send = Callable[[_Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
_Steps = Generator[Any, Any, Any]

_JSON: Final = (b"content-type", b"application/json")
_PRIVATE: Final = (b"cache-control", b"no-store")
_SSE: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
)
_AT_ONCE: Final = 64 * 1024
"""Bytes that are sent although more is ready, so that a handler that never waits fills no memory."""


async def send_json(send: Send, status: int, body: bytes, headers: Headers = ()) -> None:
    """Send a whole JSON answer, which no cache keeps."""
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [_JSON, _PRIVATE, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})


async def send_stream(
    frames: AsyncGenerator[bytes, None], receive: Receive, send: Send, headers: Headers = ()
) -> None:
    """Send server-sent events as they come. When the client goes away, the iterator is closed.

    The frames are pulled in this task and only the watch for a disconnect has a task of its own: a stream costs one
    small task and no queue.
    """
    await send({"type": "http.response.start", "status": 200, "headers": [*_SSE, *headers]})
    watch = _Watch(receive)
    try:
        await _send_frames(frames, send)
    except asyncio.CancelledError:
        if not watch.gone():
            raise
    finally:
        watch.end()
        await frames.aclose()


@types.coroutine
def _send_frames(frames: AsyncGenerator[bytes, None], send: Send) -> _Steps:
    """Send every frame. Those that come without waiting go together, and they go before anything is waited for.

    `async for` cannot tell whether the next frame is there already. One message a frame is one system call a frame, and a
    task that collects frames delays each by a turn of the event loop. So the coroutine of the next frame is driven by
    hand here, and what it waits for is passed on to the event loop as it is.
    """
    ready = bytearray()
    while True:
        step: Any = frames.__anext__()
        try:
            waits_for = step.send(None)
        except StopIteration as got:
            frame = got.value
        except StopAsyncIteration:
            break
        except Exception:
            yield from _sending(send, ready)
            raise
        else:
            frame = yield from _waited(step, waits_for, ready, send)
            if frame is None:
                break
        ready += frame
        if len(ready) > _AT_ONCE:
            yield from _sending(send, ready)
    yield from _sending(send, ready, more=False)


def _sending(send: Send, ready: bytearray, *, more: bool = True) -> _Steps:
    body = bytes(ready)
    ready.clear()
    yield from send({"type": "http.response.body", "body": body, "more_body": more}).__await__()


def _waited(step: Any, waits_for: Any, ready: bytearray, send: Send) -> _Steps:
    """What `step` gives in the end; what is ready is sent while it waits."""
    if ready:
        try:
            yield from _sending(send, ready)
        except asyncio.CancelledError:  # it is for the handler, which may still have something to say
            return (yield from _driven(step, waits_for, cancel=True))
        except Exception:
            with suppress(asyncio.CancelledError):
                yield from _driven(step, waits_for, cancel=True)
            raise
    return (yield from _driven(step, waits_for))


def _driven(step: Any, waits_for: Any, *, cancel: bool = False) -> _Steps:
    """Run a step that waits, as a task would: its frame, None when there are no more."""
    try:
        if cancel and not (asyncio.isfuture(waits_for) and waits_for.cancel()):
            waits_for = step.throw(asyncio.CancelledError())
        while True:
            try:
                answer = yield waits_for
            except GeneratorExit:
                step.close()
                raise
            except BaseException as error:
                waits_for = step.throw(error)
            else:
                waits_for = step.send(answer)
    except StopIteration as got:
        return got.value
    except StopAsyncIteration:
        return None


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
        # The task's frame leads back here, and two that hold each other wait for the garbage collector.
        del self._task
