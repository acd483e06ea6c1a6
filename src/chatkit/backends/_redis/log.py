"""The stream log over redis-py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatkit._packing import pack
from chatkit._telemetry import apart
from chatkit.backends._packed import numbered
from chatkit.backends._redis import scripts as lua
from chatkit.backends._redis.watching import watched
from chatkit.backends._tails import Tails
from chatkit.backends._waiters import Waiters
from chatkit.streams import (
    Chunk,
    Frame,
    RunBusyError,
    RunInfo,
    RunLostError,
    RunNotFoundError,
    RunState,
    StreamLog,
    StreamLogUnavailableError,
)

__all__ = ["RedisStreamLog"]

T = TypeVar("T")

_BLOCK_MS = 1000
_REPEAT = 0.05
_MOST_PACKED = 64
_ALL = 1_000_000
_STEPS = {
    lua.INFO: "info",
    lua.OPEN: "open",
    lua.APPEND: "append",
    lua.CLOSE: "close",
    lua.STOP: "request_stop",
    lua.RENEW: "renew",
    lua.TAKE_OVER: "take_over",
    lua.UNPACKED: "compact",
    lua.COMPACT: "compact",
    lua.TRIM: "trim",
    lua.FORGET: "forget",
}


class RedisStreamLog(StreamLog):
    """A stream log that every worker on every machine shares.

    A process reads what it writes itself from memory. For what others write it keeps one blocking read for all its
    waiting readers.

    :param url: the address, ``redis://[:password@]host:port/db``, or ``rediss://`` for TLS.
    :param prefix: begins every key, so that several apps can share a Redis.
    """

    def __init__(self, url: str, *, prefix: str = "chatkit:") -> None:
        self._url = url
        self._prefix = prefix
        self._redis: Any = Redis.from_url(url, health_check_interval=15)  # pyright: ignore[reportUnknownMemberType]
        self._scripts: dict[str, Any] = {}
        self._waiters = Waiters()
        self._tails = Tails()
        self._reported: dict[str, float] = {}
        self._listener: asyncio.Task[None] | None = None
        self._more = asyncio.Event()

    async def start(self) -> None:
        await self.ping()

    async def aclose(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
            self._listener = None
        self._tails.clear()
        self._waiters.wake_all()
        await self._redis.aclose()

    async def ping(self) -> None:
        await self._guard("ping", "PING", lambda: self._redis.ping())

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
        outcome, found = await self._run(
            lua.OPEN,
            run_id,
            owner,
            thread_id,
            _place(owner, thread_id),
            worker,
            _millis(lease),
            key or "",
            int(exclusive),
        )
        run = _info(found)
        if outcome == b"busy":
            raise RunBusyError(run)
        if outcome == b"new":
            self._tails.begin(run_id, worker)
        return run

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        outcome, number = await self._run(lua.APPEND, run_id, worker, first, *frames)
        if outcome == b"lost":
            self._let_go(run_id)
            raise RunLostError(run_id)
        if outcome == b"gap":
            raise ValueError(f"Frame {first} of run {run_id} would leave a gap: the last one is {number}.")
        tail = self._tails.get(run_id)
        if tail is not None:
            # By number, because two appends may be answered in either order.
            tail.extend(frames[max(0, tail.last + 1 - first) :])
        self._waiters.wake(run_id)

    async def read(self, run_id: str, after: int, *, limit: int = 256, wait: float = 0.0) -> Chunk:
        deadline = time.monotonic() + wait
        while True:
            tail = self._tails.get(run_id)
            chunk = (tail.read(after, limit) if tail else None) or await self._stored(run_id, after, limit)
            left = deadline - time.monotonic()
            if chunk.frames or chunk.state != "running" or left <= 0:
                return chunk
            if run_id not in self._tails:
                self._listen()
            await self._waiters.wait(run_id, max(after, 0), left)

    async def close(self, run_id: str, worker: str, state: RunState) -> None:
        if state == "running":
            raise ValueError("A run is closed with how it ended, not with 'running'.")
        if not await self._run(lua.CLOSE, run_id, worker, state):
            self._let_go(run_id)
            raise RunLostError(run_id)
        self._tails.close(run_id, state)
        self._waiters.wake(run_id)

    async def info(self, run_id: str) -> RunInfo:
        found = await self._find(run_id)
        if found is None:
            raise RunNotFoundError(run_id)
        return found

    async def active(self, owner: str, thread_id: str) -> RunInfo | None:
        return await self._pointed(f"active:{_place(owner, thread_id)}")

    async def find(self, owner: str, thread_id: str, key: str) -> RunInfo | None:
        return await self._pointed(f"key:{_place(owner, thread_id)}:{key}")

    async def request_stop(self, run_id: str) -> bool:
        return bool(await self._run(lua.STOP, run_id))

    async def wait_stops(self, worker: str, wait: float) -> Sequence[str]:
        deadline = time.monotonic() + wait
        while True:
            found = await self._stopped(worker)
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                return ()
            # What is pushed by Stop only wakes; which runs are meant is read from the runs themselves.
            await self._guard(
                "wait_stops",
                "BLPOP",
                lambda left=left: self._redis.blpop([self._key(f"stops:{worker}")], min(left, 5.0)),
            )

    async def renew(self, worker: str, lease: float) -> Sequence[str]:
        held = [i.decode() for i in await self._run(lua.RENEW, worker, _millis(lease))]
        for run_id in set(self._tails.held_by(worker)).difference(held):
            self._let_go(run_id)
        return held

    async def take_over(self, run_id: str, worker: str, *, lease: float, beat: int) -> bool:
        taken = bool(await self._run(lua.TAKE_OVER, run_id, worker, _millis(lease), beat))
        if taken:
            self._let_go(run_id)
        return taken

    async def trim(self, *, frames_after: float, records_after: float) -> int:
        self._tails.drop_closed()
        return await self._run(lua.TRIM, _millis(frames_after), _millis(records_after))

    async def compact(self, *, after: float, until: float) -> int:
        found = await self._run(lua.UNPACKED, _millis(after), _millis(until), _MOST_PACKED)
        packed = 0
        for run_id in (raw.decode() for raw in found):
            frames = await self._frames(run_id, 0, _ALL)
            if frames:
                data = await asyncio.to_thread(pack, [frame.data for frame in frames])
                packed += await self._run(lua.COMPACT, run_id, frames[-1].n, data)
        return packed

    async def forget(self, owner: str, thread_id: str | None = None) -> int:
        ids = await self._guard("forget", "SMEMBERS", lambda: self._redis.smembers(self._key(f"of:{owner}")))
        gone = await self._run(lua.FORGET, owner, thread_id or "", int(thread_id is None))
        for run_id in (i.decode() for i in ids):
            if await self._find(run_id) is None:
                self._let_go(run_id)
        return gone

    # Reading

    async def _stored(self, run_id: str, after: int, limit: int) -> Chunk:
        run = await self.info(run_id)
        frames = await self._frames(run_id, after, limit)
        return Chunk(frames, run.state, max(run.last, frames[-1].n if frames else 0))

    async def _frames(self, run_id: str, after: int, limit: int) -> list[Frame]:
        # "(n-1" is everything after frame n; the entry n-2 is the mark of the end and no frame, n-3 holds a packed run.
        start = f"({max(after, 0)}-1"
        rows = await self._guard(
            "read",
            "XRANGE",
            lambda: self._redis.xrange(self._key(f"frames:{run_id}"), min=start, max="+", count=limit + 1),
        )
        found = [
            (int(entry.split(b"-")[0]), fields.get(b"z") or fields[b"d"])
            for entry, fields in rows
            if b"d" in fields or b"z" in fields
        ]
        return numbered(found, max(after, 0))[:limit]

    async def _find(self, run_id: str) -> RunInfo | None:
        found = await self._run(lua.INFO, run_id)
        return _info(found) if found else None

    async def _pointed(self, key: str) -> RunInfo | None:
        run_id = await self._guard("find", "GET", lambda: self._redis.get(self._key(key)))
        return None if run_id is None else await self._find(run_id.decode())

    async def _stopped(self, worker: str) -> Sequence[str]:
        now = time.monotonic()
        asked: list[str] = []
        held = self._key(f"held:{worker}")
        for raw in await self._guard("wait_stops", "SMEMBERS", lambda: self._redis.smembers(held)):
            run_id = raw.decode()
            key = self._key(f"run:{run_id}")
            if await self._guard("wait_stops", "HGET", lambda key=key: self._redis.hget(key, "stop")) != b"1":
                continue
            if now - self._reported.get(run_id, -1.0) >= _REPEAT:
                self._reported[run_id] = now
                asked.append(run_id)
        self._reported = {i: when for i, when in self._reported.items() if now - when < 60}
        return asked

    # One blocking read for all readers of runs that other processes write

    def _listen(self) -> None:
        self._more.set()
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listening(), context=apart())

    async def _listening(self) -> None:
        await asyncio.sleep(0)
        while runs := [run_id for run_id in self._waiters.runs if run_id not in self._tails]:
            self._more.clear()
            with suppress(StreamLogUnavailableError):
                await self._listen_once(runs)

    async def _listen_once(self, runs: list[str]) -> None:
        """Wait until one of the runs moves, or until another run is to be listened to as well."""
        streams = {self._key(f"frames:{run_id}"): f"{self._waiters.least_seen(run_id)}-1" for run_id in runs}
        reading = asyncio.ensure_future(
            self._guard("wait", "XREAD", lambda: self._redis.xread(streams, count=1, block=_BLOCK_MS))
        )
        another = asyncio.ensure_future(self._more.wait())
        try:
            await asyncio.wait({reading, another}, return_when=asyncio.FIRST_COMPLETED)
            moved: list[Any] = (reading.result() or []) if reading.done() else []
        finally:
            for task in (reading, another):
                task.cancel()
            await asyncio.gather(reading, another, return_exceptions=True)
        start = len(self._key("frames:"))
        for name, _ in moved:
            self._waiters.wake(name.decode()[start:])
        if (
            not moved and not self._more.is_set()
        ):  # nothing for a second: let the readers see whether the run is there still
            for run_id in runs:
                self._waiters.wake(run_id)

    # Redis

    def _key(self, name: str) -> str:
        return self._prefix + name

    def _let_go(self, run_id: str) -> None:
        self._tails.drop(run_id)
        self._waiters.wake(run_id)

    async def _run(self, source: str, *arguments: Any) -> Any:
        script = self._scripts.get(source)
        if script is None:
            script = self._scripts[source] = self._redis.register_script(source)
        return await self._guard(_STEPS[source], "EVALSHA", lambda: script(args=[self._prefix, *arguments]))

    async def _guard(self, step: str, command: str, work: Callable[[], Awaitable[T]]) -> T:
        try:
            with watched(f"chatkit.log {step}", command):
                return await work()
        except (RedisError, OSError) as error:
            raise StreamLogUnavailableError(f"Redis: {error}".rstrip(".")) from error


def _place(owner: str, thread_id: str) -> str:
    # With its length before it, an owner cannot run into a thread's id.
    return f"{len(owner)}:{owner}:{thread_id}"


def _millis(seconds: float) -> int:
    return round(seconds * 1000)


def _info(found: Sequence[bytes]) -> RunInfo:
    pairs = iter(found)
    fields = {name.decode(): value.decode() for name, value in zip(pairs, pairs, strict=True)}
    left = int(fields["expires"]) - int(fields["now"])
    strange = left > int(fields["lease"]) + 1000
    return RunInfo(
        id=fields["id"],
        owner=fields["owner"],
        thread_id=fields["thread"],
        worker=fields["worker"],
        key=fields["key"] or None,
        exclusive=fields["exclusive"] == "1",
        state=fields["state"],  # type: ignore[arg-type]
        last=int(fields["last"]),
        expires_in=0.0 if strange else left / 1000,
        beat=int(fields["beat"]),
    )
