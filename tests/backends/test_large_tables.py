"""100,000 threads of one person and a thread of 50,000 items: each request sends as many statements as with five, each by
an index, and reads no more rows than it gives.

The rows are made by the database itself, and the plans are those it chooses with the statistics of these rows.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from parrot_app import Parrot, request
from services import postgres
from sqlalchemy import text
from test_sql_store import T0, Statements, _message

from chatkit.backends.sql import SQLStore
from chatkit.store import ThreadQuery
from chatkit.types import ThreadMetadata

pytestmark = pytest.mark.slow

THREADS, ITEMS = 100_000, 50_000
_START = int(T0.timestamp() * 1_000_000)
_THREAD_JSON = (
    '\'{"id":"thr_\' || n || \'","created_at":"2026-01-02T00:00:00Z","title":"Title \' || n || \'",'
    '"metadata":{},"status":{"type":"active"}}\''
)
_ITEM_JSON = (
    '\'{"id":"msg_\' || n || \'","thread_id":"thr_7","created_at":"2026-01-02T00:00:00Z","type":"assistant_message",'
    '"content":[{"type":"output_text","text":"Word \' || n || \'","annotations":[]}]}\''
)
_FILE_JSON = '\'{"id":"atc_\' || n || \'","type":"file","name":"a.csv","mime_type":"text/csv"}\''
_NUMBERS = {
    True: "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < :last) SELECT n FROM c)",
    False: "generate_series(0, :last) AS c(n)",
}


def _fillings(sqlite: bool) -> list[tuple[str, dict[str, int]]]:
    archived = "n % 50 = 0"
    topic = "'{\"topic\":\"' || (n % 1000) || '\",\"ticket\":' || n || '}'"
    meta = topic if sqlite else f"CAST({topic} AS jsonb)"
    return [
        (
            "INSERT INTO chatkit_threads (owner, id, created_us, updated_us, archived, title, meta, data) "
            f"SELECT 'ann', 'thr_' || n, CAST(:start AS BIGINT) + n, CAST(:start AS BIGINT) + n, {archived}, 'Title ' || n, {meta}, {_THREAD_JSON} "
            f"FROM {_NUMBERS[sqlite]}",
            {"last": THREADS - 1, "start": _START},
        ),
        (
            "INSERT INTO chatkit_items (owner, thread_id, id, type, created_us, text, data) "
            f"SELECT 'ann', 'thr_7', 'msg_' || n, 'assistant_message', CAST(:start AS BIGINT) + n, 'Word ' || n, {_ITEM_JSON} "
            f"FROM {_NUMBERS[sqlite]}",
            {"last": ITEMS - 1, "start": _START},
        ),
        (
            "INSERT INTO chatkit_attachments (owner, id, thread_id, created_us, data) "
            f"SELECT 'ann', 'atc_' || n, 'thr_' || n, CAST(:start AS BIGINT) + n, {_FILE_JSON} "
            f"FROM {_NUMBERS[sqlite]}",
            {"last": THREADS - 1, "start": _START},
        ),
    ]


async def _fill(store: SQLStore[str]) -> None:
    await store.start()
    async with store.engine.begin() as connection:
        for statement, values in _fillings(store.database.sqlite):
            await connection.execute(text(statement), values)
    async with store.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


def _newest(store: SQLStore[str], **query: Any) -> Any:
    return store.find_threads(ThreadQuery(**query), 20, None, "desc", "ann")


REQUESTS: dict[str, tuple[int, Any]] = {
    "load_thread": (1, lambda s: s.load_thread("thr_50000", "ann")),
    "save_thread": (1, lambda s: s.save_thread(ThreadMetadata(id="thr_50000", created_at=T0), "ann")),
    "the first page of threads": (1, lambda s: s.load_threads(20, None, "desc", "ann")),
    "a page deep in the list": (2, lambda s: s.load_threads(20, "thr_40000", "desc", "ann")),
    "threads by activity": (1, lambda s: _newest(s, sort="updated_at")),
    "archived threads": (1, lambda s: _newest(s, archived=True)),
    "search": (1, lambda s: _newest(s, text="Title 777")),
    "search in what was said": (1, lambda s: _newest(s, text="word 4999")),
    "filter by metadata": (1, lambda s: _newest(s, metadata={"topic": "321"})),
    "filter by metadata that one thread has": (1, lambda s: _newest(s, metadata={"ticket": 7})),
    "filter by metadata that no thread has": (1, lambda s: _newest(s, metadata={"topic": "x", "ticket": 7})),
    "the end of a long thread": (1, lambda s: s.load_thread_items("thr_7", None, 20, "desc", "ann")),
    "a page deep in a long thread": (
        2,
        lambda s: s.load_thread_items("thr_7", "msg_20000", 20, "asc", "ann"),
    ),
    "load_item": (1, lambda s: s.load_item("thr_7", "msg_40000", "ann")),
    "add_thread_item": (2, lambda s: s.add_thread_item("thr_7", _message("msg_new"), "ann")),
    "save_item": (2, lambda s: s.save_item("thr_7", _message("msg_40000"), "ann")),
    "delete_thread_items": (1, lambda s: s.delete_thread_items("thr_7", ["msg_5", "msg_6"], "ann")),
    "files of a thread": (1, lambda s: s.load_thread_attachments("thr_7", "ann")),
    "delete_thread": (1, lambda s: s.delete_thread("thr_9", "ann")),
}


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.db"

    async def make() -> None:
        store: SQLStore[str] = SQLStore(path, owner=lambda name: name)
        await _fill(store)
        await store.close()

    asyncio.run(make())
    return path


async def test_sqlite_stays_fast(sqlite_file: Path) -> None:
    store: SQLStore[str] = SQLStore(sqlite_file, owner=lambda name: name)
    statements = Statements(store)
    await store.start()
    for name, (expected, ask) in REQUESTS.items():
        statements.take()
        await ask(store)
        seen = statements.take()
        assert len(seen) == expected, name
        async with store.engine.connect() as connection:
            for statement, values in seen:
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[3] for row in plan.all()]
                scans = [s for s in steps if s.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in s]
                assert not scans, (name, steps)
                if "metadata" in name:
                    assert any("chatkit_thread_values USING PRIMARY KEY" in s for s in steps), (name, steps)
                assert not [s for s in steps if "TEMP B-TREE" in s and "search" not in name], (name, steps)
    await store.close()


@pytest.mark.service
async def test_postgresql_stays_fast(large_postgres: str) -> None:
    store: SQLStore[str] = SQLStore(large_postgres, owner=lambda name: name)
    await _fill(store)
    statements = Statements(store)
    for name, (expected, ask) in REQUESTS.items():
        statements.take()
        await ask(store)
        seen = statements.take()
        assert len(seen) == expected, name
        async with store.engine.connect() as connection:
            for statement, values in seen:
                plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
                lines = [row[0] for row in plan.all()]
                assert not [line for line in lines if "Seq Scan" in line], (name, lines)
    await store.close()


@pytest.fixture
def large_postgres() -> Iterator[str]:
    with postgres() as (url, _):
        yield url


async def test_requests_on_the_large_tables_answer_as_on_small_ones(sqlite_file: Path) -> None:
    store: SQLStore[str] = SQLStore(sqlite_file, owner=lambda name: name)
    statements = Statements(store)
    found = await _newest(store, text="Title 777")
    assert [thread.id for thread in found.data][:2] == ["thr_77799", "thr_77798"]
    assert found.has_more
    deep = await store.load_thread_items("thr_7", "msg_20000", 3, "asc", "ann")
    assert [item.id for item in deep.data] == ["msg_20001", "msg_20002", "msg_20003"]
    topic = await _newest(store, metadata={"topic": "321"})
    assert [thread.id for thread in topic.data][:2] == ["thr_99321", "thr_98321"]
    ticket = await _newest(store, metadata={"ticket": 7})
    assert [thread.id for thread in ticket.data] == ["thr_7"]
    statements.take()
    body = request("threads.get_by_id", thread_id="thr_7")
    answer: Any = await Parrot(store).process(body, "ann")
    loaded = json.loads(answer.json)
    assert loaded["items"]["has_more"]
    assert len(loaded["items"]["data"]) <= 100
    assert len(statements.take()) == 2
    await store.close()
