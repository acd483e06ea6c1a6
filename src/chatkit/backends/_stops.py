"""How the holder of runs hears of Stop: at once when it is asked in its own process, by looking when in another."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

__all__ = ["Stops"]

_POLL = 0.08
_REPEAT = 0.05


class Stops:
    """Waiting for stops, by worker."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self._reported: dict[str, tuple[float, frozenset[str]]] = {}

    def changed(self, worker: str) -> None:
        """The worker has a new run, or one of its runs was asked to stop: look at once."""
        self._event(worker).set()

    async def wait(
        self,
        worker: str,
        seconds: float,
        asked: Callable[[], Awaitable[Sequence[str]]],
        busy: Callable[[], bool],
    ) -> Sequence[str]:
        """Give what ``asked`` finds as soon as it finds something; while not ``busy`` nobody looks."""
        deadline = time.monotonic() + seconds
        event = self._event(worker)
        while True:
            event.clear()
            found = await asked()
            if found and self._is_news(worker, found):
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                return ()
            try:
                await asyncio.wait_for(event.wait(), min(left, _POLL) if busy() else left)
            except TimeoutError:
                continue

    def _is_news(self, worker: str, found: Sequence[str]) -> bool:
        now = time.monotonic()
        when, before = self._reported.get(worker, (0.0, frozenset[str]()))
        if before.issuperset(found) and now - when < _REPEAT:
            return False
        self._reported[worker] = (now, frozenset(found))
        return True

    def _event(self, worker: str) -> asyncio.Event:
        return self._events.setdefault(worker, asyncio.Event())
