"""The stream log over SQLite keeps the contract that is public in chatkit.testing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit.backends.sql import SQLStore, SQLStreamLog
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


async def test_a_packed_run_is_one_small_row(tmp_path: Path) -> None:
    store: SQLStore[None] = SQLStore(tmp_path / "chat.db")
    log = SQLStreamLog(store)
    await log.start()
    await log.open("run_1", owner="ann", thread_id="thr_1", worker="w", lease=60)
    delta = b'{"type":"thread.item.updated","item_id":"msg_1","update":{"delta":"word %d"}}'
    frames = [delta % n for n in range(500)]
    await log.append("run_1", "w", 1, frames)
    assert await log.compact(after=0.0, until=60.0) == 0, "it is still running"
    await log.close("run_1", "w", "done")
    assert await log.compact(after=30.0, until=60.0) == 0, "it has just ended"
    assert await log.compact(after=0.0, until=60.0) == 1
    assert await log.compact(after=0.0, until=60.0) == 0, "it is packed already"
    async with store.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT n, length(data) FROM chatkit_frames")).all()
    assert [row[0] for row in rows] == [500]
    assert rows[0][1] < sum(map(len, frames)) / 10
    await log.aclose()
    await store.close()
