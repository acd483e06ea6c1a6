"""What the verbs about a database share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer

from chatkit.errors import ChatKitError
from chatkit.settings import load_settings

__all__ = ["DatabaseOption", "with_store"]

T = TypeVar("T")

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="Address or file of the database; by default that of the settings."),
]


def with_store(database: str | None, work: Callable[[Any], Awaitable[T]]) -> T:
    """Open the database, do the work, close it.

    :raises ChatKitError: the database cannot be opened.
    """
    from chatkit.backends._sql.unavailable import unavailable
    from chatkit.backends.sql import DATABASE_ERRORS, SQLStore

    address = load_settings(database=database).values.database

    async def opened() -> T:
        try:
            store = cast(Any, SQLStore(address))
        except ValueError as error:
            raise ChatKitError("cli.database", str(error)) from error
        try:
            return await work(store)
        except DATABASE_ERRORS as error:
            raise unavailable(error, store.database.url) from error
        finally:
            await store.close()

    return asyncio.run(opened())


def existing(database: str | None) -> str:
    """The address of a database that is there: reading from a mistyped file must not make a new one.

    :raises ChatKitError: it is a SQLite file that does not exist.
    """
    from chatkit.backends._sql.database import parse_url

    address = load_settings(database=database).values.database
    try:
        url = parse_url(address)
    except ValueError as error:
        raise ChatKitError("cli.database", str(error)) from error
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
        raise ChatKitError(
            "cli.database", f"There is no database {url.database}.", hint="Name it with --database."
        )
    return address
