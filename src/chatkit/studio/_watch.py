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
        for path, change in _newest(folder, batch).items():
            revision = None if change is Change.deleted else await asyncio.to_thread(_revision, folder, path)
            yield f"data: {json.dumps({'path': path, 'revision': revision})}\n\n"


def _newest(folder: Folder, batch: set[tuple[Change, str]]) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for change, place in sorted(batch, key=lambda pair: pair[0]):
        path = Path(place)
        if path.suffix == ".widget" and path.is_relative_to(folder.root):
            found[path.relative_to(folder.root).as_posix()] = change
    return found


def _revision(folder: Folder, path: str) -> str | None:
    try:
        return folder.read(path).revision
    except StudioError:
        return None
