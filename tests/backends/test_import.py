"""Moving in: rows that openai-chatkit itself wrote, in a store as its guide shows one, become ours."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatkit.backends.sql import SQLAdmin, SQLStore, records_of
from chatkit.store import ThreadQuery

ROWS = Path(__file__).with_name("original_rows.jsonl")

# What a person's own module looks like: a store of the public shape over rows of JSON.
THEIR_APP = """
import json, sqlite3
from pydantic import TypeAdapter
from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

ITEM, FILE = TypeAdapter(ThreadItem), TypeAdapter(Attachment)


class TheirStore(Store[dict]):
    def __init__(self, path):
        self.rows = sqlite3.connect(path)

    def _page(self, rows, limit, after, order):
        rows = rows if order == "asc" else rows[::-1]
        ids = [row.id for row in rows]
        start = ids.index(after) + 1 if after else 0
        data = rows[start : start + limit]
        more = start + limit < len(rows)
        return Page(data=data, has_more=more, after=data[-1].id if more else None)

    def _read(self, kind, model, where="1", *values):
        found = self.rows.execute(f"SELECT data FROM {kind} WHERE {where} ORDER BY created_at", values)
        return [model(row[0]) for row in found]

    async def load_threads(self, limit, after, order, context):
        threads = self._read("threads", ThreadMetadata.model_validate_json, "user_id = ?", context["user_id"])
        return self._page(threads, limit, after, order)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = self._read("items", ITEM.validate_json, "thread_id = ?", thread_id)
        return self._page(items, min(limit, 3), after, order)

    async def load_thread(self, thread_id, context):
        found = self._read("threads", ThreadMetadata.model_validate_json, "id = ?", thread_id)
        if not found:
            raise NotFoundError(thread_id)
        return found[0]

    async def _no(self, *given):
        raise NotImplementedError

    save_thread = save_attachment = load_attachment = delete_attachment = add_thread_item = save_item = _no
    load_item = delete_thread = delete_thread_item = _no


store = TheirStore("theirs.db")
"""


@pytest.fixture
def their_folder(tmp_path: Path) -> Path:
    (tmp_path / "their_app.py").write_text(THEIR_APP)
    rows = sqlite3.connect(tmp_path / "theirs.db")
    rows.execute("CREATE TABLE threads (id, user_id, created_at, data)")
    rows.execute("CREATE TABLE items (id, thread_id, created_at, data)")
    for line in ROWS.read_text().splitlines():
        record = json.loads(line)
        data = record["data"]
        if record["kind"] == "thread":
            owner = "ann"
            rows.execute(
                "INSERT INTO threads VALUES (?, ?, ?, ?)",
                (data["id"], owner, data["created_at"], json.dumps(data)),
            )
        elif record["kind"] == "item":
            rows.execute(
                "INSERT INTO items VALUES (?, ?, ?, ?)",
                (data["id"], data["thread_id"], data["created_at"], json.dumps(data)),
            )
    rows.commit()
    rows.close()
    return tmp_path


def _without_nothing(value: Any) -> Any:
    """Fields that are null say nothing, but in what the app wrote itself they stay."""
    if isinstance(value, dict):
        kept = {"payload", "data", "metadata", "arguments", "output"}
        return {k: (v if k in kept else _without_nothing(v)) for k, v in value.items() if v is not None}
    return [_without_nothing(part) for part in value] if isinstance(value, list) else value


async def test_rows_of_the_original_package_move_in_whole(
    their_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(their_folder)
    space: dict[str, Any] = {}
    exec(compile(THEIR_APP, "their_app.py", "exec"), space)
    ours: SQLStore[str] = SQLStore(their_folder / "ours.db", owner=lambda name: name)
    counts = await SQLAdmin(ours).add(records_of(space["store"], {"user_id": "ann"}, "ann@example.org"))
    assert counts == {"thread": 2, "item": 8, "attachment": 2}
    space["store"].rows.close()

    theirs = [json.loads(line) for line in ROWS.read_text().splitlines()]
    thread = await ours.load_thread("thr_first", "ann@example.org")
    assert thread.created_at == datetime(2025, 10, 6, 12, tzinfo=UTC)
    assert thread.metadata == theirs[0]["data"]["metadata"]
    second = await ours.load_thread("thr_second", "ann@example.org")
    assert (second.status.type, getattr(second.status, "reason", None)) == ("closed", "moved")
    moved = [record async for record in SQLAdmin(ours).export("ann@example.org")]
    items = [record["item"] for record in moved if record["kind"] == "item"]
    originals = [row["data"] for row in theirs if row["kind"] == "item"]
    assert [item["id"] for item in items] == [item["id"] for item in originals]
    for item, original in zip(items, originals, strict=True):
        expected = _without_nothing({**original, "created_at": original["created_at"] + "Z"})
        assert _without_nothing(item) == expected
    files = [record["attachment"] for record in moved if record["kind"] == "attachment"]
    assert [(file["id"], file["thread_id"]) for file in files] == [
        ("atc_1", "thr_first"),
        ("atc_2", "thr_first"),
    ]
    found = await ours.find_threads(ThreadQuery(text="käse"), 10, None, "desc", "ann@example.org")
    assert [t.id for t in found.data] == ["thr_first"]
    await ours.close()


@pytest.mark.slow
def test_the_command_moves_them_in_too_and_may_be_repeated(their_folder: Path) -> None:
    arguments = ["import", "--from", "their_app:store", "--context", '{"user_id": "ann"}', "--owner", "ann"]
    for _ in range(2):
        shown = subprocess.run(
            [sys.executable, "-m", "chatkit", *arguments, "--database", "ours.db"],
            cwd=their_folder,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert shown.returncode == 0, shown.stderr
        assert "2 threads, 8 items, 2 attachments" in shown.stderr
    with sqlite3.connect(their_folder / "ours.db") as ours:
        assert ours.execute("SELECT count(*) FROM chatkit_items").fetchone() == (8,)
    ours.close()
