"""Request bodies, within limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from chatkit.errors import ChatKitError, LimitExceededError

__all__ = ["chunks_of", "header", "read_body"]


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


async def read_body(scope: Scope, receive: Receive, *, limit: int, seconds: float) -> bytes:
    """The whole body.

    :raises LimitExceededError: it is longer than ``limit`` bytes; nothing beyond the limit is kept in memory.
    :raises ChatKitError: ``request.timeout``, it did not arrive within ``seconds``.
    """
    _check_length(scope, limit)
    first = await _message(receive, seconds)
    if not first.get("more_body"):
        return _within(first.get("body", b""), limit)
    parts = [first.get("body", b"")]
    size = len(parts[0])
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        message = await _message(receive, deadline - asyncio.get_running_loop().time())
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_long(limit)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def chunks_of(scope: Scope, receive: Receive, *, limit: int, seconds: float) -> AsyncIterator[bytes]:
    """The body piece by piece; ``seconds`` is the longest pause between two pieces.

    :raises LimitExceededError: it is longer than ``limit`` bytes.
    :raises ChatKitError: ``request.timeout``, the sender paused for too long.
    """
    _check_length(scope, limit)
    size = 0
    more = True
    while more:
        message = await _message(receive, seconds)
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_long(limit)
        if part:
            yield part
        more = bool(message.get("more_body"))


async def _message(receive: Receive, seconds: float) -> Message:
    try:
        async with asyncio.timeout(max(seconds, 0)):  # which, unlike wait_for, makes no task
            message = await receive()
    except TimeoutError as error:
        raise ChatKitError(
            "request.timeout", "The request did not arrive in time.", hint="Send it again.", status=408
        ) from error
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message


def _check_length(scope: Scope, limit: int) -> None:
    length = header(scope, b"content-length")
    if length is not None and length.isdigit() and int(length) > limit:
        raise _too_long(limit)


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_long(limit)
    return body


def _too_long(limit: int) -> LimitExceededError:
    return LimitExceededError(
        f"The request is longer than {limit:,} bytes.", hint="Send less, or upload files as attachments."
    )
