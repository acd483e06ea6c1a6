"""Threads, items and attachments in the memory of one process, for tests and first steps."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from chatkit._time import utc_now
from chatkit.backends._rows import (
    HIDDEN_TYPES,
    attachment_json,
    item_json,
    item_text,
    micros,
    parse_attachment,
    parse_item,
    parse_thread,
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
from chatkit.backends._search import says, search_text, words
from chatkit.store import ItemRow, ItemRows, Store, ThreadQuery
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

__all__ = ["MemoryStore"]

TContext = TypeVar("TContext")
_NEWEST_FIRST = ThreadQuery()
_Place = tuple[int, int]


@dataclass(slots=True)
class _Item:
    place: _Place
    row: ItemRow
    text: str


@dataclass(slots=True)
class _Thread:
    id: str
    created: _Place
    updated_us: int
    data: str
    title: str
    metadata: dict[str, Any]
    archived: bool = False
    items: dict[str, _Item] = field(default_factory=dict[str, _Item])
    order: list[tuple[_Place, str]] = field(default_factory=list[tuple[_Place, str]])

    def place(self, sort: str) -> _Place:
        return (self.updated_us, self.created[1]) if sort == "updated_at" else self.created


@dataclass(slots=True)
class _Rows:
    threads: dict[str, _Thread] = field(default_factory=dict[str, _Thread])
    attachments: dict[str, str] = field(default_factory=dict[str, str])


class MemoryStore(Store[TContext]):
    """A store that is gone with its process, and otherwise behaves as :class:`chatkit.backends.sql.SQLStore`.

    What is loaded is always a copy: changing it changes nothing until it is saved.

    :param owner: from the request context to whose rows it may touch. Without it all rows belong to one owner.
    """

    def __init__(self, *, owner: Owner | None = None) -> None:
        self._owner = owner
        self._owners: dict[str, _Rows] = {}
        self._seq = count(1)

    # Threads

    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        thread = self._thread(thread_id, context)
        return parse_thread(thread.data, thread.updated_us)

    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        threads = self._rows(context).threads
        now = micros(utc_now())
        known = threads.get(thread.id)
        if known is None:
            created = (micros(thread.created_at), next(self._seq))
            known = threads[thread.id] = _Thread(thread.id, created, now, "", "", {})
        known.created = (micros(thread.created_at), known.created[1])
        known.updated_us = now
        known.data = thread_json(thread)
        known.title = search_text(thread.title or "")
        known.metadata = parse_thread(known.data, now).metadata

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        return await self.find_threads(_NEWEST_FIRST, limit, after, order, context)

    async def find_threads(
        self, query: ThreadQuery, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        checked_limit(limit)
        threads = self._rows(context).threads
        found = sorted(
            ((thread.place(query.sort), thread.id) for thread in threads.values() if _matches(thread, query)),
            reverse=order != "asc",
        )
        if after is not None:
            if after not in threads:
                raise stale_cursor(no_thread(after))
            found = _past(found, threads[after].place(query.sort), order)
        kept = [threads[thread_id] for _, thread_id in found[:limit]]
        more = len(found) > limit
        return Page[ThreadMetadata](
            data=[parse_thread(thread.data, thread.updated_us) for thread in kept],
            has_more=more,
            after=kept[-1].id if more else None,
        )

    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        self._thread(thread_id, context)
        del self._rows(context).threads[thread_id]

    async def archive_thread(self, thread_id: str, context: TContext, *, archived: bool = True) -> None:
        """Take a thread out of the list, or put it back. It stays readable and searchable.

        :raises NotFoundError: no such thread of this owner.
        """
        self._thread(thread_id, context).archived = archived

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
        checked_limit(limit)
        thread = self._thread(thread_id, context)
        found = thread.order if order == "asc" else thread.order[::-1]
        if after is not None:
            if after not in thread.items:
                raise stale_cursor(no_item(after, thread_id))
            found = _past(found, thread.items[after].place, order)
        rows: list[ItemRow] = []
        for _, item_id in found:
            row = thread.items[item_id].row
            if not hidden and row.type in HIDDEN_TYPES:
                continue
            if len(rows) == limit:
                return ItemRows(rows=rows, has_more=True, after=rows[-1].id)
            rows.append(row)
        return ItemRows(rows=rows, has_more=False, after=None)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        thread = self._thread(thread_id, context)
        known = thread.items.get(item.id)
        place = (micros(item.created_at), known.place[1] if known else next(self._seq))
        if known is not None and known.place != place:
            thread.order.remove((known.place, item.id))
            known = None
        if known is None:
            insort(thread.order, (place, item.id))
        thread.items[item.id] = _Item(place, ItemRow(item.id, item.type, item_json(item)), item_text(item))
        thread.updated_us = micros(utc_now())

    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        item = self._thread(thread_id, context).items.get(item_id)
        if item is None:
            raise no_item(item_id, thread_id)
        return parse_item(item.row.json)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        await self.delete_thread_items(thread_id, [item_id], context)

    async def delete_thread_items(self, thread_id: str, item_ids: Sequence[str], context: TContext) -> None:
        thread = self._rows(context).threads.get(thread_id)
        if thread is None:
            return
        for item_id in item_ids:
            thread.items.pop(item_id, None)
        thread.order = [entry for entry in thread.order if entry[1] in thread.items]

    # Attachments

    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        self._rows(context).attachments[attachment.id] = attachment_json(attachment)

    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        data = self._rows(context).attachments.get(attachment_id)
        if data is None:
            raise no_attachment(attachment_id)
        return parse_attachment(data)

    async def load_thread_attachments(self, thread_id: str, context: TContext) -> list[Attachment]:
        found = [parse_attachment(data) for data in self._rows(context).attachments.values()]
        return [attachment for attachment in found if attachment.thread_id == thread_id]

    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        if self._rows(context).attachments.pop(attachment_id, None) is None:
            raise no_attachment(attachment_id)

    def owner(self, context: TContext) -> str:
        """Whose rows a context may touch.

        :raises AuthRequiredError: the owner function found nobody.
        """
        return owner_of(self._owner, context)

    def _rows(self, context: TContext) -> _Rows:
        return self._owners.setdefault(self.owner(context), _Rows())

    def _thread(self, thread_id: str, context: TContext) -> _Thread:
        thread = self._rows(context).threads.get(thread_id)
        if thread is None:
            raise no_thread(thread_id)
        return thread


def _past(found: list[tuple[_Place, str]], place: _Place, order: str) -> list[tuple[_Place, str]]:
    return [entry for entry in found if (entry[0] > place if order == "asc" else entry[0] < place)]


def _matches(thread: _Thread, query: ThreadQuery) -> bool:
    if query.archived is not None and thread.archived is not query.archived:
        return False
    if any(thread.metadata.get(key) != value for key, value in query.metadata.items()):
        return False
    wanted = words(query.text or "")
    return not wanted or any(
        says(text, wanted) for text in (thread.title, *(item.text for item in thread.items.values()))
    )
