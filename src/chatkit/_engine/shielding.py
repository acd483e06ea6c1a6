"""Finishing what must be finished although the task is being cancelled, perhaps again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from chatkit.logger import logger

__all__ = ["close_source", "finish_despite_cancellation"]

_PATIENCE = 10.0
_running: set[asyncio.Task[Any]] = set()


async def finish_despite_cancellation(work: Coroutine[Any, Any, Any]) -> None:
    """Run `work` to its end in a task of its own and wait for it, through any number of cancellations.

    Frameworks cancel a task once more at every wait, so a plain `try … finally` loses its first store call. After
    some seconds the work goes on alone. Errors are logged: there is nobody left to raise them to.
    """
    task = asyncio.ensure_future(work)
    _running.add(task)
    task.add_done_callback(_done)
    until = asyncio.get_running_loop().time() + _PATIENCE
    while not task.done() and (left := until - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            continue


def _done(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("Cleaning up after a stopped answer failed", exc_info=error)


async def close_source(source: AsyncIterator[Any] | None) -> None:
    """Close an app's iterator, so that its model call ends now and not when memory is collected."""
    close = getattr(source, "aclose", None)
    if close is None:
        return
    try:
        await close()
    except asyncio.CancelledError:
        logger.debug("Closing a handler was cancelled")
    except Exception as error:
        logger.error("A handler failed while it was being closed", exc_info=error)
