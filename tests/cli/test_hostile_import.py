"""Files that are no export, or a damaged one: each is refused with the line and the reason, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatkit._cli.transfer import _lines
from chatkit.backends.sql import SQLAdmin, SQLStore
from chatkit.errors import RequestInvalidError

MOMENT = "2026-01-02T00:00:00+00:00"
THREAD = json.dumps(
    {
        "kind": "thread",
        "owner": "ann",
        "updated_at": MOMENT,
        "thread": {"id": "thr_1", "created_at": MOMENT, "title": "Cheese", "metadata": {"n": 1}},
    }
).encode()


def item(**changed: Any) -> bytes:
    said = {"type": "output_text", "text": "Yes", "annotations": []}
    made = {
        "id": "msg_1",
        "thread_id": "thr_1",
        "created_at": MOMENT,
        "type": "assistant_message",
        "content": [said],
    }
    return json.dumps(
        {"kind": "item", "owner": "ann", "thread_id": "thr_1", "item": {**made, **changed}}
    ).encode()


def of_thread(thread_id: str) -> bytes:
    return item().replace(b"thr_1", thread_id.encode())


BAD: dict[str, tuple[bytes, str]] = {
    "broken UTF-8": (b'{"kind": "\xff"}', "not UTF-8: byte 11"),
    "UTF-16": (THREAD.decode().encode("utf-16"), "not UTF-8"),
    "NaN": (THREAD.replace(b'"n": 1', b'"n": NaN'), "no NaN"),
    "infinity": (THREAD.replace(b'"n": 1', b'"n": 1e999'), "no 1e999"),
    "half a character": (item().replace(b"Yes", rb"\ud83d"), "half a character"),
    "half a character as owner": (THREAD.replace(b"ann", rb"\ud83d"), "half a character"),
    "a number of 5,000 digits": (THREAD.replace(b'"n": 1', b'"n": ' + b"9" * 5000), "cannot be read"),
    "100,000 brackets": (b"[" * 100_000, "cannot be read"),
    "500 brackets": (THREAD.replace(b'"n": 1', b'"n": ' + b"[" * 500 + b"]" * 500), "not a record"),
    "no object": (b"[1]", "not a record"),
    "unknown kind": (b'{"kind": "strange"}', "kind is 'strange'"),
    "unknown type": (item(type="strange"), "'strange'"),
    "a field is missing": (b'{"kind": "thread", "updated_at": "2026-01-02"}', "'thread' is missing"),
    "no thread": (of_thread("thr_9"), "neither in the lines before nor in the database"),
    "two threads": (item(thread_id="thr_2"), "one of thread 'thr_2', the record one of 'thr_1'"),
    "a date without a date": (THREAD.replace(MOMENT.encode(), b"yesterday"), "yesterday"),
    "a date before all dates": (
        THREAD.replace(MOMENT.encode(), b"0001-01-01T00:00:00+23:59", 1),
        "out of range",
    ),
    "an owner that is no text": (THREAD.replace(b'"ann"', b'["ann"]'), "owner must be a text"),
    "an id of 300 characters": (item(id="m" * 300), "longer than 255"),
    "an id with a zero": (item(id="a\0b"), "character 0"),
    "items that are none": (b'{"id": "x", "created_at": "2026-01-02", "items": 5}', "not a record"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_line_is_named_with_its_reason_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    line, reason = BAD[name]
    others = [item(id=f"msg_{n}") for n in range(1200)]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join([THREAD, b"", *others, line]) + b"\n")
    store: SQLStore[str] = SQLStore(tmp_path / "new.db", owner=lambda name: name)
    admin = SQLAdmin(store)
    try:
        with pytest.raises(RequestInvalidError) as refused:
            await admin.check(_lines(tmp_path / "in.jsonl"), owner=None)
        assert reason in str(refused.value)
        assert (refused.value.path or "").replace("line ", ":").endswith(":1203")
        assert len(str(refused.value)) < 600
        assert await admin.counts() == {"threads": 0, "items": 0, "attachments": 0}
        with pytest.raises(RequestInvalidError, match="1203"):
            await admin.add(_lines(tmp_path / "in.jsonl"))
        kept = await admin.counts()
        assert kept["threads"] == 1, "the thousands before are kept, and can be written again"
    finally:
        await store.close()


async def test_a_line_too_long_to_be_a_record_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "in.jsonl").open("wb") as file:
        file.write(THREAD + b"\n")
        for _ in range(40):
            file.write(b"x" * 1_000_000)
    store: SQLStore[str] = SQLStore(tmp_path / "new.db", owner=lambda name: name)
    with pytest.raises(RequestInvalidError, match="longer than 32 MB") as refused:
        await SQLAdmin(store).check(_lines(tmp_path / "in.jsonl"))
    assert (refused.value.path or "").endswith("in.jsonl:2")
    await store.close()
    assert not (tmp_path / "new.db").exists()


async def test_what_is_there_already_and_what_came_twice_is_replaced_in_place(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join([THREAD, item(), THREAD, item()]))
    store: SQLStore[str] = SQLStore(tmp_path / "new.db", owner=lambda name: name)
    admin = SQLAdmin(store)
    await admin.add(_lines(file))
    file.write_bytes(item(id="msg_2"))
    assert await admin.check(_lines(file)) == 1, "its thread is in the database"
    await admin.add(_lines(file))
    assert await admin.counts() == {"threads": 1, "items": 2, "attachments": 0}
    await store.close()
