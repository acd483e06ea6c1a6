"""How the holder of runs hears of Stop: at once when it is asked in its own process, by looking when in another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from chatkit.backends._waiters import wake

__all__ = ["Stops"]

_POLL = 0.08
_REPEAT = 0.05


class _Sleeper:
    """One who waits for a moment that may be put off."""

    def __init__(self, latest: float) -> None:
        self._latest = latest
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[None] = self._loop.create_future()
        self.timer: asyncio.TimerHandle | None = None

    def sleep_until(self, moment: float) -> None:
        if self.timer is not None:
            self.timer.cancel()
        seconds = max(min(moment, self._latest) - self._loop.time(), 0.0)
        self.timer = self._loop.call_later(seconds, wake, self.future)


class Stops:
    """Waiting for stops, by worker."""

    def __init__(self) -> None:
        self._changes: dict[str, int] = {}
        self._sleepers: dict[str, set[_Sleeper]] = {}
        self._reported: dict[str, tuple[float, frozenset[str]]] = {}

    def changed(self, worker: str) -> None:
        """The worker has a new run, or one of its runs was asked to stop: look at once."""
        self._changes[worker] = self._changes.get(worker, 0) + 1
        for sleeper in self._sleepers.get(worker, ()):
            wake(sleeper.future)

    def heard(self, worker: str, since: float) -> None:
        """Whoever waits for stops of this worker knows of all up to a moment: nobody need look for a while."""
        for sleeper in self._sleepers.get(worker, ()):
            sleeper.sleep_until(since + _POLL)

    async def wait(
        self,
        worker: str,
        seconds: float,
        asked: Callable[[], Awaitable[Sequence[str]]],
        unheard: Callable[[], float],
    ) -> Sequence[str]:
        """Give what ``asked`` finds as soon as it finds something.

        :param unheard: the moment since which nothing is known, by the clock of the loop; infinite while there is nothing to know.
        """
        clock = asyncio.get_running_loop().time
        deadline, seen = clock() + seconds, -1
        while True:
            changes = self._changes.get(worker, 0)
            if changes != seen or clock() >= unheard() + _POLL:
                seen = changes
                found = await asked()
                if found and self._is_news(worker, found):
                    return found
            if clock() >= deadline:
                return ()
            if self._changes.get(worker, 0) == seen:
                await self._sleep(worker, unheard() + _POLL, deadline)

    async def _sleep(self, worker: str, moment: float, deadline: float) -> None:
        sleeper = _Sleeper(deadline)
        sleepers = self._sleepers.setdefault(worker, set())
        sleepers.add(sleeper)
        sleeper.sleep_until(moment)
        try:
            await sleeper.future
        finally:
            sleepers.discard(sleeper)
            if sleeper.timer is not None:
                sleeper.timer.cancel()

    def _is_news(self, worker: str, found: Sequence[str]) -> bool:
        now = asyncio.get_running_loop().time()
        when, before = self._reported.get(worker, (-_REPEAT, frozenset[str]()))
        if before.issuperset(found) and now - when < _REPEAT:
            return False
        self._reported[worker] = (now, frozenset(found))
        return True
