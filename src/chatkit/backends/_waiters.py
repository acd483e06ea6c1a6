"""Readers that wait for a run to move, by the run's id."""

import asyncio

__all__ = ["Waiters", "wake"]


def wake(future: asyncio.Future[None]) -> None:
    """Let whoever waits for a future go on."""
    if not future.done():
        future.set_result(None)


class Waiters:
    """Sleeping readers, each with the number of the last frame it has seen."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[asyncio.Future[None], int]] = {}

    @property
    def runs(self) -> list[str]:
        """The runs that someone waits for."""
        return list(self._waiting)

    def least_seen(self, run_id: str) -> int:
        """The last frame that every waiting reader of a run has seen."""
        return min(self._waiting.get(run_id, {}).values(), default=0)

    async def wait(self, run_id: str, seen: int, seconds: float) -> None:
        """Sleep until the run has moved past frame ``seen``, has ended, or the time is over."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        waiting = self._waiting.setdefault(run_id, {})
        waiting[future] = seen
        timer = loop.call_later(seconds, wake, future)
        try:
            await future
        finally:
            timer.cancel()
            del waiting[future]
            if not waiting and self._waiting.get(run_id) is waiting:
                del self._waiting[run_id]

    def wake(self, run_id: str, last: int | None = None) -> None:
        """Wake the readers of a run; with ``last`` only those that have not seen that frame."""
        for future, seen in self._waiting.get(run_id, {}).items():
            if last is None or seen < last:
                wake(future)

    def wake_all(self) -> None:
        for run_id in self.runs:
            self.wake(run_id)
