"""The tables. Times are microseconds since 1970 UTC, so that order is exact and the same in every database.

The search columns of PostgreSQL and the FTS5 tables of SQLite belong to the migrations alone: each database has its own.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["attachments", "items", "metadata", "threads"]

metadata = MetaData()

_SEQ = BigInteger().with_variant(Integer, "sqlite")
_ID = String(255)

threads = Table(
    "chatkit_threads",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("owner", _ID, nullable=False),
    Column("id", _ID, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    Column("archived", Boolean, nullable=False, default=False),
    Column("title", Text, nullable=False),
    Column("meta", JSON().with_variant(JSONB, "postgresql"), nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("owner", "id", name="chatkit_threads_id"),
    Index("chatkit_threads_created", "owner", "archived", "created_us", "seq"),
    Index("chatkit_threads_updated", "owner", "archived", "updated_us", "seq"),
)

items = Table(
    "chatkit_items",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("owner", _ID, nullable=False),
    Column("thread_id", _ID, nullable=False),
    Column("id", _ID, nullable=False),
    Column("type", String(64), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("owner", "thread_id", "id", name="chatkit_items_id"),
    Index("chatkit_items_order", "owner", "thread_id", "created_us", "seq"),
    ForeignKeyConstraint(
        ["owner", "thread_id"],
        ["chatkit_threads.owner", "chatkit_threads.id"],
        ondelete="CASCADE",
        name="chatkit_items_thread",
    ),
)

attachments = Table(
    "chatkit_attachments",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("owner", _ID, nullable=False),
    Column("id", _ID, nullable=False),
    Column("thread_id", _ID, nullable=True),
    Column("created_us", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("owner", "id", name="chatkit_attachments_id"),
    Index("chatkit_attachments_thread", "owner", "thread_id"),
    Index("chatkit_attachments_created", "created_us"),
)
