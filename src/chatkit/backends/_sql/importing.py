"""Records of an export as rows of the tables; whatever a file holds, what is wrong is said with its line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from chatkit._time import as_utc, utc_now
from chatkit.backends._rows import (
    attachment_json,
    item_json,
    item_text,
    micros,
    parse_attachment,
    parse_item,
    parse_thread,
    searchable,
    thread_json,
)
from chatkit.backends._search import search_text
from chatkit.backends._sql.database import Database
from chatkit.backends._sql.schema import threads
from chatkit.errors import RequestInvalidError

__all__ = ["Parents", "Record", "Row", "checked_rows"]

Record = dict[str, Any]
"""One line of an export: ``kind`` is thread, item or attachment; ``owner`` and the row itself beside it."""

Row = tuple[int, str, dict[str, Any]]
"""The line it came from, its kind, its columns."""

_LONGEST_ID: Final = 255
_HINT: Final = "Mend it and run the import again: what is there already is replaced by itself."


class Parents:
    """Which threads are there for items to stand on: those of the file so far, and those of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[tuple[str, str]] = set()

    async def check(self, rows: Iterable[Row]) -> None:
        """Look for the threads of some rows.

        :raises RequestInvalidError: an item has none; the path says which line.
        """
        wanted: dict[tuple[str, str], int] = {}
        for line, kind, row in rows:
            if kind == "thread":
                self._known.add((row["owner"], row["id"]))
            elif kind == "item" and (place := (row["owner"], row["thread_id"])) not in self._known:
                wanted.setdefault(place, line)
        if not wanted:
            return
        query = select(threads.c.owner, threads.c.id).where(
            tuple_(threads.c.owner, threads.c.id).in_(list(wanted))
        )

        async def work(connection: AsyncConnection) -> set[tuple[str, str]]:
            return {(row.owner, row.id) for row in await connection.execute(query)}

        self._known |= await self._database.read(work)
        for place, line in wanted.items():
            if place not in self._known:
                raise RequestInvalidError(
                    f"The item's thread {place[1]!r} is neither in the lines before nor in the database.",
                    path=f"line {line}",
                    hint="Put the thread before its items.",
                )


def checked_rows(record: Record, owner: str | None, line: int) -> list[Row]:
    """The rows of a record.

    :raises RequestInvalidError: it is no record; the path says which line.
    """
    try:
        return [(line, kind, row) for kind, row in _rows_of(record, owner)]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _invalid(f"{where}: {first['msg']}" if where else first["msg"], line) from error
    except KeyError as error:
        raise _invalid(f"{error} is missing", line) from error
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _invalid(str(error), line) from error


def _invalid(what: str, line: int) -> RequestInvalidError:
    return RequestInvalidError(f"This is not a record of an export: {what}", path=f"line {line}", hint=_HINT)


def _id(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    if len(value) > _LONGEST_ID:
        raise ValueError(f"{name} is longer than {_LONGEST_ID} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds half a character") from None
    if "\x00" in value:
        raise ValueError(f"{name} holds the character 0")
    return value


def _rows_of(record: Record, owner: str | None) -> list[tuple[str, dict[str, Any]]]:
    kind = record.get("kind")
    whose = _id(owner if owner is not None else record.get("owner", ""), "owner")
    if kind == "thread":
        updated = datetime.fromisoformat(record.get("updated_at") or record["thread"]["created_at"])
        return [("thread", _thread_row(record["thread"], whose, updated, bool(record.get("archived"))))]
    if kind == "item":
        return [("item", _item_row(record["item"], record["thread_id"], whose))]
    if kind == "attachment":
        return [("attachment", _attachment_row(record["attachment"], whose))]
    if kind is None and "items" in record:  # a whole thread, as threads.get_by_id answers it
        thread = {name: value for name, value in record.items() if name not in ("items", "updated_at")}
        updated = datetime.fromisoformat(record.get("updated_at") or record["created_at"])
        whole = [("item", _item_row(item, record["id"], whose)) for item in record["items"]["data"]]
        return [("thread", _thread_row(thread, whose, updated, archived=False)), *whole]
    raise ValueError(f"kind is {kind!r}")


def _thread_row(data: dict[str, Any], owner: str, updated: datetime, archived: bool) -> dict[str, Any]:
    thread = parse_thread(json.dumps(data), micros(as_utc(updated)))
    return {
        "owner": owner,
        "id": _id(thread.id, "id"),
        "created_us": micros(thread.created_at),
        "updated_us": micros(as_utc(updated)),
        "archived": archived,
        "title": search_text(thread.title or ""),
        "meta": searchable(thread.metadata),
        "data": thread_json(thread),
    }


def _item_row(data: dict[str, Any], thread_id: str, owner: str) -> dict[str, Any]:
    item = parse_item(json.dumps(data))
    if item.thread_id != thread_id:
        raise ValueError(f"the item is one of thread {item.thread_id!r}, the record one of {thread_id!r}")
    return {
        "owner": owner,
        "thread_id": _id(thread_id, "thread_id"),
        "id": _id(item.id, "id"),
        "type": item.type,
        "created_us": micros(item.created_at),
        "text": item_text(item),
        "data": item_json(item),
    }


def _attachment_row(data: dict[str, Any], owner: str) -> dict[str, Any]:
    attachment = parse_attachment(json.dumps(data))
    return {
        "owner": owner,
        "id": _id(attachment.id, "id"),
        "thread_id": attachment.thread_id,
        "created_us": micros(utc_now()),
        "data": attachment_json(attachment),
    }
