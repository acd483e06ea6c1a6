"""``chatkit backup``: a copy of a live SQLite database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chatkit._cli._database import DatabaseOption, existing, with_store
from chatkit.errors import ChatKitError

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    cli.command()(backup)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
    database: DatabaseOption = None,
) -> None:
    """Copy a SQLite database into one file, while the server goes on."""

    async def work(store: Any) -> None:
        from chatkit.backends.sql import SQLAdmin

        try:
            await SQLAdmin(store).backup(file)
        except (ValueError, FileExistsError) as error:
            raise ChatKitError("cli.backup", str(error)) from error

    with_store(existing(database), work)
    typer.echo(f"✓ {file} ({file.stat().st_size:,} bytes)")
