"""The statements of the store. Each takes its values by name, so that SQLAlchemy compiles it once."""

from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    column,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from chatkit.backends._rows import HIDDEN_TYPES
from chatkit.backends._sql.schema import attachments, items, threads

__all__ = [
    "ARCHIVE_THREAD",
    "ATTACHMENTS_OF_THREAD",
    "ATTACHMENT_BY_ID",
    "DELETE_ATTACHMENT",
    "DELETE_ITEMS",
    "DELETE_THREAD",
    "ITEM_BY_ID",
    "ITEM_CURSOR",
    "THREAD_BY_ID",
    "THREAD_EXISTS",
    "TOUCH_THREAD",
    "Order",
    "item_page",
    "thread_cursor",
    "thread_page",
    "upserts",
]

_Query = Select[*tuple[Any, ...]]
Order = Literal["asc", "desc"]
_INDEXED = 255
"""The longest value of metadata that SQLite keeps by itself, in characters; the migration has the same."""
_VALUES = table("chatkit_thread_values", column("owner"), column("key"), column("value"), column("thread"))

_owner: BindParameter[str] = bindparam("b_owner")
_thread: BindParameter[str] = bindparam("b_thread")
_id: BindParameter[str] = bindparam("b_id")

THREAD_BY_ID = select(threads.c.data, threads.c.updated_us).where(
    threads.c.owner == _owner, threads.c.id == _id
)
THREAD_EXISTS = select(threads.c.seq).where(threads.c.owner == _owner, threads.c.id == _thread)
TOUCH_THREAD = (
    update(threads)
    .where(threads.c.owner == _owner, threads.c.id == _thread)
    .values(updated_us=bindparam("b_now"))
)
ARCHIVE_THREAD = (
    update(threads)
    .where(threads.c.owner == _owner, threads.c.id == _id)
    .values(archived=bindparam("b_archived"))
)
DELETE_THREAD = delete(threads).where(threads.c.owner == _owner, threads.c.id == _id)

_in_thread = and_(items.c.owner == _owner, items.c.thread_id == _thread)
ITEM_BY_ID = select(items.c.data).where(_in_thread, items.c.id == _id)
ITEM_CURSOR = select(items.c.created_us, items.c.seq).where(_in_thread, items.c.id == _id)
DELETE_ITEMS = delete(items).where(_in_thread, items.c.id.in_(bindparam("b_ids", expanding=True)))

_attachment = and_(attachments.c.owner == _owner, attachments.c.id == _id)
ATTACHMENT_BY_ID = select(attachments.c.data).where(_attachment)
ATTACHMENTS_OF_THREAD = (
    select(attachments.c.data)
    .where(attachments.c.owner == _owner, attachments.c.thread_id == _thread)
    .order_by(attachments.c.seq)
)
DELETE_ATTACHMENT = delete(attachments).where(_attachment)


def _after(columns: tuple[ColumnElement[int], ColumnElement[int]], order: Order) -> ColumnElement[bool]:
    # A pair, so that rows with equal times are neither lost nor repeated.
    here = tuple_(*columns)
    cursor = tuple_(bindparam("b_time"), bindparam("b_seq"))
    return here > cursor if order == "asc" else here < cursor


def _ordered(query: _Query, columns: tuple[ColumnElement[int], ColumnElement[int]], order: Order) -> _Query:
    by = columns if order == "asc" else (columns[0].desc(), columns[1].desc())
    return query.order_by(*by).limit(bindparam("b_limit"))


def _item_page(order: Order, after: bool, hidden: bool) -> _Query:
    columns = (items.c.created_us, items.c.seq)
    query = select(items.c.id, items.c.type, items.c.data).where(_in_thread)
    if not hidden:
        query = query.where(items.c.type.not_in(HIDDEN_TYPES))
    if after:
        query = query.where(_after(columns, order))
    return _ordered(query, columns, order)


_ORDERS: tuple[Order, Order] = ("asc", "desc")
_ITEM_PAGES = {
    (order, after, hidden): _item_page(order, after, hidden)
    for order in _ORDERS
    for after in (False, True)
    for hidden in (False, True)
}


def item_page(order: Order, *, after: bool, hidden: bool) -> _Query:
    """A page of a thread's items: ``b_owner b_thread b_limit``, after a cursor also ``b_time b_seq``."""
    return _ITEM_PAGES[order, after, hidden]


def _sort_columns(sort: str) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return (threads.c.updated_us if sort == "updated_at" else threads.c.created_us, threads.c.seq)


def thread_cursor(sort: str) -> _Query:
    """The place of one thread in an order: ``b_owner b_id``."""
    return select(*_sort_columns(sort)).where(threads.c.owner == _owner, threads.c.id == _id)


def thread_page(
    order: Order,
    *,
    sort: str,
    after: bool,
    archived: bool | None,
    metadata: dict[str, Any],
    search: bool,
    sqlite: bool,
) -> _Query:
    """A page of an owner's threads: ``b_owner b_limit``, after a cursor ``b_time b_seq``, for a search ``b_query``."""
    columns = _sort_columns(sort)
    query = select(threads.c.id, threads.c.data, threads.c.updated_us).where(threads.c.owner == _owner)
    if archived is not None:
        query = query.where(threads.c.archived.is_(archived))
    if metadata:
        query = query.where(_metadata_matches(metadata, sqlite))
    if search:
        query = query.where(_SQLITE_SEARCH if sqlite else _POSTGRES_SEARCH)
    if after:
        query = query.where(_after(columns, order))
    return _ordered(query, columns, order)


def _metadata_matches(metadata: dict[str, Any], sqlite: bool) -> ColumnElement[bool]:
    if not sqlite:
        return threads.c.meta.op("@>")(bindparam("b_meta", metadata, type_=threads.c.meta.type))
    return and_(*(_sqlite_value(n, key, value) for n, (key, value) in enumerate(metadata.items())))


def _sqlite_value(n: int, key: str, value: Any) -> ColumnElement[bool]:
    name: BindParameter[str] = bindparam(f"m_key{n}", key)
    wanted: BindParameter[Any] = bindparam(f"m_value{n}", value)
    if isinstance(value, str | int | float) and len(str(value)) <= _INDEXED:
        there = _VALUES.c
        having = select(there.thread).where(there.owner == _owner, there.key == name, there.value == wanted)
        return threads.c.seq.in_(having)
    path = literal("$.").concat(func.json_quote(name))
    return func.json_extract(threads.c.meta, path).op("IS")(wanted)


def _search(title: str, body: str) -> ColumnElement[bool]:
    return or_(
        threads.c.seq.in_(text(title).columns(literal_column("rowid"))),
        threads.c.id.in_(text(body).columns(literal_column("thread_id"))),
    )


_SQLITE_SEARCH = _search(
    "SELECT rowid FROM chatkit_threads_search WHERE chatkit_threads_search MATCH :b_query",
    "SELECT i.thread_id FROM chatkit_items_search AS s CROSS JOIN chatkit_items AS i ON i.seq = s.rowid "
    "WHERE chatkit_items_search MATCH :b_query AND i.owner = :b_owner",
)
_POSTGRES_SEARCH = _search(
    "SELECT seq AS rowid FROM chatkit_threads WHERE owner = :b_owner AND search @@ to_tsquery('simple', :b_query)",
    "SELECT thread_id FROM chatkit_items WHERE owner = :b_owner AND search @@ to_tsquery('simple', :b_query)",
)


def upserts(sqlite: bool) -> dict[str, Any]:
    """Insert, or replace in place, for each table; a replaced row keeps its place in the order."""
    insert = sqlite_insert if sqlite else postgres_insert

    def upsert(table: Table, key: tuple[str, ...], keep: tuple[str, ...]) -> Any:
        statement = insert(table)
        fixed = {"seq", *key, *keep}
        changes = {c.name: statement.excluded[c.name] for c in table.c if c.name not in fixed}
        return statement.on_conflict_do_update(index_elements=list(key), set_=changes)

    return {
        "thread": upsert(threads, ("owner", "id"), ("archived",)),
        "item": upsert(items, ("owner", "thread_id", "id"), ()),
        "attachment": upsert(attachments, ("owner", "id"), ("created_us",)),
    }
