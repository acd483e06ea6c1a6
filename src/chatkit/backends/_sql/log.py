"""The stream log over SQLAlchemy's async Core.

Appends of all runs of a process are written in one transaction. A process reads what it writes itself from memory;
what another one writes it finds by asking, for all its waiting readers at once.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import TextClause
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatkit._packing import pack
from chatkit._telemetry import apart
from chatkit.backends._packed import numbered
from chatkit.backends._sql.appending import Append, decide
from chatkit.backends._sql.database import Database
from chatkit.backends._sql.line import SQLiteLine
from chatkit.backends._sql.log_statements import LogStatements, new_run, run_info
from chatkit.backends._sql.store import SQLStore
from chatkit.backends._sql.unavailable import reason_of
from chatkit.backends._stops import Stops
from chatkit.backends._tails import Tails
from chatkit.backends._waiters import Waiters
from chatkit.store import StoreUnavailableError
from chatkit.streams import (
    Chunk,
    RunBusyError,
    RunInfo,
    RunLostError,
    RunNotFoundError,
    RunState,
    StreamLog,
    StreamLogUnavailableError,
)

__all__ = ["SQLStreamLog"]

T = TypeVar("T")

_POLL = 0.05
_MOST_PACKED = 64
_FEW, _FEW_RUNS = 32_768, 16
"""Bytes of frames, and runs they are of, that may be written in the thread of the event loop."""
_GATHER = 0.003
"""Seconds between the beginnings of two writes: what other runs append meanwhile goes into the same transaction."""


class SQLStreamLog(StreamLog):
    """A stream log beside the threads it belongs to: durable, shared by all processes on the database.

    :param database: the store whose database to use, or the address of a database of its own.
    :param poll: seconds between two looks for what other processes wrote.
    """

    def __init__(self, database: SQLStore[Any] | str | Path, *, poll: float = _POLL) -> None:
        self._shared = isinstance(database, SQLStore)
        self._database = database.database if isinstance(database, SQLStore) else Database(database)
        self._sql = LogStatements(self._database.sqlite)
        self._poll = poll
        self._waiters = Waiters()
        self._tails = Tails()
        self._stops = Stops()
        self._line = _line_of(self._database)
        self._pending: list[Append] = []
        self._written = 0.0
        self._writer: asyncio.Task[None] | None = None
        self._poller: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._guard(self._database.start)

    async def aclose(self) -> None:
        for task in (self._poller, self._writer):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        self._poller = self._writer = None
        self._tails.clear()
        self._waiters.wake_all()
        if self._line is not None:
            await self._line.close()
        if not self._shared:
            await self._database.close()

    async def ping(self) -> None:
        await self._read(lambda connection: connection.exec_driver_sql("SELECT 1"))

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
        values = {
            "id": run_id,
            "owner": owner,
            "thread": thread_id,
            "worker": worker,
            "key": key,
            "exclusive": exclusive,
            "lease": _micros(lease),
            "no": False,
        }

        async def work(connection: AsyncConnection) -> tuple[RunInfo, bool]:
            known = await self._one(connection, self._sql.info, values)
            if known is not None and known.worker == worker:
                return known, False
            if known is None and key is not None:
                known = await self._one(connection, self._sql.by_key, values)
            if known is None and exclusive:
                known = await self._one(connection, self._sql.active, values)
            if known is not None:
                raise RunBusyError(known)
            await connection.execute(self._sql.open, values)
            return new_run(values), True

        line = self._line
        if line is not None:
            await self.start()
            run, new = await self._guard(lambda: line.open(values))
        else:
            try:
                run, new = await self._write(work)
            except (
                IntegrityError
            ):  # another process was first between the look and the insert: now it is seen
                run, new = await self._write(work)
        if new:
            self._tails.begin(run_id, worker)
            self._stops.changed(worker)
        return run

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._pending.append(Append(run_id, worker, first, frames, done))
        if not self._is_writing:
            self._writer = asyncio.create_task(self._write_pending(), context=apart())
        await done

    def append_now(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> bool:
        line, tail, now = self._line, self._tails.get(run_id), _now()
        if line is None or tail is None or tail.last != first - 1 or not frames:
            return False
        if self._pending or self._is_writing or now < self._written + _GATHER:
            return False  # many write: what they write goes into one transaction
        if sum(map(len, frames)) > _FEW:
            return False
        if not line.append_now(run_id, worker, first, frames):
            return False
        self._written = tail.heard = now
        tail.extend(frames)
        self._waiters.wake(run_id)
        if len(self._tails.held_by(worker)) == 1:
            self._stops.heard(worker, now)
        return True

    @property
    def _is_writing(self) -> bool:
        return self._writer is not None and not self._writer.done()

    async def read(self, run_id: str, after: int, *, limit: int = 256, wait: float = 0.0) -> Chunk:
        deadline = time.monotonic() + wait
        while True:
            chunk = self._tail(run_id, after, limit) or await self._stored(run_id, after, limit)
            left = deadline - time.monotonic()
            if chunk.frames or chunk.state != "running" or left <= 0:
                return chunk
            if run_id not in self._tails:
                self._watch()
            await self._waiters.wait(run_id, max(after, 0), left)

    async def close(self, run_id: str, worker: str, state: RunState) -> None:
        if state == "running":
            raise ValueError("A run is closed with how it ended, not with 'running'.")
        values = {"id": run_id, "worker": worker, "state": state}

        async def work(connection: AsyncConnection) -> None:
            if (await connection.execute(self._sql.close, values)).rowcount == 1:
                return
            found = await self._one(connection, self._sql.info, values)
            if found is None or (found.worker, found.state) != (worker, state):
                raise RunLostError(run_id)

        line = self._line
        try:
            await (self._write(work) if line is None else self._guard(lambda: line.close_run(values)))
        except RunLostError:
            self._let_go(run_id)
            raise
        self._tails.close(run_id, state)
        self._waiters.wake(run_id)

    async def info(self, run_id: str) -> RunInfo:
        run = await self._read(lambda connection: self._one(connection, self._sql.info, {"id": run_id}))
        if run is None:
            raise RunNotFoundError(run_id)
        return run

    async def active(self, owner: str, thread_id: str) -> RunInfo | None:
        values = {"owner": owner, "thread": thread_id}
        return await self._read(lambda connection: self._one(connection, self._sql.active, values))

    async def find(self, owner: str, thread_id: str, key: str) -> RunInfo | None:
        values = {"owner": owner, "thread": thread_id, "key": key}
        return await self._read(lambda connection: self._one(connection, self._sql.by_key, values))

    async def request_stop(self, run_id: str) -> bool:
        found = await self._change(self._sql.request_stop, {"id": run_id, "yes": True})
        tail = self._tails.get(run_id)
        if found and tail is not None:
            self._stops.changed(tail.worker)
        return found > 0

    async def wait_stops(self, worker: str, wait: float) -> Sequence[str]:
        async def asked() -> Sequence[str]:
            held, line = set(self._tails.held_by(worker)), self._line
            if not held:
                return ()
            self._tails.hear(held, _now())
            if line is None:
                return await self._ids(self._sql.stops, {"worker": worker}, write=False)
            found = line.stops_now(worker)
            return await self._guard(lambda: line.stops(worker)) if found is None else found

        return await self._stops.wait(worker, wait, asked, lambda: self._tails.unheard(worker))

    async def renew(self, worker: str, lease: float) -> Sequence[str]:
        line, values = self._line, {"worker": worker, "lease": _micros(lease)}
        if line is None:
            held = await self._ids(self._sql.renew, values)
        else:
            await self.start()
            held = await self._guard(lambda: line.renew(values))
        for run_id in set(self._tails.held_by(worker)).difference(held):
            self._let_go(run_id)
        return held

    async def take_over(self, run_id: str, worker: str, *, lease: float, beat: int) -> bool:
        values = {"id": run_id, "worker": worker, "lease": _micros(lease), "beat": beat}
        taken = await self._change(self._sql.take_over, values) == 1
        if taken:
            self._let_go(run_id)
        return taken

    async def trim(self, *, frames_after: float, records_after: float) -> int:
        self._tails.drop_closed()
        gone = await self._erase(self._sql.trim_records, {"age": _micros(records_after)})
        trimmed = await self._erase(self._sql.trim_frames, {"age": _micros(frames_after), "yes": True})
        return len(gone) + len(trimmed)

    async def compact(self, *, after: float, until: float) -> int:
        values = {"after": _micros(after), "until": _micros(until), "limit": _MOST_PACKED}

        async def find(connection: AsyncConnection) -> Sequence[Any]:
            return (await connection.execute(self._sql.unpacked, values)).all()

        packed = [await self._pack(row.id, row.last) for row in await self._read(find)]
        return sum(packed)

    async def _pack(self, run_id: str, last: int) -> bool:
        """Put all frames of a closed run into the row of its last one."""

        async def work(connection: AsyncConnection) -> bool:
            rows = (await connection.execute(self._sql.all_frames, {"id": run_id})).all()
            if [row.n for row in rows] != list(range(1, last + 1)):
                return False  # another worker was first, or the frames are gone
            data = await asyncio.to_thread(pack, [bytes(row.data) for row in rows])
            await connection.execute(self._sql.put_packed, {"id": run_id, "last": last, "data": data})
            await connection.execute(self._sql.drop_packed, {"id": run_id, "last": last})
            return True

        return await self._write(work)

    async def forget(self, owner: str, thread_id: str | None = None) -> int:
        statement = self._sql.forget_owner if thread_id is None else self._sql.forget_thread
        gone = await self._erase(statement, {"owner": owner, "thread": thread_id})
        for run_id in gone:
            self._let_go(run_id)
        return len(gone)

    def _tail(self, run_id: str, after: int, limit: int) -> Chunk | None:
        tail = self._tails.get(run_id)
        return None if tail is None else tail.read(after, limit)

    async def _stored(self, run_id: str, after: int, limit: int) -> Chunk:
        async def work(connection: AsyncConnection) -> Chunk:
            run = await self._one(connection, self._sql.info, {"id": run_id})
            if run is None:
                raise RunNotFoundError(run_id)
            values = {"id": run_id, "after": max(after, 0), "limit": limit}
            rows = (await connection.execute(self._sql.frames, values)).all()
            frames = numbered(rows, after)[:limit]
            return Chunk(frames, run.state, max(run.last, frames[-1].n if frames else 0))

        return await self._read(work)

    def _let_go(self, run_id: str) -> None:
        self._tails.drop(run_id)
        self._waiters.wake(run_id)

    # Writing

    async def _write_pending(self) -> None:
        while self._pending:
            await asyncio.sleep(max(self._written + _GATHER - _now(), 0))
            self._written = _now()
            batch, self._pending = self._pending, []
            try:
                results = await self._append_all(batch)
            except Exception as error:  # whatever it is, it belongs to those who wait for the write
                results = [error] * len(batch)
            except asyncio.CancelledError:
                for append in batch:
                    append.done.cancel()
                raise
            for append, result in zip(batch, results, strict=True):
                self._settle(append, result)

    async def _append_all(self, batch: list[Append]) -> list[int | Exception]:
        if self._line is None:
            return await self._write(lambda connection: self._append(connection, batch))
        line, began = self._line, _now()
        written = line.append_all_now(batch) if _is_little(batch) else None
        if written is None:
            await self.start()
            written = await self._guard(lambda: line.append(batch))
        results, stopped = written
        self._tails.hear({append.run_id for append in batch}, began)
        for append in batch:
            if append.run_id in stopped:
                self._stops.changed(append.worker)
        return results

    async def _append(self, connection: AsyncConnection, batch: list[Append]) -> list[int | Exception]:
        """Write a batch; gives for each append how many of its frames were there already, or why it failed."""
        ids = sorted({append.run_id for append in batch})
        held = (await connection.execute(self._sql.holders, {"ids": ids})).all()
        decided = decide([(row.id, row.worker, row.state, row.last) for row in held], batch)
        if decided.rows:
            rows = [{"id": run_id, "n": n, "data": data} for run_id, n, data in decided.rows]
            await connection.execute(self._sql.add_frames, rows)
            moved = [{"id": run_id, "last": last} for last, run_id in decided.last]
            await connection.execute(self._sql.advance, moved)
        return decided.results

    def _settle(self, append: Append, result: int | Exception) -> None:
        if isinstance(result, int):
            tail = self._tails.get(append.run_id)
            if tail is not None:
                tail.extend(append.frames[result:])
            self._waiters.wake(append.run_id)
        elif isinstance(result, RunLostError):
            self._let_go(append.run_id)
        if append.done.done():
            return
        if isinstance(result, Exception):
            append.done.set_exception(result)
        else:
            append.done.set_result(result)

    # Watching what other processes write

    def _watch(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._look(), context=apart())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._poll)
            runs = [run_id for run_id in self._waiters.runs if run_id not in self._tails]
            if not runs:
                return
            with suppress(StreamLogUnavailableError):
                moved = await self._read(lambda connection, runs=runs: self._movements(connection, runs))
                for run_id in runs:
                    self._waiters.wake(run_id, moved.get(run_id))

    async def _movements(self, connection: AsyncConnection, runs: list[str]) -> dict[str, int]:
        """The last frame of each run that is still running."""
        rows = (await connection.execute(self._sql.movement, {"ids": runs})).all()
        return {row.id: row.last for row in rows if row.state == "running"}

    # The database

    async def _one(
        self, connection: AsyncConnection, statement: Any, values: dict[str, Any]
    ) -> RunInfo | None:
        row = (await connection.execute(statement, _named(statement, values))).first()
        return None if row is None else run_info(row)

    async def _ids(self, statement: Any, values: dict[str, Any], *, write: bool = True) -> Sequence[str]:
        async def work(connection: AsyncConnection) -> Sequence[str]:
            return (await connection.execute(statement, values)).scalars().all()

        return await (self._write(work) if write else self._read(work))

    async def _change(self, statement: Any, values: dict[str, Any]) -> int:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement, values)).rowcount

        return await self._write(work)

    async def _erase(self, statement: Any, values: dict[str, Any]) -> Sequence[str]:
        async def work(connection: AsyncConnection) -> Sequence[str]:
            ids = (await connection.execute(statement, _named(statement, values))).scalars().all()
            if ids:
                await connection.execute(self._sql.drop_frames, {"ids": ids})
            return ids

        return await self._write(work)

    async def _read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        return await self._guard(lambda: self._database.read(work))

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        return await self._guard(lambda: self._database.write(work))

    async def _guard(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except IntegrityError:
            raise
        except StoreUnavailableError as error:
            raise StreamLogUnavailableError(error.reason.rstrip(".")) from error
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StreamLogUnavailableError(reason_of(error)) from error


def _now() -> float:
    return asyncio.get_running_loop().time()


def _is_little(batch: Sequence[Append]) -> bool:
    return len(batch) <= _FEW_RUNS and sum(sum(map(len, append.frames)) for append in batch) <= _FEW


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _named(statement: TextClause, values: dict[str, Any]) -> dict[str, Any]:
    """Only the values the statement has names for."""
    return {name: values[name] for name in statement.compile().params}


def _line_of(database: Database) -> SQLiteLine | None:
    """The short way to a SQLite file; a database in memory has none, for each connection would see another."""
    file = database.url.database
    if not database.sqlite or file in (None, "", ":memory:") or file.startswith("file:"):
        return None
    return SQLiteLine(file, LogStatements(sqlite=True))
