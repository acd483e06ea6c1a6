"""How often a caller may ask.

::

    ChatKitApp(server, auth=auth, rate=RateLimit(30, per=60))

Several limits make a quota: ``rate=[RateLimit(30, per=60), RateLimit(1000, per=86400)]``.
The counters are kept in memory, for one process; ``chatkit.backends.redis.RedisCounter`` shares them among many.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request

from chatkit.errors import RateLimitedError

__all__ = ["Counter", "MemoryCounter", "RateLimit", "TooManyRequestsError", "check_rate"]

_SWEEP_AT = 10_000


class Counter(Protocol):
    """Counts what a key has spent within a window."""

    async def spend(self, key: str, amount: int, limit: int, seconds: float) -> float | None:
        """Spend ``amount`` of ``limit`` within ``seconds``.

        Gives None when there was enough left; else the seconds until there is, and nothing is spent.
        """
        ...


class TooManyRequestsError(RateLimitedError):
    """The caller asks too often; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        seconds = max(1, round(retry_after))
        super().__init__(
            "That was a lot at once.",
            hint=f"Try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
        )


@dataclass(slots=True)
class _Window:
    began: float
    spent: int
    before: int = 0


@dataclass
class MemoryCounter:
    """A sliding window in the memory of one process: the window before counts for the part that it overlaps."""

    clock: Callable[[], float] = time.monotonic
    _windows: dict[str, _Window] = field(default_factory=dict[str, _Window])

    async def spend(self, key: str, amount: int, limit: int, seconds: float) -> float | None:
        now = self.clock()
        window = self._window(key, now, seconds)
        share = 1 - (now - window.began) / seconds
        if window.spent + window.before * share + amount > limit:
            return window.began + seconds - now
        window.spent += amount
        if len(self._windows) > _SWEEP_AT:
            self._sweep(now, seconds)
        return None

    def _window(self, key: str, now: float, seconds: float) -> _Window:
        window = self._windows.get(key)
        if window is None or now - window.began >= 2 * seconds:
            window = self._windows[key] = _Window(now, 0)
        elif now - window.began >= seconds:
            window = self._windows[key] = _Window(window.began + seconds, 0, window.spent)
        return window

    def _sweep(self, now: float, seconds: float) -> None:
        for key in [key for key, window in self._windows.items() if now - window.began >= 2 * seconds]:
            del self._windows[key]


@dataclass
class RateLimit:
    """At most ``times`` requests ``per`` seconds from one caller.

    :param key: who the caller is, from the request and the app's context; by default the client's address. Behind a
        proxy run the server with its proxy headers on, or name the person here.
    :param counter: where it is counted.
    """

    times: int
    per: float = 60.0
    key: Callable[[Request, Any], str] | None = None
    counter: Counter = field(default_factory=MemoryCounter)


async def check_rate(rate: RateLimit, request: Request, context: Any) -> None:
    """Count one request.

    :raises TooManyRequestsError: it is one too many.
    """
    address = request.client.host if request.client else "unknown"
    key = rate.key(request, context) if rate.key is not None else address
    wait = await rate.counter.spend(f"rate:{rate.per:g}:{key}", 1, rate.times, rate.per)
    if wait is not None:
        raise TooManyRequestsError(wait)
