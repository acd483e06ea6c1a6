"""Alembic's entry point. The connection is handed in by the store, so there is no ini file and no second set of settings."""

from typing import Any

from alembic import context

from chatkit.backends._sql.schema import metadata


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    return kind != "table" or (name or "").startswith("chatkit_")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="chatkit_migrations",
    include_object=_ours,
)
context.run_migrations()
