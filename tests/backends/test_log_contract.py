"""The stream log over SQLite keeps the contract that is public in chatkit.testing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit.backends.sql import SQLStreamLog
from chatkit.streams import StreamLog
from chatkit.testing import StreamLogContract


class TestSQLiteLog(StreamLogContract):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path, fresh_database: Callable[[Path], Path]) -> None:
        self.path = fresh_database(tmp_path / "log.db")

    async def make_log(self) -> StreamLog:
        return SQLStreamLog(self.path)

    async def second_log(self, log: StreamLog) -> StreamLog:
        return SQLStreamLog(self.path)
