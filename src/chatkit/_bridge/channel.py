"""Where what the model says and what tools put on the context meet, in the order of arrival."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final

__all__ = ["Channel", "Ended", "FromContext", "pump"]

_ROOM: Final = 256
"""So many entries may wait before producers do."""


class FromContext:
    """An event that code put on the context."""

    __slots__ = ("event",)

    def __init__(self, event: Any) -> None:
        self.event = event


class Ended:
    """The model has nothing more to say; ``error`` is why, when it failed."""

    __slots__ = ("error",)

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


class Channel:
    """A bounded queue of one reader that costs no task and, while it is filled faster than read, no wake-up.

    Without a reader nothing is bounded: an app may put events on a context before it streams the run.
    """

    __slots__ = ("_read", "_room", "entries", "waiting")

    def __init__(self) -> None:
        self.entries: deque[Any] = deque()
        self._read = False
        self.waiting: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None

    @property
    def full(self) -> bool:
        """Whether a producer has to wait."""
        return self._read and len(self.entries) >= _ROOM

    def append(self, entry: Any) -> None:
        """Add an entry and wake the reader."""
        self.entries.append(entry)
        if self.waiting is not None:
            self.wake()

    def wake(self) -> None:
        """Wake the reader, who waits for an entry."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def room(self) -> None:
        """Wait until the reader has emptied the queue, or has gone."""
        while self.full:
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    async def arrival(self) -> None:
        """Wait until there is an entry."""
        self._make_room()
        if self.entries:
            return
        self.waiting = asyncio.get_running_loop().create_future()
        try:
            await self.waiting
        finally:
            self.waiting = None

    def attach(self) -> None:
        """Begin to read: from now on producers wait when they are too fast."""
        self._read = True

    def detach(self) -> None:
        """Stop reading: nobody waits any longer."""
        self._read = False
        self._make_room()

    def _make_room(self) -> None:
        room = self._room
        if room is not None:
            self._room = None
            if not room.done():
                room.set_result(None)


async def pump(source: AsyncIterator[Any], channel: Channel) -> None:
    """Carry everything from ``source`` into the channel, then say that it has ended."""
    error: Exception | None = None
    try:
        entries = channel.entries
        async for event in source:
            entries.append(event)
            if channel.waiting is not None:
                channel.wake()
            elif len(entries) >= _ROOM:
                await channel.room()
    except Exception as raised:
        error = raised
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()
    channel.append(Ended(error))
