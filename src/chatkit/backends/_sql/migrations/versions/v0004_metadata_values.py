"""A table for filtering threads by their metadata, in SQLite: which threads of an owner have a value under a key."""

from alembic import op

revision = "0004"
down_revision = "0003"

# Longer values are found by reading; the statement that asks knows the same bound.
_VALUES = "json_each({row}.meta) WHERE type IN ('true', 'false', 'integer', 'real', 'text') AND length(value) <= 255"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        "CREATE TABLE chatkit_thread_values (owner VARCHAR(255) NOT NULL, key TEXT NOT NULL, value NOT NULL, "
        "thread INTEGER NOT NULL, PRIMARY KEY (owner, key, value, thread)) WITHOUT ROWID"
    )
    op.execute("CREATE INDEX chatkit_thread_values_thread ON chatkit_thread_values (thread)")
    columns = "INSERT OR IGNORE INTO chatkit_thread_values (owner, key, value, thread) SELECT"
    new = _VALUES.format(row="new")
    insert = f"{columns} new.owner, key, value, new.seq FROM {new};"
    remove = "DELETE FROM chatkit_thread_values WHERE thread = old.seq;"
    on = "ON chatkit_threads"
    op.execute(f"CREATE TRIGGER chatkit_thread_values_insert AFTER INSERT {on} BEGIN {insert} END")
    op.execute(f"CREATE TRIGGER chatkit_thread_values_delete AFTER DELETE {on} BEGIN {remove} END")
    op.execute(
        f"CREATE TRIGGER chatkit_thread_values_update AFTER UPDATE OF meta {on} "
        f"WHEN old.meta IS NOT new.meta BEGIN {remove} {insert} END"
    )
    there = _VALUES.format(row="t")
    op.execute(f"{columns} t.owner, key, value, t.seq FROM chatkit_threads AS t, {there}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER chatkit_thread_values_{name}")
    op.execute("DROP TABLE chatkit_thread_values")
