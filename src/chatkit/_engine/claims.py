"""One turn at a time in a thread, within one process. (Between processes the stream log sees to it.)"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from chatkit._engine.host import Overlap
from chatkit._engine.turn import Turn
from chatkit.errors import ErrorCode, ThreadStateError

__all__ = ["Claims", "busy"]

_LOOK = 1.0
_UNREAD = 5


def busy(thread_id: str) -> ThreadStateError:
    """The refusal of a message to a thread that is still answering."""
    return ThreadStateError(
        f"Thread {thread_id} is still answering.",
        code=ErrorCode.THREAD_BUSY,
        path="params.thread_id",
        hint="Wait for the answer, or stop it.",
    )


class Claims:
    """Which turn has which thread, and who waits for it."""

    def __init__(self) -> None:
        self._holders: dict[str, Turn[Any]] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def holder(self, thread_id: str) -> Turn[Any] | None:
        """The turn that has the thread."""
        return self._holders.get(thread_id)

    def take(self, thread_id: str, turn: Turn[Any]) -> bool:
        """Give the thread to the turn if it is free."""
        if thread_id in self._holders or self._waiting.get(thread_id):
            return False
        self._holders[thread_id] = turn
        return True

    async def wait(self, thread_id: str, turn: Turn[Any], overlap: Overlap, seconds: float) -> None:
        """Give the thread to the turn as soon as it is free, in order of asking.

        :raises ThreadStateError: when it is not free in time.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        line = self._waiting.setdefault(thread_id, deque())
        place: asyncio.Future[None] = loop.create_future()
        line.append(place)
        try:
            holder, seen, unread = self._holders.get(thread_id), -1, 0
            while holder is not None or line[0] is not place:
                if holder is not None and overlap == "replace":
                    holder.stop()
                left = until - loop.time()
                if left <= 0:
                    raise busy(thread_id)
                await asyncio.wait({place}, timeout=min(_LOOK, left))
                place = self._renew_place(line, place)
                holder = self._holders.get(thread_id)
                unread = unread + 1 if holder is not None and _stands_still(holder, seen) else 0
                seen = -1 if holder is None else holder.count
                if unread >= _UNREAD:
                    self._holders.pop(thread_id, None)
                    holder = None
            self._holders[thread_id] = turn
        finally:
            line.remove(place)
            if not line:
                self._waiting.pop(thread_id, None)

    def release(self, thread_id: str, turn: Turn[Any]) -> None:
        """The turn has ended: the thread goes to the next in line."""
        if self._holders.get(thread_id) is turn:
            del self._holders[thread_id]
        line = self._waiting.get(thread_id)
        if line and not line[0].done():
            line[0].set_result(None)

    def _renew_place(
        self, line: deque[asyncio.Future[None]], place: asyncio.Future[None]
    ) -> asyncio.Future[None]:
        """A place whose call was answered too early goes on waiting."""
        if not place.done():
            return place
        fresh: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line[line.index(place)] = fresh
        return fresh


def _stands_still(holder: Turn[Any], seen: int) -> bool:
    """Whether nobody has read from the turn since it was last looked at: such a turn must not hold its thread."""
    return holder.waits_for_reader and holder.count == seen
