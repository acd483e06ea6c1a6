"""The stream log in memory keeps the contract of every stream log."""

from chatkit.streams import MemoryStreamLog, StreamLog
from chatkit.testing._log_contract import StreamLogContract


class TestMemoryStreamLog(StreamLogContract):
    async def make_log(self) -> StreamLog:
        return MemoryStreamLog()
