"""PostgreSQL and Redis keep the same contracts, and survive being restarted under way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from services import Redis, postgres, redis, restart_postgres
from sqlalchemy import text
from test_sql_store import REQUESTS, Statements, _fill

from chatkit.backends.redis import RedisCounter, RedisStreamLog
from chatkit.backends.sql import SQLAdmin, SQLStore, SQLStreamLog
from chatkit.store import Store, StoreUnavailableError
from chatkit.streams import StreamLog, StreamLogUnavailableError
from chatkit.testing import StoreContract, StreamLogContract
from chatkit.types import ThreadMetadata

pytestmark = [pytest.mark.service, pytest.mark.slow]


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, Path]]:
    with postgres() as found:
        yield found


@pytest.fixture(scope="module")
def redis_server() -> Iterator[Redis]:
    with redis() as server:
        yield server


async def _empty(store: SQLStore[Any]) -> None:
    await store.start()
    async with store.engine.begin() as connection:
        await connection.execute(text("TRUNCATE chatkit_threads, chatkit_items, chatkit_attachments CASCADE"))


class TestPostgreSQLStore(StoreContract):
    @pytest.fixture(autouse=True)
    def _cluster(self, cluster: tuple[str, Path]) -> None:
        self.url = cluster[0]

    async def make_store(self) -> Store[Any]:
        store: SQLStore[Any] = SQLStore(self.url, owner=lambda context: context["owner"])
        await _empty(store)
        return store

    async def close_store(self, store: Store[Any]) -> None:
        assert isinstance(store, SQLStore)
        await store.close()


class TestPostgreSQLLog(StreamLogContract):
    @pytest.fixture(autouse=True)
    def _cluster(self, cluster: tuple[str, Path]) -> None:
        self.url = cluster[0]

    async def make_log(self) -> StreamLog:
        return SQLStreamLog(self.url)

    async def second_log(self, log: StreamLog) -> StreamLog:
        return SQLStreamLog(self.url)


class TestRedisLog(StreamLogContract):
    @pytest.fixture(autouse=True)
    def _server(self, redis_server: Redis) -> None:
        self.url = redis_server.url

    async def make_log(self) -> StreamLog:
        return RedisStreamLog(self.url)

    async def second_log(self, log: StreamLog) -> StreamLog:
        return RedisStreamLog(self.url)


async def test_a_restarted_postgresql_is_found_again_without_an_error(cluster: tuple[str, Path]) -> None:
    url, data = cluster
    store: SQLStore[Any] = SQLStore(url, pool_size=3)
    await _empty(store)
    thread = ThreadMetadata(id="thr_1", title="kept", created_at=datetime.now(UTC))
    await store.save_thread(thread, None)
    restart_postgres(data)
    assert (await store.load_thread("thr_1", None)).title == "kept"
    restart_postgres(data)
    await store.save_thread(thread.model_copy(update={"title": "new"}), None)
    assert (await store.load_thread("thr_1", None)).title == "new"
    await store.close()


@pytest.mark.parametrize("name", REQUESTS)
async def test_statements_are_constant_in_postgresql_too_and_use_an_index(
    cluster: tuple[str, Path], name: str
) -> None:
    expected, request = REQUESTS[name]
    store: SQLStore[str] = SQLStore(cluster[0], owner=lambda who: who)
    await _empty(store)
    await _fill(store, threads=5, items=30)
    statements = Statements(store)
    await request(store)
    seen = statements.take()
    assert len(seen) == expected
    async with store.engine.begin() as connection:
        # With so few rows reading everything is cheapest; forbidden, it shows whether there is another way at all.
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, values in seen:
            plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
            lines = [row[0] for row in plan.all()]
            assert not [line for line in lines if "Seq Scan" in line], lines
    await store.close()


async def test_postgresql_has_no_backup_to_a_file_and_says_what_to_use(
    cluster: tuple[str, Path], tmp_path: Path
) -> None:
    store: SQLStore[str] = SQLStore(cluster[0])
    with pytest.raises(ValueError, match="pg_dump"):
        await SQLAdmin(store).backup(tmp_path / "x.db")
    await store.close()


async def test_workers_may_start_on_an_empty_postgresql_at_once(cluster: tuple[str, Path]) -> None:
    import asyncio

    url = cluster[0]
    name = f"fresh_{uuid4().hex}"
    first: SQLStore[Any] = SQLStore(url)
    async with first.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await first.close()
    stores: list[SQLStore[Any]] = [SQLStore(url.replace("/postgres", f"/{name}")) for _ in range(4)]
    await asyncio.gather(*(store.start() for store in stores))
    for store in stores:
        await store.close()


async def test_what_postgresql_refuses_is_told_with_the_cure(cluster: tuple[str, Path]) -> None:
    admin: SQLStore[Any] = SQLStore(
        f"{cluster[0]}?sslmode=disable&application_name=chatkit&connect_timeout=9"
    )
    async with admin.engine.connect() as plain:
        name = await plain.scalar(text("SELECT current_setting('application_name')"))
        await plain.rollback()
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("CREATE ROLE guest LOGIN"))
        await connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    await admin.close()
    assert name == "chatkit"
    told: dict[str, str] = {}
    base = cluster[0].rpartition("/")[0]
    host = base.rpartition("@")[2].removeprefix("postgresql://")
    for kind, url in {
        "database": f"{base}/nowhere",
        "rights": f"postgresql://guest@{host}/postgres",
        "tls": f"{cluster[0]}?sslmode=require",
    }.items():
        store: SQLStore[Any] = SQLStore(url)
        with pytest.raises(StoreUnavailableError) as caught:
            await store.start()
        told[kind] = str(caught.value)
        await store.close()
    assert 'database "nowhere" does not exist' in told["database"]
    assert "check their names" in told["database"]
    assert "Check sslmode" in told["tls"]
    assert "GRANT CREATE ON SCHEMA public" in told["rights"]


async def test_a_redis_that_is_away_is_said_to_be_and_found_again() -> None:
    with redis() as server:
        log = RedisStreamLog(server.url)
        await log.start()
        await log.open("run_1", owner="ann", thread_id="thr_1", worker="w", lease=60)
        await log.append("run_1", "w", 1, [b"a"])
        server.kill()
        with pytest.raises(StreamLogUnavailableError):
            await log.append("run_1", "w", 2, [b"b"])
        with pytest.raises(StreamLogUnavailableError):
            await log.ping()
        server.start()
        await log.append("run_1", "w", 2, [b"b"])
        reader = RedisStreamLog(server.url)
        assert [f.data for f in (await reader.read("run_1", 0)).frames] == [b"a", b"b"]
        await reader.aclose()
        await log.aclose()


async def test_a_rate_is_counted_by_all_workers_together(redis_server: Redis) -> None:
    key = uuid4().hex
    counters = [RedisCounter(redis_server.url) for _ in range(2)]
    spent = [await counters[n % 2].spend(key, 1, 3, 3600) for n in range(5)]
    assert spent[:3] == [None, None, None]
    assert all(wait is not None and 0 < wait <= 3600 for wait in spent[3:])
    for counter in counters:
        await counter.aclose()
