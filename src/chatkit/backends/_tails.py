"""The last frames of the runs that this process writes, so that its own readers ask no database for them."""

import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from chatkit.streams import Chunk, Frame, RunState

__all__ = ["Tail", "Tails"]

_KEEP = 1024
_CLOSED_SECONDS = 10.0


@dataclass(slots=True)
class Tail:
    """What a worker has written of one run. Frames older than the last thousand or two are let go."""

    worker: str
    state: RunState = "running"
    last: int = 0
    closed: float = 0.0
    heard: float = -math.inf
    """When it was last known, by the clock of the loop, whether the run was asked to stop."""
    frames: list[bytes] = field(default_factory=list[bytes])

    def extend(self, frames: Sequence[bytes]) -> None:
        self.frames.extend(frames)
        self.last += len(frames)
        if len(self.frames) > 2 * _KEEP:
            del self.frames[:-_KEEP]

    def read(self, after: int, limit: int) -> Chunk | None:
        """The frames after a number; None when some of them are not here any more."""
        skip = max(after, 0) - (self.last - len(self.frames))
        if skip < 0:
            return None
        part = self.frames[skip : skip + limit]
        return Chunk(
            [Frame(n, data) for n, data in enumerate(part, max(after, 0) + 1)], self.state, self.last
        )


class Tails:
    """The tails of one process, by run."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}
        self._held: dict[str, set[str]] = {}

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._tails

    def get(self, run_id: str) -> Tail | None:
        return self._tails.get(run_id)

    def begin(self, run_id: str, worker: str) -> None:
        self._tails[run_id] = Tail(worker)
        self._held.setdefault(worker, set()).add(run_id)

    def drop(self, run_id: str) -> None:
        self._release(run_id, self._tails.pop(run_id, None))

    def close(self, run_id: str, state: RunState) -> None:
        """Readers may still come for the end of it, for some seconds."""
        now = time.monotonic()
        tail = self._tails.get(run_id)
        if tail is not None:
            self._release(run_id, tail)
            tail.state, tail.closed = state, now
        self._drop_closed(now - _CLOSED_SECONDS)

    def drop_closed(self) -> None:
        self._drop_closed(float("inf"))

    def held_by(self, worker: str) -> Collection[str]:
        """The runs a worker has open."""
        return self._held.get(worker, ())

    def unheard(self, worker: str) -> float:
        """Since when nothing is known of a stop, of the run for which that is longest; never when none is open."""
        return min((self._tails[run_id].heard for run_id in self.held_by(worker)), default=math.inf)

    def hear(self, run_ids: Iterable[str], when: float) -> None:
        """It was known then whether these runs were asked to stop."""
        for run_id in run_ids:
            tail = self._tails.get(run_id)
            if tail is not None:
                tail.heard = when

    def clear(self) -> None:
        self._tails.clear()
        self._held.clear()

    def _release(self, run_id: str, tail: Tail | None) -> None:
        held = self._held.get(tail.worker) if tail is not None else None
        if tail is not None and held is not None:
            held.discard(run_id)
            if not held:
                del self._held[tail.worker]

    def _drop_closed(self, before: float) -> None:
        old = [i for i, tail in self._tails.items() if tail.state != "running" and tail.closed <= before]
        for run_id in old:
            del self._tails[run_id]
