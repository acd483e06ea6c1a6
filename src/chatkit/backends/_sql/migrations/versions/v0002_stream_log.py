"""The stream log: runs, and the frames each has written."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.String(255)
_HELD = sa.text("state = 'running' AND exclusive")
_KEYED = sa.text("request_key IS NOT NULL")
_CLOSED = sa.text("closed_us IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "chatkit_runs",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("thread_id", _ID, nullable=False),
        sa.Column("worker", _ID, nullable=False),
        sa.Column("request_key", _ID, nullable=True),
        sa.Column("exclusive", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.Column("stop", sa.Boolean, nullable=False),
        sa.Column("lease_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.Column("closed_us", sa.BigInteger, nullable=True),
        sa.Column("trimmed", sa.Boolean, nullable=False),
    )
    # The first two are promises: one running exclusive run a thread, one run a request key.
    _index("held", ["owner", "thread_id"], _HELD, unique=True)
    _index("keyed", ["owner", "thread_id", "request_key"], _KEYED, unique=True)
    _index("worker", ["worker"], sa.text("state = 'running'"))
    _index("closed", ["closed_us"], _CLOSED)
    _index("owner", ["owner", "thread_id"], None)
    op.create_table(
        "chatkit_frames",
        sa.Column("run_id", _ID, primary_key=True),
        sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("chatkit_frames")
    op.drop_table("chatkit_runs")


def _index(name: str, columns: list[str], where: sa.TextClause | None, *, unique: bool = False) -> None:
    op.create_index(
        f"chatkit_runs_{name}",
        "chatkit_runs",
        columns,
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )
