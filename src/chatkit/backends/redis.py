"""The stream log in Redis Streams, for many workers on many machines, and counters for rate limits.

::

    ChatKitApp(server, auth=auth, log=RedisStreamLog("redis://cache:6379/0"))

Needs the extra ``redis``. Redis 6.2 or newer, one server or a replicated pair (all keys of a run are its own).
"""

from chatkit.backends._redis.counter import RedisCounter
from chatkit.backends._redis.log import RedisStreamLog

__all__ = ["RedisCounter", "RedisStreamLog"]
