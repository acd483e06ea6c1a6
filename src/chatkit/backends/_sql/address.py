"""Addresses of databases, as they are written by hosts and by people."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

__all__ = ["driver_options", "parse_url"]

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_FORMS: Final = "sqlite:///file.db or postgresql://user@host/name"
_LIBPQ: Final = frozenset(
    {
        "sslmode",
        "sslcert",
        "sslkey",
        "sslrootcert",
        "sslcrl",
        "sslpassword",
        "sslnegotiation",
        "ssl_min_protocol_version",
        "ssl_max_protocol_version",
        "target_session_attrs",
        "application_name",
        "options",
        "passfile",
        "service",
        "krbsrvname",
        "gsslib",
    }
)
_NOT_OURS: Final = frozenset({"channel_binding", "gssencmode", "pgbouncer"})
"""What hosts put into addresses for other drivers; asyncpg decides these by itself or has no need of them."""


def parse_url(url: str | Path) -> URL:
    """Read a database address: ``sqlite:///chat.db``, ``postgresql://user:secret@host/name`` or a file's path.

    :raises ValueError: it cannot be read, or is of a database that is not supported.
    """
    written = str(url)
    if "://" not in written:
        return URL.create("sqlite+aiosqlite", database=written)
    try:
        parsed = make_url(written)
    except (ValueError, ArgumentError) as error:
        scheme = written.partition("://")[0]  # the rest may hold a password
        raise ValueError(
            f"The database address {scheme}://… cannot be read; write {_FORMS}, "
            "with %-codes for special signs in a password"
        ) from error
    driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver not in _DRIVERS.values():
        raise ValueError(f"The database address starts with {parsed.drivername!r}; use {_FORMS}")
    if driver.startswith("sqlite") and parsed.host:
        raise ValueError(
            f"sqlite://{parsed.host} has two slashes; write sqlite:///{parsed.host} for a file in this folder, "
            "and four slashes for a path from the root"
        )
    return parsed.set(drivername=driver)


def driver_options(url: URL) -> tuple[URL, dict[str, Any]]:
    """The address without what libpq alone understands, and that for asyncpg: hosts give ``?sslmode=require``.

    :raises ValueError: an option that nobody understands.
    """
    connect: Any = import_module("asyncpg").connect
    known = {"host", "port", *inspect.signature(connect).parameters}
    kept: dict[str, Any] = {}
    libpq: dict[str, str] = {}
    options: dict[str, Any] = {}
    for name, value in url.query.items():
        if name in _LIBPQ:
            libpq[name] = value if isinstance(value, str) else value[-1]
        elif name == "connect_timeout":
            options["timeout"] = _seconds(value)
        elif name in known or name.startswith("prepared_statement_"):
            kept[name] = value
        elif name not in _NOT_OURS:
            raise ValueError(f"The database address has an option {name!r}, which PostgreSQL does not know")
    if libpq:
        options["dsn"] = f"postgresql://?{urlencode(libpq)}"
    return url.set(query=kept), options


def _seconds(value: str | tuple[str, ...]) -> float:
    try:
        return float(value if isinstance(value, str) else value[-1])
    except ValueError as error:
        raise ValueError("connect_timeout in the database address is no number of seconds") from error
