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
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["attachments", "frames", "items", "metadata", "runs", "threads"]

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

_HELD = text("state = 'running' AND exclusive")
_KEYED = text("request_key IS NOT NULL")
_RUNNING = text("state = 'running'")
_CLOSED = text("closed_us IS NOT NULL")

runs = Table(
    "chatkit_runs",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("owner", _ID, nullable=False),
    Column("thread_id", _ID, nullable=False),
    Column("worker", _ID, nullable=False),
    Column("request_key", _ID, nullable=True),
    Column("exclusive", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("beat", BigInteger, nullable=False),
    Column("stop", Boolean, nullable=False),
    Column("lease_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("closed_us", BigInteger, nullable=True),
    Column("trimmed", Boolean, nullable=False),
    Index("chatkit_runs_held", "owner", "thread_id", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
    Index(
        "chatkit_runs_keyed",
        "owner",
        "thread_id",
        "request_key",
        unique=True,
        sqlite_where=_KEYED,
        postgresql_where=_KEYED,
    ),
    Index("chatkit_runs_worker", "worker", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    Index("chatkit_runs_closed", "closed_us", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
    Index("chatkit_runs_owner", "owner", "thread_id"),
)

frames = Table(
    "chatkit_frames",
    metadata,
    Column("run_id", _ID, primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
