"""One database: its engine, its migrations, and transactions that survive a lost connection."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from chatkit.backends._sql.address import driver_options, parse_url
from chatkit.backends._sql.unavailable import is_away, unavailable
from chatkit.backends._sql.watching import watch_statements

__all__ = ["DATABASE_ERRORS", "Database", "parse_url"]

T = TypeVar("T")

DATABASE_ERRORS: tuple[type[Exception], ...] = (SQLAlchemyError, OSError)
"""What a database that does not answer raises."""

_MIGRATION_LOCK = 0x63686174  # an arbitrary number that only this project's migrations take
_ATTEMPTS = 4
_WAL_PATIENCE = 30.0
_WRITE = "chatkit_write"


class Database:
    """An engine that migrates itself on first use."""

    def __init__(self, url: str | Path, **engine_options: Any) -> None:
        self.url = parse_url(url)
        self.sqlite = self.url.drivername.startswith("sqlite")
        self.engine = _create_engine(self.url, engine_options)
        self._started = False
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Bring the tables to the newest migration, once.

        :raises StoreUnavailableError: the database cannot be used.
        """
        if self._started:
            return
        async with self._starting:
            if not self._started:
                try:
                    await self._retrying(self._migrate)
                except DATABASE_ERRORS as error:
                    raise unavailable(error, self.url) from error
                self._started = True

    async def close(self) -> None:
        """Close every connection. The next call opens new ones."""
        await self.engine.dispose()

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run ``work`` on a connection; it sees one state of the data."""
        await self.start()

        async def attempt() -> T:
            async with self.engine.connect() as connection:
                return await work(connection)

        return await self._reached(attempt)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run ``work`` in a transaction: all of it is kept, or none."""
        await self.start()

        async def attempt() -> T:
            async with self.engine.connect() as plain:
                connection = await plain.execution_options(**{_WRITE: True})
                async with connection.begin():
                    return await work(connection)

        return await self._reached(attempt)

    async def revisions(self) -> tuple[str | None, str | None]:
        """The migration the database is at, and the newest there is.

        :raises StoreUnavailableError: the database cannot be used.
        """

        def current(connection: Connection) -> str | None:
            options = {"version_table": "chatkit_migrations"}
            return MigrationContext.configure(connection, opts=options).get_current_revision()

        try:
            async with self.engine.connect() as connection:
                at = await connection.run_sync(current)
        except DATABASE_ERRORS as error:
            raise unavailable(error, self.url) from error
        return at, ScriptDirectory.from_config(_alembic(None)).get_current_head()

    async def _reached(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._retrying(attempt)
        except DATABASE_ERRORS as error:
            if is_away(error, sqlite=self.sqlite):
                raise unavailable(error, self.url) from error
            raise

    async def _retrying(self, attempt: Callable[[], Awaitable[T]]) -> T:
        # A restarted database breaks every pooled connection at once; the work is repeated on a new one.
        for again in range(_ATTEMPTS - 1):
            try:
                return await attempt()
            except (DBAPIError, OSError) as error:
                if not _connection_lost(error):
                    raise
                await asyncio.sleep(0.1 * 3**again)
        return await attempt()

    async def _migrate(self) -> None:
        if self.sqlite:
            _make_file(self.url.database or ":memory:")
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(**{_WRITE: True})
            async with connection.begin():
                if not self.sqlite:  # SQLite's write transaction already keeps other processes out
                    await connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                    )
                await connection.run_sync(lambda sync: command.upgrade(_alembic(sync), "head"))


def _make_file(file: str) -> None:
    if file == ":memory:" or file.startswith("file:"):
        return
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    try:
        sqlite3.connect(file).close()  # the driver's thread would outlive an opening that fails
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _alembic(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _create_engine(url: URL, options: dict[str, Any]) -> AsyncEngine:
    if not url.drivername.startswith("sqlite"):
        _require_driver("asyncpg", "postgres")
        url, connecting = driver_options(url)
        connecting.update(options.pop("connect_args", {}))
        defaults = {"pool_pre_ping": False, "pool_recycle": 1800, "connect_args": connecting}
        engine = create_async_engine(url, **{**defaults, **options})
        watch_statements(engine.sync_engine)
        return engine
    if url.database in (None, "", ":memory:"):
        # Each connection would be a database of its own, so there is one, and it stays open.
        options = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0, **options}
    engine = create_async_engine(url, **options)
    _prepare_sqlite(engine.sync_engine)
    watch_statements(engine.sync_engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes late and only before some statements; ours (below) is always there.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            _use_wal(cursor)
            cursor.execute("PRAGMA busy_timeout=30000")
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA foreign_keys=ON")
        except BaseException:  # nobody else knows of this connection: its thread would stay
            connection.close()
            raise
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later can lose the race for the lock without waiting for it.
        if connection.get_execution_options().get(
            "chatkit_plain"
        ):  # VACUUM does not run inside a transaction
            return
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _use_wal(cursor: Any) -> None:
    """Switch the file to a write-ahead log.

    Of several that begin on a new file at once, each may hold what another waits for. So the waits are short, and whoever
    waited in vain lets go before trying again.
    """
    until = time.monotonic() + _WAL_PATIENCE
    cursor.execute("PRAGMA busy_timeout=100")
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        else:
            return


def _connection_lost(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _connection_lost_text(error)
    return isinstance(error, ConnectionError | TimeoutError)


def _connection_lost_text(error: DBAPIError) -> bool:
    message = str(error.orig)
    return any(
        sign in message
        for sign in ("the database system is", "connection was closed", "terminating connection")
    )


def _require_driver(module: str, extra: str) -> None:
    try:
        __import__(module)
    except ImportError as error:
        raise ImportError(
            f"{module} is not installed; this database needs it. Run: pip install 'chatkit-selfhost[{extra}]'"
        ) from error
