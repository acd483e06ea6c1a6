"""Tells the page about files that somebody else changed: an editor, git, another tab."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType]: one of its types is of trio

from chatkit.studio._folder import Folder, StudioError

__all__ = ["changes"]

HEARTBEAT_MS = 15_000


async def changes(folder: Folder) -> AsyncIterator[str]:
    """Server-sent events, one for each changed widget file: its path and its revision, null when it is gone."""
    yield ": watching\n\n"
    watcher = awatch(folder.root, rust_timeout=HEARTBEAT_MS, yield_on_timeout=True, recursive=True)
    async for batch in watcher:
        if not batch:
            yield ": ping\n\n"
        for path in _paths(folder, batch):
            revision = await asyncio.to_thread(_revision, folder, path)
            yield f"data: {json.dumps({'path': path, 'revision': revision})}\n\n"


def _paths(folder: Folder, batch: set[tuple[Change, str]]) -> list[str]:
    """The widget files that a batch is about. What happened last does not tell: an editor that removes a file and
    writes it anew has both in one batch, in no order; the disk knows.
    """
    places = {Path(place) for _, place in batch}
    return sorted(
        place.relative_to(folder.root).as_posix()
        for place in places
        if place.suffix == ".widget" and place.is_relative_to(folder.root)
    )


def _revision(folder: Folder, path: str) -> str | None:
    try:
        return folder.read(path).revision
    except StudioError:
        return None
