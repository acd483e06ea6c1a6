"""Time as the protocol writes it: UTC, with its offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

__all__ = ["UtcDatetime", "as_utc", "utc_now"]


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; a time without an offset is read as UTC."""
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read(moment: datetime, info: ValidationInfo) -> datetime:
    # An app that says datetime.now() means its own clock; without this its items would sort among ours by its zone.
    if moment.tzinfo is None and info.mode == "python":
        return moment.astimezone(UTC)
    return as_utc(moment)


UtcDatetime = Annotated[datetime, AfterValidator(_read)]
"""A datetime field that always holds aware UTC.

A time without an offset is local time when Python code gives it, as ``datetime.now()`` is, and UTC when it is read from JSON.
"""
