"""What a database that cannot be used says of itself, as one sentence and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from chatkit.store import StoreUnavailableError

__all__ = ["is_away", "reason_of", "unavailable"]

_FILE: Final = (
    ("unable to open database file", "Let this process write to {folder}, or name another file."),
    ("readonly database", "Let this process write to {file} and its folder."),
    ("database or disk is full", "Make room on the disk of {folder}."),
    ("disk i/o error", "Look at the disk of {folder}: it is full or damaged."),
    ("file is not a database", "{file} is a file of another kind: name another one."),
    ("malformed", "{file} is damaged: bring back a backup."),
    ("database is locked", "Another program keeps {file} locked: end it."),
)
_SERVER: Final = (
    ("password authentication failed", "Check the user and the password in the address."),
    ("no password supplied", "Put the password into the address: postgresql://user:password@host/name."),
    ("no pg_hba.conf entry", "Let the server take this user from this machine, or add ?sslmode=require."),
    ("does not exist", "Make the database and the user, or check their names in the address."),
    ("permission denied", "Give the user the right to make tables: GRANT CREATE ON SCHEMA public TO …"),
    (
        "too many clients",
        "Raise max_connections of the server, or lower pool_size and the number of workers.",
    ),
    ("remaining connection slots", "Raise max_connections of the server, or lower pool_size."),
    ("no space left", "Make room on the disk of the server."),
    ("disk full", "Make room on the disk of the server."),
    ("read-only transaction", "Name the primary: this server only reads."),
    ("ssl", "Check sslmode in the address, and what the server speaks."),
)
_LOST: Final = (
    "the database system is",
    "connection was closed",
    "terminating connection",
    "too many clients",
)


def unavailable(error: Exception, url: URL) -> StoreUnavailableError:
    """The error for the operator; it has no password, no statement and no values in it."""
    reason = reason_of(error)
    if url.drivername.startswith("sqlite"):
        file = Path(url.database or ":memory:")
        for sign, cure in _FILE:
            if sign in reason.lower():
                where = {"file": file, "folder": file.parent.absolute()}
                return StoreUnavailableError(
                    f"The database {file} cannot be used: {reason}.", cure=cure.format(**where)
                )
        return StoreUnavailableError(
            f"The database {file} cannot be used: {reason}.", cure="Check the file and its folder."
        )
    place = f"{url.host or 'localhost'}{f':{url.port}' if url.port else ''}/{url.database or ''}"
    for sign, cure in _SERVER:
        if sign in reason.lower():
            return StoreUnavailableError(f"The database {place} refuses: {reason}.", cure=cure)
    return StoreUnavailableError(f"The database {place} does not answer: {reason}.")


def reason_of(error: BaseException) -> str:
    """The first line of what the driver says."""
    said = str(getattr(error, "orig", None) or error)
    first = said.splitlines()[0] if said else type(error).__name__
    return first.rpartition("'>: ")[2].rstrip(".")  # SQLAlchemy puts the driver's class before it


def is_away(error: Exception, *, sqlite: bool) -> bool:
    """Whether the database is out of reach or out of order, rather than the statement wrong."""
    if isinstance(error, OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    reason = reason_of(error).lower()
    if sqlite:
        return any(sign in reason for sign, _ in _FILE)
    return error.connection_invalidated or any(
        sign in reason for sign in (*_LOST, "no space left", "disk full", "read-only transaction")
    )
