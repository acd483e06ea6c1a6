"""Figures for the sizing page: memory of an open stream, and statements of a message. Run: python bench/sizing.py"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from chatkit._engine.runs import Runs
from chatkit.asgi import ChatKitApp
from chatkit.backends.sql import SQLStore, SQLStreamLog
from chatkit.server import ChatKitServer
from chatkit.streams import MemoryStreamLog, StreamLog
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

STREAMS = 500


class Patient(ChatKitServer[Any]):
    """Says one word and then nothing, until the gate opens."""

    gate: asyncio.Event | None = None

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        item_id = self.store.generate_item_id("message", thread, context)
        item = AssistantMessageItem(
            id=item_id,
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text="")],
        )
        yield ThreadItemAddedEvent(item=item)
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta="word")
        yield ThreadItemUpdatedEvent(item_id=item_id, update=delta)
        if self.gate is not None:
            await self.gate.wait()
        yield ThreadItemDoneEvent(item=item)


def serve() -> Any:
    server = Patient(SQLStore(os.environ["SIZING_DATABASE"]))
    server.gate = asyncio.Event()
    return ChatKitApp(server, auth="open")


def _create() -> bytes:
    content = [{"type": "input_text", "text": "Hello"}]
    message = {"content": content, "attachments": [], "inference_options": {}}
    return json.dumps({"type": "threads.create", "params": {"input": message}}).encode()


async def statements(log: StreamLog | None) -> dict[str, int]:
    """Statements for a new thread with its first answer, and for each further message.

    :param log: where the frames go; None is the database of the threads, counted too.
    """
    with tempfile.TemporaryDirectory() as folder:
        store: SQLStore[Any] = SQLStore(f"{folder}/chat.db")
        if log is None:
            log = SQLStreamLog(store)
            log._line = None  # the way of PostgreSQL, where every statement can be seen
        runs = Runs(Patient(store), log)
        await runs.start()
        await store.start()
        seen: list[str] = []
        event.listen(
            store.engine.sync_engine,
            "before_cursor_execute",
            lambda *given: seen.append(given[2]) if not given[2].startswith(("BEGIN", "PRAGMA")) else None,
        )
        counts: dict[str, int] = {}
        frames = [chunk async for chunk in await runs.handle(_create(), None)]  # type: ignore[union-attr]
        thread = re.search(rb'"id":"(thr_\w+)"', b"".join(frames))
        assert thread
        counts["new thread and answer"] = len(seen)
        seen.clear()
        more = json.loads(_create())
        more["type"] = "threads.add_user_message"
        more["params"]["thread_id"] = thread[1].decode()
        async for _ in await runs.handle(json.dumps(more), None):  # type: ignore[union-attr]
            pass
        counts["message and answer"] = len(seen)
        await runs.aclose()
        await store.close()
        return counts


async def memory() -> tuple[float, float]:
    """Memory of an idle worker in MiB, and of one open stream in KiB."""
    with tempfile.TemporaryDirectory() as folder:
        process, port = _start(folder)
        try:
            writers = [await _open(port) for _ in range(5)]
            before = _rss(process.pid)
            writers += [await _open(port) for _ in range(STREAMS)]
            each = (_rss(process.pid) - before) / STREAMS
            for writer in writers:
                writer.close()
            return before / 1024, each
        finally:
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def _start(folder: str) -> tuple[subprocess.Popen[str], int]:
    """A worker, and the port it listens on."""
    environment = {
        **os.environ,
        "SIZING_DATABASE": f"{folder}/chat.db",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "sizing:serve",
        "--port",
        "0",
        "--log-level",
        "info",
        "--no-access-log",
    ]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    port = 0
    while not port:
        found = re.search(r"127\.0\.0\.1:(\d+)", process.stderr.readline())
        port = int(found[1]) if found else 0
    return process, port


async def _open(port: int) -> asyncio.StreamWriter:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = _create()
    head = f"POST /chatkit HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    seen = b""
    while b'"delta":"word"' not in seen:
        seen += await reader.read(4096)
    return writer


def _rss(pid: int) -> float:
    """KiB in memory."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", text)
    assert found
    return float(found[1])


async def main() -> None:
    alone, both = await statements(MemoryStreamLog()), await statements(None)
    for name, count in alone.items():
        print(f"{name}: {count} statements for threads and items, {both[name] - count} for the stream log")
    worker, stream = await memory()
    print(f"idle worker: {worker:.0f} MiB; an open stream: {stream:.1f} KiB ({STREAMS} of them)")


if __name__ == "__main__":
    asyncio.run(main())
