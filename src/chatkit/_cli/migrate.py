"""``chatkit migrate``: bring the tables up to date."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chatkit._cli._database import DatabaseOption, with_store

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    cli.command()(migrate)


def migrate(
    database: DatabaseOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when something is to be done.")
    ] = False,
) -> None:
    """Make the tables, or bring them to the newest version. A server does this itself when it starts."""

    async def work(store: Any) -> tuple[str | None, str | None]:
        at, newest = await store.database.revisions()
        if not check:
            await store.start()
        return at, newest

    at, newest = with_store(database, work)
    if at == newest:
        typer.echo(f"✓ The tables are at {newest}, the newest version.")
    elif check:
        typer.echo(
            f"✗ The tables are at {at or 'nothing'}; the newest version is {newest}. Run: chatkit migrate",
            err=True,
        )
        raise typer.Exit(1)
    else:
        typer.echo(f"✓ The tables went from {at or 'nothing'} to {newest}.")
