"""The parts of :mod:`chatkit.backends.redis`."""

from chatkit._extras import require

require("redis", "redis", purpose="chatkit.backends.redis")
