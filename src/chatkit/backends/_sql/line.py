"""The short way to a SQLite file, for what happens many times a second.

SQLAlchemy's way through an asynchronous driver changes threads at every statement. Opening and ending runs and the frames
of running answers go through a connection and a thread of their own: one change of threads for a whole transaction.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, Final, TypeVar

from chatkit._telemetry import current
from chatkit.backends._sql.appending import Append, decide
from chatkit.backends._sql.log_statements import LogStatements, new_run, run_info
from chatkit.logger import logger
from chatkit.streams import RunBusyError, RunInfo, RunLostError

__all__ = ["SQLiteLine"]

T = TypeVar("T")

_HOLDERS: Final = (
    "SELECT id, worker, state, last, stop FROM chatkit_runs WHERE id IN (SELECT value FROM json_each(?))"
)
_ADD: Final = "INSERT INTO chatkit_frames (run_id, n, data) VALUES (?, ?, ?)"
_ADVANCE: Final = "UPDATE chatkit_runs SET last = ? WHERE id = ?"
_ADVANCE_HELD: Final = f"{_ADVANCE} AND worker = ? AND state = 'running' AND NOT stop AND last = ?"  # all that _HOLDERS tells, and decide
_SLOW: Final = 0.01
"""Seconds that a write may take in the thread of the event loop. After two slower ones the next are left to the other
thread; a single one is as likely to tell of a busy processor, for which another thread would be more work still."""
_FIRST_REST, _LONGEST_REST = 1.0, 60.0
_TOLD_AT_ONCE: Final = 16
_MOVE_AFTER: Final = 1000
"""Pages, about, that are written to the write-ahead log before they are moved into the file."""
_MOVE_ATTEMPTS: Final = 5


class SQLiteLine:
    """One connection to a SQLite file in a thread of its own.

    :param path: the file, whose tables are there.
    :param statements: those of SQLite.
    """

    def __init__(self, path: str, statements: LogStatements) -> None:
        self._path = path
        self._sql = {
            name: str(getattr(statements, name))
            for name in ("info", "by_key", "active", "open", "close", "stops", "renew")
        }
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self._near: sqlite3.Cursor | None = None
        self._resting_until, self._rest, self._was_slow = 0.0, _FIRST_REST, False
        self._untold: list[float] = []
        self._grown = 0
        self._moving: asyncio.Future[None] | None = None

    async def append(self, batch: Sequence[Append]) -> tuple[list[int | Exception], list[str]]:
        """Write a batch in one transaction.

        :returns: what :func:`decide` says of each, and which of the runs were asked to stop.
        :raises sqlite3.Error: nothing was written.
        """
        self._grow(sum(_pages(append.frames) for append in batch))
        return await self._told(lambda connection: _append(connection, batch))

    def append_now(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> bool:
        """Write the next frames of one run in the thread that asks, which for a few frames costs less than to wake another.

        Waits for nobody: not for another writer, and no longer for a disk that has shown to be slow.

        :returns: whether they were written. When they were, the worker holds the run and nobody has asked to stop it.
        """
        self._grow(_pages(frames))
        return self._now(lambda near: _append_held(near, run_id, worker, first, frames)) or False

    def append_all_now(self, batch: Sequence[Append]) -> tuple[list[int | Exception], list[str]] | None:
        """As :meth:`append`, in the thread that asks; None when nothing was written."""
        self._grow(sum(_pages(append.frames) for append in batch))
        return self._now(lambda near: _append(near.connection, batch))

    def stops_now(self, worker: str) -> Sequence[str] | None:
        """As :meth:`stops`, in the thread that asks; None when that cannot be told without waiting."""
        try:
            return [row[0] for row in self._here().execute(self._sql["stops"], {"worker": worker})]
        except sqlite3.Error:
            return None

    async def open(self, values: dict[str, Any]) -> tuple[RunInfo, bool]:
        """Open a run, and say whether it is new.

        :raises RunBusyError: its thread or its key is taken.
        """

        def work(connection: sqlite3.Connection) -> tuple[RunInfo, bool]:
            known = self._one(connection, "info", values)
            if known is not None and known.worker == values["worker"]:
                return known, False
            if known is None and values["key"] is not None:
                known = self._one(connection, "by_key", values)
            if known is None and values["exclusive"]:
                known = self._one(connection, "active", values)
            if known is not None:
                raise RunBusyError(known)
            connection.execute(self._sql["open"], values)
            return new_run(values), True

        return await self._told(lambda connection: _transaction(connection, work))

    async def close_run(self, values: dict[str, Any]) -> None:
        """End a run; :raises RunLostError: it is not its worker's, or ended otherwise."""

        def work(connection: sqlite3.Connection) -> None:
            if connection.execute(self._sql["close"], values).rowcount == 1:
                return
            found = self._one(connection, "info", values)
            if found is None or (found.worker, found.state) != (values["worker"], values["state"]):
                raise RunLostError(values["id"])

        await self._told(lambda connection: _transaction(connection, work))

    async def renew(self, values: dict[str, Any]) -> Sequence[str]:
        """Extend the lease of a worker's runs; gives those it holds."""
        statement = self._sql["renew"]
        return await self._told(
            lambda connection: _transaction(
                connection, lambda _: [row[0] for row in connection.execute(statement, values).fetchall()]
            )
        )

    async def stops(self, worker: str) -> Sequence[str]:
        """The running runs of a worker that were asked to stop."""
        statement = self._sql["stops"]
        return await self._run(
            lambda connection: [row[0] for row in connection.execute(statement, {"worker": worker})]
        )

    def _one(self, connection: sqlite3.Connection, name: str, values: dict[str, Any]) -> RunInfo | None:
        cursor = connection.execute(self._sql[name], values)
        row = cursor.fetchone()
        if row is None:
            return None
        names = [column[0] for column in cursor.description]
        return run_info(SimpleNamespace(**dict(zip(names, row, strict=True))))

    async def _told(self, work: Callable[[sqlite3.Connection], T]) -> T:
        began = time.perf_counter()
        try:
            return await self._run(work)
        finally:
            self._untold.append(time.perf_counter() - began)
            self._tell()

    async def close(self) -> None:
        """Close the connection and end the thread."""
        if self._moving is not None:
            await asyncio.wait({self._moving})
        if self._near is not None:
            self._near.connection.close()
            self._near = None

        def end() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        if self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, end)
            self._thread.shutdown()
            self._thread = None

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="chatkit log")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("PRAGMA foreign_keys=ON")
            self._connection.execute("PRAGMA wal_autocheckpoint=0")
        return work(self._connection)

    def _now(self, work: Callable[[sqlite3.Cursor], T]) -> T | None:
        began = time.perf_counter()
        if began < self._resting_until:
            return None
        try:
            return work(self._here())
        except sqlite3.Error:
            return None
        finally:
            self._note_time(time.perf_counter() - began)

    def _here(self) -> sqlite3.Cursor:
        """For what does not wait: a connection that gives up at once where another one writes."""
        if self._near is None:
            near = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            near.execute("PRAGMA synchronous=NORMAL")
            near.execute("PRAGMA wal_autocheckpoint=0")
            self._near = near.cursor()
        return self._near

    def _grow(self, pages: int) -> None:
        """Have the write-ahead log moved into the file now and then: by a thread of its own, since it waits for the disk."""
        self._grown += pages
        if self._grown >= _MOVE_AFTER and (self._moving is None or self._moving.done()):
            self._grown = 0
            self._moving = asyncio.get_running_loop().run_in_executor(None, self._move)

    def _move(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            for _ in range(_MOVE_ATTEMPTS):  # once all is moved, the next write begins the log anew
                _, written, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if written == moved:
                    return
        except sqlite3.Error as error:
            logger.warning("The write-ahead log of %s stays as it is for now: %s", self._path, error)
        finally:
            connection.close()

    def _note_time(self, seconds: float) -> None:
        self._untold.append(seconds)
        if len(self._untold) >= _TOLD_AT_ONCE:
            self._tell()
        slow = seconds > _SLOW
        if slow and self._was_slow:
            self._resting_until = time.perf_counter() + self._rest
            self._rest = min(self._rest * 2, _LONGEST_REST)
        elif not slow:
            self._rest = _FIRST_REST
        self._was_slow = slow

    def _tell(self) -> None:
        """Say how long what was written lately took. Seldom, because a lone answer's processor has slept before each write."""
        here, self._untold, times = current.get(), [], self._untold
        if here is not None:
            here.add("chatkit.statements", len(times), verb="other")
            for seconds in times:
                here.observe("chatkit.statement.duration", seconds)


def _pages(frames: Sequence[bytes]) -> int:
    """How many pages some frames of a run change, about."""
    return 1 + len(frames) + sum(map(len, frames)) // 4096


def _transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return result


def _append(
    connection: sqlite3.Connection, batch: Sequence[Append]
) -> tuple[list[int | Exception], list[str]]:
    def work(_: sqlite3.Connection) -> tuple[list[int | Exception], list[str]]:
        ids = json.dumps(sorted({append.run_id for append in batch}))
        held = connection.execute(_HOLDERS, (ids,)).fetchall()
        decided = decide([row[:4] for row in held], batch)
        if decided.rows:
            connection.executemany(_ADD, decided.rows)
            connection.executemany(_ADVANCE, decided.last)
        return decided.results, [row[0] for row in held if row[4]]

    return _transaction(connection, work)


def _append_held(
    cursor: sqlite3.Cursor, run_id: str, worker: str, first: int, frames: Sequence[bytes]
) -> bool:
    execute, before = cursor.execute, first - 1
    execute("BEGIN IMMEDIATE")
    try:
        held = execute(_ADVANCE_HELD, (before + len(frames), run_id, worker, before)).rowcount == 1
        if held:
            for n, data in enumerate(frames, first):
                execute(_ADD, (run_id, n, data))
        execute("COMMIT")
    except BaseException:
        execute("ROLLBACK")
        raise
    return held
