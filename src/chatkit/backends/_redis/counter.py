"""Rate limits that all workers count together."""

from __future__ import annotations

from typing import Any, Final

from redis.asyncio import Redis

from chatkit.backends._redis.watching import watched

__all__ = ["RedisCounter"]

# The window before counts for the part of it that the sliding window still covers, as in the counter in memory.
_SPEND: Final = """
local t = redis.call('TIME')
local now, length = t[1] * 1000 + math.floor(t[2] / 1000), tonumber(ARGV[3])
local window = math.floor(now / length)
local here, before = KEYS[1] .. ':' .. window, KEYS[1] .. ':' .. (window - 1)
local spent = tonumber(redis.call('GET', here) or '0')
local share = 1 - (now % length) / length
local old = tonumber(redis.call('GET', before) or '0') * share
if spent + old + ARGV[1] > tonumber(ARGV[2]) then return length - now % length end
redis.call('INCRBY', here, ARGV[1])
redis.call('PEXPIRE', here, length * 2)
return -1
"""


class RedisCounter:
    """A counter for :class:`chatkit.asgi.limits.RateLimit` that is shared by all workers.

    :param url: the address of the Redis.
    """

    def __init__(self, url: str, *, prefix: str = "chatkit:") -> None:
        self._redis: Any = Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType]
        self._prefix = prefix
        self._spend = self._redis.register_script(_SPEND)

    async def spend(self, key: str, amount: int, limit: int, seconds: float) -> float | None:
        """Spend ``amount`` of ``limit`` within ``seconds``; None, or the seconds until there is enough."""
        with watched("chatkit.limit spend", "EVALSHA"):
            wait = await self._spend(keys=[self._prefix + key], args=[amount, limit, round(seconds * 1000)])
        return None if wait < 0 else wait / 1000

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
