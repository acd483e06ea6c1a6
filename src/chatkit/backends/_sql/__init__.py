"""The parts of :mod:`chatkit.backends.sql`."""

from chatkit._extras import require

require("server", "sqlalchemy", "alembic", "aiosqlite", purpose="chatkit.backends.sql")
