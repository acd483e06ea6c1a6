"""Threads, items, attachments and the stream log in SQLite or PostgreSQL.

::

    store = SQLStore("sqlite:///chat.db", owner=lambda context: context.user_id)

The tables are made and migrated on first use. SQLite needs nothing else; PostgreSQL needs the extra ``postgres``.
"""

from chatkit.backends._sql.admin import SQLAdmin, records_of
from chatkit.backends._sql.database import DATABASE_ERRORS
from chatkit.backends._sql.log import SQLStreamLog
from chatkit.backends._sql.store import SQLStore

__all__ = ["DATABASE_ERRORS", "SQLAdmin", "SQLStore", "SQLStreamLog", "records_of"]
