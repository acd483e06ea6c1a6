"""A stream log that keeps no signed address: each is taken apart on the way in, and signed anew for whoever reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from chatkit.store import AttachmentStore
from chatkit.streams import Chunk, Frame, StreamLog

__all__ = ["sealed"]


class _Sealed:
    """Everything of a log as it is, but for the bytes that go in and come out."""

    def __init__(self, log: StreamLog, files: AttachmentStore[Any]) -> None:
        self._log, self._files = log, files

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        await self._log.append(run_id, worker, first, self._kept(run_id, frames))

    def append_now(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> bool:
        return self._log.append_now(run_id, worker, first, self._kept(run_id, frames))

    async def read(self, run_id: str, after: int, *, limit: int = 256, wait: float = 0.0) -> Chunk:
        chunk = await self._log.read(run_id, after, limit=limit, wait=wait)
        shown = [Frame(n, self._files.unseal(data, run_id)) for n, data in chunk.frames]
        return Chunk(shown, chunk.state, chunk.last)

    def _kept(self, run_id: str, frames: Sequence[bytes]) -> list[bytes]:
        return [self._files.seal(frame, run_id) for frame in frames]


def sealed(log: StreamLog, files: AttachmentStore[Any] | None) -> StreamLog:
    """The log, sealed by the attachment store; itself where that signs no addresses."""
    if files is None or type(files).seal is AttachmentStore[Any].seal:
        return log
    return cast("StreamLog", _Sealed(log, files))
