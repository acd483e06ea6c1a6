"""The operator's side of a store: all owners at once, and nothing asked of a context."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import and_, delete, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from chatkit._time import as_utc
from chatkit.backends._rows import (
    attachment_json,
    item_json,
    micros,
    moment,
    thread_json,
)
from chatkit.backends._sql.importing import Parents, Record, Row, checked_rows
from chatkit.backends._sql.schema import attachments, items, threads
from chatkit.backends._sql.statements import upserts
from chatkit.backends._sql.store import SQLStore
from chatkit.store import Store
from chatkit.types import ThreadMetadata, UserMessageItem

__all__ = ["Record", "SQLAdmin", "records_of"]

TContext = TypeVar("TContext")

_BATCH = 500
_IMPORT_BATCH = 1000


class SQLAdmin:
    """Export, import, erase, retention and backup of one database.

    :param store: whose database it is.
    """

    def __init__(self, store: SQLStore[Any]) -> None:
        self._store = store
        self._database = store.database
        self._upsert = upserts(self._database.sqlite)

    async def owners(self) -> list[str]:
        """Everybody who has a thread or an attachment."""
        query = select(threads.c.owner).union(select(attachments.c.owner)).order_by("owner")

        async def work(connection: AsyncConnection) -> list[str]:
            return list((await connection.execute(query)).scalars())

        return await self._database.read(work)

    async def export(self, owner: str | None = None, thread_id: str | None = None) -> AsyncIterator[Record]:
        """Every thread, each followed by its items; then the attachments' records. Small memory for any size.

        :param owner: only this owner's.
        :param thread_id: only this thread, without attachments' records.
        """
        async for row in self._walk(threads, owner, threads.c.id == thread_id if thread_id else None):
            yield {
                "kind": "thread",
                "owner": row.owner,
                "archived": bool(row.archived),
                "updated_at": moment(row.updated_us).isoformat(),
                "thread": json.loads(row.data),
            }
            within = and_(items.c.owner == row.owner, items.c.thread_id == row.id)
            async for item in self._walk(items, row.owner, within):
                yield {"kind": "item", "owner": row.owner, "thread_id": row.id, "item": json.loads(item.data)}
        if thread_id is None:
            async for row in self._walk(attachments, owner, None):
                yield {"kind": "attachment", "owner": row.owner, "attachment": json.loads(row.data)}

    async def add(self, records: AsyncIterable[Record], *, owner: str | None = None) -> dict[str, int]:
        """Write what :meth:`export` gave, or threads as ``threads.get_by_id`` answers them.

        A thousand records go into one transaction, so that others can write meanwhile. Rows that are there already are
        replaced in place: an import that was cut short is repeated from its beginning and comes to the same end.

        :param owner: whose the rows become; by default whose they were.
        :returns: how many of each kind.
        :raises RequestInvalidError: a record is not one, or an item without a thread; the path says which line. The
            thousands before are kept.
        """
        counts: dict[str, int] = {"thread": 0, "item": 0, "attachment": 0}
        async for batch in self._batches(records, owner):
            await self._add_batch(batch, counts)
        return counts

    async def check(self, records: AsyncIterable[Record], *, owner: str | None = None) -> int:
        """Read records as :meth:`add` does, and write nothing; gives how many rows there are.

        :raises RequestInvalidError: a record is not one; the path says which line.
        """
        return sum([len(batch) async for batch in self._batches(records, owner)])

    async def _batches(self, records: AsyncIterable[Record], owner: str | None) -> AsyncIterator[list[Row]]:
        """Rows that were checked, about a thousand at a time."""
        parents, line = Parents(self._database), 0
        batch: list[Row] = []
        async for record in records:
            line = getattr(record, "line", line + 1)
            batch += checked_rows(record, owner, line)
            if len(batch) >= _IMPORT_BATCH:
                await parents.check(batch)
                yield batch
                batch = []
        await parents.check(batch)
        yield batch

    async def _add_batch(self, batch: list[Row], counts: dict[str, int]) -> None:
        if not batch:
            return
        by_kind = {kind: [row for _, of, row in batch if of == kind] for kind in counts}

        async def work(connection: AsyncConnection) -> None:
            for kind, rows in by_kind.items():  # threads first: items stand on them
                if rows:
                    await connection.execute(self._upsert[kind], rows)

        await self._database.write(work)
        for kind, rows in by_kind.items():
            counts[kind] += len(rows)

    async def erase(self, owner: str, thread_id: str | None = None) -> list[str]:
        """Delete what an owner has, or one thread of theirs; nothing of it stays.

        :returns: the ids of the attachments whose bytes are to be deleted as well.
        """
        files = and_(
            attachments.c.owner == owner, *([attachments.c.thread_id == thread_id] if thread_id else [])
        )
        rows = and_(threads.c.owner == owner, *([threads.c.id == thread_id] if thread_id else []))
        return await self._delete(rows, files)

    async def purge(self, before: datetime, owner: str | None = None) -> list[str]:
        """Delete threads in which nothing has happened since ``before``; for retention.

        :returns: the ids of the attachments whose bytes are to be deleted as well.
        """
        old = threads.c.updated_us < micros(as_utc(before))
        rows = old if owner is None else and_(old, threads.c.owner == owner)
        of_old = select(threads.c.owner, threads.c.id).where(rows)
        return await self._delete(rows, tuple_(attachments.c.owner, attachments.c.thread_id).in_(of_old))

    async def orphans(self, before: datetime) -> list[tuple[str, str]]:
        """Owner and id of attachments that were uploaded before that time and belong to no thread, or to none any more."""
        thread = and_(threads.c.owner == attachments.c.owner, threads.c.id == attachments.c.thread_id)
        query = select(attachments.c.owner, attachments.c.id).where(
            attachments.c.created_us < micros(as_utc(before)), ~exists(select(threads.c.seq).where(thread))
        )

        async def work(connection: AsyncConnection) -> list[tuple[str, str]]:
            return [(row.owner, row.id) for row in await connection.execute(query)]

        return await self._database.read(work)

    async def forget_attachments(self, ids: list[tuple[str, str]]) -> None:
        """Delete the records of attachments, by owner and id."""

        async def work(connection: AsyncConnection) -> None:
            for start in range(0, len(ids), _BATCH):
                some = tuple_(attachments.c.owner, attachments.c.id).in_(ids[start : start + _BATCH])
                await connection.execute(delete(attachments).where(some))

        await self._database.write(work)

    async def counts(self) -> dict[str, int]:
        """How many threads, items and attachments there are."""

        async def work(connection: AsyncConnection) -> dict[str, int]:
            tables = {"threads": threads, "items": items, "attachments": attachments}
            return {
                name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for name, table in tables.items()
            }

        return await self._database.read(work)

    async def backup(self, path: str | Path) -> None:
        """Copy a live SQLite database into a new file, while others read and write.

        :raises ValueError: the database is not SQLite; PostgreSQL has ``pg_dump``.
        :raises FileExistsError: there is a file at ``path``.
        """
        if not self._database.sqlite:
            raise ValueError("A backup to a file is for SQLite. For PostgreSQL use pg_dump.")
        if await asyncio.to_thread(Path(path).exists):
            raise FileExistsError(f"{path} exists; a backup never writes over a file.")
        await self._database.start()
        async with self._database.engine.connect() as plain:
            connection = await plain.execution_options(chatkit_plain=True)
            await connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    async def _delete(self, rows: Any, files: Any) -> list[str]:
        async def work(connection: AsyncConnection) -> list[str]:
            gone = list((await connection.execute(select(attachments.c.id).where(files))).scalars())
            await connection.execute(delete(attachments).where(files))
            await connection.execute(delete(threads).where(rows))
            return gone

        return await self._database.write(work)

    async def _walk(self, table: Any, owner: str | None, extra: Any) -> AsyncIterator[Any]:
        # Page by page in the order of insertion, so that no connection is held while the reader thinks.
        after = 0
        while True:
            query = select(table).where(table.c.seq > after).order_by(table.c.seq).limit(_BATCH)
            if owner is not None:
                query = query.where(table.c.owner == owner)
            if extra is not None:
                query = query.where(extra)

            async def work(connection: AsyncConnection, query: Any = query) -> Any:
                return (await connection.execute(query)).all()

            rows = await self._database.read(work)
            for row in rows:
                yield row
            if len(rows) < _BATCH:
                return
            after = rows[-1].seq


async def records_of(source: Store[TContext], context: TContext, owner: str) -> AsyncIterator[Record]:
    """Records of what any store shows to one context: from a store written for openai-chatkit to one of ours.

    The records of files are those that messages carry. Their bytes stay where they are.

    :param owner: whose the rows become.
    """
    after: str | None = None
    while True:
        page = await source.load_threads(100, after, "asc", context)
        for thread in page.data:
            yield _thread_record(thread, owner)
            async for record in _item_records(source, context, thread.id, owner):
                yield record
        if not page.has_more or not page.data:
            return
        after = page.after or page.data[-1].id


async def _item_records(
    source: Store[TContext], context: TContext, thread_id: str, owner: str
) -> AsyncIterator[Record]:
    after: str | None = None
    while True:
        page = await source.load_thread_items(thread_id, after, 100, "asc", context)
        for item in page.data:
            yield {
                "kind": "item",
                "owner": owner,
                "thread_id": thread_id,
                "item": json.loads(item_json(item)),
            }
            for attachment in item.attachments if isinstance(item, UserMessageItem) else ():
                kept = attachment.model_copy(update={"thread_id": thread_id})
                yield {"kind": "attachment", "owner": owner, "attachment": json.loads(attachment_json(kept))}
        if not page.has_more or not page.data:
            return
        after = page.after or page.data[-1].id


def _thread_record(thread: ThreadMetadata, owner: str) -> Record:
    updated = thread.updated_at or thread.created_at
    data = json.loads(thread_json(thread))
    return {
        "kind": "thread",
        "owner": owner,
        "archived": False,
        "updated_at": updated.isoformat(),
        "thread": data,
    }
