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

from chatkit._telemetry import tell, time_it
from chatkit.backends._sql.appending import Append, decide
from chatkit.backends._sql.log_statements import LogStatements, new_run, run_info
from chatkit.streams import RunBusyError, RunInfo, RunLostError

__all__ = ["SQLiteLine"]

T = TypeVar("T")

_HOLDERS: Final = (
    "SELECT id, worker, state, last FROM chatkit_runs WHERE id IN (SELECT value FROM json_each(?))"
)
_ADD: Final = "INSERT INTO chatkit_frames (run_id, n, data) VALUES (?, ?, ?)"
_ADVANCE: Final = "UPDATE chatkit_runs SET last = ? WHERE id = ?"


class SQLiteLine:
    """One connection to a SQLite file in a thread of its own.

    :param path: the file, whose tables are there.
    :param statements: those of SQLite.
    """

    def __init__(self, path: str, statements: LogStatements) -> None:
        self._path = path
        self._sql = {
            name: str(getattr(statements, name))
            for name in ("info", "by_key", "active", "open", "close", "stops")
        }
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def append(self, batch: Sequence[Append]) -> list[int | Exception]:
        """Write a batch in one transaction; gives what :func:`decide` says of each.

        :raises sqlite3.Error: nothing was written.
        """
        return await self._told(lambda connection: _append(connection, batch))

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
            tell("chatkit.statements", verb="other")
            time_it("chatkit.statement.duration", time.perf_counter() - began)

    async def close(self) -> None:
        """Close the connection and end the thread."""

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
        return work(self._connection)


def _transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return result


def _append(connection: sqlite3.Connection, batch: Sequence[Append]) -> list[int | Exception]:
    def work(_: sqlite3.Connection) -> list[int | Exception]:
        ids = json.dumps(sorted({append.run_id for append in batch}))
        decided = decide(connection.execute(_HOLDERS, (ids,)).fetchall(), batch)
        if decided.rows:
            connection.executemany(_ADD, decided.rows)
            connection.executemany(_ADVANCE, decided.last)
        return decided.results

    return _transaction(connection, work)
