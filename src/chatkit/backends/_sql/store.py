"""The store over SQLAlchemy's async Core."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chatkit._time import utc_now
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
from chatkit.backends._scope import (
    Owner,
    checked_limit,
    no_attachment,
    no_item,
    no_thread,
    owner_of,
    stale_cursor,
)
from chatkit.backends._search import fts5_query, search_text, tsquery, words
from chatkit.backends._sql import statements as sql
from chatkit.backends._sql.database import Database
from chatkit.errors import NotFoundError
from chatkit.store import ItemRow, ItemRows, Store, ThreadQuery
from chatkit.streams import StreamLog
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

__all__ = ["SQLStore"]

TContext = TypeVar("TContext")

_NEWEST_FIRST = ThreadQuery()


class SQLStore(Store[TContext]):
    """Threads, items and attachments in one database, each row belonging to one owner.

    :param url: ``sqlite:///chat.db``, ``postgresql://user:secret@host/name``, or the path of a SQLite file.
    :param owner: from the request context to whose rows it may touch. Without it all rows belong to one owner:
        right for a single person, wrong for a service.
    :param engine_options: passed to SQLAlchemy's ``create_async_engine``, for example ``pool_size``.
    :raises ValueError: the address names another kind of database.
    """

    def __init__(self, url: str | Path, *, owner: Owner | None = None, **engine_options: Any) -> None:
        self.database = Database(url, **engine_options)
        self._owner = owner
        self._upsert = sql.upserts(self.database.sqlite)

    @property
    def engine(self) -> AsyncEngine:
        """The SQLAlchemy engine, for queries of your own."""
        return self.database.engine

    async def start(self) -> None:
        """Make or migrate the tables. The first request does it too; calling it early shows errors early."""
        await self.database.start()

    async def close(self) -> None:
        """Close every connection."""
        await self.database.close()

    def stream_log(self) -> StreamLog:
        """A stream log in the same database, which ChatKitApp takes when it is given none."""
        from chatkit.backends._sql.log import SQLStreamLog

        return SQLStreamLog(self)

    async def ping(self) -> None:
        """Ask the database for nothing; raises what SQLAlchemy raises when it cannot be reached."""
        await self.database.read(lambda connection: connection.exec_driver_sql("SELECT 1"))

    # Threads

    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        values = {"b_owner": self.owner(context), "b_id": thread_id}
        row = await self._first(sql.THREAD_BY_ID, values)
        if row is None:
            raise no_thread(thread_id)
        return parse_thread(row.data, row.updated_us)

    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        values = {
            "owner": self.owner(context),
            "id": thread.id,
            "created_us": micros(thread.created_at),
            "updated_us": micros(utc_now()),
            "archived": False,
            "title": search_text(thread.title or ""),
            "meta": searchable(thread.metadata),
            "data": thread_json(thread),
        }
        await self._execute(self._upsert["thread"], values)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        return await self.find_threads(_NEWEST_FIRST, limit, after, order, context)

    async def find_threads(
        self, query: ThreadQuery, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        search = query.text is not None and bool(words(query.text))
        statement = sql.thread_page(
            _order(order),
            sort=query.sort,
            after=after is not None,
            archived=query.archived,
            metadata=query.metadata,
            search=search,
            sqlite=self.database.sqlite,
        )
        values: dict[str, Any] = {"b_owner": self.owner(context), "b_limit": checked_limit(limit) + 1}
        if search:
            values["b_query"] = (fts5_query if self.database.sqlite else tsquery)(query.text or "")

        async def work(connection: AsyncConnection) -> Sequence[Any]:
            if after is not None:
                at = await connection.execute(
                    sql.thread_cursor(query.sort), {"b_owner": values["b_owner"], "b_id": after}
                )
                values.update(_cursor(at.first(), no_thread(after)))
            return (await connection.execute(statement, values)).all()

        rows = await self.database.read(work)
        kept = rows[:limit]
        return Page[ThreadMetadata](
            data=[parse_thread(row.data, row.updated_us) for row in kept],
            has_more=len(rows) > limit,
            after=kept[-1].id if len(rows) > limit else None,
        )

    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        values = {"b_owner": self.owner(context), "b_id": thread_id}
        if await self._execute(sql.DELETE_THREAD, values) == 0:
            raise no_thread(thread_id)

    async def archive_thread(self, thread_id: str, context: TContext, *, archived: bool = True) -> None:
        """Take a thread out of the list, or put it back. It stays readable and searchable.

        :raises NotFoundError: no such thread of this owner.
        """
        values = {"b_owner": self.owner(context), "b_id": thread_id, "b_archived": archived}
        if await self._execute(sql.ARCHIVE_THREAD, values) == 0:
            raise no_thread(thread_id)

    # Items

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: TContext
    ) -> Page[ThreadItem]:
        page = await self.load_item_rows(thread_id, after, limit, order, context, hidden=True)
        return Page[ThreadItem](
            data=[parse_item(row.json) for row in page.rows], has_more=page.has_more, after=page.after
        )

    async def load_item_rows(
        self,
        thread_id: str,
        after: str | None,
        limit: int,
        order: str,
        context: TContext,
        *,
        hidden: bool = False,
    ) -> ItemRows:
        statement = sql.item_page(_order(order), after=after is not None, hidden=hidden)
        scope = {"b_owner": self.owner(context), "b_thread": thread_id}
        values: dict[str, Any] = {**scope, "b_limit": checked_limit(limit) + 1}

        async def work(connection: AsyncConnection) -> Sequence[Any]:
            if after is not None:
                at = await connection.execute(sql.ITEM_CURSOR, {**scope, "b_id": after})
                values.update(_cursor(at.first(), no_item(after, thread_id)))
            rows = (await connection.execute(statement, values)).all()
            if not rows and (await connection.execute(sql.THREAD_EXISTS, scope)).first() is None:
                raise no_thread(thread_id)
            return rows

        rows = await self.database.read(work)
        kept = [ItemRow(row.id, row.type, row.data) for row in rows[:limit]]
        more = len(rows) > limit
        return ItemRows(rows=kept, has_more=more, after=kept[-1].id if more else None)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self.add_thread_items(thread_id, [item], context)

    async def add_thread_items(self, thread_id: str, items: Sequence[ThreadItem], context: TContext) -> None:
        owner = self.owner(context)
        touch = {"b_owner": owner, "b_thread": thread_id, "b_now": micros(utc_now())}
        rows = [_item_row(owner, thread_id, item) for item in items]

        async def work(connection: AsyncConnection) -> None:
            if (await connection.execute(sql.TOUCH_THREAD, touch)).rowcount == 0:
                raise no_thread(thread_id)
            await connection.execute(self._upsert["item"], rows[0] if len(rows) == 1 else rows)

        if rows:
            await self.database.write(work)

    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        values = {"b_owner": self.owner(context), "b_thread": thread_id, "b_id": item_id}
        row = await self._first(sql.ITEM_BY_ID, values)
        if row is None:
            raise no_item(item_id, thread_id)
        return parse_item(row.data)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        await self.delete_thread_items(thread_id, [item_id], context)

    async def delete_thread_items(self, thread_id: str, item_ids: Sequence[str], context: TContext) -> None:
        values = {"b_owner": self.owner(context), "b_thread": thread_id, "b_ids": list(item_ids)}
        await self._execute(sql.DELETE_ITEMS, values)

    # Attachments

    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        values = {
            "owner": self.owner(context),
            "id": attachment.id,
            "thread_id": attachment.thread_id,
            "created_us": micros(utc_now()),
            "data": attachment_json(attachment),
        }
        await self._execute(self._upsert["attachment"], values)

    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        values = {"b_owner": self.owner(context), "b_id": attachment_id}
        row = await self._first(sql.ATTACHMENT_BY_ID, values)
        if row is None:
            raise no_attachment(attachment_id)
        return parse_attachment(row.data)

    async def load_thread_attachments(self, thread_id: str, context: TContext) -> list[Attachment]:
        values = {"b_owner": self.owner(context), "b_thread": thread_id}

        async def work(connection: AsyncConnection) -> Sequence[str]:
            return (await connection.execute(sql.ATTACHMENTS_OF_THREAD, values)).scalars().all()

        return [parse_attachment(data) for data in await self.database.read(work)]

    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        values = {"b_owner": self.owner(context), "b_id": attachment_id}
        if await self._execute(sql.DELETE_ATTACHMENT, values) == 0:
            raise no_attachment(attachment_id)

    def owner(self, context: TContext) -> str:
        """Whose rows a context may touch.

        :raises AuthRequiredError: the owner function found nobody.
        """
        return owner_of(self._owner, context)

    async def _first(self, statement: Any, values: dict[str, Any]) -> Any:
        async def work(connection: AsyncConnection) -> Any:
            return (await connection.execute(statement, values)).first()

        return await self.database.read(work)

    async def _execute(self, statement: Any, values: dict[str, Any]) -> int:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement, values)).rowcount

        return await self.database.write(work)


def _item_row(owner: str, thread_id: str, item: ThreadItem) -> dict[str, Any]:
    return {
        "owner": owner,
        "thread_id": thread_id,
        "id": item.id,
        "type": item.type,
        "created_us": micros(item.created_at),
        "text": item_text(item),
        "data": item_json(item),
    }


def _order(order: str) -> sql.Order:
    return "asc" if order == "asc" else "desc"


def _cursor(row: Any, unknown: NotFoundError) -> dict[str, int]:
    if row is None:
        raise stale_cursor(unknown)
    return {"b_time": row[0], "b_seq": row[1]}
