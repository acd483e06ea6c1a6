"""Threads, items and attachments, with full-text search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

# Names are ours and fixed; nothing from outside reaches this SQL.
# ruff: noqa: S608

revision = "0001"
down_revision = None

_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_VECTOR = TSVECTOR().with_variant(sa.Text, "sqlite")
_ID = sa.String(255)


def upgrade() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    _threads(postgres)
    _items(postgres)
    _attachments()
    if not postgres:
        _sqlite_search("threads", "title")
        _sqlite_search("items", "text")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE chatkit_threads_search")
        op.execute("DROP TABLE chatkit_items_search")
    for table in ("chatkit_attachments", "chatkit_items", "chatkit_threads"):
        op.drop_table(table)


def _threads(postgres: bool) -> None:
    op.create_table(
        "chatkit_threads",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("updated_us", sa.BigInteger, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("meta", sa.JSON().with_variant(JSONB, "postgresql"), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        *_vector(postgres, "title"),
        sa.UniqueConstraint("owner", "id", name="chatkit_threads_id"),
    )
    op.create_index("chatkit_threads_created", "chatkit_threads", ["owner", "archived", "created_us", "seq"])
    op.create_index("chatkit_threads_updated", "chatkit_threads", ["owner", "archived", "updated_us", "seq"])
    if postgres:
        op.create_index("chatkit_threads_search", "chatkit_threads", ["search"], postgresql_using="gin")


def _items(postgres: bool) -> None:
    op.create_table(
        "chatkit_items",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("thread_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        *_vector(postgres, "text"),
        sa.UniqueConstraint("owner", "thread_id", "id", name="chatkit_items_id"),
        sa.ForeignKeyConstraint(
            ["owner", "thread_id"],
            ["chatkit_threads.owner", "chatkit_threads.id"],
            ondelete="CASCADE",
            name="chatkit_items_thread",
        ),
    )
    op.create_index("chatkit_items_order", "chatkit_items", ["owner", "thread_id", "created_us", "seq"])
    if postgres:
        op.create_index("chatkit_items_search", "chatkit_items", ["search"], postgresql_using="gin")


def _attachments() -> None:
    op.create_table(
        "chatkit_attachments",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("thread_id", _ID, nullable=True),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.UniqueConstraint("owner", "id", name="chatkit_attachments_id"),
    )
    op.create_index("chatkit_attachments_thread", "chatkit_attachments", ["owner", "thread_id"])
    op.create_index("chatkit_attachments_created", "chatkit_attachments", ["created_us"])


def _vector(postgres: bool, source: str) -> list[sa.Column[str]]:
    if not postgres:
        return []
    return [sa.Column("search", _VECTOR, sa.Computed(f"to_tsvector('simple', {source})", persisted=True))]


def _sqlite_search(table: str, column: str) -> None:
    # The text lives in the table itself; FTS5 keeps only the index, and triggers keep the two together.
    name = f"chatkit_{table}"
    index = f"{name}_search"
    remove = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.seq, old.{column});"
    insert = f"INSERT INTO {index}(rowid, {column}) VALUES (new.seq, new.{column});"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{name}', content_rowid='seq', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {name} BEGIN {insert} END")
    op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {name} BEGIN {remove} END")
    op.execute(
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {column} ON {name} "
        f"WHEN old.{column} IS NOT new.{column} BEGIN {remove} {insert} END"
    )
