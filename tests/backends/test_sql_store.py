"""What only the SQL store has: migrations, constant statements that use an index, export, erase, backup."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event

from chatkit.backends._sql.database import _alembic, parse_url
from chatkit.backends._sql.schema import metadata
from chatkit.backends.memory import MemoryStore
from chatkit.backends.sql import SQLAdmin, SQLStore, records_of
from chatkit.errors import AuthRequiredError, RequestInvalidError
from chatkit.store import NotFoundError, Store, ThreadQuery
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    FileAttachment,
    HiddenContextItem,
    ThreadMetadata,
)

T0 = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path, fresh_database: Callable[[Path], Path]) -> AsyncIterator[SQLStore[str]]:
    store: SQLStore[str] = SQLStore(fresh_database(tmp_path / "chat.db"), owner=lambda name: name)
    yield store
    await store.close()


class Statements:
    """Every statement that reaches the database, with its values."""

    def __init__(self, store: SQLStore[Any]) -> None:
        self.seen: list[tuple[str, Any]] = []
        event.listen(store.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.seen.append((statement, values))

    def take(self) -> list[tuple[str, Any]]:
        taken, self.seen = self.seen, []
        return taken


async def _fill(store: SQLStore[str], threads: int, items: int) -> None:
    for n in range(threads):
        await store.save_thread(ThreadMetadata(id=f"thr_{n}", title=f"Title {n}", created_at=T0), "ann")
    for n in range(items):
        await store.add_thread_item("thr_0", _message(f"msg_{n}"), "ann")


def _message(item_id: str, text: str = "Hello") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)]
    return AssistantMessageItem(id=item_id, thread_id="thr_0", created_at=T0, content=content)


REQUESTS: dict[str, tuple[int, Any]] = {
    "load_thread": (1, lambda s: s.load_thread("thr_0", "ann")),
    "save_thread": (1, lambda s: s.save_thread(ThreadMetadata(id="thr_0", created_at=T0), "ann")),
    "load_threads": (1, lambda s: s.load_threads(20, None, "desc", "ann")),
    "next page of threads": (2, lambda s: s.load_threads(2, "thr_1", "asc", "ann")),
    "threads by activity": (
        1,
        lambda s: s.find_threads(ThreadQuery(sort="updated_at"), 20, None, "desc", "ann"),
    ),
    "search": (1, lambda s: s.find_threads(ThreadQuery(text="Title hel"), 20, None, "desc", "ann")),
    "load_thread_items": (1, lambda s: s.load_thread_items("thr_0", None, 20, "desc", "ann")),
    "next page of items": (2, lambda s: s.load_thread_items("thr_0", "msg_1", 20, "asc", "ann")),
    "load_item": (1, lambda s: s.load_item("thr_0", "msg_0", "ann")),
    "add_thread_item": (2, lambda s: s.add_thread_item("thr_0", _message("msg_new"), "ann")),
    "save_item": (2, lambda s: s.save_item("thr_0", _message("msg_0"), "ann")),
    "delete_thread_items": (1, lambda s: s.delete_thread_items("thr_0", ["msg_0", "msg_1"], "ann")),
    "files of a thread": (1, lambda s: s.load_thread_attachments("thr_0", "ann")),
    "delete_thread": (1, lambda s: s.delete_thread("thr_1", "ann")),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_number_of_statements_is_constant_and_each_uses_an_index(
    store: SQLStore[str], name: str
) -> None:
    expected, request = REQUESTS[name]
    await _fill(store, threads=5, items=30)
    statements = Statements(store)
    await request(store)
    seen = statements.take()
    assert len(seen) == expected
    async with store.engine.connect() as connection:
        for statement, values in seen:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in plan.all()]
            assert not [s for s in steps if s.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in s], steps
            assert not [s for s in steps if "TEMP B-TREE" in s], steps


async def test_migrating_again_changes_nothing_and_keeps_the_rows(tmp_path: Path) -> None:
    for _ in range(2):
        store: SQLStore[str] = SQLStore(tmp_path / "new folder" / "chat.db", owner=lambda name: name)
        await store.start()
        await store.save_thread(ThreadMetadata(id="thr_1", title="kept", created_at=T0), "ann")
        at, newest = await store.database.revisions()
        assert at == newest is not None
        await store.close()
    again: SQLStore[str] = SQLStore(f"sqlite:///{tmp_path}/new folder/chat.db", owner=lambda name: name)
    assert (await again.load_thread("thr_1", "ann")).title == "kept"
    await again.close()


async def test_the_migrations_make_the_tables_that_the_code_expects(store: SQLStore[str]) -> None:
    await store.start()

    def differences(connection: Any) -> list[Any]:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
        # FTS5 keeps tables of its own, and those of the migrations alone are not in the schema.
        own = {"chatkit_migrations", "chatkit_thread_values"}
        return [
            d
            for d in found
            if not (d[0] == "remove_table" and ("_search" in d[1].name or d[1].name in own))
            and not (d[0] == "remove_index" and d[1].table.name in own)
        ]

    async with store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_older_file_is_migrated_with_its_rows_and_its_metadata_is_found(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    await asyncio.to_thread(_migrate, path, "0003")
    with closing(sqlite3.connect(path)) as older, older:
        older.executemany(
            "INSERT INTO chatkit_threads (owner, id, created_us, updated_us, archived, title, meta, data)"
            " VALUES ('ann', ?, 0, 0, 0, '', ?, ?)",
            [
                (f"thr_{n}", json.dumps(meta), json.dumps({"id": f"thr_{n}", "created_at": T0.isoformat()}))
                for n, meta in enumerate(VALUES)
            ],
        )
    store: SQLStore[str] = SQLStore(path, owner=lambda name: name)
    for n, meta in enumerate(VALUES):
        assert await _with(store, meta) == [f"thr_{n}"], meta
    await store.delete_thread("thr_0", "ann")
    assert await _with(store, VALUES[0]) == []
    await store.close()
    await asyncio.to_thread(_migrate, path, "-0003")
    with closing(sqlite3.connect(path)) as older:
        assert len(older.execute("SELECT id FROM chatkit_threads").fetchall()) == len(VALUES) - 1


async def test_what_an_older_file_says_is_found_in_every_script(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    await asyncio.to_thread(_migrate, path, "0004")
    titles = {f"thr_{n}": f"第{n}号 我想买奶酪" if n % 2 else "Käse" for n in range(2501)}
    with closing(sqlite3.connect(path)) as older, older:
        older.executemany(
            "INSERT INTO chatkit_threads (owner, id, created_us, updated_us, archived, title, meta, data)"
            " VALUES ('ann', ?, 0, 0, 0, ?, '{}', ?)",
            [
                (name, title, json.dumps({"id": name, "title": title, "created_at": T0.isoformat()}))
                for name, title in titles.items()
            ],
        )
    store: SQLStore[str] = SQLStore(path, owner=lambda name: name)
    for text, number in (("奶酪", 1250), ("kase", 1251), ("käs", 1251)):
        found = 0
        after: str | None = None
        while True:
            page = await store.find_threads(ThreadQuery(text=text), 100, after, "asc", "ann")
            found += len(page.data)
            assert all(titles[thread.id] == thread.title for thread in page.data)
            after = page.after
            if not page.has_more:
                break
        assert found == number
    await store.close()


VALUES: list[dict[str, Any]] = [
    {"topic": "food"},
    {"topic": "x" * 300},
    {"count": 3},
    {"ratio": 0.5},
    {"open": True, "topic": "many"},
    {'with "quotes" and .dots': "ü'; --"},
]


async def test_metadata_is_found_by_its_values_of_now(store: SQLStore[str]) -> None:
    thread = ThreadMetadata(id="thr_1", created_at=T0, metadata={"topic": "food", "step": 1})
    await store.save_thread(thread, "ann")
    thread.metadata = {"topic": "wine", "step": 1}
    await store.save_thread(thread, "ann")
    assert await _with(store, {"topic": "food"}) == []
    assert await _with(store, {"topic": "wine", "step": 1}) == ["thr_1"]
    assert await _with(store, {"topic": "wine", "step": "1"}) == []
    assert (
        await store.find_threads(ThreadQuery(metadata={"topic": "wine"}), 9, None, "asc", "bob")
    ).data == []


async def _with(store: SQLStore[str], metadata: dict[str, Any]) -> list[str]:
    found = await store.find_threads(ThreadQuery(metadata=metadata), 20, None, "asc", "ann")
    return [thread.id for thread in found.data]


def _migrate(path: Path, revision: str) -> None:
    """Bring a file to a schema of before; with a minus, down to it."""
    down = revision.startswith("-")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        (command.downgrade if down else command.upgrade)(_alembic(connection), revision.lstrip("-"))
    engine.dispose()


@pytest.mark.parametrize("kind", ["sql", "memory"])
async def test_half_a_character_costs_that_character_and_not_what_was_said(
    store: SQLStore[str], kind: str
) -> None:
    kept: Store[str] = store if kind == "sql" else MemoryStore(owner=lambda name: name)
    half, odd = "half \ud83d", {"a": [None, "\udc00"], "b": float("nan")}
    await kept.save_thread(ThreadMetadata(id="thr_1", title=half, created_at=T0, metadata=odd), "ann")
    said = AssistantMessageItem(
        id="msg_1", thread_id="thr_1", created_at=T0, content=[AssistantMessageContent(text=half)]
    )
    await kept.add_thread_item("thr_1", said, "ann")
    await kept.save_attachment(FileAttachment(id="atc_1", name=half, mime_type="text/plain"), "ann")
    thread = await kept.load_thread("thr_1", "ann")
    assert (thread.title, thread.metadata, thread.created_at) == ("half ?", {"a": [None, "?"], "b": None}, T0)
    item = await kept.load_item("thr_1", "msg_1", "ann")
    assert isinstance(item, AssistantMessageItem)
    assert (item.content[0].text, item.created_at) == ("half ?", T0)
    assert (await kept.load_attachment("atc_1", "ann")).name == "half ?"
    assert [
        t.id for t in (await kept.find_threads(ThreadQuery(text="half"), 9, None, "asc", "ann")).data
    ] == ["thr_1"]


async def test_two_processes_may_start_on_a_new_file_at_once(tmp_path: Path) -> None:
    import asyncio

    stores: list[SQLStore[Any]] = [SQLStore(tmp_path / "chat.db") for _ in range(4)]
    await asyncio.gather(*(store.start() for store in stores))
    for store in stores:
        await store.close()


async def test_sqlite_runs_in_wal_mode_and_keeps_its_promises(store: SQLStore[str]) -> None:
    await store.start()
    async with store.engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1)):
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value


async def test_a_context_without_an_owner_is_refused(tmp_path: Path) -> None:
    store: SQLStore[str] = SQLStore(tmp_path / "chat.db", owner=lambda name: name)
    with pytest.raises(AuthRequiredError):
        await store.load_threads(10, None, "asc", "")
    await store.close()


async def test_a_page_without_rows_is_refused(store: SQLStore[str]) -> None:
    for limit in (0, -1):
        with pytest.raises(RequestInvalidError):
            await store.load_threads(limit, None, "asc", "ann")


async def test_an_archived_thread_leaves_the_list_and_stays_readable(store: SQLStore[str]) -> None:
    await _fill(store, threads=2, items=0)
    await store.archive_thread("thr_0", "ann")
    await store.save_thread(await store.load_thread("thr_0", "ann"), "ann")
    assert [t.id for t in (await store.load_threads(10, None, "asc", "ann")).data] == ["thr_1"]
    archived = await store.find_threads(ThreadQuery(archived=True), 10, None, "asc", "ann")
    assert [t.id for t in archived.data] == ["thr_0"]
    await store.archive_thread("thr_0", "ann", archived=False)
    assert len((await store.load_threads(10, None, "asc", "ann")).data) == 2
    with pytest.raises(NotFoundError):
        await store.archive_thread("thr_0", "bob")


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("chat.db", "sqlite+aiosqlite"),
        ("sqlite:///chat.db", "sqlite+aiosqlite"),
        ("postgres://u:p@h/d", "postgresql+asyncpg"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
    ],
)
def test_addresses_of_databases_are_understood(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver


def test_another_kind_of_database_is_refused_with_what_is_possible() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        parse_url("mysql://u@h/d")


# The operator's side


async def test_what_is_exported_can_be_imported_and_is_the_same(store: SQLStore[str], tmp_path: Path) -> None:
    await _fill(store, threads=2, items=3)
    await store.add_thread_item(
        "thr_0", HiddenContextItem(id="hid", thread_id="thr_0", created_at=T0, content="x"), "ann"
    )
    await store.archive_thread("thr_1", "ann")
    await store.save_attachment(
        FileAttachment(id="atc_1", name="a", mime_type="text/plain", metadata={"n": None}), "ann"
    )
    await store.save_thread(ThreadMetadata(id="thr_b", created_at=T0, metadata={"a": [None, 1]}), "bob")
    lines = [json.dumps(record) async for record in SQLAdmin(store).export()]

    copy: SQLStore[str] = SQLStore(tmp_path / "copy.db", owner=lambda name: name)

    async def records() -> AsyncIterator[dict[str, Any]]:
        for line in lines:
            yield json.loads(line)

    counts = await SQLAdmin(copy).add(records())
    assert counts == {"thread": 3, "item": 4, "attachment": 1}
    assert [json.dumps(record) async for record in SQLAdmin(copy).export()] == lines
    assert (await copy.load_thread("thr_0", "ann")).updated_at == (
        await store.load_thread("thr_0", "ann")
    ).updated_at
    assert await SQLAdmin(copy).owners() == ["ann", "bob"]
    await copy.close()


async def test_an_import_with_a_bad_line_changes_nothing_and_says_which(store: SQLStore[str]) -> None:
    async def records() -> AsyncIterator[dict[str, Any]]:
        yield {"kind": "thread", "owner": "ann", "thread": {"id": "thr_1", "created_at": T0.isoformat()}}
        yield {"kind": "item", "owner": "ann", "thread_id": "thr_1", "item": {"type": "nonsense"}}

    for read in (SQLAdmin(store).check, SQLAdmin(store).add):
        with pytest.raises(RequestInvalidError) as caught:
            await read(records())
        assert caught.value.path == "line 2"
        assert await SQLAdmin(store).counts() == {"threads": 0, "items": 0, "attachments": 0}


async def test_a_long_import_lets_others_write_and_is_repeated_when_it_was_cut_short(
    store: SQLStore[str],
) -> None:
    async def records(good: int) -> AsyncIterator[dict[str, Any]]:
        yield {"kind": "thread", "owner": "ann", "thread": {"id": "thr_0", "created_at": T0.isoformat()}}
        for n in range(2500):
            if n == good:
                raise ConnectionError("the source is gone")
            if n == 1700:  # between two transactions there is time for somebody else
                await store.save_thread(ThreadMetadata(id="thr_live", created_at=T0), "ann")
            item = json.loads(_message(f"msg_{n}").model_dump_json())
            yield {"kind": "item", "owner": "ann", "thread_id": "thr_0", "item": item}

    with pytest.raises(ConnectionError):
        await SQLAdmin(store).add(records(2200))
    assert await SQLAdmin(store).counts() == {"threads": 2, "items": 1999, "attachments": 0}
    assert await SQLAdmin(store).add(records(-1)) == {"thread": 1, "item": 2500, "attachment": 0}
    assert await SQLAdmin(store).counts() == {"threads": 2, "items": 2500, "attachments": 0}
    page = await store.load_thread_items("thr_0", None, 3, "desc", "ann")
    assert [item.id for item in page.data] == ["msg_2499", "msg_2498", "msg_2497"]


async def test_any_store_of_the_public_shape_can_be_imported(store: SQLStore[str]) -> None:
    source: MemoryStore[str] = MemoryStore(owner=lambda name: name)
    await source.save_thread(ThreadMetadata(id="thr_0", title="Old", created_at=T0), "ann")
    for n in range(120):
        await source.add_thread_item("thr_0", _message(f"msg_{n}"), "ann")
    counts = await SQLAdmin(store).add(records_of(source, "ann", "ann@example.org"))
    assert counts == {"thread": 1, "item": 120, "attachment": 0}
    assert (await store.load_thread("thr_0", "ann@example.org")).title == "Old"


async def test_erasing_an_owner_leaves_nothing_of_theirs_and_all_of_the_others(store: SQLStore[str]) -> None:
    await _fill(store, threads=2, items=2)
    await store.save_attachment(
        FileAttachment(id="atc_1", name="a", mime_type="text/plain", thread_id="thr_0"), "ann"
    )
    await store.save_thread(ThreadMetadata(id="thr_b", created_at=T0), "bob")
    assert await SQLAdmin(store).erase("ann") == ["atc_1"]
    assert await SQLAdmin(store).counts() == {"threads": 1, "items": 0, "attachments": 0}
    assert await SQLAdmin(store).owners() == ["bob"]
    found = await store.find_threads(ThreadQuery(text="hello"), 10, None, "asc", "ann")
    assert found.data == []


async def test_threads_in_which_nothing_happens_are_purged(store: SQLStore[str]) -> None:
    await _fill(store, threads=2, items=0)
    between = datetime.now(UTC)
    await store.add_thread_item("thr_0", _message("msg_1"), "ann")
    await SQLAdmin(store).purge(between)
    assert [t.id for t in (await store.load_threads(10, None, "asc", "ann")).data] == ["thr_0"]


async def test_uploads_that_belong_to_no_thread_are_found(store: SQLStore[str]) -> None:
    await _fill(store, threads=1, items=0)
    await store.save_attachment(FileAttachment(id="atc_1", name="a", mime_type="text/plain"), "ann")
    await store.save_attachment(
        FileAttachment(id="atc_2", name="a", mime_type="text/plain", thread_id="thr_0"), "ann"
    )
    gone = FileAttachment(id="atc_3", name="a", mime_type="text/plain", thread_id="thr_deleted")
    await store.save_attachment(gone, "ann")
    soon = datetime.now(UTC) + timedelta(seconds=5)
    assert await SQLAdmin(store).orphans(soon) == [("ann", "atc_1"), ("ann", "atc_3")]
    assert await SQLAdmin(store).orphans(soon - timedelta(hours=1)) == []
    await SQLAdmin(store).forget_attachments([("ann", "atc_1"), ("ann", "atc_3")])
    assert await SQLAdmin(store).orphans(soon) == []


async def test_a_live_database_is_backed_up_while_it_is_written(store: SQLStore[str], tmp_path: Path) -> None:
    await _fill(store, threads=3, items=1)
    async with store.engine.connect() as other:  # somebody reads meanwhile
        await other.exec_driver_sql("SELECT 1")
        await SQLAdmin(store).backup(tmp_path / "backup.db")
    await store.save_thread(ThreadMetadata(id="later", created_at=T0), "ann")
    with sqlite3.connect(tmp_path / "backup.db") as copy:
        assert copy.execute("SELECT count(*) FROM chatkit_threads").fetchone() == (3,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    with pytest.raises(FileExistsError):
        await SQLAdmin(store).backup(tmp_path / "backup.db")
