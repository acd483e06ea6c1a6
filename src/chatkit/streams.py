"""The stream log: where the frames of a run are kept, so that a run outlives its connection.

A *run* is one streamed answer. The worker that holds it appends frames; any number of readers, in any
process that shares the log, read from any frame on. `StreamLog` is the port, `MemoryStreamLog` the
backend for one process; others live in `chatkit.backends`. All pass `chatkit.testing.StreamLogContract`.

What every log promises:

- Frames of a run are numbered 1, 2, 3 … without a gap. A frame once read never changes.
- Only the worker that holds a run appends to it or closes it, and only while it is `running`.
- At most one exclusive run of a thread is `running`; opening a second one fails, also from another process.
- A holder that stops renewing loses the run: after the lease has run out, another worker may take it over.
- Time is measured by the log, never compared between machines.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatkit._packing import pack, unpack
from chatkit._run_records import (
    Chunk,
    Frame,
    RunBusyError,
    RunInfo,
    RunLostError,
    RunNotFoundError,
    RunState,
    StreamLogUnavailableError,
)

__all__ = [
    "Chunk",
    "Frame",
    "MemoryStreamLog",
    "RunBusyError",
    "RunInfo",
    "RunLostError",
    "RunNotFoundError",
    "RunState",
    "StreamLog",
    "StreamLogUnavailableError",
]


class StreamLog(ABC):
    """A log of frames per run, with one holder, many readers, and Stop from anywhere.

    Every method may raise `StreamLogUnavailableError` when the backend is away; each is safe to repeat.
    """

    async def start(self) -> None:  # noqa: B027 - a hook, not every log needs it
        """Connect and prepare. Called once before first use; safe to call again."""

    async def aclose(self) -> None:  # noqa: B027 - a hook, not every log needs it
        """Let go of connections and wake all waiting readers. The log may be started again."""

    async def ping(self) -> None:  # noqa: B027 - a hook, not every log needs it
        """Answer if the log can be used now.

        :raises StreamLogUnavailableError: when it cannot.
        """

    @abstractmethod
    async def open(
        self,
        run_id: str,
        *,
        owner: str,
        thread_id: str,
        worker: str,
        lease: float,
        key: str | None = None,
        exclusive: bool = True,
    ) -> RunInfo:
        """Create a run held by `worker` for `lease` seconds. All checks and the creation are one atomic step.

        Repeating the call with the same `run_id` and `worker` gives the run that the first call made.

        :raises RunBusyError: when `key` is given and a known run of the same owner and thread carries it,
            finished or not; else, when `exclusive`, if the thread has another exclusive run in state
            `running`, also one whose lease has run out.
        """

    @abstractmethod
    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        """Append frames, numbered from `first` on, in one atomic step, and wake the readers.

        Frames whose number the log already has are left out, so that a call whose outcome is unknown can be
        repeated.

        :raises RunLostError: when `worker` does not hold the run, the run is closed, or the log does not know it.
        :raises ValueError: when `first` would leave a gap.
        """

    def append_now(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> bool:
        """Append as :meth:`append` does, if that can be done here and now without waiting for anything.

        Optional, and only to save time: by default nothing is done.

        :returns: whether the frames are in the log, for every reader. False says that nothing was done, for whatever
            reason; :meth:`append` then does it, or tells why not.
        """
        return False

    @abstractmethod
    async def read(self, run_id: str, after: int, *, limit: int = 256, wait: float = 0.0) -> Chunk:
        """Give up to `limit` frames with a number greater than `after`.

        With none to give while the run is `running`, waits up to `wait` seconds for a frame or for the end.

        :raises RunNotFoundError: when the run is unknown, or expires while waiting.
        """

    @abstractmethod
    async def close(self, run_id: str, worker: str, state: RunState) -> None:
        """End the run with a final state, free its thread, and wake the readers.

        Closing again with the same state does nothing.

        :raises RunLostError: when `worker` does not hold the run, it ended otherwise, or it is unknown.
        :raises ValueError: when `state` is "running".
        """

    @abstractmethod
    async def info(self, run_id: str) -> RunInfo:
        """What is known of a run.

        :raises RunNotFoundError: when it is unknown.
        """

    @abstractmethod
    async def active(self, owner: str, thread_id: str) -> RunInfo | None:
        """The exclusive run of a thread that is still `running`, also with an expired lease; else None."""

    @abstractmethod
    async def find(self, owner: str, thread_id: str, key: str) -> RunInfo | None:
        """The known run of a thread that was opened with `key`, finished or not; else None."""

    @abstractmethod
    async def request_stop(self, run_id: str) -> bool:
        """Ask the run's holder to stop; True if the run was `running`. Idempotent; unknown runs give False."""

    @abstractmethod
    async def wait_stops(self, worker: str, wait: float) -> Sequence[str]:
        """Ids of running runs held by `worker` that were asked to stop; waits up to `wait` seconds for one.

        Each is reported at least once, within 100 ms of `request_stop`; one still open may be reported again,
        but then not more often than every 50 ms.
        """

    @abstractmethod
    async def renew(self, worker: str, lease: float) -> Sequence[str]:
        """Extend the lease of all running runs held by `worker` to `lease` seconds from now.

        Gives the ids of the runs it still holds: one that is missing has been lost.
        """

    @abstractmethod
    async def take_over(self, run_id: str, worker: str, *, lease: float, beat: int) -> bool:
        """Become the holder of a `running` run whose lease has run out and whose `beat` is still the given one.

        True for the one caller that got it; False otherwise, also for unknown runs.
        """

    @abstractmethod
    async def trim(self, *, frames_after: float, records_after: float) -> int:
        """Drop what has been closed for a while, ages in seconds since the close; gives the number of runs touched.

        The frames of a run go after `frames_after`, its record after `records_after`. Running runs stay.
        """

    async def compact(self, *, after: float, until: float) -> int:
        """Pack the frames of runs that were closed more than `after` and less than `until` seconds ago.

        Whoever reads them gets the same frames under the same numbers. Gives the number of runs that were packed.
        Optional; by default nothing is packed.
        """
        return 0

    @abstractmethod
    async def forget(self, owner: str, thread_id: str | None = None) -> int:
        """Erase every closed or running run of a thread, or of all threads of an owner; gives their number."""


@dataclass(slots=True)
class _Run:
    info: RunInfo
    frames: list[bytes] = field(default_factory=list[bytes])
    expires: float = 0.0
    packed: bytes = b""
    closed: float = 0.0
    stop: bool = False
    trimmed: bool = False
    waiters: set[asyncio.Future[None]] = field(default_factory=set["asyncio.Future[None]"])


class MemoryStreamLog(StreamLog):
    """A stream log in the memory of one process: no set-up, gone with the process."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._active: dict[tuple[str, str], str] = {}
        self._keys: dict[tuple[str, str, str], str] = {}
        self._held: dict[str, set[str]] = {}
        self._stops: dict[str, asyncio.Event] = {}

    async def aclose(self) -> None:
        for run in self._runs.values():
            _wake(run)

    async def open(
        self,
        run_id: str,
        *,
        owner: str,
        thread_id: str,
        worker: str,
        lease: float,
        key: str | None = None,
        exclusive: bool = True,
    ) -> RunInfo:
        known = self._runs.get(run_id)
        if known is not None and known.info.worker == worker:
            return self._view(known)
        in_the_way = self._keys.get((owner, thread_id, key)) if key is not None else None
        if in_the_way is None and exclusive:
            in_the_way = self._active.get((owner, thread_id))
        if known is not None or in_the_way is not None:
            raise RunBusyError(self._view(known or self._runs[in_the_way or ""]))
        info = RunInfo(
            id=run_id, owner=owner, thread_id=thread_id, worker=worker, key=key, exclusive=exclusive
        )
        run = self._runs[run_id] = _Run(info, expires=time.monotonic() + lease)
        self._held.setdefault(worker, set()).add(run_id)
        if exclusive:
            self._active[owner, thread_id] = run_id
        if key is not None:
            self._keys[owner, thread_id, key] = run_id
        return self._view(run)

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        run = self._hold(run_id, worker)
        have = len(run.frames)
        if first > have + 1 or first < 1:
            raise ValueError(f"Frame {first} of run {run_id} would leave a gap: the last one is {have}.")
        run.frames.extend(frames[have + 1 - first :])
        _wake(run)

    def append_now(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> bool:
        run = self._runs.get(run_id)
        if run is None or run.info.worker != worker or not run.info.running or first != len(run.frames) + 1:
            return False
        if type(self).append is not MemoryStreamLog.append:  # a subclass has a way of its own
            return False
        run.frames.extend(frames)
        _wake(run)
        return True

    async def read(self, run_id: str, after: int, *, limit: int = 256, wait: float = 0.0) -> Chunk:
        run = self._get(run_id)
        if wait > 0 and run.info.running and len(run.frames) <= after:
            await _wait(run, wait)
            run = self._get(run_id)
        after = max(after, 0)
        kept = unpack(run.packed) if run.packed else run.frames
        part = () if run.trimmed else kept[after : after + limit]
        frames = [Frame(n, data) for n, data in enumerate(part, after + 1)]
        return Chunk(frames, run.info.state, self._last(run))

    async def close(self, run_id: str, worker: str, state: RunState) -> None:
        if state == "running":
            raise ValueError("A run is closed with how it ended, not with 'running'.")
        run = self._runs.get(run_id)
        if run is not None and run.info.worker == worker and run.info.state == state:
            return
        run = self._hold(run_id, worker)
        run.info = replace(run.info, state=state, last=len(run.frames))
        run.closed = time.monotonic()
        self._release(run)
        _wake(run)

    async def info(self, run_id: str) -> RunInfo:
        return self._view(self._get(run_id))

    async def active(self, owner: str, thread_id: str) -> RunInfo | None:
        run_id = self._active.get((owner, thread_id))
        return None if run_id is None else self._view(self._runs[run_id])

    async def find(self, owner: str, thread_id: str, key: str) -> RunInfo | None:
        run_id = self._keys.get((owner, thread_id, key))
        return None if run_id is None else self._view(self._runs[run_id])

    async def request_stop(self, run_id: str) -> bool:
        run = self._runs.get(run_id)
        if run is None or not run.info.running:
            return False
        if not run.stop:
            run.stop = True
            self._stop_event(run.info.worker).set()
        return True

    async def wait_stops(self, worker: str, wait: float) -> Sequence[str]:
        event = self._stop_event(worker)
        if not event.is_set():
            try:
                await asyncio.wait_for(event.wait(), wait)
            except TimeoutError:
                return ()
        event.clear()
        return [i for i in self._held.get(worker, ()) if self._runs[i].stop]

    async def renew(self, worker: str, lease: float) -> Sequence[str]:
        held = list(self._held.get(worker, ()))
        for run_id in held:
            run = self._runs[run_id]
            run.expires = time.monotonic() + lease
            run.info = replace(run.info, beat=run.info.beat + 1)
        return held

    async def take_over(self, run_id: str, worker: str, *, lease: float, beat: int) -> bool:
        run = self._runs.get(run_id)
        if run is None or not run.info.running or run.info.beat != beat or run.expires > time.monotonic():
            return False
        self._held.get(run.info.worker, set()).discard(run_id)
        self._held.setdefault(worker, set()).add(run_id)
        run.info = replace(run.info, worker=worker, beat=beat + 1)
        run.expires = time.monotonic() + lease
        return True

    async def trim(self, *, frames_after: float, records_after: float) -> int:
        now, touched = time.monotonic(), 0
        for run in [r for r in self._runs.values() if not r.info.running]:
            age = now - run.closed
            if age >= records_after:
                self._drop(run)
                touched += 1
            elif age >= frames_after and not run.trimmed:
                run.trimmed, run.frames, run.packed = True, [], b""
                touched += 1
        return touched

    async def compact(self, *, after: float, until: float) -> int:
        now, packed = time.monotonic(), 0
        for run in [r for r in self._runs.values() if not r.info.running and len(r.frames) > 1]:
            if after <= now - run.closed < until:
                run.packed, run.frames = pack(run.frames), []
                packed += 1
        return packed

    async def forget(self, owner: str, thread_id: str | None = None) -> int:
        gone = [
            r
            for r in self._runs.values()
            if r.info.owner == owner and (thread_id is None or r.info.thread_id == thread_id)
        ]
        for run in gone:
            self._drop(run)
            _wake(run)
        return len(gone)

    def _get(self, run_id: str) -> _Run:
        run = self._runs.get(run_id)
        if run is None:
            raise RunNotFoundError(run_id)
        return run

    def _hold(self, run_id: str, worker: str) -> _Run:
        run = self._runs.get(run_id)
        if run is None or run.info.worker != worker or not run.info.running:
            raise RunLostError(run_id)
        return run

    def _view(self, run: _Run) -> RunInfo:
        return replace(run.info, last=self._last(run), expires_in=run.expires - time.monotonic())

    def _last(self, run: _Run) -> int:
        return len(run.frames) if run.info.running else run.info.last

    def _release(self, run: _Run) -> None:
        info = run.info
        held = self._held.get(info.worker)
        if held is not None:
            held.discard(info.id)
            if not held:
                del self._held[info.worker]
        if self._active.get((info.owner, info.thread_id)) == info.id:
            del self._active[info.owner, info.thread_id]

    def _drop(self, run: _Run) -> None:
        info = run.info
        self._release(run)
        if info.key is not None:
            self._keys.pop((info.owner, info.thread_id, info.key), None)
        del self._runs[info.id]

    def _stop_event(self, worker: str) -> asyncio.Event:
        return self._stops.setdefault(worker, asyncio.Event())


async def _wait(run: _Run, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()
    run.waiters.add(future)
    timer = loop.call_later(seconds, _tell, future)
    try:
        await future
    finally:
        timer.cancel()
        run.waiters.discard(future)


def _wake(run: _Run) -> None:
    for future in run.waiters:
        _tell(future)


def _tell(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
