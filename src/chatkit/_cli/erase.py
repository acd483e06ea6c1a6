"""``chatkit erase``: forget a person, a thread, or what is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from chatkit._cli._database import DatabaseOption, existing, with_store
from chatkit._cli._serving import open_stream_log
from chatkit.errors import ChatKitError
from chatkit.settings import load_settings

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    cli.command()(erase)


def erase(
    owner: Annotated[str | None, typer.Option(help="Whose threads and uploads to erase.")] = None,
    thread: Annotated[str | None, typer.Option(help="Only this thread of theirs.")] = None,
    older_than: Annotated[
        int | None, typer.Option(help="Erase threads without activity for so many days.", min=1)
    ] = None,
    orphans: Annotated[
        int | None, typer.Option(help="Erase uploads never sent, older than so many hours.", min=1)
    ] = None,
    uploads: Annotated[
        Path | None, typer.Option(help="Folder of the uploaded files, to delete them too.")
    ] = None,
    database: DatabaseOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase for good: all that an owner has, one thread, threads without activity, or uploads that were never sent."""
    if owner is None and older_than is None and orphans is None:
        raise ChatKitError(
            "cli.usage", "Say what to erase.", hint="--owner NAME, --older-than DAYS or --orphans HOURS."
        )
    address = existing(database)
    what = _what(owner, thread, older_than, orphans)
    if not yes and not typer.confirm(f"Erase {what} for good?"):
        raise typer.Exit(1)

    async def work(store: Any) -> int:
        from chatkit.backends.sql import SQLAdmin

        admin, now = SQLAdmin(store), datetime.now(UTC)
        if older_than is not None:
            gone = await admin.purge(now - timedelta(days=older_than), owner)
        elif orphans is not None:
            found = await admin.orphans(now - timedelta(hours=orphans))
            await admin.forget_attachments(found)
            gone = [attachment_id for _, attachment_id in found]
        else:
            gone = await admin.erase(owner or "", thread)
            await _forget_runs(store, owner or "", thread)
        await _delete_files(uploads, gone)
        return len(gone)

    count = with_store(address, work)
    typer.echo(
        f"✓ Erased {what}; {count} uploaded files{'' if uploads else ' remain in their store' if count else ''}."
    )


def _what(owner: str | None, thread: str | None, older_than: int | None, orphans: int | None) -> str:
    of = f" of {owner}" if owner else ""
    if older_than is not None:
        return f"threads{of} without activity for {older_than} days"
    if orphans is not None:
        return f"uploads never sent within {orphans} hours"
    return f"thread {thread}{of}" if thread else f"everything{of}"


async def _forget_runs(store: Any, owner: str, thread: str | None) -> None:
    """What running answers left in the stream log, wherever the settings say that it is."""
    log = open_stream_log(load_settings().values, store)
    await log.forget(owner, thread)
    await log.aclose()


async def _delete_files(folder: Path | None, ids: list[str]) -> None:
    if folder is None or not ids:
        return
    from chatkit.backends.files import FileAttachmentStore

    files = FileAttachmentStore[Any](folder)
    for attachment_id in ids:
        await files.delete_file(attachment_id)
