"""Pages of items and threads, as the bytes of an answer."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter

from chatkit._engine.host import Host
from chatkit._engine.presenting import is_hidden, present_item, present_items, signs_images
from chatkit._engine.wire import item_json, page_json, thread_json
from chatkit.store import ItemRows, Store, ThreadQuery
from chatkit.types import ThreadItem

__all__ = ["items_page", "threads_page", "visible_items"]

TContext = TypeVar("TContext")
_ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem, config=ConfigDict(defer_build=True))
_MOST_PAGES = 64
_NO_ROWS = Store[Any].load_item_rows
_NO_SEARCH = Store[Any].find_threads


async def items_page(
    host: Host[TContext], thread_id: str, after: str | None, limit: int, order: str, context: TContext
) -> bytes:
    """A page of the items that a client sees. Rows leave as they are stored where the store offers that."""
    store = host.store
    if type(store).load_item_rows is not _NO_ROWS:
        rows = await store.load_item_rows(thread_id, after, limit, order, context)
        if rows is not None:
            return await _page_of_rows(host, rows, context)
    items, has_more, cursor = await visible_items(host, thread_id, after, limit, order, context)
    return page_json(
        map(item_json, await present_items(host, items, context)),
        has_more=has_more,
        after=cursor,
    )


async def _page_of_rows(host: Host[TContext], rows: ItemRows, context: TContext) -> bytes:
    parts: list[bytes] = []
    signed = signs_images(host)
    for row in rows.rows:
        attached = row.type == "user_message" and '"attachments":[{' in row.json
        if attached or (row.type == "generated_image" and signed):
            item = _ITEM.validate_json(row.json)
            parts.append(item_json(await present_item(host, item, context)))
        else:
            parts.append(row.json.encode())
    return page_json(parts, has_more=rows.has_more, after=rows.after)


async def visible_items(
    host: Host[Any], thread_id: str, after: str | None, limit: int, order: str, context: Any
) -> tuple[list[ThreadItem], bool, str | None]:
    """Up to `limit` items that a client sees, whether there are more rows, and the cursor for those.

    Hidden items do not make a page shorter: the store is asked again, for ever more rows.
    """
    found: list[ThreadItem] = []
    want = limit
    for _ in range(_MOST_PAGES):
        page = await host.store.load_thread_items(thread_id, after, want, order, context)
        found += [item for item in page.data if not is_hidden(item)]
        if len(found) > limit:
            return found[:limit], True, found[limit - 1].id
        if not page.has_more or page.after is None or len(found) == limit:
            return found, page.has_more, page.after
        after, want = page.after, min(want * 2, max(host.max_page_size, limit))
    return found, True, after


async def threads_page(
    host: Host[TContext],
    after: str | None,
    limit: int,
    order: str,
    context: TContext,
    query: ThreadQuery | None = None,
) -> bytes:
    """A page of the caller's threads, without items; only those that fit the query where the store can search."""
    store = host.store
    if query is None or type(store).find_threads is _NO_SEARCH:
        page = await store.load_threads(limit, after, order, context)
    else:
        page = await store.find_threads(query, limit, after, order, context)
    return page_json([thread_json(thread) for thread in page.data], has_more=page.has_more, after=page.after)
