"""Writing a run's frames to the stream log: the first at once, then in batches of some hundredths of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatkit._engine.merging import MergedFrames
from chatkit._telemetry import current
from chatkit.logger import logger
from chatkit.streams import RunLostError, StreamLog, StreamLogUnavailableError
from chatkit.types import ThreadStreamEvent

__all__ = ["FrameWriter"]

_FULL = 1_000_000
_PATIENCE = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
# An event that comes when the window is nearly over ends it, and the clock only when none comes: a model's tokens then
# wake the process once each, and no timer wakes it between them.
_NEARLY, _AT_LAST = 0.85, 1.15


class FrameWriter:
    """Appends the events of one run to the log. One append is under way at a time; what comes meanwhile is merged.

    :param window: seconds that an event waits for others, about.
    :param on_lost: called once when the run is no longer this worker's, or the log stays away too long.
    """

    def __init__(
        self, log: StreamLog, run_id: str, worker: str, window: float, on_lost: Callable[[], None]
    ) -> None:
        self._log, self._run_id, self._worker, self._window = log, run_id, worker, window
        self._on_lost = on_lost
        self._frames = MergedFrames()
        self._next = 1
        self._last_write = 0.0
        self._oldest = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._lost = False
        self._loop = asyncio.get_running_loop()

    @property
    def full(self) -> bool:
        """Whether so much waits to be written that the turn should wait too."""
        return self._frames.size > _FULL and not self._lost

    def add(self, event: ThreadStreamEvent) -> None:
        """Take an event in; it is written soon, or dropped when the run is lost."""
        if self._lost:
            return
        since = self._since()
        self._frames.add(event)
        if self._writing is None:
            self._schedule(since)

    def add_frame(self, frame: bytes) -> None:
        """Take in a frame as it is; it is written soon."""
        since = self._since()
        self._frames.add_frame(frame)
        if self._writing is None:
            self._schedule(since)

    async def flush(self) -> None:
        """Return when everything taken in has been written, or the run is lost."""
        while not self._lost:
            if self._writing is None:
                if not self._frames.size:
                    return
                self._write()
            if self._writing is not None:
                await asyncio.wait({self._writing})

    def _since(self) -> float:
        """From when the window counts for what comes now: for the first since a write, from that write."""
        if self._frames.size:
            return self._oldest
        self._oldest = self._loop.time()
        return self._last_write

    def _schedule(self, since: float) -> None:
        if self._loop.time() - since >= self._window * _NEARLY:
            self._write()
        elif self._timer is None:
            self._timer = self._loop.call_at(self._oldest + self._window * _AT_LAST, self._write)

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        frames = self._frames.take()
        if frames and not self._lost:
            self._last_write = self._loop.time()
            if self._log.append_now(self._run_id, self._worker, self._next, frames):
                self._written(frames, self._oldest)
            else:
                self._writing = self._loop.create_task(self._append(frames, self._oldest))

    def _written(self, frames: list[bytes], oldest: float) -> None:
        self._next += len(frames)
        here = current.get()
        if here is not None:
            here.add("chatkit.frames", len(frames))
            here.add("chatkit.logged", sum(map(len, frames)))
            here.observe("chatkit.frame.delay", self._loop.time() - oldest)

    async def _append(self, frames: list[bytes], oldest: float) -> None:
        try:
            await self._append_at_last(frames)
            self._written(frames, oldest)
        except Exception as error:
            self._lost = True
            if not isinstance(error, RunLostError):
                logger.error("The stream log took no frames of run %s", self._run_id, exc_info=error)
            self._on_lost()
        finally:
            self._writing = None
            if self._frames.size and not self._lost:
                self._schedule(self._oldest)

    async def _append_at_last(self, frames: list[bytes]) -> None:
        """Append, trying again while the log is away: an append may be repeated."""
        until, pause = self._loop.time() + _PATIENCE, _FIRST_PAUSE
        while True:
            try:
                await self._log.append(self._run_id, self._worker, self._next, frames)
            except StreamLogUnavailableError:
                if self._loop.time() > until:
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return
