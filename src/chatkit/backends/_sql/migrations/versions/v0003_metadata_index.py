"""An index for filtering threads by their metadata, in PostgreSQL."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # Only containment is ever asked, and for that this kind is the smaller one.
        op.create_index(
            "chatkit_threads_meta",
            "chatkit_threads",
            ["meta"],
            postgresql_using="gin",
            postgresql_ops={"meta": "jsonb_path_ops"},
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("chatkit_threads_meta", "chatkit_threads")
