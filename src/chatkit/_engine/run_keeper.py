"""The runs of one process: opening, reading, stopping and burying them in the stream log."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from chatkit._engine.burying import bury
from chatkit._engine.claims import busy
from chatkit._engine.faults import DrainingError
from chatkit._engine.host import Host
from chatkit._engine.notes import is_note
from chatkit._engine.run_work import RunWork
from chatkit._engine.turn import Opening
from chatkit._ids import new_id
from chatkit._telemetry import apart
from chatkit.errors import ChatKitError
from chatkit.logger import logger
from chatkit.streams import (
    Chunk,
    Frame,
    RunBusyError,
    RunInfo,
    RunNotFoundError,
    StreamLog,
    StreamLogUnavailableError,
)
from chatkit.types import ChatKitReq

__all__ = ["PING", "RunKeeper"]

_T = TypeVar("_T")

PING: Final = b": ping\n\n"
"""A sign of life in a stream that is silent."""

_TRIM_EVERY: Final = 60.0
_COMPACT_AFTER: Final = 30.0
_LOOK: Final = 1.0
_MOMENT: Final = 0.1
_LOG_PATIENCE: Final = 20.0
_AGAIN: Final = 0.2
_DOUBT: Final = 0.4
"""Part of a lease in which the beat of a living worker must move: more than the third after which it renews."""
_AFTER_ALL: Final = 1 << 60
_END_PATIENCE: Final = 5.0
_MOST_ATTEMPTS: Final = 20


class RunKeeper:
    """Keeps the runs of one process alive in the log, and ends those of processes that died."""

    def __init__(
        self,
        host: Host[Any],
        log: StreamLog,
        *,
        lease: float,
        window: float,
        keep_frames: float,
        keep_records: float,
    ) -> None:
        self._host, self._log = host, log
        self._lease, self._window = lease, window
        self._keep_frames, self._keep_records = keep_frames, keep_records
        self._worker = new_id("worker")
        self._works: dict[str, RunWork] = {}
        self._tending: asyncio.Task[None] | None = None
        self._side: set[asyncio.Task[Any]] = set()
        self._lines: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._draining = self._closed = False
        self._openings, self._opened = 0, asyncio.Event()
        self._trimmed = 0.0

    @property
    def running(self) -> int:
        """How many runs are under way here."""
        return len(self._works)

    @contextmanager
    def opening(self) -> Generator[None]:
        """Let a drain wait for the run that is being opened: it has its time to end, like those under way.

        :raises DrainingError: when no more runs begin here.
        """
        if self._draining:
            raise DrainingError
        self._openings += 1
        try:
            yield
        finally:
            self._openings -= 1
            self._opened.set()

    # ── beginning and ending ───────────────────────────────────────────────────────────────────────────────────

    async def open(
        self, run_id: str, owner: str, thread_id: str, key: str | None, *, exclusive: bool
    ) -> RunInfo:
        """Open a run in the log, held by this process."""
        return await self._log.open(
            run_id,
            owner=owner,
            thread_id=thread_id,
            worker=self._worker,
            lease=self._lease,
            key=key,
            exclusive=exclusive,
        )

    def begin(self, run_id: str, request: ChatKitReq, opening: Opening[Any], context: Any) -> None:
        """Let the turn of an opened run begin, in a task of its own."""
        work = RunWork(
            self._host,
            self._log,
            run_id,
            self._worker,
            request=request,
            opening=opening,
            context=context,
            window=self._window,
            on_lost=lambda: self._look_after_loss(run_id),
        )
        self._works[run_id] = work
        work.start(self._forget_work)
        if self._tending is None or self._tending.done():
            self._tending = asyncio.get_running_loop().create_task(
                self._tend(), name="chatkit runs", context=apart()
            )

    def _forget_work(self, ended: RunWork) -> None:
        self._works.pop(ended.run_id, None)

    def stop_here(self, run_id: str) -> None:
        """Stop a run, if it is one of this process."""
        work = self._works.get(run_id)
        if work is not None:
            work.stop()

    async def stop(self, run: RunInfo, context: Any) -> None:
        """Stop a run wherever it is."""
        if run.id in self._works:
            self.stop_here(run.id)
            return
        await self._log.request_stop(run.id)
        if self.looks_dead(run):
            self._aside(self.bury_if_dead(run, context))

    async def wait_for_end(self, run_id: str) -> None:
        """Wait until a run has ended, but not for long."""
        work = self._works.get(run_id)
        if work is not None:
            await asyncio.wait({asyncio.ensure_future(work.ended())}, timeout=_END_PATIENCE)
            return
        until = asyncio.get_running_loop().time() + _END_PATIENCE
        while (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                chunk = await self._log.read(run_id, _AFTER_ALL, wait=min(left, _LOOK))
            except RunNotFoundError:
                return
            if chunk.state != "running":
                return

    async def drain(self, seconds: float) -> None:
        """Begin no more runs; end those that are not done in time as interrupted."""
        self._draining = True
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (self._works or self._openings) and (left := until - clock()) > 0:
            if self._openings:
                self._opened.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._opened.wait(), left)
            else:
                await self._ended(left)
        for work in list(self._works.values()):
            work.stop("interrupted")
        await self._ended(_END_PATIENCE)

    async def _ended(self, seconds: float) -> None:
        tasks = [asyncio.ensure_future(work.ended()) for work in self._works.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def aclose(self) -> None:
        """Let go of everything."""
        self._closed = True
        tasks = [*self._side, *([self._tending] if self._tending else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _aside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._side.add(task)
        task.add_done_callback(self._side.discard)

    # ── tending ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _tend(self) -> None:
        """While runs are under way: hear of stops, renew the leases, and clear what has become old."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        pause = self._lease / 3
        while self._works:
            try:
                for run_id in await self._log.wait_stops(
                    self._worker, max(renewed + pause - loop.time(), 0.0)
                ):
                    self.stop_here(run_id)
                if loop.time() >= renewed + pause:
                    renewed = loop.time()
                    await self._renew()
                    await self._trim()
            except ChatKitError as error:
                logger.warning("The stream log is away: %s", error)
                await asyncio.sleep(min(pause, _LOOK))

    async def _renew(self) -> None:
        mine = list(self._works.items())
        held = set(await self._log.renew(self._worker, self._lease))
        for run_id, work in mine:
            if run_id not in held:
                await self._after_loss(work)

    def _look_after_loss(self, run_id: str) -> None:
        work = self._works.get(run_id)
        if work is not None:
            self._aside(self._after_loss(work))

    async def _after_loss(self, work: RunWork) -> None:
        """The log no longer takes the frames of a run. If another worker has it, or it was ended, ours ends.

        If the log has merely forgotten it, the turn goes on without: what it says is stored all the same.
        """
        try:
            run = await self._log.info(work.run_id)
        except ChatKitError as error:
            logger.warning("Run %s goes on without the stream log: %s", work.run_id, error)
            return
        if run.worker != self._worker or not run.running:
            work.stop("lost")

    async def _trim(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._trimmed >= _TRIM_EVERY:
            self._trimmed = now
            await self._log.trim(frames_after=self._keep_frames, records_after=self._keep_records)
            await self._log.compact(after=_COMPACT_AFTER, until=self._keep_frames)

    # ── waiting for a thread ───────────────────────────────────────────────────────────────────────────────────

    async def in_line(self, owner: str, thread_id: str, work: Callable[[], Awaitable[_T]]) -> _T:
        """Do something in the order of asking, among those of this process who want the same thread."""
        lock = self._lines.get((owner, thread_id))
        if lock is None:
            lock = self._lines[owner, thread_id] = asyncio.Lock()
        async with lock:
            return await work()

    async def wait_for_thread(
        self, owner: str, thread_id: str, context: Any, *, stop: bool, seconds: float
    ) -> None:
        """Return when no run has the thread.

        :param stop: whether to stop the run that has it.
        :raises ThreadStateError: `thread.busy`, when it is not free in time.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (run := await self._log.active(owner, thread_id)) is not None:
            if stop:
                await self.stop(run, context)
            if self.looks_dead(run):
                await self.bury_if_dead(run, context)
                continue
            left = until - loop.time()
            if left <= 0:
                raise busy(thread_id)
            await self._wait_for_news(run.id, min(left, _LOOK))

    async def _wait_for_news(self, run_id: str, seconds: float) -> None:
        try:
            await self._log.read(run_id, _AFTER_ALL, wait=seconds)
        except RunNotFoundError:
            return

    # ── the dead ───────────────────────────────────────────────────────────────────────────────────────────────

    def looks_dead(self, run: RunInfo) -> bool:
        """Whether a run's worker has not been heard of for too long."""
        return run.running and run.expires_in <= 0 and run.worker != self._worker

    async def bury_if_dead(self, run: RunInfo, context: Any) -> None:
        """End a run whose worker is dead. One whose clock merely jumped is left alone: its beat goes on."""
        if not self.looks_dead(run):
            return
        await self._wait_for_news(run.id, self._lease * _DOUBT)
        try:
            again = await self._log.info(run.id)
        except RunNotFoundError:
            return
        if again.beat != run.beat or not self.looks_dead(again):
            return
        if not await self._log.take_over(run.id, self._worker, lease=self._lease * 3, beat=again.beat):
            return
        logger.warning("Run %s of thread %s was interrupted: its worker is gone", run.id, run.thread_id)
        try:
            await bury(self._host, self._log, again, self._worker, context)
        except Exception as error:
            logger.error("What run %s had said could not be kept", run.id, exc_info=error)
            await self._log.close(run.id, self._worker, "interrupted")

    # ── reading ────────────────────────────────────────────────────────────────────────────────────────────────

    async def tail(
        self, run_id: str, after: int, context: Any, heartbeat: float
    ) -> AsyncGenerator[bytes, None]:
        """The frames of a run after one, as server-sent events, until its end; `PING` when nothing came for a while."""
        clock = asyncio.get_running_loop().time
        wait, heard = heartbeat if run_id in self._works else 0.0, clock()
        while not self._closed:
            chunk = await self._read_at_last(run_id, after, wait)
            if chunk is None:
                return
            if chunk.frames:
                after, heard = chunk.frames[-1].n, clock()
                yield _framed(run_id, chunk.frames)
            if chunk.state != "running" and (not chunk.frames or after >= chunk.last):
                return
            if not chunk.frames:
                wait = min(heartbeat, await self._look_after(run_id, context))
                if clock() - heard >= heartbeat:
                    heard = clock()
                    yield PING

    async def _read_at_last(self, run_id: str, after: int, wait: float) -> Chunk | None:
        """A read, trying again while the log is away; None when the run is unknown."""
        until = asyncio.get_running_loop().time() + _LOG_PATIENCE
        while True:
            try:
                return await self._log.read(run_id, after, wait=wait)
            except RunNotFoundError:
                return None
            except StreamLogUnavailableError:
                if asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(_AGAIN)

    async def _look_after(self, run_id: str, context: Any) -> float:
        """End a run whose worker is dead; gives the seconds after which to look again."""
        if run_id in self._works:
            return math.inf
        try:
            run = await self._log.info(run_id)
        except (RunNotFoundError, StreamLogUnavailableError):
            return 0.0
        if self.looks_dead(run):
            await self.bury_if_dead(run, context)
            return 0.0
        return run.expires_in + _MOMENT if run.running and run.worker != self._worker else math.inf

    # ── once ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def once(
        self, owner: str, thread_id: str, key: str, perform: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """Perform something once for its key, and give the same answer to whoever asks again.

        What failed may be tried again under the same key.
        """
        for attempt in range(_MOST_ATTEMPTS):
            run_id = new_id("run")
            name = key if attempt == 0 else f"{key}#{attempt}"
            try:
                await self.open(run_id, owner, thread_id, name, exclusive=False)
            except RunBusyError as error:
                answer = await self._answer_of(error.run.id)
                if answer is None:
                    continue
                return answer
            return await self._perform(run_id, perform)
        raise busy(thread_id)

    async def _perform(self, run_id: str, perform: Callable[[], Awaitable[bytes]]) -> bytes:
        done = False
        try:
            answer = await perform()
            await self._log.append(run_id, self._worker, 1, [answer])
            done = True
            return answer
        finally:
            await self._log.close(run_id, self._worker, "done" if done else "failed")

    async def _answer_of(self, run_id: str) -> bytes | None:
        """The answer of a run that is performed elsewhere; None when it failed."""
        until = asyncio.get_running_loop().time() + self._host.overlap_wait
        while (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                chunk = await self._log.read(run_id, 0, wait=min(left, _LOOK))
            except RunNotFoundError:
                return None
            if chunk.frames:
                return chunk.frames[0].data
            if chunk.state != "running":
                return None
        return None

    async def remember(self, owner: str, thread_id: str, key: str, value: bytes) -> bytes | None:
        """Keep a value under a key, as the only frame of a run of its own; gives the value kept there before."""
        run_id = new_id("run")
        try:
            await self.open(run_id, owner, thread_id, key, exclusive=False)
        except RunBusyError as error:
            return await self._answer_of(error.run.id)
        await self._log.append(run_id, self._worker, 1, [value])
        await self._log.close(run_id, self._worker, "done")
        return None

    async def recall(self, owner: str, thread_id: str, key: str) -> bytes | None:
        """The value that was kept under a key."""
        run = await self._log.find(owner, thread_id, key)
        return None if run is None else await self._answer_of(run.id)


def _framed(run_id: str, frames: Sequence[Frame]) -> bytes:
    name = run_id.encode()
    return b"".join(
        b"id: %b:%d\n\n" % (name, n) if is_note(data) else b"id: %b:%d\ndata: %b\n\n" % (name, n, data)
        for n, data in frames
    )
