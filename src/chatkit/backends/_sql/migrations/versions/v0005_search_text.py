"""The search columns keep words in one form, so that every script is found in both databases."""

import sqlalchemy as sa
from alembic import op

from chatkit.backends._search import search_text

revision = "0005"
down_revision = "0004"

_ROWS = 1000


def upgrade() -> None:
    for table, column in (("chatkit_threads", "title"), ("chatkit_items", "text")):
        _rewrite(
            sa.text(f"SELECT seq, {column} FROM {table} WHERE seq > :last ORDER BY seq LIMIT {_ROWS}"),  # noqa: S608
            sa.text(f"UPDATE {table} SET {column} = :said WHERE seq = :row"),  # noqa: S608
        )


def downgrade() -> None:
    """What was said is kept elsewhere; the words are found by the older version too, as far as it found them."""


def _rewrite(read: sa.TextClause, write: sa.TextClause) -> None:
    bind = op.get_bind()
    last = 0
    while rows := bind.execute(read, {"last": last}).all():
        last = rows[-1][0]
        changed = [{"row": row, "said": search_text(said)} for row, said in rows]
        bind.execute(write, changed)
