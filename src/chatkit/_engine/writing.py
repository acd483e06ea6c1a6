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
# An event that comes when the window is nearly over ends it, and so does one after which the next, at the pace of the last
# two, would come too late. The clock ends it only when a model falters: its tokens wake the process once each, and no
# timer wakes it between them.
_NEARLY, _AT_LAST = 0.85, 1.24
_TOLD_AT_ONCE = 16


class FrameWriter:
    """Appends the events of one run to the log. One append is under way at a time; what comes meanwhile is merged.

    :param window: seconds that an event waits for others, about.
    :param on_lost: called once when the run is no longer this worker's, or the log stays away too long.
    """

    def __init__(
        self, log: StreamLog, run_id: str, worker: str, window: float, on_lost: Callable[[], None]
    ) -> None:
        self._log, self._run_id, self._worker = log, run_id, worker
        self._on_lost = on_lost
        self._frames = MergedFrames()
        self._next = self._told = 1
        self._untold_bytes = 0
        self._untold: list[float] = []
        self._nearly, self._at_last = window * _NEARLY, window * _AT_LAST
        self._last_write = self._oldest = self._latest = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._due: asyncio.Handle | None = None
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
        first = not self._frames.size
        self._frames.add(event)
        if self._due is None:
            self._came(first)

    def add_frame(self, frame: bytes) -> None:
        """Take in a frame as it is; it is written soon."""
        first = not self._frames.size
        self._frames.add_frame(frame)
        if self._due is None:
            self._came(first)

    async def flush(self) -> None:
        """Return when everything taken in has been written, or the run is lost."""
        while not self._lost:
            if self._writing is None:
                if not self._frames.size:
                    break
                self._write()
            if self._writing is not None:
                await asyncio.wait({self._writing})
        self._tell()

    def _came(self, first: bool) -> None:
        now = self._loop.time()
        pace, self._latest = now - self._latest, now
        since = self._oldest
        if first:  # for the first since a write, the window counts from that write
            since, self._oldest = self._last_write, now
        if self._writing is None:
            self._schedule(now - since >= self._nearly or now - self._oldest + pace > self._at_last)

    def _schedule(self, over: bool) -> None:
        """Write when the window is over. What comes with the event that ends it, before anything is waited for, goes too."""
        if over:
            self._due = self._loop.call_soon(self._write)
        elif self._timer is None:
            self._timer = self._loop.call_at(self._oldest + self._at_last, self._write)

    def _write(self) -> None:
        for handle in (self._timer, self._due):
            if handle is not None:
                handle.cancel()
        self._timer = self._due = None
        frames = self._frames.take()
        if frames and not self._lost:
            self._last_write = self._loop.time()
            if self._log.append_now(self._run_id, self._worker, self._next, frames):
                self._written(frames, self._oldest)
            else:
                self._writing = self._loop.create_task(self._append(frames, self._oldest))

    def _written(self, frames: list[bytes], oldest: float) -> None:
        self._next += len(frames)
        self._untold_bytes += sum(map(len, frames))
        self._untold.append(self._loop.time() - oldest)
        if len(self._untold) >= _TOLD_AT_ONCE:
            self._tell()

    def _tell(self) -> None:
        """Say what was written lately. Seldom, because a lone answer's processor has slept before each write."""
        here = current.get()
        if here is not None and self._untold:
            here.add("chatkit.frames", self._next - self._told)
            here.add("chatkit.logged", self._untold_bytes)
            for seconds in self._untold:
                here.observe("chatkit.frame.delay", seconds)
        self._told, self._untold_bytes, self._untold = self._next, 0, []

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
                self._schedule(self._loop.time() - self._oldest >= self._nearly)

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
