"""Stores that cost next to nothing, so that what is measured is the package: objects, and rows of JSON."""

from __future__ import annotations

from pydantic import TypeAdapter

from chatkit.store import NotFoundError
from chatkit.store import Store as Port
from chatkit.types import Page, ThreadItem, ThreadMetadata

ITEM = TypeAdapter(ThreadItem)


class Store(Port):
    """Items as objects."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.made = 0
        self.rows = {}
        self.thread = ThreadMetadata(id="thr", created_at="2026-01-01T00:00:00Z", title="T")

    def generate_item_id(self, item_type, thread, context):
        self.made += 1
        return f"{item_type}_{self.made}"

    def put(self, item):
        self.rows[item.id] = item

    async def load_thread(self, thread_id, context):
        return self.thread.model_copy()

    async def save_thread(self, thread, context):
        self.thread = thread

    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = list(self.rows.values())
        if order == "desc":
            items.reverse()
        return Page(data=self.read(items[:limit]), has_more=len(items) > limit, after=None)

    def read(self, rows):
        return rows

    async def add_thread_item(self, thread_id, item, context):
        self.put(item)

    async def save_item(self, thread_id, item, context):
        self.put(item)

    async def load_item(self, thread_id, item_id, context):
        if item_id not in self.rows:
            raise NotFoundError(item_id)
        return self.rows[item_id]

    async def delete_thread_item(self, thread_id, item_id, context):
        self.rows.pop(item_id, None)

    async def load_threads(self, limit, after, order, context):
        return Page(data=[self.thread])

    async def delete_thread(self, thread_id, context):
        self.rows.clear()

    async def save_attachment(self, attachment, context):
        raise NotImplementedError

    async def load_attachment(self, attachment_id, context):
        raise NotFoundError(attachment_id)

    async def delete_attachment(self, attachment_id, context):
        raise NotImplementedError


class JsonStore(Store):
    """Items as rows of JSON, as a database keeps them."""

    def put(self, item):
        self.rows[item.id] = (item.id, item.type, item.model_dump_json(exclude_none=True))

    def read(self, rows):
        return [ITEM.validate_json(row[2]) for row in rows]

    async def load_item_rows(self, thread_id, after, limit, order, context, *, hidden=False):
        """What ours offers stores: rows leave as they are kept. The original never asks."""
        from chatkit.store import ItemRow, ItemRows

        rows = list(self.rows.values())
        if order == "desc":
            rows.reverse()
        return ItemRows([ItemRow(*row) for row in rows[:limit]], len(rows) > limit, None)
