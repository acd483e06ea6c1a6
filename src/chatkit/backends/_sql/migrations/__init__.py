"""Alembic's script folder: run by :meth:`chatkit.backends.sql.SQLStore.start` and by ``chatkit migrate``."""
